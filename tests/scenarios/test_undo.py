"""A wrong word of staff is set right by one word, and those who were told hear of it."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import Town


async def _finished(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")
    await town.group.expect("已办结：换了灯泡")


@pytest.mark.parametrize("who", ["leader", "worker", "community", "supervisor"])
async def test_a_finish_is_taken_back(town: Town, who: str) -> None:
    await _finished(town)
    await town.at(who).tells("撤销 1")
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    await town.group.expect("还没有办好，继续办理")
    await town.at(who).expect("已撤销上一步")
    await town.later(days=4)
    assert not any("未评价" in text for text in town.at("community").texts)
    await town.at("leader").tells("办结 1 这次真好了")
    await town.group.says("小王", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_who_finished_it_hears_that_it_was_none(town: Town) -> None:
    await _finished(town)
    await town.at("supervisor").tells("撤销办结 1")
    await town.at("leader").expect("办结已被撤销")


async def test_a_finish_past_its_time_gets_a_fresh_deadline(town: Town) -> None:
    await _finished(town)
    await town.later(days=3)
    await town.at("community").tells("撤销 1")
    ticket = await town.ticket(1)
    assert ticket.due_at is not None
    assert ticket.due_at > town.clock.now()


@pytest.mark.parametrize("who", ["wang", "li", "water", "leader2"])
async def test_nobody_else_takes_a_finish_back(town: Town, who: str) -> None:
    await _finished(town)
    await town.at(who).tells("撤销 1")
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_an_accepted_rejection_is_told_to_the_reporter(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("驳回 1 不属实")
    await town.at("wang").expect("没有受理")
    await town.at("leader").tells("撤销 1")
    await town.at("wang").expect("已重新受理")


async def test_what_has_no_undo_says_how_else(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("leader").tells("派单 1 供水")
    await town.at("leader").tells("撤销 1")
    await town.at("leader").expect("没有可以撤销的", "派单 1 单位")


async def test_an_unrated_ticket_asks_the_nearest_level_alone(town: Town) -> None:
    await _finished(town)
    await town.later(days=4)
    await town.at("community").expect("未评价", "销号 1", "撤销 1")
    for far in ("street", "supervisor", "district"):
        assert town.at(far).texts == []


async def test_the_next_level_is_asked_where_the_nearest_had_a_hand_in_it(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("secretary").tells("我来 1")
    await town.at("community").tells("办结 1 换了灯泡")
    await town.later(days=4)
    await town.at("street").expect("未评价", "销号 1")


async def test_the_unit_that_loses_a_ticket_hears_who_has_it_now(town: Town) -> None:
    await town.group.says("小王", GATE_LAMP)
    await town.at("leader").tells("派单 1 市政")
    await town.at("leader").tells("派单 1 供电")
    await town.at("road").expect("已改由示例供电公司办理")
    await town.at("power").tells("我来 1")
    await town.at("leader").tells("我来 1")
    await town.at("power").expect("已改由网格长办理")
