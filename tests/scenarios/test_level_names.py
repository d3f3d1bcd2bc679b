"""A county of towns and villages: what the bot says about levels and offices uses their names."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.sections import RosterSection
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import GATE_LAMP, LAMP
from tests.scenarios.town import MONDAY, Interpreter, Town

NAMES = ("县", "乡镇", "行政村", "网格", "微网格")


@pytest.fixture
async def town(
    district_file: Path, tmp_path: Path, interpreter: Interpreter
) -> AsyncIterator[Town]:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    clock = ManualClock(MONDAY)
    own = {"roster": RosterSection(levels=NAMES)}
    bot = await Bot.open(settings_in(tmp_path).model_copy(update=own), clock, interpreter)
    await bot.start()
    yield Town(bot, clock, interpreter)
    await bot.aclose()


async def test_who_hands_up_is_named_by_the_office_of_the_county(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("上报 1 修不了")
    await town.at("community").expect("【上报】网格长上报 #1")
    await town.at("community").tells("上报 1 村里没有钱")
    await town.at("street").expect("【上报】行政村工作者上报 #1")
    await town.at("street").tells("上报 1 要县里协调")
    await town.at("district").expect("【上报】乡镇指挥中心上报 #1")


async def test_who_takes_it_is_named_to_the_residents_in_the_same_way(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("secretary").tells("我来 1")
    await town.group.expect("行政村书记已接手处理")


async def test_the_decision_is_explained_by_those_levels(town: Town) -> None:
    await town.group.says("wang", town.means(GATE_LAMP, "0203", place="东门"))
    await town.at("leader").tells("为什么 1")
    await town.at("leader").expect("类别“路灯”（0203）：一般由乡镇一级办理")
