"""Who is called in an emergency goes by the hour: the day's list by day, the night's by night."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.parts import Duty
from routing.ticket import State
from tests.scenarios.lines import GAS, LAMP
from tests.scenarios.town import Town

CELL = "990101001001001"
DAY, NIGHT = ("P007", "P008"), ("P013", "P012")
"""周社工 and 吴书记 from 8 to 20; 何督办 and the street's officer from 20 to 8."""


@pytest.fixture
async def shifts(town: Town) -> Town:
    lines = [Duty(CELL, n, person, 8, 20) for n, person in enumerate(DAY, 1)]
    lines += [Duty(CELL, n, person, 20, 8) for n, person in enumerate(NIGHT, 1)]
    async with town.bot.store.write() as tx:
        parts = await tx.people.parts()
        await tx.people.replace(replace(parts, duties=(*parts.duties, *lines)))
    await town.bot.reload()
    return town


def called(town: Town) -> list[str]:
    accounts = ("community", "secretary", "supervisor", "street")
    return [who for who in accounts if any("【紧急】" in text for text in town.at(who).news)]


@pytest.mark.parametrize(
    ("hours", "first", "both"),
    [
        (0, ["community"], ["community", "secretary"]),  # 10:00
        (9.9, ["community"], ["community", "secretary"]),  # 19:54
        (10, ["supervisor"], ["supervisor", "street"]),  # 20:00
        (13, ["supervisor"], ["supervisor", "street"]),  # 23:00
        (21.9, ["supervisor"], ["supervisor", "street"]),  # 7:54
        (22, ["community"], ["community", "secretary"]),  # 8:00
    ],
)
async def test_the_shift_of_the_hour_is_called_one_after_the_other(
    shifts: Town, hours: float, first: list[str], both: list[str]
) -> None:
    await shifts.later(hours=hours)
    await shifts.group.says("wang", GAS)
    assert any("【紧急】" in text for text in shifts.at("leader").news), "the leader always hears"
    assert called(shifts) == first
    await shifts.later(minutes=5)
    assert called(shifts) == both


@pytest.mark.parametrize("word", ["我来 1", "我来", "收到", "1"])
async def test_who_stands_on_the_list_may_answer_whatever_the_office(
    shifts: Town, word: str
) -> None:
    await shifts.later(hours=13)
    await shifts.group.says("wang", GAS)
    await shifts.at("supervisor").tells(word)
    assert (await shifts.ticket(1)).handler == "local:supervisor"
    await shifts.later(minutes=30)
    assert called(shifts) == ["supervisor"]
    await shifts.at("supervisor").tells("办结 1 关了阀门，燃气公司在修")
    assert (await shifts.ticket(1)).state is State.RESOLVED


async def test_by_day_the_night_shift_may_not(shifts: Town) -> None:
    await shifts.group.says("wang", GAS)
    await shifts.at("supervisor").tells("我来 1")
    await shifts.at("supervisor").expect("要由网格长或承办单位来回复")
    assert (await shifts.ticket(1)).handler == ""


async def test_an_ordinary_matter_is_none_of_the_duty_list(shifts: Town) -> None:
    await shifts.later(hours=10.5)
    await shifts.group.says("wang", LAMP)
    await shifts.at("supervisor").tells("我来 1")
    await shifts.at("supervisor").expect("要由网格长或承办单位来回复")
