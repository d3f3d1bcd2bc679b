"""A year of a small district lived through the whole bot: its figures are those of its events."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bench.engine import live
from bench.raw_events import History
from bench.recount import differences, recount
from bot.settings import Settings
from bot.stats import Query, report
from nlp.classify import LinearClassifier
from storage.store import Store

REPORTS = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOCAL = timezone(timedelta(hours=8))
PERIODS = [
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2025, 2, 1), date(2025, 2, 28)),
    (date(2025, 10, 1), date(2025, 10, 31)),
    (date(2025, 12, 1), date(2025, 12, 31)),
]


def category(history: History, _at: datetime) -> tuple[str, ...]:
    return (str(history.last["code"][:2]),)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_the_figures_of_a_lived_year_are_those_of_its_events(
    tmp_path: Path, real_classifier: LinearClassifier
) -> None:
    file = tmp_path / "year.db"
    settings = await live(file, REPORTS, real_classifier)
    _everything_happened(file)
    await _every_chain_is_whole(settings)
    for first, last in PERIODS:
        start, end = (datetime(d.year, d.month, d.day, tzinfo=LOCAL) for d in (first, last))
        end += timedelta(days=1)
        table = (await report(settings, Query(first, last), NOW)).table
        assert differences(table, recount(file, start, end, NOW)) == []
        split = (await report(settings, Query(first, last, ("category",)), NOW)).table
        assert differences(split, recount(file, start, end, NOW, category)) == []


def _everything_happened(file: Path) -> None:
    """The year is worth counting: every kind of move and of due job occurred, nothing failed."""
    connection = sqlite3.connect(file)
    actions = Counter(
        dict(connection.execute("SELECT action, count(*) FROM ticket_event GROUP BY 1"))
    )
    assert actions["report"] > REPORTS / 2
    assert {
        "confirm", "dispatch", "accept", "progress", "return", "reclassify", "extend", "suspend",
        "resume", "merge", "reject", "withdraw", "resolve", "satisfy", "partly", "dissatisfy",
        "reopen", "lapse", "except", "whistle", "arrive", "share", "supervise", "support",
    } <= actions.keys()  # fmt: skip
    jobs = list(connection.execute("SELECT DISTINCT kind, state FROM job"))
    assert {kind for kind, state in jobs if state == "done"} >= {
        "ladder", "confirm", "accept", "arrive", "remind", "lapse", "call", "supervise", "digest",
    }  # fmt: skip
    assert {state for _, state in jobs} <= {"done", "waiting", "cancelled"}
    assert list(connection.execute("SELECT DISTINCT state FROM inbox")) == [("done",)]
    keys = connection.execute("SELECT count(*), count(DISTINCT key) FROM job").fetchone()
    assert keys[0] == keys[1]
    connection.close()


async def _every_chain_is_whole(settings: Settings) -> None:
    store = await Store.open(settings.storage.url)
    async with store.read() as tx:
        assert await tx.replays.differences(await tx.replays.ids()) == []
    await store.aclose()
