"""`stats --bot` over what really happened: who noticed each report, and how it was answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.quality import Found, quality
from bot.stats import Query
from tests.scenarios.lines import CHAT, GYM, LAMP, WAGES
from tests.scenarios.town import Town

DAY = date(2026, 11, 23)


async def told(town: Town, **scope: str) -> dict[str, str]:
    found = await figures(town, **scope)
    return {row.key: row.shown for row in found.rows}


async def figures(town: Town, **scope: str) -> Found:
    query = Query(DAY, DAY, **scope)  # type: ignore[arg-type]
    return await quality(town.bot.settings, query, town.clock.now() + timedelta(seconds=1))


async def how(town: Town, number: int = 1, group: str = "g1") -> str:
    return (await town.events(await town.ticket(number, group)))[0].note


async def test_the_bot_by_itself(town: Town) -> None:
    await town.group.says("wang", LAMP)
    assert await how(town) == ""


async def test_a_leader_who_quotes_what_was_passed_over(town: Town) -> None:
    said = await town.group.says("wang", CHAT[1])
    await town.group.says("leader", "建单", quote=said)
    assert await how(town) == "建单"


async def test_a_leader_who_writes_it_down(town: Town) -> None:
    await town.group.says("leader", "建单 7幢楼道灯坏了")
    assert await how(town) == "建单"


async def test_a_leader_who_says_yes_to_a_hint(town: Town) -> None:
    await town.at("g3").says("li", LAMP)
    await town.at("leader").tells("1")
    assert await how(town, group="g3") == "提示后登记"


async def test_a_leader_who_passes_on_what_she_was_told(town: Town) -> None:
    await town.at("leader").says("leader", "转 7栋李阿姨说楼道灯坏了")
    assert await how(town) == "代报"


@pytest.mark.parametrize("words", ["@小格 登记一下", "我家也是"])
async def test_a_neighbour_who_asks_for_it(town: Town, words: str) -> None:
    said = await town.group.says("wang", town.seems("这灯又这样了", "0403", 0.1, place="7幢"))
    town.means("这灯又这样了", "0403", place="7幢", confidence=0.2)
    assert await town.tickets() == []
    town.means("这灯又这样了", "0403", place="7幢")
    await town.group.says("li", words, quote=said)
    assert await how(town) == "居民请小格登记"


async def test_the_figures_of_a_morning(town: Town) -> None:
    for words in (*CHAT, LAMP, GYM):
        await town.group.says("wang", words)
    await town.group.says("leader", "驳回 2 已经修好了")
    await town.group.says("leader", "改类 1 路灯")
    await town.group.says("leader", "建单 7幢外墙贴满小广告")
    await town.at("li").tells(WAGES)
    found = await told(town)
    assert found["itself"] == "75.00%"
    assert found["by_hand"] == "25.00%"
    assert found["put_right"] == "66.67%", "one of another category, one refused, the wages stand"
    assert found["receipt_p50"] == "0秒", "the clock of a test stands still"
    said = len(CHAT) + 2 + 3
    inputs = {row.key: row.inputs for row in (await figures(town)).rows}
    assert inputs["false_alarms"] == f"1件，群消息{said}条"
    assert inputs["posts"].endswith("4件")
    in_group = [text for text in town.group.texts if text.startswith(("已登记", "#"))]
    assert inputs["posts"].startswith(f"{len(in_group)}条")


async def test_a_receipt_that_waited_for_the_morning_is_told_as_such(town: Town) -> None:
    town.clock.set(town.clock.now() - timedelta(hours=6))  # four in the morning
    await town.group.says("wang", LAMP)
    await town.later(hours=6)
    assert (await told(town))["receipt_p50"] == "3.0小时"


async def test_a_scope_narrows_tickets_and_messages(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("g2").says("zhao", "村口路灯不亮")
    grid = (await town.ticket(1)).grid
    rows = {row.key: row.inputs for row in (await figures(town, under=grid)).rows}
    assert (rows["itself"], rows["false_alarms"]) == ("1/1", "0件，群消息1条")
    assert (await figures(town)).scope.startswith("全部网格")
    elsewhere = await told(town, code="15")
    assert elsewhere["itself"] == "—"
