"""Messages through intake, worker and commit with everything running, beside the bare rows.

Real file with synchronous=FULL, real classifier, real handlers; the parts are in running.py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench import district, floors, running
from bench.figures import Figure, Section, Sizes, centile, figure
from bench.running import InstantChannel
from bot.app import Bot
from bot.ports import Classifier
from routing.message import Inbound
from storage.ids import Ids

IN_FLIGHT = 400
TICK_S = 0.005
ENOUGH_PER_S, ENOUGH_SHARE, LONGEST_MS, LONGEST_PAUSE_MS = 2500, 25, 100, 20


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the seeded file and the run's own files are, and how much to do."""

    seeded: Path
    folder: Path
    sizes: Sizes
    classifier: Classifier

    @property
    def file(self) -> Path:
        """The file of the present run."""
        return self.folder / "run.db"


def run(bench: Bench) -> Section:
    """Throughput and floor in turns, then latency at half the rate that was reached."""
    speeds, cpus, bare, shares = [], [], [], []
    uvloop.run(_through(bench, min(1000, bench.sizes.messages)))
    for _ in range(bench.sizes.runs):
        speed, cpu = uvloop.run(_through(bench, bench.sizes.messages))
        written = floors.Written(bench.file)
        floor = uvloop.run(
            floors.bare_rows(
                bench.seeded, bench.folder / "bare.db", written, bench.sizes.batch_rows
            )
        )
        speeds.append(speed)
        cpus.append(cpu)
        bare.append(floor)
        shares.append(100 * speed / floor)
    through = figure("end_to_end.rate", "messages through intake, worker, commit", speeds, "msg/s")
    figures = [
        through.at_least(ENOUGH_PER_S),
        figure("end_to_end.cpu", "CPU of the process, a message", cpus, "µs"),
        figure("floor.rows", "floor: the same rows, bare executemany", bare, "msg/s"),
        figure("end_to_end.share", "share of that floor", shares, "%").at_least(ENOUGH_SHARE),
    ]
    return Section(
        "End to end (95 % chat, 5 % reports; all loops running)",
        (*figures, *latency(bench, through.value / 2)),
    )


async def _through(bench: Bench, count: int) -> tuple[float, float]:
    """(messages a second, µs of CPU a message): first one handed in to last one committed."""
    async with running.opened(bench.seeded, bench.file, bench.classifier) as (bot, channel):
        messages = messages_of(bench, count)
        async with running.serving(bot):
            start, cpu = time.perf_counter(), time.process_time()
            await _hand_in(channel, iter(messages))
            await running.worked_off(bot)
            wall, busy = time.perf_counter() - start, time.process_time() - cpu
    return count / wall, busy / count * 1e6


def messages_of(bench: Bench, count: int) -> list[Inbound]:
    """Fresh messages for one run; the same words every time."""
    sizes = bench.sizes
    return district.messages(count, sizes.groups, sizes.people, Ids().new)


async def _hand_in(channel: InstantChannel, messages: Iterator[Inbound]) -> None:
    """As a platform does that keeps so many calls open and sends the next when one is answered."""

    async def sender() -> None:
        for message in messages:
            await channel.accept(message)

    await asyncio.gather(*(sender() for _ in range(IN_FLIGHT)))


def latency(bench: Bench, rate: float) -> list[Figure]:
    """From a report's arrival to its receipt sent, and the longest pauses of the event loop."""
    halves, tails, pauses = [], [], []
    for _ in range(bench.sizes.runs):
        waits, pause = uvloop.run(_receipts(bench, rate))
        halves.append(centile(waits, 0.5))
        tails.append(centile(waits, 0.99))
        pauses.append(centile(pause, 0.99))
    half = f"at {rate:,.0f} msg/s"
    return [
        figure("latency.p50", f"intake to receipt, p50, {half}", halves, "ms"),
        figure("latency.p99", f"intake to receipt, p99, {half}", tails, "ms").at_most(LONGEST_MS),
        figure("latency.pause", f"event loop late, p99, {half}", pauses, "ms").at_most(
            LONGEST_PAUSE_MS
        ),
    ]


async def _receipts(bench: Bench, rate: float) -> tuple[list[float], list[float]]:
    """(ms from intake to receipt, ms by which the loop woke a sleeper late)."""
    async with running.opened(bench.seeded, bench.file, bench.classifier) as (bot, channel):
        messages = messages_of(bench, max(200, int(rate * bench.sizes.latency_s)))
        async with running.serving(bot):
            pauses: list[float] = []
            watch = asyncio.create_task(_watch(pauses))
            began = await _at_rate(channel, messages, rate)
            await _delivered(bot)
            watch.cancel()
    waits = [(at - began[post]) * 1e3 for post, at in channel.answered.items()]
    return waits, pauses or [0.0]


async def _at_rate(
    channel: InstantChannel, messages: Sequence[Inbound], rate: float
) -> dict[str, float]:
    """Hand in at an even rate whatever comes back; when each message was handed in."""
    began: dict[str, float] = {}
    calls: set[asyncio.Task[bool]] = set()
    start, sent = time.perf_counter(), 0
    while sent < len(messages):
        due = min(len(messages), int((time.perf_counter() - start) * rate) + 1)
        for message in messages[sent:due]:
            began[message.platform_id] = time.perf_counter()
            call = channel.accept(replace(message, received_at=datetime.now(UTC)))
            calls.add(asyncio.ensure_future(call))
        sent = due
        await asyncio.sleep(TICK_S)
    await asyncio.gather(*calls)
    return began


async def _watch(pauses: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(TICK_S)
        pauses.append((time.perf_counter() - start - TICK_S) * 1e3)


async def _delivered(bot: Bot) -> None:
    await running.worked_off(bot)
    while True:
        async with bot.store.read() as tx:
            left = await tx.outbox.count_by_state()
        if not {"pending", "sending"} & left.keys():
            return
        await asyncio.sleep(TICK_S)
