"""Every group numbers its own tickets; one-to-one the number alone says which one is meant."""

from __future__ import annotations

from routing.ticket import State
from tests.scenarios.lines import DRAIN, LAMP
from tests.scenarios.town import Town

VILLAGE = "村口垃圾堆成山了"


async def _two(town: Town) -> None:
    """#1 in the group of 7幢 and #1 in the village, which another leader leads."""
    await town.group.says("小王", LAMP)
    await town.at("g2").says("小杨", town.means(VILLAGE, "0101", place="村口"))


async def test_the_tickets_of_other_leaders_do_not_make_a_number_doubtful(town: Town) -> None:
    await _two(town)
    await town.at("leader").tells("确认 1")
    await town.at("leader2").tells("办结 1 清走了")
    assert (await town.ticket(1)).state is State.CONFIRMED
    assert (await town.ticket(1, "g2")).state is State.RESOLVED


async def test_a_unit_means_what_was_dispatched_to_it(town: Town) -> None:
    await _two(town)
    await town.at("leader").tells("派单 1 供水")
    await town.at("water").tells("我来 1")
    assert (await town.ticket(1)).handler == "local:water"


async def test_of_two_groups_of_one_leader_the_one_that_is_ready(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("g4").says("小钱", town.means("8幢电梯停了", "0404", place="8幢"))
    await town.group.says("leader", "确认 1")
    await town.at("leader").tells("确认 1")
    assert (await town.ticket(1, "g4")).state is State.CONFIRMED


async def test_two_that_are_ready_are_named_and_told_apart_by_quoting(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("g4").says("小钱", town.means("8幢电梯停了", "0404", place="8幢"))
    about_lift = await town.at("leader").expect("电梯｜8幢")
    await town.at("leader").tells("确认 1")
    await town.at("leader").expect("有2件都是 #1", "7幢微网格群 #1 楼道灯", "8幢微网格群 #1 电梯")
    await town.at("leader").tells("确认", quote=about_lift)
    assert (await town.ticket(1)).state is State.REPORTED
    assert (await town.ticket(1, "g4")).state is State.CONFIRMED


async def test_a_number_that_is_none_is_looked_up_in_ones_own_way(town: Town) -> None:
    await town.group.says("小王", "进度 99")
    await town.group.expect("没有找到 #99", "进度")
    await town.at("leader").tells("确认 99")
    await town.at("leader").expect("没有找到 #99", "待办")


async def test_a_room_in_the_words_of_a_result_is_no_second_ticket(town: Town) -> None:
    await town.group.says("wang", DRAIN)
    await town.group.says("leader", "办结 1 502已重做防水，闭水试验通过")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.group.expect("#1", "重做防水")
