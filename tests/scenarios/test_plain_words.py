"""What people answer in their own words, and what the bot says when it has understood nothing."""

from __future__ import annotations

import pytest

from routing.ticket import State, Verdict
from tests.scenarios.lines import GATE_LAMP, GYM, LAMP
from tests.scenarios.town import Town


async def _finished(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")


@pytest.mark.parametrize("words", ["办好了", "已处理谢谢", "修完了", "清理好了"])
async def test_the_leader_finishes_in_his_own_words(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells(words)
    assert (await town.ticket(1)).state is State.RESOLVED


@pytest.mark.parametrize(
    ("words", "state", "verdict"),
    [
        ("修好了", State.CLOSED, Verdict.SATISFIED),
        ("可以了，谢谢", State.CLOSED, Verdict.SATISFIED),
        ("差不多吧", State.CLOSED, Verdict.PARTLY),
        ("还没好呢", State.IN_PROGRESS, Verdict.DISSATISFIED),
        ("没好", State.IN_PROGRESS, Verdict.DISSATISFIED),
        ("好了", State.RESOLVED, Verdict.NONE),
        ("饭还没好呢，等一下", State.RESOLVED, Verdict.NONE),
    ],
)
async def test_the_reporter_answers_in_his_own_words(
    town: Town, words: str, state: State, verdict: Verdict
) -> None:
    await _finished(town)
    await town.group.says("wang", words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (state, verdict)


async def test_the_answer_to_the_bots_own_question_is_understood(town: Town) -> None:
    """It asks a supporter one-to-one: 您那里好了吗？"""
    await town.group.says("wang", town.means("7幢停水了", "0301", place="7幢"))
    await town.group.says("li", "我家也是")
    await town.at("leader").tells("办结 1 好了")
    await town.at("li").tells("不满意 1 还没水")
    await town.at("leader").tells("办结 1 开了总阀")
    await town.group.says("wang", "满意")
    await town.at("li").expect("您那里好了吗")
    await town.at("li").tells("好了")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_content_with_everything_that_waits(town: Town) -> None:
    for number, words in enumerate((LAMP, GATE_LAMP), 1):
        await town.group.says("wang", words)
        await town.at("leader").tells(f"办结 {number} 修好了")
    await town.group.says("wang", "都满意")
    assert {t.state for t in await town.tickets()} == {State.CLOSED}


@pytest.mark.parametrize(
    "words", ["我的单子怎么样了", "我的单子", "修得怎么样了", "什么时候修", "修到哪了", "待办"]
)
async def test_a_resident_asks_how_far_it_is(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.at("wang").tells(words)
    await town.at("wang").expect("#1 楼道灯", "待确认")
    await town.group.says("li", words)
    await town.group.expect("已登记")
    assert town.group.news == []


@pytest.mark.parametrize("words", ["全部办结", "都属实", "明天去修"])
async def test_staff_hear_that_nothing_was_done(town: Town, words: str) -> None:
    for said in (LAMP, GATE_LAMP, GYM):
        await town.group.says("wang", said)
    for _ in range(2):
        await town.at("leader").tells(words)
        await town.at("leader").expect("没听明白", "什么都没有改动")
    assert {t.state for t in await town.tickets()} == {State.REPORTED}


async def test_a_resident_is_told_once_how_to_speak(town: Town) -> None:
    await town.group.says("wang", "@小格 你是真人吗")
    await town.group.expect("我是小格")
    for words in ("@小格 你真笨", "@小格 在吗"):
        await town.group.says("wang", words)
        await town.group.silence()
    await town.later(hours=1)
    await town.group.says("wang", "@小格 你好")
    await town.group.expect("我是小格")


@pytest.mark.parametrize("words", ["@小格 谢谢", "小格你真笨", "小格在吗", "谢谢小格"])
async def test_talk_about_the_bot_is_left_alone(town: Town, words: str) -> None:
    await town.group.says("wang", words)
    await town.group.silence()


async def test_an_example_can_be_typed_as_it_stands(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1")
    await town.at("leader").expect("办结 1 已更换灯泡")
    await town.at("leader").tells("驳回 1")
    await town.at("leader").expect("驳回 1 现场")


@pytest.mark.parametrize("words", ["收到", "好的", "嗯"])
async def test_politeness_to_a_neighbours_talk_registers_nothing(town: Town, words: str) -> None:
    said = await town.group.says("li", "今天白菜两块五")
    await town.group.says("leader", words, quote=said)
    assert await town.tickets() == []
    await town.group.says("leader", "1", quote=said)
    assert len(await town.tickets()) == 1


async def test_a_gift_is_not_handed_over_to_a_unit(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "转给你一个红包")
    await town.group.expect("已登记")
    await town.group.silence()


async def test_residents_hear_that_work_goes_on_after_a_pause(town: Town) -> None:
    await town.group.says("wang", GATE_LAMP)
    await town.at("leader").tells("派单 1 市政")
    await town.at("road").tells("挂账 1 等配件")
    await town.at("road").tells("待办")
    await town.at("road").expect("挂账，恢复后")
    await town.later(days=10)
    town.at("road").skip()
    await town.at("road").tells("恢复 1")
    await town.at("wang").expect("已恢复办理", "12月8日")
    await town.later(days=2)
    assert not any("黄牌" in text for text in town.at("road").news)
