"""Writes the seeded year into an SQLite file as fast as the machine lets it: two processes, rows
handed straight to the driver.

The lives are made in year.py; the columns are those of the product (storage/ticket_rows.py)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from bench.year import HALVES, Life, Size, Year, parts
from storage import migrate
from storage.store import Store
from storage.ticket_facts import FACT_COLUMNS, fact_rows
from storage.ticket_rows import EVENT_COLUMNS, TICKET_COLUMNS, event_row, ticket_row

BATCH = 2_000
SMALL = 10_000
"""Fewer tickets are written by this process alone: others would take longer to start."""


def build(file: Path, size: Size) -> None:
    """A migrated file with the district and its year."""
    asyncio.run(_district(f"sqlite:///{file}", size))
    write_half = partial(_write_half, file, size)
    if size.tickets < SMALL:
        for half in range(HALVES):
            write_half(half)
        return
    with ProcessPoolExecutor(HALVES, mp_context=get_context("spawn")) as pool:
        list(pool.map(write_half, range(HALVES)))


async def _district(url: str, size: Size) -> None:
    await migrate.ensure(url)
    store = await Store.open(url)
    try:
        await store.run(lambda tx: tx.people.replace(parts(size)))
    finally:
        await store.aclose()


def _write_half(file: Path, size: Size, half: int) -> None:
    connection = sqlite3.connect(file, timeout=60, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    lives = Year(size, half).lives()
    while batch := list(islice(lives, BATCH)):
        insert(connection, batch)
    connection.close()


def insert(connection: sqlite3.Connection, lives: Iterable[Life]) -> None:
    """Put tickets with their events into a migrated file, in one transaction."""
    tickets = [ticket_row(life[-1][0]) for life in lives]
    events = [event_row(event) for life in lives for _, event in life]
    facts = fact_rows(events, {})
    connection.execute("BEGIN IMMEDIATE")
    for table, names, rows in (
        ("ticket", TICKET_COLUMNS, tickets),
        ("ticket_event", EVENT_COLUMNS, sorted(events)),
        ("ticket_fact", FACT_COLUMNS, facts),
    ):
        columns, marks = ",".join(f'"{n}"' for n in names), ",".join("?" * len(names))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
