"""After a restart the simulated group shows what was said, and a quote finds its ticket."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.app import Bot
from bot.clock import ManualClock
from routing.ticket import State
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Interpreter, Town


async def test_the_group_is_as_it_was(
    tmp_path: Path, district_file: Path, clock: ManualClock, interpreter: Interpreter
) -> None:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    bot = await Bot.open(settings_in(tmp_path), clock, interpreter)
    await bot.start()
    town = Town(bot, clock, interpreter)
    await town.group.says("wang", LAMP)
    before = [(p.name, p.text, p.of_bot) for p in town.channel.history("local:g1")]
    aside = [p.text for p in town.channel.history("local:leader")]
    await bot.aclose()

    again = await Bot.open(settings_in(tmp_path), clock, interpreter)
    await again.start()
    later = Town(again, clock, interpreter)
    posts = later.channel.history("local:g1")
    assert [(p.name, p.text, p.of_bot) for p in posts] == before
    assert [p.text for p in later.channel.history("local:leader")] == aside
    assert posts[-1].quote is not None
    assert posts[-1].quote.text == LAMP
    await later.group.says("leader", "确认", quote=posts[-1])
    assert (await later.ticket(1)).state is State.CONFIRMED
    await again.aclose()
