"""`run_bot.py stats --bot`: reads how the bot itself worked in a period and prints it.

What is counted is routing/quality.py, which tickets are in scope stats.py."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.table import Table as Grid

from bot.clock import SystemClock
from bot.settings import Settings
from bot.stats import CHUNK, Adding, Query, files
from routing.fact import Fact
from routing.quality import Opened, Row, rows
from routing.states import State
from storage import migrate as schema
from storage.quality import Opening
from storage.store import Store, Transaction

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Found:
    """The figures with what a reader must know about them."""

    query: Query
    scope: str
    as_of: datetime
    rows: tuple[Row, ...]


async def quality(settings: Settings, query: Query, now: datetime | None = None) -> Found:
    """The figures of the period. Raises GridbotError for what the user must correct."""
    weights, _ = files(query)
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            roster = await tx.people.load(settings.roster.level_names)
            adding = Adding(settings, query, roster, weights, now or SystemClock().now())
            groups = {g.conversation for g in roster.parts.groups if adding.holds(g.grid)}
            said = await tx.quality.said(adding.period.start, adding.period.end)
            messages = sum(count for group, count in said.items() if group in groups)
            found = rows(await _opened(tx, adding), messages)
    finally:
        await store.aclose()
    return Found(query, adding.scope, adding.as_of, found)


async def _opened(tx: Transaction, adding: Adding) -> list[Opened]:
    rows = await tx.quality.opened(adding.period.start, adding.period.end)
    facts: dict[int, Fact] = {}
    ids = [row[0] for row in rows]
    for place in range(0, len(ids), CHUNK):
        known = await tx.facts.known(ids[place : place + CHUNK], adding.period.as_of)
        facts |= {fact.id: fact for fact in known if fact.created and adding.wanted(fact)}
    return [_one(row, facts[row[0]]) for row in rows if row[0] in facts]


def _one(row: Opening, fact: Fact) -> Opened:
    _, how, came, answered, posts = row
    waited = max(answered - came, 0) if came and answered else None
    return Opened(
        how, waited, posts, fact.state == str(State.REJECTED), fact.code != fact.first_code
    )


def show(found: Found, out: TextIO, form: str) -> None:
    """Print them as a table, CSV or JSON."""
    {"table": _table, "csv": _csv, "json": _json}[form](found, out)


def _head(found: Found) -> str:
    query = found.query
    return (
        f"小格自己的情况：{query.first} 至 {query.last}，截至 {found.as_of:%Y-%m-%d %H:%M}；"
        f"范围：{found.scope}"
    )


def _lines(rows: Sequence[Row]) -> Iterable[tuple[str, str, str]]:
    return ((row.name, row.shown, row.inputs) for row in rows)


def _table(found: Found, out: TextIO) -> None:
    console = Console(file=out, highlight=False, width=None if out.isatty() else 200)
    console.print(_head(found))
    grid = Grid("指标", show_edge=False)
    grid.add_column("数值", justify="right")
    grid.add_column("分子/分母", justify="right")
    for line in _lines(found.rows):
        grid.add_row(*line)
    console.print(grid)
    console.print("回执时间从收到消息算到回执发出，夜里不打扰的要等到早上。空分母显示“—”。")


def _csv(found: Found, out: TextIO) -> None:
    out.write(_BOM)
    csv.writer(out).writerows([("指标", "数值", "分子/分母"), *_lines(found.rows)])


def _json(found: Found, out: TextIO) -> None:
    query = found.query
    told = {
        "period": {"from": str(query.first), "to": str(query.last), "as_of": str(found.as_of)},
        "scope": found.scope,
        "bot": {row.key: {"value": row.value, "inputs": row.inputs} for row in found.rows},
    }
    print(json.dumps(told, ensure_ascii=False, indent=2), file=out)
