"""A leader passes on what a resident said: registered for her, silent in the group, no name."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.town import Town

PASSED_ON = [
    ("转 7栋李阿姨说楼道灯坏了", "7栋，楼道灯坏了", "7栋李阿姨"),
    ("转：李阿姨反映 7栋2单元楼道灯坏了", "7栋2单元楼道灯坏了", "李阿姨"),
    ("转发 李阿姨 10:32\n7栋2单元楼道灯坏了，看不见", "7栋2单元楼道灯坏了，看不见", "李阿姨"),
    ("代报 7栋2单元楼道灯坏了，晚上看不见", "7栋2单元楼道灯坏了，晚上看不见", ""),
    ("转 李阿姨：“7栋2单元楼道灯坏了”", "7栋2单元楼道灯坏了", "李阿姨"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "text", "who"), PASSED_ON)
async def test_the_leader_speaks_for_the_resident(
    town: Town, words: str, text: str, who: str
) -> None:
    await town.at("leader").says("leader", words)
    ticket = await town.ticket(1)
    assert (ticket.text, ticket.state) == (text, State.CONFIRMED)
    assert ticket.reporter == "local:leader"
    assert ticket.place_normal.startswith("7幢")
    assert town.group.texts == []
    assert any("#1" in said for said in town.at("leader").texts)
    notes = [event.note for event in await town.events(ticket)]
    assert (f"代{who}反映" in notes) == bool(who)


async def test_the_verdict_comes_through_the_leader(town: Town) -> None:
    await town.at("leader").says("leader", "转 7栋李阿姨说楼道灯坏了")
    await town.at("worker").says("worker", "办结 1 换了灯泡")
    await town.at("leader").expect("#1", "满意／一般／不满意")
    await town.at("leader").says("leader", "满意")
    assert (await town.ticket(1)).state is State.CLOSED
    assert town.group.texts == []


NOT_PASSED_ON = ["转 12 物业", "转 物业", "转账多少钱", "转 12"]


@pytest.mark.parametrize("words", NOT_PASSED_ON)
async def test_other_sentences_with_that_word_open_nothing(town: Town, words: str) -> None:
    await town.at("leader").says("leader", words)
    assert await town.tickets() == []


async def test_a_resident_cannot_pass_on(town: Town) -> None:
    await town.at("wang").says("wang", "转 7栋李阿姨说楼道灯坏了")
    ticket = await town.ticket(1)
    assert ticket.reporter == "local:wang"
    assert ticket.state is State.REPORTED


async def test_without_a_building_the_leader_is_asked(town: Town) -> None:
    await town.at("leader").says("leader", "转 李阿姨说楼道灯坏了")
    await town.at("leader").expect("请写明是哪一幢的事")
    assert await town.tickets() == []


async def test_an_emergency_is_told_in_the_group_without_a_name(town: Town) -> None:
    await town.at("leader").says("leader", "转 7栋李阿姨说家里煤气味很重，人头晕")
    (said,) = town.group.texts[:1]
    assert "李阿姨" not in said
    assert (await town.ticket(1)).urgent
