"""What the scheduler costs with 100,000 open tickets: `python -m bench.sweep [--tickets N]`.

Tickets and jobs lie in a real file; the jobs were planned and are done by the bot's own code."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bench.bulk import insert
from bench.figures import Figure, Section, centile, figure, table
from bench.year import Life, Size, parts
from bot import digests, duties, escalation, outbox_queue, overdue
from bot.clock import ManualClock
from bot.desk import Desk
from bot.house import House
from bot.opening import build_house
from bot.ports import Capabilities, Classifier
from bot.scheduler import Scheduler
from bot.settings import BotSection, Settings, StorageSection
from nlp import taxonomy
from nlp.reading import Reading
from routing.calendar import WorkCalendar
from routing.deadlines import deadline_of, due_at
from routing.roster import Roster
from routing.ticket import Action, Ticket, open_ticket
from storage import migrate
from storage.store import Store, Transaction

NOW = datetime(2025, 11, 19, 2, 0, tzinfo=UTC)
"""A Wednesday, ten o'clock in Shanghai."""
SPREAD = timedelta(days=5)
PLANNED, IDLE, MINUTES = 1_000, 50, 30


class Deaf(Classifier):
    """A classifier for a bot that reads no message."""

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        raise AssertionError(f"no message is read here: {text!r} {words!r} {quoted!r}")


def open_lives(count: int, micros: int) -> list[Life]:
    """So many tickets in work, reported over the last days, all still open."""
    dice, known, calendar = random.Random(3), taxonomy.load(), WorkCalendar()
    minors, lives = list(known.minors.values()), []
    for n in range(count):
        at = NOW - SPREAD * (1 - n / count)
        code, micro = dice.choice(minors).code, dice.randrange(micros)
        first = Ticket(
            id=3 * n + 1, group=f"local:m{micro}", number=n + 1, grid=f"M{micro}", code=code,
            text="请看一下", reporter=f"local:r{n}", created_at=at,
            due_at=due_at(at, deadline_of(known, code, False).finish, calendar),
        )  # fmt: skip
        life = [open_ticket(first, event_id=3 * n + 2)]
        worker = f"local:leader{micro}"
        at += timedelta(minutes=dice.randrange(1, 60))
        life.append(life[0][0].move(Action.ACCEPT, worker, at, event_id=3 * n + 3, handler=worker))
        lives.append(life)
    return lives


async def measure(file: Path, tickets: int) -> Section:
    """Idle sweeps, a working half-hour minute by minute, and an hour's work at once."""
    settings = Settings(
        bot=BotSection(data_dir=file.parent, district="", rules=""),
        storage=StorageSection(url=f"sqlite:///{file}"),
    )
    size = Size().scaled(tickets)
    await migrate.ensure(settings.storage.url)
    lives = open_lives(tickets, size.micros)
    connection = sqlite3.connect(file, isolation_level=None)
    insert(connection, lives)
    connection.close()
    house = build_house(settings, Roster(parts(size)), Deaf())
    house = replace(house, capabilities={"local": Capabilities()})
    store = await Store.open(settings.storage.url, sole=True)
    try:
        await _plan(store, house, [life[-1][0] for life in lives])
        return await _sweeps(store, house, tickets)
    finally:
        await store.aclose()


async def _plan(store: Store, house: House, tickets: list[Ticket]) -> None:
    """The next step of every ticket's ladder, planned as the bot plans it."""
    for place in range(0, len(tickets), PLANNED):

        async def plan(
            tx: Transaction, some: list[Ticket] = tickets[place : place + PLANNED]
        ) -> None:
            for ticket in some:
                escalation.watch(Desk(house, tx, NOW), ticket)

        await store.run(plan)


async def _sweeps(store: Store, house: House, tickets: int) -> Section:
    clock = ManualClock(NOW)
    kinds = {**duties.KINDS, **overdue.KINDS, **digests.KINDS, **outbox_queue.KINDS}
    scheduler = Scheduler(store, kinds, lambda: house, clock)
    idle = [(await _sweep(scheduler))[0] for _ in range(IDLE)]
    busy, done = [], 0
    for _ in range(MINUTES):
        clock.advance(timedelta(minutes=1))
        took, count = await _sweep(scheduler)
        busy.append(took)
        done += count
    clock.advance(timedelta(hours=1))
    cpu = time.process_time()
    took, count = await _sweep(scheduler)
    cpu = time.process_time() - cpu
    async with store.read() as tx:
        states = await tx.jobs.count_by_state()
    found: tuple[Figure, ...] = (
        figure("sweep.idle", f"a sweep of {tickets:,} with nothing due", idle, "s").at_most(1),
        figure("sweep.minute", "a sweep a minute, all that is due", busy, "s").at_most(1),
        figure("sweep.worst", "the slowest of them", [centile(busy, 1)], "s").at_most(1),
        figure("sweep.hour", f"an hour's {count:,} jobs at once", [took], "s"),
        figure("sweep.job", "CPU of one of them", [cpu / max(1, count) * 1e3], "ms"),
    )
    remark = f"{done:,} jobs in {MINUTES} minutes; at the end {states}"
    return Section(f"Sweeps of {tickets:,} open tickets", found, (remark,))


async def _sweep(scheduler: Scheduler) -> tuple[float, int]:
    """Seconds until nothing is due any more, and how many jobs were done."""
    begun, count = time.perf_counter(), 0
    while done := await scheduler.once():
        count += done
    return time.perf_counter() - begun, count


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the scheduler's sweeps.")
    parser.add_argument("--tickets", type=int, default=100_000, help="open tickets")
    wanted = parser.parse_args().tickets
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        print(table(asyncio.run(measure(Path(folder) / "open.db", wanted))))


if __name__ == "__main__":
    main()
