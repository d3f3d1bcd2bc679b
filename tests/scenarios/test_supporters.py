"""我家也是 and +1: whose voice is added to which ticket, and when it is ordinary talk."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP, WAGES
from tests.scenarios.town import Town


@pytest.mark.parametrize(
    "words",
    ["我家也是", "+1", "＋1", "我们这也是", "同问", "3单元也是", "我家也一样！", "俺家也没有"],
)
async def test_me_too_adds_a_voice_to_the_open_ticket(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.expect("#1")
    await town.group.says("li", words)
    await town.group.silence()
    await town.at("li").expect("#1", "共2位")
    assert (await town.ticket(1)).supporters == ("local:li",)


@pytest.mark.parametrize(
    "words", ["都是好人啊", "也没事", "支持社区工作", "顶楼的风景真好", "+10086", "也是没办法的事"]
)
async def test_sentences_that_only_look_like_it_are_talk(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", words)
    assert (await town.ticket(1)).supporters == ()


async def test_said_twice_it_counts_once(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.group.says("li", "+1")
    await town.group.says("wang", "+1")
    assert (await town.ticket(1)).supporters == ("local:li",)


async def test_quoting_says_which_one_is_meant(town: Town) -> None:
    await town.group.says("wang", LAMP)
    first = await town.group.expect("#1")
    await town.group.says("li", GYM)
    await town.group.says("zhao", "我家也是", quote=first)
    assert (await town.ticket(1)).supporters == ("local:zhao",)
    assert (await town.ticket(2)).supporters == ()


async def test_me_too_about_something_else_is_a_report_of_its_own(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", town.means("我家也停水了", "0301", place="7幢"))
    assert [t.code for t in await town.tickets()] == ["0403", "0301"]
    assert (await town.ticket(1)).supporters == ()


async def test_nobody_joins_a_private_matter_by_plus_one(town: Town) -> None:
    said = await town.group.says("wang", WAGES)
    await town.group.says("li", "+1")
    await town.group.says("zhao", "+1", quote=said)
    assert (await town.ticket(1)).supporters == ()
    assert town.at("zhao").texts == []


async def test_an_hour_later_plus_one_speaks_of_nothing(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(hours=3)
    await town.group.says("li", "+1")
    assert (await town.ticket(1)).supporters == ()


async def test_an_unhappy_voice_stays_unhappy_when_its_ticket_is_merged(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.group.says("li", town.means("7幢一片漆黑", "0203", place="7幢"))
    await town.group.says("leader", "并入 1 2")
    assert (await town.ticket(2)).unhappy == ("local:wang",)


async def test_who_leaves_is_no_longer_waited_for(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.group.says("wang", "撤回 1")
    await town.group.says("leader", "办结 1 又换了一次")
    await town.group.says("li", "满意 1")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_what_came_back_cannot_be_ended_by_a_rejection(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 供电")
    await town.at("power").tells("办结 1 换了灯泡")
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.at("power").tells("退单 1 不归我们管")
    await town.group.says("leader", "驳回 1 就这样吧")
    assert (await town.ticket(1)).state is State.CONFIRMED
