"""A unit hears of a ticket once it has been given it, and no more once another has it."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import Town

POOR = "我家低保怎么被停了，吃饭都成问题"


async def test_a_unit_that_is_only_proposed_is_left_in_peace(town: Town) -> None:
    """The leader has not dispatched: the reminders of the deadline are the leader's."""
    await town.group.says("小王", LAMP)
    await town.later(days=3)
    assert town.at("wuye").texts == []
    await town.at("leader").expect("办理时间已过一半")


async def test_a_private_matter_is_not_shown_to_a_unit_before_its_time(town: Town) -> None:
    await town.group.says("小赵", town.means(POOR, "1302"))
    assert (await town.ticket(1)).private
    await town.later(days=3)
    assert town.at("welfare").texts == []
    await town.at("leader").tells("派单 1 民政")
    await town.at("welfare").expect("【派单】")


async def test_a_withdrawal_is_told_to_whom_the_ticket_was_given(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.group.says("小王", "撤回 1")
    assert town.at("wuye").texts == []
    await town.group.says("小李", GATE_LAMP)
    await town.at("leader").tells("派单 2 物业")
    await town.group.says("小李", "撤回 2")
    await town.at("wuye").expect("反映人已撤回")


@pytest.mark.parametrize("words", ["办结 1 换了灯泡", "进展 1 师傅在路上", "上报 1 要换线路"])
async def test_who_does_something_about_it_has_it_in_hand(town: Town, words: str) -> None:
    await town.group.says("小王", LAMP)
    await town.at("leader").tells(words)
    assert (await town.ticket(1)).handler == "local:leader"


async def test_a_result_that_does_not_please_comes_back_to_who_finished_it(town: Town) -> None:
    await town.group.says("小王", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")
    await town.group.says("小王", "不满意 还是不亮")
    await town.at("leader").expect("已退回处置中")
    assert town.at("wuye").texts == []


@pytest.mark.parametrize("words", ["收到", "好的", "1", "收到 1", "确认 1"])
async def test_a_unit_signs_for_its_job_in_any_words(town: Town, words: str) -> None:
    await town.group.says("小王", GATE_LAMP)
    await town.at("leader").tells("派单 1 市政")
    await town.at("road").tells(words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.handler) == (State.IN_PROGRESS, "local:road")


async def test_a_bare_yes_of_a_unit_about_two_jobs_is_asked_back(town: Town) -> None:
    for number, words in enumerate((LAMP, GATE_LAMP), 1):
        await town.group.says("小王", words)
        await town.at("leader").tells(f"派单 {number} 市政")
    await town.at("road").tells("收到")
    await town.at("road").expect("请问是哪一件", "我来 1")
    await town.at("road").tells("我来 1")
    await town.at("road").tells("收到")
    assert (await town.ticket(2)).handler == "local:road"
    town.at("road").skip()
    await town.at("road").tells("收到")
    assert not any("接手" in text or "由您处理" in text for text in town.at("road").news)


async def test_a_unit_says_nothing_by_yes_in_the_group(town: Town) -> None:
    await town.group.says("小王", GATE_LAMP)
    await town.at("leader").tells("派单 1 市政")
    await town.group.says("road", "收到")
    assert (await town.ticket(1)).state is State.DISPATCHED


async def test_a_unit_that_may_return_no_more_can_hand_it_up(town: Town) -> None:
    await town.group.says("小王", GATE_LAMP)
    for unit, who in (("市政", "road"), ("供电", "power"), ("物业", "wuye")):
        await town.at("leader").tells(f"派单 1 {unit}")
        await town.at(who).tells("退单 1 不归我们管")
    await town.at("wuye").expect("不能再退", "上报 1")
    await town.at("wuye").tells("上报 1 三家都说不归自己管")
    await town.at("street").expect("【上报】", "三家都说不归自己管")


async def test_what_a_worker_has_in_hand_can_still_be_given_to_the_proposed_unit(
    town: Town,
) -> None:
    await town.group.says("小王", GATE_LAMP)
    await town.at("worker").tells("我来 1")
    proposed = (await town.ticket(1)).unit
    await town.at("worker").tells("派单 1")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unit, ticket.handler) == (State.DISPATCHED, proposed, "")
    await town.at("wuye").expect("【派单】#1")
