"""A leader passes on what a resident said: registered for her, silent in the group, no name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import casework
from bot.desk import Desk
from routing.roster import Roster
from routing.ticket import Action, State, Verdict
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
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.RESOLVED, Verdict.SATISFIED)
    await town.at("leader").expect("#1", "由您代报", "不能由自己评价销号")
    await town.at("leader").says("leader", "销号 1 我看过了，亮的")
    assert (await town.ticket(1)).state is State.RESOLVED, "nor by her own signature"
    await town.at("community").expect("#1", "自己代报、立案或办理过", "销号 1")
    await town.at("community").says("community", "销号 1 去看过了，灯亮了")
    assert (await town.ticket(1)).state is State.CLOSED
    assert "满意" not in "".join(town.group.texts)


async def test_a_verdict_through_another_account_of_hers_is_the_same_person(town: Town) -> None:
    """What she passed on at one platform she cannot rate as somebody else at another."""
    await town.at("leader").says("leader", "转 7栋李阿姨说楼道灯坏了")
    await town.at("worker").says("worker", "办结 1 换了灯泡")
    roster = town.bot.house.roster
    person = roster.person_of("local:leader")
    assert person is not None
    people = [
        replace(p, accounts=(*p.accounts, "wecom_app:leader")) if p.id == person.id else p
        for p in roster.parts.people
    ]
    town.bot.house = replace(
        town.bot.house, roster=Roster(replace(roster.parts, people=tuple(people)))
    )
    number = (await town.ticket(1)).id
    async with town.bot.store.write() as tx:
        mark, (ticket,) = tx.mark(), await tx.tickets.by_ids((number,))
        desk = Desk(town.bot.house, tx, town.clock.now())
        moved = desk.move(ticket, Action.SUPPORT, "", reporter="wecom_app:leader")
        rated = await casework.rate(desk, moved, Verdict.SATISFIED, "wecom_app:leader", "")
        tx.back_to(mark)
    assert rated.state is State.RESOLVED


async def test_a_resident_may_rate_what_the_leader_confirmed(town: Town) -> None:
    await town.group.says("wang", "7幢2单元楼道灯坏了")
    await town.group.says("leader", "确认 1")
    await town.at("worker").says("worker", "办结 1 换了灯泡")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


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
