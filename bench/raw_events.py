"""The histories of tickets as their events are stored; how time and lateness are told from them.

Plain and slow on purpose: the figures of routing/ are checked against it (recount.py)."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from chinese_calendar import is_workday

LOCAL = timezone(timedelta(hours=8))
_HOURS = ((510, 720), (810, 1050))
RUNNING = frozenset({"reported", "confirmed", "dispatched", "in_progress"})
_DAY = timedelta(days=1)
_TAXONOMY = tomllib.loads(
    (Path(__file__).parents[1] / "nlp" / "taxonomy.toml").read_text(encoding="utf-8")
)
_MINORS = {row["code"]: row for major in _TAXONOMY["major"] for row in major["minor"]}
_HIGHER = {"C": "O", "O": "U", "Q": "O"}
_MANY = 5

State = dict[str, Any]


@dataclass
class History:
    """One ticket: its events before a moment as (action, who, when, everything known after)."""

    number: int
    events: list[tuple[str, str, datetime, State]] = field(default_factory=list)

    def when(self, *actions: str) -> list[datetime]:
        return [at for action, _, at, _ in self.events if action in actions]

    @property
    def last(self) -> State:
        return self.events[-1][3]

    @property
    def created(self) -> datetime:
        return self.events[0][2]


def histories(file: Path, before: datetime) -> list[History]:
    """Every ticket with its events before a moment."""
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True).execute(
        'SELECT ticket_id, action, "by", at, changes FROM ticket_event ORDER BY ticket_id, seq'
    )
    found: dict[int, History] = {}
    for number, action, by, micros, changes in rows:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
        if at < before:
            one = found.setdefault(number, History(number))
            known = one.events[-1][3] if one.events else {}
            one.events.append((action, by, at, {**known, **json.loads(changes)}))
    return list(found.values())


def finish(t: History) -> datetime | None:
    """The claim of a finish that still stands."""
    claims, backs = t.when("resolve"), t.when("dissatisfy", "reopen")
    return claims[-1] if claims and not (backs and backs[-1] > claims[-1]) else None


def late(t: History, as_of: datetime) -> bool:
    """Did a deadline pass while the ticket was in work, or was it finished behind one?"""
    spell, before = t.created, ""
    for (_, _, at, state), after in zip(t.events, [*t.events[1:], None], strict=True):
        if state["state"] != before:
            spell = at
        before = state["state"]
        due, until = moment(state["due_at"]), after[2] if after else as_of
        if state["state"] not in RUNNING or due is None or due >= until:
            continue
        if due >= spell or after is None or after[0] == "resolve":
            return True
    return False


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def spans(state: State) -> dict[str, str]:
    """The deadline class of a ticket, from the file itself."""
    minor = _MINORS.get(state["code"], {})
    name = "E" if state["urgent"] else minor.get("sla", "O")
    own = "" if state["urgent"] else minor.get("finish", "")
    if state["crowd"] >= _MANY and name in _HIGHER:
        name, own = _HIGHER[name], ""
    row = _TAXONOMY["sla"][name]
    return {**row, "id": name, "finish": own or row["finish"]}


def in_time(start: datetime, end: datetime, span: str) -> bool:
    number, unit = int(span.rstrip("smhdw")), span.lstrip("0123456789")
    if unit in {"wh", "wd"}:
        length = timedelta(hours=number * (7.5 if unit == "wd" else 1))
        return end - start <= length or elapsed(start, end, span) <= length
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    return end - start <= timedelta(seconds=number * seconds)


def elapsed(start: datetime, end: datetime, span: str) -> timedelta:
    """Natural time, or the sum of what lies in the office hours of each working day."""
    if end <= start:
        return timedelta()
    if not span.endswith(("wh", "wd")):
        return end - start
    total, day = timedelta(), start.astimezone(LOCAL).date()
    while day <= end.astimezone(LOCAL).date():
        midnight = datetime(day.year, day.month, day.day, tzinfo=LOCAL)
        for opens, shuts in _HOURS if is_workday(day) else ():
            low = max(start, midnight + timedelta(minutes=opens))
            high = min(end, midnight + timedelta(minutes=shuts))
            total += max(timedelta(), high - low)
        day += _DAY
    return total
