"""回访: asked once where the report was made, by quoting it; reminded once; then a second person.

What each answer leads to is test_verdict.py."""

from __future__ import annotations

import pytest

from routing.ticket import State, Verdict
from tests.scenarios.lines import GYM, LAMP, WAGES
from tests.scenarios.town import Town

QUESTION, REMINDER = "请反映人看看是否满意", "还想听您说一句"
RESULT = "办结 1 换了灯泡"


async def asked(town: Town, place: str, words: str) -> int:
    """How often the words were said there."""
    return sum(words in text for text in town.at(place).texts)


async def test_the_question_and_its_reminder_quote_the_first_message(town: Town) -> None:
    first = await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.at("leader").tells(RESULT)
    question = await town.group.expect("#1", "换了灯泡", QUESTION)
    await town.later(hours=24, minutes=1)
    reminder = await town.group.expect("#1", REMINDER)
    for post in (question, reminder):
        assert post.quote is not None
        assert (post.quote.platform_id, post.quote.text) == (first, LAMP)


async def test_two_tickets_quote_each_its_own_message(town: Town) -> None:
    said = [await town.group.says("wang", words) for words in (LAMP, GYM)]
    for number in (1, 2):
        await town.group.says("leader", f"办结 {number} 修好了")
        question = await town.group.expect(f"#{number} ", QUESTION)
        assert question.quote is not None
        assert question.quote.platform_id == said[number - 1]


async def test_however_long_the_silence_there_is_one_reminder_and_one_call(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", RESULT)
    await town.later(days=14)
    assert await asked(town, "g1", QUESTION) == 1
    assert await asked(town, "g1", REMINDER) == 1
    assert await asked(town, "community", "没有评价（未评价）") == 1
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.RESOLVED, Verdict.UNRATED)


async def test_after_rework_it_is_asked_and_reminded_anew(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", RESULT)
    await town.later(hours=25)
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.group.says("leader", "办结 1 又换了一个")
    await town.later(hours=25)
    assert await asked(town, "g1", QUESTION) + await asked(town, "wang", QUESTION) == 2
    assert await asked(town, "g1", REMINDER) + await asked(town, "wang", REMINDER) == 2


@pytest.mark.parametrize(
    ("place", "words"), [("g1", WAGES), ("wang", LAMP), ("wang", WAGES)],
    ids=["private in the group", "one-to-one", "private one-to-one"],
)  # fmt: skip
async def test_who_spoke_one_to_one_is_asked_there_and_nowhere_else(
    town: Town, place: str, words: str
) -> None:
    await town.at(place).says("wang", words)
    await town.at("leader").tells("确认 1")
    before = list(town.group.texts)
    await town.at("leader").tells("办结 1 已经办好")
    await town.at("wang").expect("#1", "已经办好", "满意")
    await town.later(hours=25)
    await town.at("wang").expect("#1", REMINDER)
    await town.later(hours=48)
    assert (await town.ticket(1)).verdict is Verdict.UNRATED
    await town.at("community").expect("#1", "销号 1")
    assert town.group.texts == before, "the group hears nothing of it"
    await town.at("wang").tells("满意")
    assert (await town.ticket(1)).state is State.CLOSED
    assert town.group.texts == before


async def test_the_second_person_is_told_alone_and_signs_with_a_reason(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", RESULT)
    await town.later(hours=72, minutes=1)
    town.group.skip()
    for who in ("community", "secretary"):
        await town.at(who).expect("#1", "没有经手的同志核实", "销号 1 核实情况", "撤销 1")
    assert not any("没有评价" in text for text in town.at("leader").texts)
    await town.at("secretary").tells("销号 1 已上门看过，灯亮")
    assert (await town.ticket(1)).state is State.CLOSED
    post = await town.at("wang").expect("#1", "经第二人核实后销号")
    assert "已上门看过" not in post.text, "the reason is for the file"


async def test_what_people_were_unhappy_with_is_kept_word_for_word(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", RESULT)
    await town.group.says("wang", "不满意 1 换的灯泡太暗")
    last = [e for e in await town.events(await town.ticket(1)) if e.action == "dissatisfy"]
    assert [(e.by, e.note) for e in last] == [("local:wang", "换的灯泡太暗")]
