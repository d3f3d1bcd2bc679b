"""What units and leaders say without a command: kept, asked about once, never a new emergency."""

from __future__ import annotations

import pytest

from routing.states import Action
from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

LIFT = "电梯停在8楼不动了 里面有人在喊"


async def given(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    for name in ("leader", "wuye", "wang"):
        town.at(name).skip()
    town.group.skip()


@pytest.mark.parametrize(
    ("said", "word", "state", "told"),
    [
        ("看过了，是灯座烧了，已换新的", "办结", State.RESOLVED, "灯座烧了，已换新的"),
        ("看过了，是灯座烧了，已换新的", "办好了", State.RESOLVED, "灯座烧了，已换新的"),
        ("配件下午到 晚上来装", "进展", State.IN_PROGRESS, "配件下午到 晚上来装"),
        ("1 要等厂家 下周", "挂账", State.SUSPENDED, "要等厂家 下周"),
    ],
)
async def test_one_more_word_says_what_a_plain_sentence_is(
    town: Town, said: str, word: str, state: State, told: str
) -> None:
    await given(town)
    await town.at("wuye").tells(said)
    asked = await town.at("wuye").expect("您说的是 #1", "回复 办结", "回复 退单")
    assert "报到" not in asked.text
    assert (await town.ticket(1)).state is State.DISPATCHED
    await town.at("wuye").tells(word)
    assert (await town.ticket(1)).state is state
    heard = [*town.group.news, *town.at("wang").news]
    assert any(told in text for text in heard)


async def test_a_refusal_in_plain_words_is_one_word_from_a_return(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("不归我们管，这个灯是路灯所的")
    await town.at("wuye").expect("您说的是 #1")
    await town.at("wuye").tells("退单")
    events = await town.events(await town.ticket(1))
    assert [e.note for e in events if e.action is Action.RETURN] == ["不归我们管，这个灯是路灯所的"]


async def test_words_of_ones_own_win_and_old_words_are_forgotten(town: Town) -> None:
    await given(town)
    await town.at("wuye").tells("师傅在路上了")
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.group.expect("换了灯泡")
    await town.group.says("wang", "不满意 还是黑的")
    await town.at("wuye").tells("晚上再去看一眼")
    await town.later(hours=2)
    town.at("wuye").skip()
    await town.at("wuye").tells("办结")
    await town.at("wuye").expect("写明做了什么")
    assert (await town.ticket(1)).state is State.IN_PROGRESS


async def test_with_several_in_hand_nothing_is_guessed(town: Town) -> None:
    await given(town)
    await town.group.says("li", GYM)
    await town.group.says("leader", "派单 2 物业")
    town.at("wuye").skip()
    await town.at("wuye").tells("师傅在路上了")
    await town.at("wuye").expect("没听明白")
    await town.at("wuye").tells("2 椅子钉好了")
    await town.at("wuye").expect("您说的是 #2", "椅子钉好了")


@pytest.mark.parametrize("words", ["收到，明天安排", "好的 马上去", "嗯，下午过去"])
async def test_a_yes_with_a_plan_signs_for_it(town: Town, words: str) -> None:
    await given(town)
    await town.at("wuye").tells(words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.handler) == (State.IN_PROGRESS, "local:wuye")


@pytest.mark.parametrize("words", ["好的谢谢", "谢谢", "收到"])
async def test_in_the_group_a_units_yes_stays_talk(town: Town, words: str) -> None:
    await given(town)
    await town.group.says("wuye", words)
    assert (await town.ticket(1)).state is State.DISPATCHED


@pytest.mark.parametrize("words", ["人出来了 没受伤", "查过了 没漏"])
async def test_a_leader_who_says_it_is_over_raises_no_second_alarm(town: Town, words: str) -> None:
    await town.group.says("li", town.means(LIFT, "0404", place="8楼", urgent=True))
    await town.group.says("leader", "我来 1")
    for place in (town.group, town.at("leader"), town.at("street")):
        place.skip()
    await town.group.says("leader", town.means(words, "0806", urgent=True))
    assert len(await town.tickets()) == 1
    await town.group.silence()
    await town.at("street").silence()
    await town.at("leader").expect("#1", "办结", "请回复")
    assert (await town.ticket(1)).supporters == ()


async def test_a_leader_who_cries_for_help_is_heard(town: Town) -> None:
    await town.group.says("li", town.means(LIFT, "0404", place="8楼", urgent=True))
    await town.group.says("leader", town.means("3楼着火了快来人", "0801", place="3楼", urgent=True))
    assert (await town.ticket(2)).urgent


@pytest.mark.parametrize("words", ["快报警啊", "打挪车电话啊", "百分百骗子", "又维保", "找物业啊"])
async def test_what_bystanders_advise_opens_nothing(town: Town, words: str) -> None:
    await town.group.says("h1", words)
    assert await town.tickets() == []
    await town.group.silence()
    await town.at("leader").silence()
