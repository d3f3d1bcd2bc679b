"""A command word without what it needs is answered with what to write; nothing moves meanwhile."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town


@pytest.fixture
async def given(town: Town) -> Town:
    """One lamp, given to its property company, which has taken it."""
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").tells("我来 1")
    for who in ("wuye", "leader", "street"):
        town.at(who).skip()
    town.group.skip()
    return town


@pytest.mark.parametrize(
    ("who", "word", "answer"),
    [
        ("wuye", "上报", "请在“上报”后面写明原因，例如：上报 1 "),
        ("leader", "上报", "请在“上报”后面写明原因，例如：上报 1 "),
        ("community", "上报。", "请在“上报”后面写明原因，例如：上报 1 "),
        ("wuye", "退回", "请在“退单”后面写明原因，例如：退单 1 "),
        ("wuye", "挂起", "请在“挂账”后面写明原因，例如：挂账 1 "),
        ("wuye", "结案", "请在“办结”后面写明做了什么，例如：办结 1 "),
        ("wuye", "延期", "请在“延期”后面写明延长多久和原因，例如：延期 1 3天 "),
        ("street", "吹哨", "请在“吹哨”后面写明两个以上单位，例如：吹哨 1 供水 "),
        ("leader", "并案", "请在“并入”后面写一句，例如：并入 12 9"),
    ],
)
async def test_the_missing_words_are_asked_for(
    given: Town, who: str, word: str, answer: str
) -> None:
    before = await given.ticket(1)
    await given.at(who).tells(word)
    await given.at(who).expect(answer)
    assert await given.ticket(1) == before


async def test_what_the_answer_proposes_can_be_typed(given: Town) -> None:
    await given.at("wuye").tells("上报")
    post = await given.at("wuye").expect("例如：上报 1")
    await given.at("wuye").tells(post.text.partition("例如：")[2])
    await given.at("wuye").expect("✓ 已上报")
    await given.at("street").expect("【上报】", "涉及几个单位")


async def test_bare_words_of_residents_are_their_talk(given: Town) -> None:
    for word in ("上报", "退回", "结案", "挂起", "合并", "吹哨"):
        await given.group.says("wang", word)
    await given.group.silence()


@pytest.mark.parametrize("words", ["改类 电梯 1", "改类 1 电梯", "改类 电梯 #1", "改类 0404 1"])
async def test_the_number_may_stand_at_the_end(given: Town, words: str) -> None:
    await given.group.says("wang", "小广场健身器材坏了")
    await given.group.says("leader", words)
    assert (await given.ticket(1)).code == "0404"
    assert (await given.ticket(2)).code != "0404"


async def test_units_may_stand_before_the_number(given: Town) -> None:
    await given.group.says("wang", "小广场健身器材坏了")
    await given.group.says("leader", "派单 供水 2")
    assert ((await given.ticket(2)).state, (await given.ticket(2)).unit) == (
        State.DISPATCHED, "gongshui",
    )  # fmt: skip
    await given.at("street").tells("吹哨 供水 物业 1")
    assert [share.unit for share in (await given.ticket(1)).shares] == ["gongshui", "wuye"]
