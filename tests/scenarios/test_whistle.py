"""Several units on one ticket: whistles, arrival, each unit's part, and the levels above."""

from __future__ import annotations

import pytest

from routing import joint
from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

PIPES = "7幢2单元自来水又黄又浑，下水也返臭"


async def pipes(town: Town) -> None:
    """One confirmed ticket about the pipes of 7幢2单元."""
    await town.group.says("wang", town.means(PIPES, "0301", place="7幢2单元"))
    await town.group.says("leader", "确认 1")
    town.group.skip()


async def whistled(town: Town) -> None:
    await pipes(town)
    await town.at("street").tells("吹哨 1 供水 排水 物业")


async def test_the_street_whistles_and_every_unit_is_called(town: Town) -> None:
    await whistled(town)
    ticket = await town.ticket(1)
    assert [s.unit for s in ticket.shares] == ["gongshui", "paishui", "wuye"]
    assert joint.lead(ticket.shares) == "gongshui"
    for account in ("water", "drain", "wuye"):
        await town.at(account).expect("【吹哨】#1", "示例供水公司牵头", "报到 1")
    await town.group.expect("#1", "示例供水公司牵头", "联合办理")


async def test_arrivals_are_shown_to_the_street(town: Town) -> None:
    await whistled(town)
    await town.at("drain").tells("报到 1")
    await town.at("street").expect("#1", "已报到", "还差")
    await town.at("water").tells("我来 1")
    await town.at("wuye").tells("报到 1")
    await town.at("street").expect("#1", "都到齐了")
    assert (await town.ticket(1)).state is State.IN_PROGRESS


async def test_who_does_not_arrive_is_called_again_and_shown(town: Town) -> None:
    await whistled(town)
    await town.at("water").tells("报到 1")
    town.at("drain").skip()
    town.at("street").skip()
    await town.later(hours=3)
    await town.at("drain").expect("还没有等到贵单位报到")
    await town.at("street").expect("未报到", "物业")
    assert all("还没有等到" not in text for text in town.at("water").news)


async def test_it_is_finished_only_when_every_unit_has_done_its_part(town: Town) -> None:
    await whistled(town)
    await town.at("water").tells("办结 1 换了立管")
    await town.at("drain").tells("办结 1 疏通了")
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    await town.group.says("leader", "办结 1 都好了")
    await town.at("leader").expect("#1", "还有", "没有办完")
    await town.at("wuye").tells("办结 1 清洗了水箱")
    ticket = await town.ticket(1)
    assert ticket.state is State.RESOLVED
    assert all(words in ticket.result_text for words in ("换了立管", "疏通了", "清洗了水箱"))
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_dissatisfaction_calls_the_lead_back_and_it_closes_in_the_end(town: Town) -> None:
    await whistled(town)
    for account in ("water", "drain", "wuye"):
        await town.at(account).tells("办结 1 弄好了")
    await town.group.says("wang", "不满意 早上还是黄的")
    ticket = await town.ticket(1)
    assert (ticket.state, joint.unfinished(ticket.shares)) == (State.IN_PROGRESS, ("gongshui",))
    await town.at("water").tells("办结 1 又换了一段管")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_a_leader_may_only_ask_the_street_to_whistle(town: Town) -> None:
    await pipes(town)
    await town.group.says("leader", "吹哨 1 供水 排水")
    await town.at("street").expect("请求吹哨", "供水 排水", "吹哨 1")
    assert (await town.ticket(1)).shares == ()


@pytest.mark.parametrize(
    ("words", "answer"),
    [("吹哨 1 供水", "例如：吹哨 1 供水 排水"), ("吹哨 1 供水 火星公司", "没有找到“火星公司”")],
)
async def test_a_whistle_needs_two_known_units(town: Town, words: str, answer: str) -> None:
    await pipes(town)
    await town.at("street").tells(words)
    await town.at("street").expect(answer)


async def test_two_way_dispatch_names_a_lead_and_assistants(town: Town) -> None:
    await pipes(town)
    await town.group.says("leader", "派单 1 供水 物业")
    ticket = await town.ticket(1)
    assert [(s.unit, s.lead) for s in ticket.shares] == [("gongshui", True), ("wuye", False)]
    await town.at("wuye").expect("#1", "共同办理")


async def test_a_unit_that_refuses_leaves_the_joint_case_to_the_others(town: Town) -> None:
    await whistled(town)
    await town.at("water").tells("退单 1 不是供水的问题")
    ticket = await town.ticket(1)
    assert [s.unit for s in ticket.shares] == ["paishui", "wuye"]
    assert joint.lead(ticket.shares) == "paishui"
    for account in ("leader", "drain", "water"):
        await town.at(account).expect("示例供水公司退单，原因：不是供水的问题", "示例排水公司牵头")
    await town.at("drain").tells("报到 1")
    await town.at("wuye").tells("办结 1 清洗了水箱")
    await town.at("drain").tells("办结 1 疏通了")
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_an_assistant_that_refuses_takes_only_itself_away(town: Town) -> None:
    await whistled(town)
    await town.at("drain").tells("报到 1")
    await town.at("wuye").tells("退单 1 管道不归物业")
    ticket = await town.ticket(1)
    assert ([s.unit for s in ticket.shares], ticket.unit) == (["gongshui", "paishui"], "gongshui")
    assert ticket.state is State.IN_PROGRESS
    await town.at("drain").tells("办结 1 疏通了")
    await town.at("water").tells("退单 1 水质合格")
    await town.at("leader").expect("示例供水公司退单", "其余单位都办完了。请核实后回复 办结 1")
    await town.at("street").expect("这件事已经退过两次")
    await town.at("leader").tells("办结 1 排水公司疏通好了")
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_the_last_one_left_goes_on_alone(town: Town) -> None:
    await pipes(town)
    await town.group.says("leader", "派单 1 供水 物业")
    await town.at("wuye").tells("退单 1 是总管的问题")
    await town.at("water").expect("示例物业服务中心退单", "示例供水公司继续办理")
    await town.at("water").tells("办结 1 换了总管")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unit) == (State.RESOLVED, "gongshui")


async def test_the_first_receiver_stays_responsible_until_another_accepts(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 供水")
    await town.at("water").tells("退单 1 不归我们管")
    assert (await town.ticket(1)).holding == "gongshui"
    await town.group.says("leader", "派单 1 物业")
    assert (await town.ticket(1)).holding == "gongshui"
    await town.at("wuye").tells("我来 1")
    assert (await town.ticket(1)).holding == ""


async def test_after_two_returns_the_street_decides(town: Town) -> None:
    await town.group.says("wang", LAMP)
    for unit, account in (("供水", "water"), ("排水", "drain")):
        await town.group.says("leader", f"派单 1 {unit}")
        await town.at(account).tells("退单 1 不归我们管")
    await town.at("street").expect("退过两次", "街道指定")
    await town.group.says("leader", "派单 1 供水")
    await town.at("water").tells("退单 1 还是不归我们")
    await town.at("water").expect("已经退过两次")


async def test_a_return_comes_within_a_working_day(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 供水")
    await town.later(days=2)
    await town.at("water").tells("退单 1 不归我们管")
    await town.at("water").expect("超过一个工作日")
    assert (await town.ticket(1)).state is State.DISPATCHED


async def test_the_third_report_at_one_place_is_proposed_as_a_whistle(town: Town) -> None:
    for number in (1, 2, 3):
        words = f"7幢2单元自来水又黄了 第{number}回"
        await town.group.says("wang", town.means(words, "0301", place="7幢2单元"))
        if number < 3:
            await town.group.says("leader", f"办结 {number} 冲洗了管道")
            await town.group.says("wang", f"满意 {number}")
            await town.later(days=8)
    assert (await town.ticket(3)).recurs == (await town.ticket(2)).id
    await town.at("street").expect("#3", "第3次", "吹哨 3")


async def test_handing_up_tells_the_level_above(town: Town) -> None:
    await pipes(town)
    await town.group.says("leader", "上报 1 社区协调不了")
    await town.at("community").expect("【上报】", "社区协调不了")
    await town.at("community").tells("上报 1 要几家一起办")
    await town.at("street").expect("【上报】", "吹哨 1")
    await town.at("street").tells("上报 1 区里协调")
    await town.at("district").expect("【上报】")


async def test_an_order_of_the_supervisor_wants_an_answer(town: Town) -> None:
    await pipes(town)
    await town.at("supervisor").tells("督办 1 群众反映强烈")
    await town.at("leader").expect("【督办】#1", "群众反映强烈")
    town.at("street").skip()
    await town.later(days=1, hours=4)
    await town.at("street").expect("【督办】#1", "没有答复")


async def test_an_answered_order_is_quiet(town: Town) -> None:
    await pipes(town)
    await town.at("supervisor").tells("督办 1")
    await town.group.says("leader", "进展 1 明天师傅到")
    town.at("supervisor").skip()
    await town.later(days=1, hours=4)
    assert not any("没有答复" in text for text in town.at("supervisor").news)


async def test_a_resident_cannot_whistle_or_order(town: Town) -> None:
    await pipes(town)
    await town.group.says("wang", "督办 1")
    await town.group.expect("要由督办员、街道或区县来回复")
    await town.group.says("li", "吹哨 1 供水 排水")
    assert (await town.ticket(1)).shares == ()
