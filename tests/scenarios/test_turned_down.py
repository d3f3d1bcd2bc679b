"""Staff who are refused something read it alone; the group sees nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.texts import NOT_NOW
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town


def without_direct(town: Town) -> None:
    """From now on the platform lets the bot speak in groups only."""
    can = replace(town.bot.house.capabilities["local"], can_direct=False)
    town.bot.house = replace(town.bot.house, capabilities={"local": can})


REFUSALS = [
    ("leader2", "驳回 1 不属实", "“驳回”要由网格长"),
    ("leader", "办结 99 换了灯泡", "没有找到 #99"),
    ("leader", "挂账 1 等配件", "不能挂账"),
    ("community2", "撤销 1", "“撤销”要由"),
]
QUESTIONS = [("leader", "延期 1 3天", "“延期”后面"), ("leader", "派单 1 火星公司", "火星公司")]


@pytest.mark.parametrize(("who", "order", "part"), [*REFUSALS, *QUESTIONS])
async def test_in_a_group_it_is_told_alone(town: Town, who: str, order: str, part: str) -> None:
    await town.group.says("wang", LAMP)
    if order.startswith("延期"):
        await town.group.says("leader", "确认 1")
    town.group.skip()
    await town.group.says(who, order)
    await town.at(who).expect(part)
    assert town.group.news == []


@pytest.mark.parametrize(("who", "order", "part"), REFUSALS)
async def test_where_nothing_else_is_open_the_group_reads_neutral_words(
    town: Town, who: str, order: str, part: str
) -> None:
    await town.group.says("wang", LAMP)
    without_direct(town)
    await town.group.says(who, order)
    assert town.group.texts[-1] == NOT_NOW
    assert not any(part in text for text in town.group.texts)


@pytest.mark.parametrize(("who", "order", "part"), QUESTIONS)
async def test_what_helps_to_say_it_right_is_no_secret(
    town: Town, who: str, order: str, part: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认 1")
    without_direct(town)
    await town.group.says(who, order)
    assert part in town.group.texts[-1]


async def test_at_night_too_the_speaker_is_answered_at_once(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(hours=13)
    await town.group.says("leader", "办结 99 换了灯泡")
    await town.at("leader").expect("没有找到 #99")


async def test_one_to_one_as_before(town: Town) -> None:
    await town.at("leader").tells("办结 99 换了灯泡")
    await town.at("leader").expect("没有找到 #99")


async def test_a_resident_is_answered_where_he_asked(town: Town) -> None:
    await town.group.says("wang", "进度 99")
    await town.group.expect("没有找到 #99", "进度")
