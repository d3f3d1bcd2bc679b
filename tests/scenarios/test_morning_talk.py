"""An ordinary morning: matters, answers and small talk in one stream, each taken for itself."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import Town

COLD = "暖气怎么还没来，今天好冷啊"
BIN = "楼下那个垃圾桶都满出来三天了没人收"


async def test_another_matter_is_no_answer_to_where(town: Town) -> None:
    await town.group.says("li", COLD)
    await town.group.expect("请问在几号楼")
    await town.group.says("li", "对了，" + BIN)
    heating, bins = await town.tickets()
    assert (heating.code, heating.place) == ("0304", "")
    assert (bins.code, bins.place_normal) == ("0101", "7幢")


@pytest.mark.parametrize(
    ("answer", "place"), [("7幢2单元", "7幢2单元"), ("3幢，暖气片一点都不热", "3幢")]
)
async def test_the_place_with_or_without_the_same_complaint_answers_where(
    town: Town, answer: str, place: str
) -> None:
    await town.group.says("li", COLD)
    await town.group.says("li", answer)
    (heating,) = await town.tickets()
    assert heating.place_normal == place


@pytest.mark.parametrize("thanks", ["谢谢网格长", "网格长辛苦了", "感谢物业", "师傅真给力"])
async def test_nobody_is_asked_whether_to_register_thanks(town: Town, thanks: str) -> None:
    await town.group.says("wang", thanks)
    assert town.at("leader").texts == []
    assert town.group.texts == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("电梯里有个小孩被关住了！在5幢！", "5幢（电梯里）"),
        ("电梯里的扶手掉了，12幢的", "12幢（电梯里）"),
    ],
)
async def test_the_building_and_the_spot_in_it_are_one_place(
    town: Town, words: str, shown: str
) -> None:
    await town.group.says("wang", words)
    (ticket,) = await town.tickets()
    assert ticket.place == shown
    assert ticket.place_normal == shown.partition("（")[0]


@pytest.mark.parametrize("word", ["我去看看", "我来", "收到", "1"])
async def test_the_call_of_an_emergency_is_what_a_bare_word_answers(town: Town, word: str) -> None:
    await town.group.says("wang", GATE_LAMP)
    await town.group.says("li", "电梯里有人被关住了，在5幢")
    await town.at("leader").tells(word)
    lamp, lift = await town.tickets()
    assert (lift.handler, lamp.state) == ("local:leader", State.REPORTED)


async def test_two_emergencies_are_told_apart_by_number(town: Town) -> None:
    await town.group.says("wang", "3幢着火了，快来人")
    await town.group.says("li", "电梯里有人被关住了，在5幢")
    await town.at("leader").tells("我来")
    await town.at("leader").expect("请问是哪一件")


@pytest.mark.parametrize(
    "question",
    [
        "@小格 暖气的事到哪一步了",
        "@小格 暖气有消息了吗？",
        "@小格 供暖的事怎么样了",
        "@小格 暖气处理好了吗",
    ],
)
@pytest.mark.parametrize("who", ["li", "wang"])
async def test_the_bot_is_asked_how_far_a_matter_is(town: Town, who: str, question: str) -> None:
    await town.group.says("wang", GATE_LAMP)
    await town.group.says("li", COLD)
    town.group.skip()
    await town.group.says(who, question)
    answer = await town.group.expect("#2", "待确认")
    assert "#1" not in answer.text


async def test_neighbours_asking_each_other_are_left_alone(town: Town) -> None:
    await town.group.says("li", COLD)
    town.group.skip()
    await town.group.says("wang", "暖气的事到哪一步了")
    await town.group.silence()


async def test_a_private_matter_is_told_of_to_its_reporter_only(town: Town) -> None:
    wages = town.means("厂里三个月没发工资了", "1001")
    await town.group.says("wang", wages)
    town.group.skip()
    for who in ("li", "wang"):
        await town.group.says(who, "@小格 工资的事怎么样了")
    said = "".join(town.group.texts)
    assert "工资" not in said
    assert "#1" not in said
    await town.at("wang").expect("#1")


# ── a result that is none


async def _finished(town: Town) -> None:
    await town.group.says("li", "7幢" + COLD)
    await town.group.says("wang", "我家也是")
    await town.at("leader").tells("办结 1 下午升温")
    town.group.skip()


@pytest.mark.parametrize("who", ["li", "wang"])
@pytest.mark.parametrize("words", ["还是不热", "暖气一点都没热起来", "骗人的，暖气根本就不热"])
async def test_whoever_says_that_it_is_no_better_is_dissatisfied(
    town: Town, who: str, words: str
) -> None:
    await _finished(town)
    await town.group.says(who, words)
    ticket = await town.ticket(1)
    assert ticket.state is State.IN_PROGRESS
    assert ticket.unhappy == (f"local:{who}",)
    assert words in [event.note for event in await town.events(ticket)]


@pytest.mark.parametrize(
    "words",
    [
        "还是家里好啊",
        "还是不放心孩子一个人去",
        "菜场的鱼根本不新鲜",
        "7幢还是不错的",
        "还是不热吗？",
    ],
)
async def test_talk_with_such_words_decides_nothing(town: Town, words: str) -> None:
    await _finished(town)
    await town.group.says("li", words)
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_one_to_one_it_answers_what_the_bot_asked(town: Town) -> None:
    await _finished(town)
    await town.at("wang").tells("一点没变")
    assert (await town.ticket(1)).unhappy == ("local:wang",)


async def test_another_fault_of_the_same_person_is_not_the_verdict(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("办结 1 换了灯泡")
    await town.group.says("wang", "东门那个井盖还是翘着没人修")
    assert (await town.ticket(1)).state is State.RESOLVED


# ── joining with a word of one's own


async def test_a_plus_with_a_sigh_joins_what_was_just_said(town: Town) -> None:
    await town.group.says("li", BIN)
    await town.group.says("wang", "+1 臭死了")
    assert (await town.ticket(1)).supporters == ("local:wang",)


@pytest.mark.parametrize("words", ["+1 两箱苹果", "+1 3斤", "+1 我要一袋米"])
async def test_a_plus_in_a_group_order_joins_nothing(town: Town, words: str) -> None:
    await town.group.says("li", BIN)
    await town.group.says("wang", words)
    assert (await town.ticket(1)).supporters == ()
