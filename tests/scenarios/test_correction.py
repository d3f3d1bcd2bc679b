"""A slip about the place is put right by whoever made it, and by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from routing.ticket import Action, State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

STAIRS = "7幢3单元楼道灯不亮"
GATE = "东门的灯不亮"


async def _said(town: Town, who: str = "wang", text: str = STAIRS, place: str = "7幢3单元") -> str:
    return await town.group.says(who, town.means(text, "0403", place=place))


@pytest.mark.parametrize(
    ("words", "place", "normal"),
    [
        ("打错了，是8幢", "8幢3单元", "8幢3单元"),
        ("不是3单元是5单元", "7幢5单元", "7幢5单元"),
        ("不好意思，刚才说错了，应该是5单元", "7幢5单元", "7幢5单元"),
        ("更正：8号楼2单元", "8幢2单元", "8幢2单元"),
        ("是8幢不是7幢", "8幢3单元", "8幢3单元"),
    ],
)
async def test_the_place_is_put_right(town: Town, words: str, place: str, normal: str) -> None:
    await _said(town)
    await town.group.says("wang", words)
    ticket = await town.ticket(1)
    assert (ticket.place, ticket.place_normal) == (place, normal)
    await town.at("wang").expect("#1", place, "已按您说的更正")
    await town.at("leader").expect("#1", place, "更正了位置", "“7幢3单元”", "撤销 1")
    last = (await town.events(ticket))[-1]
    assert (last.action, last.by) == (Action.ATTACH, "local:wang")
    assert last.note == f"更正位置：7幢3单元 → {place}"
    assert len(town.group.posts) == 1, "the group has read the receipt, no more"


async def test_a_gate_that_was_another_one(town: Town) -> None:
    await _said(town, text=GATE, place="东门")
    await town.group.says("wang", "刚才说错了是南门")
    assert (await town.ticket(1)).place == "南门"


async def test_one_to_one_as_well(town: Town) -> None:
    await _said(town)
    await town.at("wang").tells("打错了，是8幢")
    assert (await town.ticket(1)).place_normal == "8幢3单元"


async def test_the_unit_that_has_it_is_told(town: Town) -> None:
    await _said(town)
    await town.group.says("leader", "派单 1 物业")
    town.at("wuye").skip()
    await town.group.says("wang", "打错了，是8幢")
    await town.at("wuye").expect("#1", "8幢3单元", "更正了位置")


async def test_who_goes_out_to_an_emergency_hears_of_it_by_night(town: Town) -> None:
    await town.later(hours=13)
    text = town.means("7幢3单元有煤气味", "0801", place="7幢3单元", urgent=True)
    await town.group.says("wang", text)
    town.at("leader").skip()
    await town.group.says("wang", "打错了，是8幢")
    await town.at("leader").expect("#1", "8幢3单元", "更正了位置")


async def test_the_leader_takes_it_back(town: Town) -> None:
    await _said(town)
    await town.group.says("wang", "打错了，是8幢")
    await town.group.says("leader", "撤销 1")
    ticket = await town.ticket(1)
    assert (ticket.place, ticket.place_normal) == ("7幢3单元", "7幢3单元")
    await town.at("wang").expect("#1", "位置已改回原来的")
    await town.at("leader").expect("已撤销上一步")
    town.at("leader").skip()
    await town.group.says("leader", "撤销 1")
    await town.at("leader").expect("没有可以撤销的")


async def test_what_was_done_last_is_taken_back_first(town: Town) -> None:
    await _said(town)
    await town.group.says("wang", "打错了，是8幢")
    await town.group.says("leader", "改类 1 路灯")
    await town.group.says("leader", "撤销 1")
    ticket = await town.ticket(1)
    assert (ticket.code, ticket.place_normal) == ("0403", "8幢3单元")


async def test_two_slips_are_put_right_one_after_the_other(town: Town) -> None:
    await _said(town)
    await town.group.says("wang", "打错了，是8幢")
    await town.group.says("wang", "不是3单元是5单元")
    assert (await town.ticket(1)).place_normal == "8幢5单元"
    for before in ("8幢3单元", "7幢3单元"):
        await town.group.says("leader", "撤销 1")
        assert (await town.ticket(1)).place_normal == before


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("li", "打错了，是8幢"),
        ("wang", "不是5单元是6单元"),
        ("wang", "打错了，是8幢吗？"),
        ("wang", "打错了，是7幢"),
        ("wang", "8幢也是"),
        ("wang", "说错了，8幢没停"),
    ],
)
async def test_what_is_not_clear_changes_nothing(town: Town, who: str, words: str) -> None:
    await _said(town)
    await town.group.says(who, words)
    assert (await town.ticket(1)).place == "7幢3单元"
    assert not any("更正" in text for text in town.at("leader").texts)


async def test_an_old_report_is_not_changed_by_a_word(town: Town) -> None:
    await _said(town)
    await town.later(hours=25)
    await town.group.says("wang", "打错了，是8幢")
    assert (await town.ticket(1)).place == "7幢3单元"


async def test_a_finished_one_neither(town: Town) -> None:
    await _said(town)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "打错了，是8幢")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.place) == (State.RESOLVED, "7幢3单元")


async def test_the_one_just_spoken_of_is_meant(town: Town) -> None:
    await _said(town, text=GATE, place="东门")
    await town.later(hours=2)
    await _said(town)
    await town.group.says("wang", "打错了，是南门")
    assert [(await town.ticket(n)).place for n in (1, 2)] == ["东门", "南门"]


async def test_of_several_the_quoted_one_is_meant(town: Town) -> None:
    first = await _said(town, text=GATE, place="东门")
    await _said(town)
    await town.later(hours=1)
    await town.group.says("wang", "打错了，是南门")
    await town.group.expect("请问要更正哪一件", "#1", "#2")
    await town.group.says("wang", "打错了，是南门", quote=first)
    assert [(await town.ticket(n)).place for n in (1, 2)] == ["南门", "7幢3单元"]


async def test_where_neighbours_have_joined_staff_find_out(town: Town) -> None:
    await _said(town)
    await town.group.says("li", "我家也是 #1")
    await town.group.says("wang", "打错了，是8幢")
    ticket = await town.ticket(1)
    assert ticket.place == "7幢3单元"
    await town.at("leader").expect("#1", "打错了，是8幢", "一件还是两件")
    await town.at("wang").expect("#1", "已转告网格长核实")
    assert (await town.events(ticket))[-1].note == "打错了，是8幢"


async def test_at_its_new_place_it_may_be_what_is_known_already(town: Town) -> None:
    await town.group.says("li", town.means("8幢3单元楼道灯坏了", "0403", place="8幢3单元"))
    await town.later(minutes=5)
    await _said(town)
    town.at("leader").skip()
    await town.group.says("wang", "打错了，是8幢")
    await town.at("leader").expect("#2", "#1", "同一件")
    assert (await town.ticket(2)).state is State.REPORTED, "merging it is the leader's word"


async def test_a_leader_may_slip_too(town: Town) -> None:
    await town.group.says("leader", town.means(LAMP, "0403", place="7幢"))
    await town.group.says("leader", "不是7幢是8幢")
    assert (await town.ticket(1)).place == "8幢"


async def test_it_is_seen_in_the_progress(town: Town) -> None:
    await _said(town)
    await town.group.says("wang", "打错了，是8幢")
    await town.at("wang").tells("进度 1")
    await town.at("wang").expect("#1 楼道灯｜8幢3单元：待确认")
    assert (await town.ticket(1)).created_at + timedelta(hours=24) == (await town.ticket(1)).due_at
