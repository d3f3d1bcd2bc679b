"""Verdicts in plain words: taken from those who owe one, of what they fit, never from talk."""

from __future__ import annotations

import pytest

from routing.ticket import State, Verdict
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

HEATING = "7幢暖气片不热"


async def finished(town: Town, text: str, code: str, reporter: str = "wang") -> None:
    await town.group.says(reporter, town.means(text, code, place="7幢"))
    number = len(await town.tickets())
    await town.group.says("leader", f"办结 {number} 师傅来过了")
    town.group.skip()


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("亮了👍", Verdict.SATISFIED),
        ("看到了 挺好", Verdict.SATISFIED),
        ("行吧", Verdict.PARTLY),
        ("好是好了就是慢", Verdict.PARTLY),
        ("嗯 这回可以", Verdict.PARTLY),
    ],
)
@pytest.mark.parametrize("place", ["g1", "wang"])
async def test_content_closes_it(town: Town, place: str, words: str, verdict: Verdict) -> None:
    await finished(town, LAMP, "0403")
    await town.at(place).says("wang", words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.CLOSED, verdict)


@pytest.mark.parametrize(
    "words", ["没人来啊", "骗人的吧 根本没修", "这叫修好了？", "没用啊 晚上照样黑", "糊弄人呢"]
)
@pytest.mark.parametrize("place", ["g1", "wang"])
async def test_discontent_sends_it_back_with_its_words(town: Town, place: str, words: str) -> None:
    await finished(town, LAMP, "0403")
    await town.at(place).says("wang", words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.IN_PROGRESS, Verdict.DISSATISFIED)
    await town.at("leader").expect("反映人不满意", words)
    assert len(await town.tickets()) == 1


async def test_words_that_do_not_fit_the_matter_are_talk(town: Town) -> None:
    await finished(town, LAMP, "0403")
    for words in ("来水了", "楼下干净多了", "车开走了", "好了", "可以", "👍", "今天天气不错"):
        await town.group.says("wang", words)
    await town.group.silence()
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_who_owes_no_verdict_only_talks(town: Town) -> None:
    await finished(town, LAMP, "0403")
    for words in ("亮了", "没人来啊", "骗人的吧", "行吧"):
        await town.group.says("li", words)
    await town.group.silence()
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_said_to_a_neighbour_it_is_no_verdict(town: Town) -> None:
    await finished(town, LAMP, "0403")
    said = await town.group.says("li", "我家快递到现在没人送")
    await town.group.says("wang", "骗人的吧", quote=said)
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_of_two_the_fitting_one_is_meant(town: Town) -> None:
    await finished(town, LAMP, "0403")
    await finished(town, HEATING, "0304")
    await town.group.says("wang", "热了热了 谢谢")
    states = [t.state for t in await town.tickets()]
    assert states == [State.RESOLVED, State.CLOSED]


async def test_discontent_with_one_of_two_asks_which_one_to_one(town: Town) -> None:
    await finished(town, LAMP, "0403")
    await finished(town, HEATING, "0304")
    await town.group.says("wang", "没人来啊")
    await town.group.silence()
    await town.at("wang").expect("#1", "#2", "不满意")
    assert {t.state for t in await town.tickets()} == {State.RESOLVED}


async def test_the_same_trouble_again_is_no_new_ticket(town: Town) -> None:
    await finished(town, HEATING, "0304")
    again = town.means("昨晚又凉了 师傅说热了就是不热", "0304")
    await town.group.says("wang", again)
    (ticket,) = await town.tickets()
    assert (ticket.state, ticket.verdict) == (State.IN_PROGRESS, Verdict.DISSATISFIED)


async def test_a_supporter_says_it_too(town: Town) -> None:
    await town.group.says("wang", town.means(HEATING, "0304", place="7幢"))
    await town.group.says("h1", "我家也是")
    await town.group.says("leader", "办结 1 师傅来过了")
    await town.group.says("h1", town.means("我屋里还是冰凉的啊", "0304"))
    (ticket,) = await town.tickets()
    assert ticket.unhappy == ("local:h1",)


async def test_another_place_or_matter_is_a_ticket_of_its_own(town: Town) -> None:
    await finished(town, LAMP, "0403")
    await town.group.says("wang", town.means("9幢楼道灯坏了", "0403", place="9幢"))
    await town.group.says("wang", town.means("没人收垃圾 臭死了", "0101", place="7幢门口"))
    assert [t.state for t in await town.tickets()] == [
        State.RESOLVED, State.REPORTED, State.REPORTED,
    ]  # fmt: skip


async def test_an_emergency_is_never_taken_for_a_verdict(town: Town) -> None:
    await finished(town, "7幢楼道里有人充电", "0803")
    fire = town.means("又开始冒烟了 着火了", "0803", place="7幢", urgent=True)
    await town.group.says("wang", fire)
    assert (await town.ticket(1)).state is State.RESOLVED
    assert (await town.ticket(2)).urgent
