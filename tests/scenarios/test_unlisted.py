"""Residents who stand in no roster, as most do: asked one-to-one, they are understood there."""

from __future__ import annotations

import pytest

from routing.ticket import State, Verdict
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town


@pytest.mark.parametrize("word", ["满意", "满意 1", "不满意 1 还是黑的", "一般"])
async def test_a_supporter_answers_where_he_was_asked(town: Town, word: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("h1", "我家也是")
    await town.group.says("leader", "办结 1 换了灯泡")
    asked = await town.at("h1").expect("您也关心的 #1", "满意 1")
    assert "请回复" in asked.text
    town.at("h1").skip()
    await town.at("h1").tells(word)
    ticket = await town.ticket(1)
    back = word.startswith("不")
    assert ticket.state is (State.IN_PROGRESS if back else State.RESOLVED)
    assert ticket.unhappy == (("local:h1",) if back else ())
    assert not [text for text in town.at("h1").news if "我是小格" in text]


async def test_the_reporter_names_the_number_one_to_one(town: Town) -> None:
    await town.group.says("h1", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.at("h1").tells("满意 1")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.CLOSED, Verdict.SATISFIED)


@pytest.mark.parametrize("words", ["进度", "进度 1"])
@pytest.mark.parametrize("asker", ["h1", "h2"])
async def test_reporter_and_supporter_ask_how_far_it_is(town: Town, asker: str, words: str) -> None:
    await town.group.says("h1", LAMP)
    await town.group.says("h2", "我家也是")
    town.at(asker).skip()
    await town.at(asker).tells(words)
    await town.at(asker).expect("#1", "待确认")


async def test_a_number_of_others_stays_unknown_to_a_stranger(town: Town) -> None:
    await town.group.says("h1", LAMP)
    await town.at("h2").tells("进度 1")
    await town.at("h2").expect("没有找到")
    await town.at("h2").tells("满意 1")
    assert (await town.ticket(1)).state is State.REPORTED


async def test_what_was_reported_elsewhere_under_the_same_number_is_told_apart(town: Town) -> None:
    for group in ("g1", "g2"):
        await town.at(group).says("h1", town.means("路灯全灭了", "0203", place="村口"))
    await town.at("h1").tells("撤回 1")
    await town.at("h1").expect("#1")
    states = {(await town.ticket(1, group)).state for group in ("g1", "g2")}
    assert states == {State.REPORTED}


async def test_discontent_before_there_is_a_result_reaches_who_works_on_it(town: Town) -> None:
    await town.group.says("h1", LAMP)
    await town.group.says("leader", "派单 1 物业")
    town.at("wuye").skip()
    await town.at("h1").tells("不满意 三天了还是黑的")
    await town.at("wuye").expect("#1", "催")
    assert (await town.ticket(1)).state is State.DISPATCHED
