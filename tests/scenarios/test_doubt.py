"""Terse words that sound like a follow-up of nothing: a real fault is never met with silence."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

TERSE = "2单元又黄又浑"


async def test_a_fault_nobody_has_reported_is_put_to_the_leader(town: Town) -> None:
    await town.group.says("wang", town.seems(TERSE, "0301", 0.3, "2单元"))
    await town.group.silence()
    assert await town.tickets() == []
    await town.at("leader").expect("停水水质水压", TERSE, "回复 1")
    await town.at("leader").tells("1")
    ticket = await town.ticket(1)
    assert (ticket.code, ticket.reporter, ticket.state) == ("0301", "local:wang", State.CONFIRMED)


async def test_what_is_sure_enough_is_registered_at_once(town: Town) -> None:
    await town.group.says("wang", town.seems(TERSE, "0301", 0.7, "2单元"))
    ticket = await town.ticket(1)
    assert (ticket.code, ticket.place_normal) == ("0301", "7幢2单元")
    await town.group.expect("#1")


async def test_in_a_group_of_mode_hint_even_that_is_asked(town: Town) -> None:
    await town.at("g3").says("wang", town.seems(TERSE, "0301", 0.7, "2单元"))
    assert await town.tickets("g3") == []


@pytest.mark.parametrize("doubt", [0.0, 0.1, 0.24])
async def test_below_the_line_it_is_talk(town: Town, doubt: float) -> None:
    await town.group.says("wang", town.seems(TERSE, "0301", doubt, "2单元"))
    assert await town.tickets() == []
    assert town.at("leader").texts == []


async def test_of_ones_own_open_matter_it_is_an_addition(town: Town) -> None:
    await town.group.says("wang", town.means("7幢2单元水黄", "0301", place="7幢2单元"))
    await town.later(hours=5)
    town.at("leader").skip()
    await town.group.says("wang", town.seems("水又黄又浑", "0301", 0.4))
    assert len(await town.tickets()) == 1
    assert (await town.events(await town.ticket(1)))[-1].note == "水又黄又浑"
    assert town.at("leader").news == []


async def test_of_a_neighbours_open_matter_at_that_place_it_is_talk_about_it(town: Town) -> None:
    await town.group.says("wang", town.means("7幢2单元水黄", "0301", place="7幢2单元"))
    await town.later(hours=5)
    town.at("leader").skip()
    await town.group.says("li", town.seems("7幢2单元又黄又浑", "0301", 0.4, "7幢2单元"))
    assert len(await town.tickets()) == 1
    assert town.at("leader").news == []


async def test_at_another_place_it_may_be_a_new_one(town: Town) -> None:
    await town.group.says("wang", town.means("7幢1单元水黄", "0301", place="7幢1单元"))
    await town.later(hours=5)
    town.at("leader").skip()
    await town.group.says("li", town.seems("7幢2单元又黄又浑", "0301", 0.4, "7幢2单元"))
    await town.at("leader").expect("又黄又浑", "回复 1")


async def test_a_finished_matter_is_no_longer_followed_up(town: Town) -> None:
    await town.group.says("wang", town.means("7幢2单元水黄", "0301", place="7幢2单元"))
    await town.group.says("leader", "办结 1 冲洗了管道")
    await town.group.says("wang", "满意")
    await town.later(hours=5)
    town.at("leader").skip()
    await town.group.says("li", town.seems("7幢2单元又黄又浑", "0301", 0.4, "7幢2单元"))
    await town.at("leader").expect("又黄又浑", "回复 1")


async def test_what_staff_say_is_no_report(town: Town) -> None:
    await town.group.says("leader", town.seems(TERSE, "0301", 0.7, "2单元"))
    assert await town.tickets() == []


FAULTS = (
    "7幢2单元自来水又黄又浑", "2单元门禁又刷不开", "7幢下水道又冒了", "三楼感应灯又瞎了",
    "顶楼又滴水", "西门垃圾又堆成山了", "水压又没了", "电梯又卡住不动", "暖气片又凉了",
)  # fmt: skip


@pytest.mark.parametrize("words", FAULTS)
async def test_real_faults_in_few_words_are_heard(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    heard = await town.tickets() or town.at("leader").texts
    assert heard, "a ticket, or a question to the leader"


TALK = (
    "昨天的事怎么样了", "还没修好吗", "修好了吗", "谢谢师傅", "都一个星期了", "已经来电了",
    "电梯修好了", "我也在等消息",
    "昨晚停水现在来了", "快递到了吗", "你家水压怎么样", "收到，谢谢", "辛苦了",
    "催一下", "知道了，等通知", "好像好了", "那天说的事还记得吗", "这事有结果了吗",
)  # fmt: skip


@pytest.mark.parametrize("words", TALK)
async def test_talk_about_what_was_stays_talk(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    await town.group.silence()
    assert await town.tickets() == []
    assert town.at("leader").texts == []


async def test_a_ready_word_after_the_report_asks_nobody_again(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.at("leader").skip()
    await town.group.says("wang", town.seems("楼道还是黑的", "0403", 0.5))
    assert len(await town.tickets()) == 1
    assert town.at("leader").news == []
