"""Figures, rebuild and import at Jinhua's size: `python -m bench.records [--tickets N]`.

Builds the seeded year in a temporary folder, then runs the commands a clerk would run."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from bench.bulk import build
from bench.figures import Figure, Section, Sizes, figure, table
from bench.year import Size, parts
from bot.ledger import rebuild_tickets
from bot.lists import import_lists
from bot.settings import Settings, StorageSection
from bot.stats import Query, report
from routing.parts import Parts, Person, Post, Role
from routing.workbook_export import write_lists

MONTHS = ((date(2025, 1, 1), date(2025, 1, 31)), (date(2025, 11, 1), date(2025, 11, 30)))


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def unheard(_line: str) -> None:
    """Where a command would print."""


def crowd(size: Size, people: int) -> Parts:
    """The district's roster with residents so that there are so many people in all."""
    lists = parts(size)
    more = range(max(0, people - len(lists.people)))
    residents = tuple(Person(f"R{n}", f"居民{n}", (f"local:r{n}",)) for n in more)
    posts = tuple(Post(f"R{n}", f"M{n % size.micros}", Role.RESIDENT) for n in more)
    return replace(lists, people=lists.people + residents, posts=lists.posts + posts)


def monthly(settings: Settings) -> Figure:
    """The slower of an early and a late month, by level."""
    queries = [Query(first, last, ("level",)) for first, last in MONTHS for _ in range(3)]
    times = [timed(partial(asyncio.run, report(settings, query))) for query in queries]
    return figure("records.month", "a monthly table by level", times, "s").at_most(2)


def sized(tickets: int) -> Size:
    """Jinhua's district, scaled where fewer tickets are wanted."""
    return Size() if tickets == Size().tickets else Size().scaled(tickets)


def measure(folder: Path, size: Size, sizes: Sizes, file: Path | None = None) -> Section:
    """Every figure, with the targets of the full size; the year is built into `file` if it is
    not there yet."""
    file, people = file or folder / "year.db", sizes.people
    settings = Settings(storage=StorageSection(url=f"sqlite:///{file}"))
    made = timed(lambda: None if file.exists() else build(file, size))
    again = timed(lambda: asyncio.run(rebuild_tickets(settings, False, unheard)))
    lists, book = crowd(size, people), folder / "lists.xlsx"
    written = timed(lambda: write_lists(book, lists))
    target = Settings(storage=StorageSection(url=f"sqlite:///{folder}/lists.db"))
    read = timed(lambda: asyncio.run(import_lists(target, book, unheard)))
    found = (
        figure("records.year", f"{size.tickets:,} tickets by the law", [made], "s"),
        monthly(settings),
        figure("records.rebuild", "all tickets from their events", [again], "s").at_most(60),
        figure("records.export", f"{people:,} people to .xlsx", [written], "s"),
        figure("records.import", f"{people:,} people from .xlsx, stored", [read], "s").at_most(30),
    )
    return Section("Records at Jinhua's size", found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure figures, rebuild and import.")
    parser.add_argument("--tickets", type=int, default=Size().tickets, help="scaled, if fewer")
    parser.add_argument("--db", type=Path, help="keep the year in this file, or use it from there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(table(measure(Path(folder), sized(chosen.tickets), Sizes(), chosen.db)))


if __name__ == "__main__":
    main()
