"""The ladder over restarts: the bot is stopped and started on one file, each step speaks once.

Real bots on a real file; what each step says and to whom is test_ladder.py."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.scheduler import Scheduler
from storage.jobs import Job
from storage.store import Store
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import LAMP
from tests.scenarios.town import MONDAY, Interpreter, Town

STEPS = {50: "过一半", 80: "黄牌", 100: "已到办结期限", 150: "严重超期"}
PEOPLE = ("wuye", "leader", "community", "secretary", "street", "district")
TOLD = {
    50: {"wuye"},
    80: {"wuye", "leader"},
    100: {"wuye", "leader", "community", "secretary"},
    150: {"wuye", "leader", "street", "district"},
}
AFTER = {50: 5.5, 80: 22.3, 100: 24.1, 150: 30.1}
"""Hours after Monday ten o'clock when a step of one working day has been reached."""


class File:
    """A database file with its clock, on which one bot after the other runs."""

    def __init__(self, folder: Path, clock: ManualClock, interpreter: Interpreter) -> None:
        self.folder, self.clock, self.interpreter = folder, clock, interpreter
        self.starts = 0

    @asynccontextmanager
    async def town(self) -> AsyncIterator[Town]:
        """A bot from its start, with everything done that is due then, to its stop."""
        bot = await Bot.open(settings_in(self.folder), self.clock, self.interpreter)
        self.starts += 1
        try:
            await bot.start()
            await bot.settle()
            yield Town(bot, self.clock, self.interpreter)
            await bot.settle()
        finally:
            await bot.aclose()

    async def given(self) -> None:
        """#1 with somebody of the 物业, due on Tuesday at ten."""
        async with self.town() as town:
            await town.group.says("wang", LAMP)
            await town.group.says("leader", "派单 1 物业")
            await town.at("wuye").tells("我来 1")

    async def at(self, hours: float) -> None:
        """Start at that time, do what is due, stop."""
        self.clock.set(MONDAY + timedelta(hours=hours))
        async with self.town():
            pass

    async def heard(self) -> dict[int, list[str]]:
        """Step → who was told of it, once for each time."""
        store = await Store.open(f"sqlite:///{self.folder}/bot.db")
        try:
            async with store.read() as tx:
                sent = await tx.outbox.by_state("sent", 500)
                rows = [*sent, *await tx.outbox.by_state("pending", 500)]
        finally:
            await store.aclose()
        return {
            percent: sorted(
                row.message.conversation.removeprefix("local:")
                for row in rows if words in row.message.text
            )
            for percent, words in STEPS.items()
        }  # fmt: skip

    async def jobs(self) -> list[Job]:
        store = await Store.open(f"sqlite:///{self.folder}/bot.db")
        try:
            async with store.read() as tx:
                return await tx.jobs.waiting("ladder:")
        finally:
            await store.aclose()


@pytest.fixture
def file(tmp_path: Path, district_file: Path, clock: ManualClock, interpreter: Interpreter) -> File:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    return File(tmp_path, clock, interpreter)


def once(*percents: int) -> dict[int, list[str]]:
    """Everybody of these steps told once, nobody of the others."""
    return {step: sorted(TOLD[step]) if step in percents else [] for step in STEPS}


async def test_a_bot_started_anew_for_each_step_says_each_once(file: File) -> None:
    await file.given()
    said: list[int] = []
    for percent, hours in AFTER.items():
        await file.at(hours)
        said.append(percent)
        assert await file.heard() == once(*said)
        await file.at(hours + 0.1)  # and a start in between says nothing twice
        assert await file.heard() == once(*said)
    assert file.starts == 9
    assert await file.jobs() == []


async def test_a_restart_between_two_steps_keeps_the_plan(file: File) -> None:
    await file.given()
    (before,) = await file.jobs()
    await file.at(1)
    await file.at(2)
    (after,) = await file.jobs()
    assert (before.key, before.due_at) == (after.key, after.due_at)
    assert await file.heard() == once()


@pytest.mark.parametrize(
    ("asleep_until", "step", "told"),
    [
        (23.0, 80, TOLD[50] | TOLD[80]),
        (26.0, 100, TOLD[100]),
        (49.0, 150, set(PEOPLE)),  # the community too, whom 100 % would have told
    ],
)
async def test_a_bot_that_slept_over_steps_says_once_how_it_is_now(
    file: File, asleep_until: float, step: int, told: set[str]
) -> None:
    await file.given()
    await file.at(asleep_until)
    assert await file.heard() == {one: sorted(told) if one == step else [] for one in STEPS}
    for later in (0.5, 1.0):
        await file.at(asleep_until + later)
    assert (await file.heard())[step] == sorted(told)


async def test_after_the_sleep_the_steps_ahead_still_come(file: File) -> None:
    await file.given()
    await file.at(23)
    for percent in (100, 150):
        await file.at(AFTER[percent])
    assert await file.heard() == once(80, 100, 150)


async def test_what_was_finished_while_the_bot_was_down_is_not_spoken_of(file: File) -> None:
    await file.given()
    async with file.town() as town:
        await town.at("wuye").tells("办结 1 换了灯泡")
    await file.at(30.5)
    assert await file.heard() == once()


@pytest.mark.parametrize("together", [True, False])
async def test_two_schedulers_on_one_file_say_each_step_once(file: File, together: bool) -> None:
    """As two processes would: each with its own connections, its own clock of the same time."""
    await file.given()
    bot = await Bot.open(settings_in(file.folder), file.clock, file.interpreter)
    others = [await Store.open(f"sqlite:///{file.folder}/bot.db") for _ in range(2)]
    kinds = bot.scheduler._kinds
    rivals = [Scheduler(store, kinds, lambda: bot.house, file.clock) for store in others]
    try:
        for hours in AFTER.values():
            file.clock.set(MONDAY + timedelta(hours=hours))
            for _ in range(2):
                if together:
                    await asyncio.gather(*(one.once() for one in (*rivals, bot.scheduler)))
                else:
                    for one in rivals:
                        await one.once()
            await bot.settle()
    finally:
        for store in others:
            await store.aclose()
        await bot.aclose()
    assert await file.heard() == once(*STEPS)
