"""Class E: the receipt at once with the right number, the chain of calls, the false alarm."""

from __future__ import annotations

from datetime import datetime

import pytest

from routing.ticket import State
from tests.scenarios.lines import FIGHT, FIRE, GAS, HURT, LAMP
from tests.scenarios.town import ZONE, Town


@pytest.mark.parametrize(
    ("words", "number"), [(GAS, "0000-1000024"), (FIRE, "119"), (HURT, "120"), (FIGHT, "110")]
)
async def test_the_receipt_comes_at_once_with_the_right_number(
    town: Town, words: str, number: str
) -> None:
    await town.group.says("wang", words)
    receipt = await town.group.expect("【紧急】", "#1", number)
    assert "@陈网格长" in receipt.text
    assert receipt.at == town.clock.now()
    assert (await town.ticket(1)).state is State.CONFIRMED
    await town.at("leader").expect("【紧急】", "#1", "我来")


async def test_an_unanswered_call_goes_to_the_next_on_duty_and_ends_at_the_street(
    town: Town,
) -> None:
    village = town.at("g2")
    await village.says("yang", GAS)
    await village.expect("【紧急】", "@郑网格长")
    await town.later(minutes=4)
    await village.silence()
    await town.later(minutes=1)
    await village.expect("上一位值班人员还没有应答", "@孙网格员")
    await town.later(minutes=5)
    await village.expect("@钱干部")
    await town.later(minutes=5)
    await town.at("street").expect("值班人员都没有应答", "我来 1")
    await town.later(hours=1)
    assert village.news == []
    assert len(town.at("street").texts) == 1


@pytest.mark.parametrize("word", ["我来", "收到", "确认", "1", "👌", "我去看看"])
async def test_an_answer_of_the_second_stops_the_chain(town: Town, word: str) -> None:
    village = town.at("g2")
    await village.says("yang", GAS)
    await town.later(minutes=6)
    await town.at("worker2").tells(word)
    ticket = await town.ticket(1, "g2")
    assert (ticket.state, ticket.handler) == (State.IN_PROGRESS, "local:worker2")
    village.skip()
    await town.later(minutes=30)
    assert village.news == []
    assert town.at("community2").texts == []


async def test_dispatching_it_stops_the_chain_too(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("leader", "派单 燃气")
    await town.at("gas").expect("#1")
    town.group.skip()
    await town.later(minutes=30)
    assert town.group.news == []


@pytest.mark.parametrize("words", ["驳回 1 误报，是做饭", "驳回 误报，是做饭"])
async def test_a_false_alarm_is_rejected_and_the_group_is_calmed(town: Town, words: str) -> None:
    await town.group.says("wang", FIRE)
    town.group.skip()
    await town.group.says("leader", words)
    assert (await town.ticket(1)).state is State.REJECTED
    await town.group.expect("#1", "解除", "误报，是做饭")
    await town.later(minutes=30)
    assert town.group.news == []


async def test_in_the_night_an_emergency_is_said_at_once(town: Town) -> None:
    await town.later(hours=14)
    await town.group.says("wang", FIRE)
    await town.group.expect("【紧急】", "119")
    await town.at("leader").expect("【紧急】")


@pytest.mark.parametrize("group", ["g3", "g4"])
async def test_an_emergency_waits_for_no_mode(town: Town, group: str) -> None:
    await town.at(group).says("li", GAS)
    await town.at(group).expect("【紧急】", "0000-1000024", "@陈网格长")


async def test_a_missing_place_is_asked_for_and_passed_on(town: Town) -> None:
    words = town.means("闻到煤气味，快来人", "0303", urgent=True)
    await town.group.says("wang", words)
    await town.group.expect("【紧急】", "具体位置")
    await town.group.says("wang", "7幢1单元3楼")
    await town.at("leader").expect("#1", "7幢")


async def test_two_neighbours_who_smell_the_same_gas_are_one_emergency(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("li", town.means("煤气味太大了", "0303", urgent=True))
    assert len(await town.tickets()) == 1
    await town.at("li").expect("0000-1000024")


async def test_reported_one_to_one_both_the_person_and_the_group_are_warned(town: Town) -> None:
    await town.at("wang").tells(FIRE)
    await town.at("wang").expect("【紧急】", "119")
    await town.group.expect("【紧急】", "119", "@陈网格长")


async def test_an_emergency_in_the_window_of_another_report_is_not_an_addition(
    town: Town,
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", FIRE, images=["smoke.jpg"])
    assert [t.urgent for t in await town.tickets()] == [False, True]


async def test_a_private_emergency_is_not_told_to_the_group(town: Town) -> None:
    words = town.means("隔壁在打老婆，快来人", "0902", urgent=True)
    await town.group.says("wang", words)
    (text,) = town.group.texts
    assert "一对一" in text
    await town.at("wang").expect("110")
    await town.at("leader").expect("【紧急】", "#1")
    await town.later(minutes=5)
    assert len(town.group.texts) == 1


async def test_due_the_same_day(town: Town) -> None:
    await town.group.says("wang", GAS)
    due = (await town.ticket(1)).due_at
    assert due == datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
