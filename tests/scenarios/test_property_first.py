"""物业先行: the property company is asked first; what it refuses or leaves lying goes to the
community, and then the street, while it stays responsible until somebody else has accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.ticket import State
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import Town

NEXT = "社区（村）居委会"


async def given(town: Town) -> None:
    """The lamp of a staircase, which the leader gives to whom the bot proposes."""
    await town.group.says("wang", LAMP)
    await town.at("leader").expect("【待确认】#1", "派给示例物业服务中心回复 派单 1")
    await town.at("leader").tells("派单 1")
    await town.at("wuye").expect("【派单】#1", "地点：样板街道示范社区7幢微网格", "我来 1")
    await town.group.expect("已登记 #1")
    await town.group.expect("已转示例物业服务中心办理")


async def test_it_accepts_and_nobody_else_is_asked(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("我来 1")
    await town.later(days=3)
    ticket = await town.ticket(1)
    assert (ticket.unit, ticket.handler) == ("wuye", "local:wuye")
    assert not any("【派单】" in text for text in town.at("community").texts)


async def test_it_refuses_and_the_community_has_it_at_once(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("退单 1 路灯是市政的")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unit, ticket.holding) == (State.DISPATCHED, "community", "wuye")
    for who in ("community", "secretary"):
        await town.at(who).expect("【派单】#1 楼道灯", "我来 1", "退单 1 原因")
    told = f"示例物业服务中心没有接（路灯是市政的），已转{NEXT}办理"
    await town.at("leader").expect(told, "要交给别的单位请回复 派单 1 单位")
    await town.at("wuye").expect(told)
    await town.at("wang").expect(f"#1 楼道灯｜7幢楼道：已转{NEXT}办理")


async def test_the_resident_sees_who_has_it_now_and_is_asked_in_the_end(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("退单 1 不归物业管")
    await town.group.says("wang", "进度 1")
    await town.group.expect(f"已派遣，{NEXT}办理")
    await town.at("community").tells("我来 1")
    await town.at("community").tells("办结 1 换了感应灯")
    await town.group.expect("换了感应灯", "满意／一般／不满意")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_it_is_silent_and_after_two_calls_the_community_has_it(town: Town) -> None:
    await given(town)
    await town.later(days=1, minutes=1)
    for who in ("wuye", "leader"):
        await town.at(who).expect("已派给示例物业服务中心，还没有签收")
    assert (await town.ticket(1)).unit == "wuye"
    assert not any("【派单】" in text for text in town.at("community").texts)
    await town.later(days=1)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unit, ticket.holding) == (State.DISPATCHED, "community", "wuye")
    for who in ("wuye", "leader"):
        await town.at(who).expect("示例物业服务中心没有接（两次提醒都没有签收）", f"已转{NEXT}")
    await town.at("community").expect("【派单】#1")
    (event,) = [e for e in await town.events(ticket) if e.changes.get("unit") == "community"]
    assert (event.by, event.note) == ("", NEXT)


async def test_it_stays_responsible_until_the_community_has_accepted(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("退单 1 不归物业管")
    for who in ("wuye", "community"):
        town.at(who).skip()
    await town.later(days=1, minutes=1)
    for who in ("wuye", "community"):
        await town.at(who).expect("还没有签收")
    await town.at("community").tells("我来 1")
    assert (await town.ticket(1)).holding == ""
    town.at("wuye").skip()
    await town.later(days=3)
    assert town.at("wuye").news == []


async def test_a_late_yes_of_the_property_company_is_still_a_yes(town: Town) -> None:
    await given(town)
    await town.later(days=1, hours=1)
    await town.at("wuye").tells("我来 1")
    await town.later(days=2)
    assert (await town.ticket(1)).unit == "wuye"


async def test_the_leader_may_give_it_to_somebody_else_meanwhile(town: Town) -> None:
    await given(town)
    await town.later(days=1, minutes=1)
    await town.at("leader").tells("派单 1 市政")
    await town.later(days=1, hours=3)
    assert (await town.ticket(1)).unit == "shizheng"


async def test_the_second_refusal_is_for_the_street_to_decide(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("退单 1 不归物业管")
    await town.at("community").tells("退单 1 社区修不了")
    await town.at("street").expect("社区修不了", "这件事已经退过两次，请街道指定单位")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.holding) == (State.CONFIRMED, "wuye")
    await town.at("street").tells("派单 1 物业")
    await town.at("wuye").tells("退单 1 还是不归我们")
    await town.at("wuye").expect("已经退过两次")


async def test_other_units_fall_to_nobody_by_themselves(town: Town) -> None:
    await town.group.says("wang", GATE_LAMP)
    await town.at("leader").tells("派单 1 市政")
    await town.at("road").tells("退单 1 东门外不归市政")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.holding) == (State.CONFIRMED, "shizheng")
    await town.at("leader").expect("请重新派单：派单 1 单位")
    await town.later(days=3)
    assert (await town.ticket(1)).state is State.CONFIRMED


@pytest.mark.parametrize(("without", "then"), [("community", "street"), ("", "community")])
async def test_who_cannot_be_told_is_passed_over(town: Town, without: str, then: str) -> None:
    """A community whose workers have no account is no use to the resident."""
    async with town.bot.store.write() as tx:
        parts = await tx.people.parts()
        gone = {"P007", "P008"} if without else set()
        posts = tuple(p for p in parts.posts if p.person not in gone)
        street = replace(parts.units[2], id="street", name="样板街道办", words=())
        await tx.people.replace(replace(parts, posts=posts, units=(*parts.units, street)))
    await town.bot.reload()
    await given(town)
    await town.at("wuye").tells("退单 1 不归物业管")
    assert (await town.ticket(1)).unit == then
