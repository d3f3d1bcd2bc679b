"""What a report costs in a group with few and with very many open tickets: it must be the same.

The tickets lie in one group; the reports are from other buildings, so that the work is equal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from statistics import median

import uvloop

from bench import district, running
from bench.end_to_end import Bench
from bench.figures import Figure, Section, figure
from bot import proposals
from bot.app import Bot
from bot.desk import Desk
from nlp import corpus
from nlp.places import normalise_place
from routing.message import Inbound
from routing.ticket import Ticket, open_ticket
from storage.ids import Ids

FEW, BUILDINGS, DAYS = 10, 60, 20
MOST_RATIO, MOST_FIND_MS = 1.5, 1.0
GROUP, GRID = f"{district.CHANNEL}:g0", "g0"


def run(bench: Bench) -> Section:
    """Reports worked off, and the search for the same matter alone, at both sizes in turns."""
    few, many, finds = [], [], []
    for _ in range(bench.sizes.runs + 1):
        few.append(uvloop.run(_measure(bench, FEW))[0])
        cost, find = uvloop.run(_measure(bench, bench.sizes.backlog))
        many.append(cost)
        finds.append(find)
    few, many, finds = few[1:], many[1:], finds[1:]
    ratio = min(many) / min(few)
    size = f"{bench.sizes.backlog:,} open tickets"
    figures: list[Figure] = [
        figure("backlog.few", f"a report, {FEW} open tickets in its group", few, "ms"),
        figure("backlog.many", f"a report, {size} in its group", many, "ms"),
        figure("backlog.ratio", "how many times as long, quietest runs", [ratio], "×").at_most(
            MOST_RATIO
        ),
        figure("backlog.find", f"the same matter among {size}", finds, "ms").at_most(MOST_FIND_MS),
    ]
    return Section("Open tickets of one group (CPU, worker and commit)", tuple(figures))


async def _measure(bench: Bench, size: int) -> tuple[float, float]:
    """(ms of CPU a report from claim to commit, ms a search: the median)."""
    async with running.opened(bench.seeded, bench.file, bench.classifier) as (bot, _):
        await _fill(bot, size)
        find = await _search(bot, bench.sizes.sample)
        await bot.start()
        reports = list(_reports(bench.sizes.sample))
        await asyncio.gather(*(bot.intake.accept(message) for message in reports))
        start = time.process_time()
        while await bot.worker.once():
            pass
        spent = time.process_time() - start
    return spent / len(reports) * 1e3, find


async def _fill(bot: Bot, size: int) -> None:
    """Open tickets of every category at sixty buildings, opened during the last twenty days."""
    async with bot.store.write() as tx:
        for first in _tickets(size, Ids(), datetime.now(UTC)):
            tx.tickets.put(*open_ticket(first, event_id=bot.house.new_id()))


def _tickets(size: int, ids: Ids, now: datetime) -> Iterator[Ticket]:
    lines = [line for line in corpus.shipped() if line.kind == "report"]
    for number, line in enumerate(islice(cycle(lines), size), 1):
        place = f"{number % BUILDINGS + 1}幢{number % 4 + 1}单元"
        yield Ticket(
            id=ids.new(), group=GROUP, number=number, grid=GRID, code=line.codes[0],
            text=place + line.text, reporter=f"{district.CHANNEL}:p{number}", origin=GROUP,
            created_at=now - timedelta(days=DAYS * (1 - number / size)),
            place=place, place_normal=normalise_place(place), due_at=now + timedelta(days=1),
        )  # fmt: skip


async def _search(bot: Bot, count: int) -> float:
    """ms of CPU to find the likeliest open ticket; every question a new one."""
    spent = []
    now = datetime.now(UTC)
    async with bot.store.read() as tx:
        desk = Desk(bot.house, tx, now)
        for asked in islice(_tickets(count * 7, Ids(), now), 0, None, 7):
            start = time.process_time()
            await proposals.likeliest(desk, asked)
            spent.append((time.process_time() - start) * 1e3)
    return median(spent)


def _reports(count: int) -> Iterator[Inbound]:
    """Reports from buildings of which nobody has reported anything yet."""
    lines = [line for line in corpus.shipped() if line.kind == "report"]
    ids, now = Ids(), datetime.now(UTC)
    for number, line in enumerate(islice(lines, 0, None, max(1, len(lines) // count))):
        text = f"{BUILDINGS + 1 + number}号楼{line.text}"
        yield Inbound(
            ids.new(), district.CHANNEL, f"backlog-{number}", GROUP, True,
            f"{district.CHANNEL}:p{number}", "", text, now,
        )  # fmt: skip
