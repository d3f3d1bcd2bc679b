"""A year of a small district that people live through the real bot: they speak, the clock turns.

Bot, channel, database, jobs and classifier are those of the product; only the people are dice.
`python -m bench.engine --tickets 2000` lives it and recounts its figures (recount.py)."""

from __future__ import annotations

import argparse
import asyncio
import heapq
import logging
import random
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bench.figures import Section, figure, table
from bench.lives import RESIDENTS, UNITS, Life
from bench.recount import differences, recount
from bench.year import Size, parts
from bot.app import Bot
from bot.channels.local import LocalChannel
from bot.clock import ManualClock
from bot.ports import Classifier
from bot.settings import BotSection, DigestSection, Settings, StorageSection
from bot.stats import Query, report
from nlp import corpus
from nlp.classify import LinearClassifier
from routing.parts import Member, Parts, Person, Post, Role, Unit
from storage import migrate
from storage.store import Store

STAFF = (("street", Role.STREET, "S0"), ("community", Role.COMMUNITY, "C0"),
         ("district", Role.DISTRICT, "D"), ("supervisor", Role.SUPERVISOR, "D"))  # fmt: skip
START = datetime(2025, 1, 1, tzinfo=UTC)


def size_of(reports: int) -> Size:
    """One street, one community, two grids, and micro-grids with so many reports in all."""
    return Size(1, 1, 2, max(4, reports // 25), reports, START)


def lists(size: Size) -> Parts:
    """The tree of year.py with residents in every group, staff above and units at work."""
    base = parts(size)
    homes = {f"r{m}-{n}": f"M{m}" for m in range(size.micros) for n in range(RESIDENTS)}
    workers = {f"u-{unit}": unit for unit in UNITS}
    names = [*homes, *workers, *(name for name, *_ in STAFF)]
    return replace(
        base,
        people=(*base.people, *(Person(n, f"样本{n}", (f"local:{n}",)) for n in names)),
        posts=(
            *base.posts,
            *(Post(person, grid, Role.RESIDENT) for person, grid in homes.items()),
            *(Post(person, grid, role) for person, role, grid in STAFF),
        ),
        units=tuple(Unit(unit, f"样本{word}单位", "", (word,)) for unit, word in UNITS.items()),
        members=tuple(Member(unit, person) for person, unit in workers.items()),
    )


def settings_of(file: Path) -> Settings:
    """The shipped defaults on this file, the daily digest to the street only."""
    return Settings(
        bot=BotSection(data_dir=file.parent, district="", rules=""),
        storage=StorageSection(url=f"sqlite:///{file}"),
        digest=DigestSection(group="", community="", street="18:20"),
    )


async def live(file: Path, reports: int, classifier: Classifier, seed: int = 5) -> Settings:
    """Live the year into a new database; the settings to read it with."""
    size, settings = size_of(reports), settings_of(file)
    await migrate.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    await store.run(lambda tx: tx.people.replace(lists(size)))
    await store.aclose()
    clock = ManualClock(START)
    bot = await Bot.open(settings, clock, classifier)
    try:
        await bot.start()
        await World(bot, clock, size, seed).run()
    finally:
        await bot.aclose()
    return settings


class World:
    """Its people take turns with the bot: all of them sleep, the bot works, the clock moves on."""

    def __init__(self, bot: Bot, clock: ManualClock, size: Size, seed: int) -> None:
        self.bot, self.clock, self.size = bot, clock, size
        self.dice = random.Random(seed)
        channel = bot.channels["local"]
        assert isinstance(channel, LocalChannel)
        self.channel = channel
        self.lines = [line.text for line in corpus.shipped() if line.kind == "report"]
        self._asleep: list[tuple[datetime, int, asyncio.Event]] = []
        self._turn, self._awake, self._idle = 0, 0, asyncio.Event()
        self._lives: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """The whole year; whatever a person's life raises is raised here."""
        end = START + timedelta(days=365)
        self.begin(self._arrivals())
        while True:
            await self._idle.wait()
            await self.bot.settle()
            at = await self._next()
            if at is None or at > end:
                break
            self.clock.set(max(at, self.clock.now()))
            self._wake()
        self.clock.set(end)
        for life in self._lives:
            if not life.cancel():
                life.result()
        await asyncio.gather(*self._lives, return_exceptions=True)

    def begin(self, life: object) -> None:
        """Somebody new sets out."""
        self._awake += 1
        self._lives.append(asyncio.ensure_future(self._living(life)))

    async def _living(self, life: object) -> None:
        try:
            await life  # type: ignore[misc]
        finally:
            self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        if not self._awake:
            self._idle.set()

    async def later(self, hours: float) -> None:
        """Sleep; the bot has heard everything said before."""
        bell = asyncio.Event()
        self._turn += 1
        at = self.clock.now() + timedelta(hours=hours)
        heapq.heappush(self._asleep, (at, self._turn, bell))
        self._rest()
        await bell.wait()

    def _wake(self) -> None:
        while self._asleep and self._asleep[0][0] <= self.clock.now():
            self._awake += 1
            self._idle.clear()
            heapq.heappop(self._asleep)[2].set()

    async def _next(self) -> datetime | None:
        due = (await self.bot.scheduler.next_due(), await self.bot.delivery.next_due())
        people = self._asleep[0][0] if self._asleep else None
        return min((at for at in (*due, people) if at is not None), default=None)

    async def _arrivals(self) -> None:
        mean = 365 * 24 / self.size.tickets
        for _ in range(self.size.tickets):
            await self.later(self.dice.expovariate(1) * mean)
            self.begin(Life(self, self.dice.randrange(self.size.micros)).run())


async def check(file: Path, reports: int) -> Section:
    """Live the year, then compare every figure of every month with its recount."""
    begun, cpu = time.perf_counter(), time.process_time()
    settings = await live(file, reports, LinearClassifier.load())
    took, busy = time.perf_counter() - begun, time.process_time() - cpu
    end, wrong = START + timedelta(days=365), []
    zone = ZoneInfo(settings.calendar.timezone)
    for month in range(1, 13):
        first = datetime(START.year, month, 1, tzinfo=zone)
        after = (first + timedelta(days=32)).replace(day=1)
        query = Query(first.date(), after.date() - timedelta(days=1))
        found = (await report(settings, query, end)).table
        wrong += differences(found, recount(file, first, after, end))
    figures = (
        figure("engine.year", f"a year of {reports:,} reports through the bot", [took], "s"),
        figure("engine.cpu", "CPU time of it", [busy], "s"),
        figure("engine.wrong", "figures that differ from the recount", [len(wrong)], "").at_most(0),
    )
    return Section("A lived year", figures, tuple(wrong[:20]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Live a year through the bot and recount it.")
    parser.add_argument("--tickets", type=int, default=300, help="reports in the year")
    wanted = parser.parse_args().tickets
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        print(table(asyncio.run(check(Path(folder) / "year.db", wanted))))


if __name__ == "__main__":
    main()
