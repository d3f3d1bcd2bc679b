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
from bench.figures import Figure, Section, figure, table
from bench.year import Size, parts
from bot.ledger import rebuild_tickets
from bot.settings import Settings, StorageSection
from bot.stats import Query, report
from routing.parts import Parts, Person, Post, Role
from routing.workbook import read_lists
from routing.workbook_export import write_lists

PEOPLE = 100_000
MONTHS = ((date(2025, 1, 1), date(2025, 1, 31)), (date(2025, 11, 1), date(2025, 11, 30)))


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def crowd(size: Size) -> Parts:
    """The district's roster with so many people that there are PEOPLE in all."""
    lists = parts(size)
    more = range(max(0, PEOPLE - len(lists.people)))
    people = tuple(Person(f"R{n}", f"居民{n}", (f"local:r{n}",)) for n in more)
    posts = tuple(Post(f"R{n}", f"M{n % size.micros}", Role.RESIDENT) for n in more)
    return replace(lists, people=lists.people + people, posts=lists.posts + posts)


def monthly(settings: Settings) -> Figure:
    """The slower of an early and a late month, by level."""
    queries = [Query(first, last, ("level",)) for first, last in MONTHS for _ in range(3)]
    times = [timed(partial(asyncio.run, report(settings, query))) for query in queries]
    return figure("monthly_table", "a monthly table by level", times, "s").at_most(2)


def measure(folder: Path, size: Size) -> Section:
    """Every figure, with the targets of the full size."""
    url = f"sqlite:///{folder}/year.db"
    settings = Settings(storage=StorageSection(url=url))
    made = timed(lambda: build(folder / "year.db", size))
    again = timed(lambda: asyncio.run(rebuild_tickets(settings, False, print)))
    lists, book = crowd(size), folder / "lists.xlsx"
    written = timed(lambda: write_lists(book, lists))
    read = timed(lambda: read_lists(book))
    found = (
        figure("year", f"{size.tickets:,} tickets by the law", [made], "s"),
        monthly(settings),
        figure("rebuild", "all tickets from their events", [again], "s").at_most(60),
        figure("export", f"{PEOPLE:,} people to .xlsx", [written], "s"),
        figure("import", f"{PEOPLE:,} people from .xlsx", [read], "s").at_most(30),
    )
    return Section("Records at Jinhua's size", found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure figures, rebuild and import.")
    parser.add_argument("--tickets", type=int, default=Size().tickets, help="scaled, if fewer")
    wanted = parser.parse_args().tickets
    size = Size() if wanted == Size().tickets else Size().scaled(wanted)
    with tempfile.TemporaryDirectory() as folder:
        print(table(measure(Path(folder), size)))


if __name__ == "__main__":
    main()
