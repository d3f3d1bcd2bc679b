"""A deadline that falls into a year whose holidays nobody knows: said once, to whoever can help."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import ZONE, Interpreter, Town

EVE = datetime(2098, 12, 31, 10, 0, tzinfo=ZONE)  # a Wednesday; neither year has a table
OFFICES = ("admin", "district", "street", "leader", "community")
UNKNOWN = "没有这一年的放假和调休安排"


async def told(town: Town) -> list[str]:
    """Who hears that the year has no holidays, once for each time."""
    return [one for one in OFFICES for text in town.at(one).texts if UNKNOWN in text]


async def test_a_year_with_a_table_is_not_spoken_of(town: Town) -> None:
    await town.group.says("wang", LAMP)
    assert await told(town) == []


async def test_the_first_deadline_in_the_year_is_told_to_the_administrator(town: Town) -> None:
    town.clock.set(EVE)
    await town.group.says("wang", LAMP)  # one working day: due in 2099
    assert await told(town) == ["admin"]
    await town.at("admin").expect("期限落在2099年", "先按周一到周五计算")
    assert all("放假和调休安排" not in text for text in town.group_posts())


async def test_it_is_told_once_a_year_and_not_for_each_ticket(town: Town) -> None:
    town.clock.set(EVE)
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", "确认 1")
    await town.group.says("leader", "延期 1 1天 等配件")
    assert await told(town) == ["admin"]


@asynccontextmanager
async def knowing(
    folder: Path, clock: ManualClock, interpreter: Interpreter, *years: int
) -> AsyncIterator[Town]:
    """A town whose settings name a list of the holidays of these years."""
    path = folder / "节假日.csv"
    rows = "".join(f"{y}-01-01,,休,元旦\n{y}-10-01,,休,国庆\n" for y in years)
    path.write_text(f"开始,结束,安排,说明\n{rows}", encoding="utf-8")
    settings = settings_in(folder, GRIDBOT_CALENDAR_FILE=str(path))
    bot = await Bot.open(settings, clock, interpreter)
    try:
        await bot.start()
        await bot.settle()
        yield Town(bot, clock, interpreter)
    finally:
        await bot.aclose()


@pytest.fixture
def folder(tmp_path: Path, district_file: Path) -> Path:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    return tmp_path


async def test_an_extension_into_the_year_is_noticed(
    folder: Path, clock: ManualClock, interpreter: Interpreter
) -> None:
    clock.set(EVE - timedelta(days=3))
    async with knowing(folder, clock, interpreter, 2098) as town:
        await town.group.says("wang", LAMP)
        await town.group.says("leader", "确认 1")
        assert await told(town) == []
        await town.group.says("leader", "延期 1 3天 等配件")
        due = (await town.ticket(1)).due_at
        assert due is not None
        assert due.astimezone(ZONE).year == 2099
        assert await told(town) == ["admin"]


async def test_a_restart_says_it_no_second_time(
    folder: Path, clock: ManualClock, interpreter: Interpreter
) -> None:
    clock.set(EVE)
    for words in (LAMP, GYM):
        async with knowing(folder, clock, interpreter, 2098) as town:
            await town.group.says("wang", words)
            assert await told(town) == ["admin"]


async def test_with_the_years_list_nothing_is_said_and_the_day_is_left_out(
    folder: Path, clock: ManualClock, interpreter: Interpreter
) -> None:
    clock.set(EVE)
    async with knowing(folder, clock, interpreter, 2098, 2099) as town:
        await town.group.says("wang", LAMP)
        assert await told(town) == []
        due = (await town.ticket(1)).due_at
    assert due == datetime(2099, 1, 2, 10, 0, tzinfo=ZONE)  # not on New Year's Day
