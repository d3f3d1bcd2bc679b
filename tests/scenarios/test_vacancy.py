"""A grid that loses its leader: the street hears of it on Mondays, nobody else does."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from routing.parts import Parts, Role
from tests.scenarios.conftest import settings_in
from tests.scenarios.town import MONDAY, Interpreter, Town


@pytest.fixture
async def town(
    district_file: Path, tmp_path: Path, interpreter: Interpreter
) -> AsyncIterator[Town]:
    """The town with the street's digest at its hour."""
    shutil.copyfile(district_file, tmp_path / "bot.db")
    clock = ManualClock(MONDAY)
    settings = settings_in(tmp_path, GRIDBOT_DIGEST_STREET="18:20")
    bot = await Bot.open(settings, clock, interpreter)
    await bot.start()
    yield Town(bot, clock, interpreter)
    await bot.aclose()


async def lose_leaders(town: Town, *codes: str) -> None:
    def without(parts: Parts) -> Parts:
        kept = (p for p in parts.posts if p.role is not Role.LEADER or p.grid not in codes)
        return replace(parts, posts=tuple(kept))

    async with town.bot.store.write() as tx:
        await tx.people.replace(without(await tx.people.parts()))
    await town.bot.reload()


async def test_the_street_hears_of_vacancies_once_a_week(town: Town) -> None:
    await lose_leaders(town, "990101001002001")
    heard = []
    for _ in range(8):
        await town.later(days=1)
        news = "\n".join(town.at("street").news)
        town.at("street").skip()
        heard.append("网格长空缺：3个网格中有1个没有自己的网格长" in news)
        assert "样板街道 日报" in news
    assert heard == [True, *[False] * 6, True]
    assert not any("空缺" in text for text in town.group_posts())


async def test_a_full_roster_is_no_news(town: Town) -> None:
    await town.later(days=1)
    assert not any("空缺" in text for text in town.at("street").news)
    assert town.at("street").news
