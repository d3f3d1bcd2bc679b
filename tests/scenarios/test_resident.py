"""A resident's own words about his reports: 进度, 撤回, 帮助."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town


async def test_progress_by_number_and_of_everything(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM)
    await town.group.says("leader", "派单 1 物业")
    town.group.skip()
    await town.group.says("wang", "进度 1")
    await town.group.expect("#1", "已派遣", "示例物业服务中心", "办结")
    await town.group.says("wang", "进度")
    await town.group.expect("#1", "#2", "待确认")


async def test_progress_with_nothing_reported(town: Town) -> None:
    await town.group.says("wang", "进度")
    await town.group.expect("没有登记在办")


async def test_a_neighbour_may_see_the_progress_of_a_public_matter(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "进度 1")
    await town.group.expect("#1", "待确认")


async def test_progress_of_a_suspended_ticket_names_no_deadline(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", "挂账 等资金")
    town.group.skip()
    await town.group.says("wang", "进度 1")
    text = (await town.group.expect("#1", "挂账")).text
    assert "前办结" not in text


async def test_progress_of_a_merged_ticket_is_that_of_the_one_it_went_into(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", "并入 2 1")
    town.group.skip()
    await town.group.says("li", "进度 2")
    await town.group.expect("#1", "待确认")


async def test_withdrawing_ones_own_report(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("wang", "撤回")
    assert (await town.ticket(1)).state is State.WITHDRAWN
    await town.group.silence()
    await town.at("wang").expect("#1", "撤回")
    await town.at("leader").expect("反映人已撤回")


async def test_a_report_with_supporters_passes_to_the_first_of_them(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "+1")
    await town.group.says("wang", "撤回 1")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.reporter) == (State.REPORTED, "local:li")
    await town.at("wang").expect("还有邻居关心")


async def test_nobody_withdraws_for_another(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("li", "撤回 1")
    await town.group.expect("反映人本人")
    await town.group.says("li", "撤回")
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED


async def test_what_is_finished_cannot_be_withdrawn(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 换了")
    town.group.skip()
    await town.group.says("wang", "撤回 1")
    await town.group.expect("#1", "已办结待评价", "不能撤回")


@pytest.mark.parametrize("words", ["帮助", "@小格 帮助", "@小格 怎么用"])
async def test_help_for_residents_and_for_staff(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    await town.group.expect("进度", "撤回", "满意", "没修好")
    await town.group.says("leader", words)
    await town.group.expect("确认", "派单", "办结")


@pytest.mark.parametrize("words", ["怎么用", "?", "help"])
async def test_talk_that_could_be_a_cry_for_help_is_silent_in_the_group(
    town: Town, words: str
) -> None:
    await town.group.says("wang", words)
    await town.group.silence()
    await town.at("wang").tells(words)
    await town.at("wang").expect("进度")


async def test_urging(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    town.at("wuye").skip()
    await town.group.says("wang", "催办 1")
    await town.at("wuye").expect("#1", "催问")
