"""What this machine can do at all: bare rows into SQLite, one forced write, a plain Python loop.

Every other figure of the run is to be read against these."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bench.figures import Figure, centile, figure, repeated

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000")
_ALWAYS_LEFT_OUT = "state owner lease_until attempts outcome ticket_id"
_LOOPS = 200_000
_WRITES = 200

Rows = Sequence[tuple[Any, ...]]
_FILLED = ("ticket", "ticket_event", "ticket_fact", "outbox", "outbox_ticket", "job", "talk")


class Written:
    """The rows that a run of the whole bot left in its file, ready to be written once more."""

    def __init__(self, file: Path) -> None:
        base = sqlite3.connect(file)
        try:
            later = frozenset(_ALWAYS_LEFT_OUT.split())
            self.columns = [name for name in _columns(base, "inbox") if name not in later]
            self.arrived = _all(base, f"SELECT {', '.join(self.columns)} FROM inbox ORDER BY id")
            self.ended = _all(base, "SELECT outcome, ticket_id, id FROM inbox ORDER BY id")
            self.more = {
                name: (len(_columns(base, name)), _all(base, f"SELECT * FROM {name}"))
                for name in _FILLED
            }
        finally:
            base.close()


def _columns(base: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]


def _all(base: sqlite3.Connection, sql: str) -> Rows:
    return base.execute(sql).fetchall()


async def bare_rows(seeded: Path, file: Path, written: Written, batch: int) -> float:
    """Messages a second: the same rows by executemany in the same batches, and nothing else.

    As the bot does, a batch of messages is one transaction at arrival and one when finished."""
    shutil.copyfile(seeded, file)
    base = await aiosqlite.connect(file, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            await base.execute(f"PRAGMA {pragma}")
        await base.execute("DELETE FROM job")
        start = time.perf_counter()
        for first in range(0, len(written.arrived), batch):
            await _one_batch(base, written, slice(first, first + batch))
        return len(written.arrived) / (time.perf_counter() - start)
    finally:
        await base.close()


async def _one_batch(base: aiosqlite.Connection, written: Written, part: slice) -> None:
    marks = ", ".join("?" * len(written.columns))
    await base.execute("BEGIN IMMEDIATE")
    await base.executemany(
        f"INSERT INTO inbox ({', '.join(written.columns)}) VALUES ({marks})", written.arrived[part]
    )
    await base.execute("COMMIT")
    await base.execute("BEGIN IMMEDIATE")
    for table, (width, rows) in written.more.items():
        share = _share(rows, part, len(written.arrived))
        await base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", share)
    await base.executemany(
        "UPDATE inbox SET state = 'done', outcome = ?, ticket_id = ? WHERE id = ?",
        written.ended[part],
    )
    await base.execute("COMMIT")


def _share(rows: Rows, part: slice, total: int) -> Rows:
    """The rows that fall to this part of the messages."""
    return rows[part.start * len(rows) // total : part.stop * len(rows) // total]


def machine(folder: Path, runs: int) -> list[Figure]:
    """A plain Python loop and a forced write of 8 kB, to compare machines and moments."""
    return [
        figure("floor.python", f"plain Python loop of {_LOOPS:,}", repeated(runs, _spin), "ms"),
        figure(
            "floor.fsync", "write and force 8 kB, median", repeated(runs, _forced(folder)), "µs"
        ),
    ]


def _spin() -> float:
    start, total = time.process_time(), 0
    for number in range(_LOOPS):
        total += number & 7
    return (time.process_time() - start) * 1e3


def _forced(folder: Path) -> Any:
    def once() -> float:
        block, times = b"x" * 8192, []
        handle = os.open(folder / "forced", os.O_RDWR | os.O_CREAT)
        try:
            for _ in range(_WRITES):
                start = time.perf_counter()
                os.pwrite(handle, block, 0)
                os.fdatasync(handle)
                times.append((time.perf_counter() - start) * 1e6)
        finally:
            os.close(handle)
        return centile(times, 0.5)

    return once
