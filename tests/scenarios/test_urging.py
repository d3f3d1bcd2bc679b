"""催办: whoever works on a ticket hears of it, once an hour however many residents press."""

from __future__ import annotations

import pytest

from routing.ticket import Action
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

PRESSED = "不久前刚催过"


@pytest.fixture
async def given(town: Town) -> Town:
    """#1 is with the 物业, and 小李 has joined it."""
    await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.group.says("leader", "派单 1 物业")
    for who in ("wuye", "wang", "li"):
        town.at(who).skip()
    return town


def heard(town: Town) -> int:
    """How often the unit was pressed since the last look."""
    count = sum("催问" in text for text in town.at("wuye").news)
    town.at("wuye").skip()
    return count


@pytest.mark.parametrize("words", ["催办 1", "1 还没修好", "@小格 怎么还没修"])
async def test_the_second_press_is_kept_and_answered_but_not_passed_on(
    given: Town, words: str
) -> None:
    await given.group.says("wang", words)
    assert heard(given) == 1
    await given.at("wang").expect("✓ #1", "已催办")
    for minutes, who in ((10, "wang"), (10, "li"), (39, "wang")):
        await given.later(minutes=minutes)
        await given.group.says(who, words)
        assert heard(given) == 0
        await given.at(who).expect("#1", PRESSED, "明天10:00前办结")
    pressed = [e.by for e in await given.events(await given.ticket(1)) if e.action is Action.URGE]
    assert pressed == ["local:wang", "local:wang", "local:li", "local:wang"]


async def test_every_way_of_pressing_shares_the_hour(given: Town) -> None:
    for words in ("@小格 怎么还没修", "催办 1", "1 还没修好"):
        await given.group.says("wang", words)
    said = await given.group.says("wang", "催办 1")
    await given.group.says("zhao", "这个到现在没人管", quote=said)
    assert heard(given) == 1


async def test_steady_pressing_is_heard_once_an_hour(given: Town) -> None:
    """Not only the first time: what was not passed on does not put the next one off."""
    for _ in range(6):
        await given.group.says("wang", "催办 1")
        await given.later(minutes=25)
    assert heard(given) == 2


async def test_after_an_hour_it_is_passed_on_again(given: Town) -> None:
    await given.group.says("wang", "催办 1")
    await given.later(minutes=60)
    await given.group.says("li", "催办 1")
    assert heard(given) == 2
    await given.at("li").expect("已催办")


async def test_each_ticket_has_its_own_hour(given: Town) -> None:
    await given.group.says("wang", GYM)
    await given.group.says("leader", "派单 2 物业")
    given.at("wuye").skip()
    for words in ("催办 1", "催办 2", "催办 1"):
        await given.group.says("wang", words)
    assert heard(given) == 2


async def test_staff_are_always_heard(given: Town) -> None:
    await given.group.says("wang", "催办 1")
    await given.group.says("leader", "催办 1")
    await given.group.says("street", "催办 1")
    assert heard(given) == 3
    await given.at("street").expect("✓ #1", "已催办")


async def test_the_group_hears_nothing_of_it(given: Town) -> None:
    given.group.skip()
    for _ in range(3):
        await given.group.says("wang", "催办 1")
    await given.group.silence()
