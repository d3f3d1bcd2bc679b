"""The figures counted once more, straight from the rows of events, slowly and in another way.

Counts without the code of routing/indicators.py, breakdown.py and facts.py; only the names of the
figures come from there, to lay both beside each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.raw_events import (
    RUNNING,
    History,
    elapsed,
    finish,
    histories,
    in_time,
    late,
    moment,
    spans,
)
from routing.breakdown import COUNTS, Cell, Table
from routing.indicators import INDICATORS

_OPEN = RUNNING | {"suspended"}
_AT_WORK = {"accept", "progress", "arrive", "share", "resolve"}
_WORDS = {"satisfy": 2, "partly": 1, "dissatisfy": 0, "reopen": 0}
_MONTH, _DAY = timedelta(days=30), timedelta(days=1)

Key = tuple[str, ...]
KeyOf = Callable[[History, datetime], Key]


@dataclass
class Sums:
    """What one row holds: counts by name, [part, whole] by rate, durations by name and class."""

    counts: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    wholes: Counter[str] = field(default_factory=Counter)
    minutes: defaultdict[tuple[str, str], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )


def recount(
    file: Path, start: datetime, end: datetime, now: datetime, key: KeyOf = lambda *_: ()
) -> dict[Key, Sums]:
    """Every figure of start ≤ at < end, by row; `key` tells the row of a ticket at a moment."""
    as_of = min(end, now)
    counting = _Counting(start, end, as_of, key)
    tickets = histories(file, as_of)
    for ticket in tickets:
        counting.voices(ticket)
        if ticket.last["state"] in {"merged", "withdrawn"}:
            counting.count(ticket, ticket.last["state"], ticket.created)
        else:
            counting.ticket(ticket)
    counted = [t for t in tickets if t.last["state"] not in {"merged", "withdrawn"}]
    counting.neighbours(counted)
    return counting.rows


class _Counting:
    def __init__(self, start: datetime, end: datetime, as_of: datetime, key: KeyOf) -> None:
        self.start, self.end, self.as_of, self.key = start, end, as_of, key
        self.rows: dict[Key, Sums] = defaultdict(Sums)

    def count(self, ticket: History, name: str, at: datetime) -> None:
        if self.start <= at < self.end:
            self.rows[self.key(ticket, at)].counts[name] += 1

    def rate(self, ticket: History, name: str, at: datetime, part: float) -> None:
        if self.start <= at < self.end:
            row = self.rows[self.key(ticket, at)]
            row.parts[name] += part  # type: ignore[assignment]
            row.wholes[name] += 1

    def ticket(self, t: History) -> None:
        self._reported(t)
        self._due(t)
        self._sent(t)
        self._bounced(t)
        self._ended(t)
        self._standing(t)
        self._took(t)

    # ── one cohort after the other

    def _reported(self, t: History) -> None:
        at, last, end = t.created, t.last, finish(t)
        self.count(t, "reported", at)
        for name, yes in (
            ("urgent", last["urgent"]), ("rejected", last["state"] == "rejected"),
            ("recurrences", last["recurs"]),
        ):  # fmt: skip
            if yes:
                self.count(t, name, at)
        sent = t.when("dispatch", "whistle")
        units = {s["unit"] for action, _, _, s in t.events if action in {"dispatch", "whistle"}}
        filed = t.when("confirm", "dispatch", "whistle", *_AT_WORK)
        self.rate(t, "filed", at, bool(filed))
        self.rate(t, "done", at, bool(end))
        self.rate(t, "spot", at, bool(end and not sent and end - at <= _DAY))
        self.rate(t, "in_grid", at, bool(end) and not units - {"", "grid"})
        self.rate(t, "corrected", at, last["code"] != t.events[0][3]["code"])
        self.rate(t, "refused", at, last["state"] == "rejected")
        if last["code"].startswith("09"):
            self.rate(t, "settled", at, bool(end) and last["result"] == "solved")
        if last["code"].startswith("12"):
            self.rate(t, "errands", at, bool(end))
        self._within(t, "response", at, t.when(*_AT_WORK), spans(last)["contact"])

    def _within(self, t: History, name: str, at: datetime, ends: list[datetime], span: str) -> None:
        """Counted once it happened or its time is over."""
        good = in_time(at, ends[0] if ends else self.as_of, span)
        if ends or not good:
            self.rate(t, name, at, good)

    def _due(self, t: History) -> None:
        last = t.last
        due, tardy = moment(last["due_at"]), late(t, self.as_of)
        stopped = last["state"] == "suspended" and not tardy
        if due and due < self.as_of and last["state"] != "rejected" and not stopped:
            self.rate(t, "closing", due, bool(finish(t)))
            self.rate(t, "on_time", due, bool(finish(t)) and not tardy)

    def _sent(self, t: History) -> None:
        sent = [(at, s) for a, _, at, s in t.events if a in {"dispatch", "whistle"}]
        if not sent:
            return
        at, units = sent[0][0], {s["unit"] for _, s in sent}
        self.rate(t, "first_unit", at, bool(finish(t)) and units == {sent[0][1]["unit"]})
        self.rate(t, "returned", at, bool(t.when("return")))
        self.rate(t, "extended", at, any(a == "extend" and by for a, by, *_ in t.events))
        self.rate(t, "suspended", at, bool(t.when("suspend")))
        first = next(n for n, e in enumerate(t.events) if e[0] in {"dispatch", "whistle"})
        signed = [when for action, _, when, _ in t.events[first:] if action in _AT_WORK]
        self._within(t, "signed", at, signed, spans(t.last)["accept"])
        self._within(t, "contact", at, signed, "1wd")
        self._called(t)

    def _bounced(self, t: History) -> None:
        """A unit that handed the matter back and got it again."""
        back = t.when("return")
        if not back:
            return
        sent = [(n, s["unit"]) for n, (a, _, _, s) in enumerate(t.events)
                if a in {"dispatch", "whistle"}]  # fmt: skip
        returns = [n for n, event in enumerate(t.events) if event[0] == "return"]
        gave = [(n, [unit for m, unit in sent if m < n][-1:]) for n in returns]
        again = any(m > n and unit and [unit] == who for n, who in gave for m, unit in sent)
        self.rate(t, "bounced", back[0], again)

    def _called(self, t: History) -> None:
        called: dict[str, datetime] = {}
        there: dict[str, datetime] = {}
        for action, _, at, state in t.events:
            for unit, _lead, arrived, *_ in state.get("shares") or []:
                if action == "whistle":
                    called.setdefault(unit, at)
                if arrived:
                    there.setdefault(unit, datetime.fromisoformat(arrived))
        for unit, at in called.items():
            ends = [there[unit]] if unit in there else []
            self._within(t, "check_in", at, ends, spans(t.last)["accept"])

    def _ended(self, t: History) -> None:
        claims, backs, end = t.when("resolve"), t.when("dissatisfy", "reopen"), finish(t)
        if claims:
            self.rate(t, "rework", claims[0], bool(backs))
        if end:
            self.count(t, "finished", end)
            self.rate(t, "explained", end, t.last["result"] == "explained")
            self.rate(t, "unable", end, t.last["result"] in {"unable", "external"})
        shut = [(a, at) for a, _, at, s in t.events
                if a in {"satisfy", "partly", "except"} and s["state"] == "closed"]  # fmt: skip
        if shut:
            first = shut[0][1]
            self.rate(t, "once", first, not backs or backs[0] > first + _MONTH)
        if shut and t.last["state"] == "closed":
            excepted = [at for at in t.when("except") if not backs or at > backs[-1]]
            self.count(t, "excepted" if excepted else "closed", shut[-1][1])

    def _standing(self, t: History) -> None:
        last = t.last
        if last["state"] not in _OPEN:
            return
        row = self.rows[self.key(t, self.as_of - timedelta(microseconds=1))].counts
        due = moment(last["due_at"])
        row["open"] += 1
        row["overdue"] += bool(last["state"] in RUNNING and due and due < self.as_of)
        row["paused"] += last["state"] == "suspended"
        row["hazards"] += last["code"].startswith("08")
        row["disputes"] += last["code"].startswith("09")

    def _took(self, t: History) -> None:
        rests = [(at, t.events[n + 1][2]) for n, (_, _, at, s) in enumerate(t.events[:-1])
                 if s["state"] in {"suspended", "resolved", "closed"}]  # fmt: skip
        first, end = t.when(*_AT_WORK), finish(t)
        for name, at, span in (
            ("answering", first[0] if first else None, spans(t.last)["contact"]),
            ("handling", end, spans(t.last)["finish"]),
        ):
            if at and self.start <= at < self.end:
                took = elapsed(t.created, at, span)
                if at == end:
                    took -= sum((elapsed(a, b, span) for a, b in rests if b <= at), timedelta())
                row = self.rows[self.key(t, at)]
                row.minutes[name, spans(t.last)["id"]].append(took / timedelta(minutes=1))

    def voices(self, t: History) -> None:
        last = t.last
        said = {by: (_WORDS[a], at) for a, by, at, _ in t.events if a in _WORDS}
        for word, at in said.values():
            worth = {0: 0.0, 1: 0.5, 2: 1.0}[word]
            explained = last["result"] == "explained" and last["nature"] == "咨询"
            if last["result"] == "partial":
                worth = min(worth, 0.5)
            elif last["result"] != "solved" and not explained:
                worth = 0.0
            self.rate(t, "solved", at, worth)
            self.rate(t, "satisfied", at, word == 2)
            self.rate(t, "content", at, word > 0)
            self.rate(t, "unrated", at, 0)
        backs, lapses = t.when("dissatisfy", "reopen"), t.when("lapse")
        if lapses and not (backs and backs[-1] > lapses[-1]) and last["reporter"] not in said:
            self.rate(t, "unrated", lapses[-1], 1)

    def neighbours(self, tickets: Iterable[History]) -> None:
        """重复 and 复发: what only several tickets together show."""
        again: dict[int, datetime] = {}
        places: Counter[tuple[Any, ...]] = Counter()
        for t in tickets:
            if t.last["recurs"]:
                first = again.get(t.last["recurs"], t.created)
                again[t.last["recurs"]] = min(first, t.created)
            if self.start <= t.created < self.end:
                row = self.key(t, t.created)
                places[row, t.last["grid"], t.last["code"], t.last["place_normal"]] += 1
        for t in tickets:
            shut = [at for a, _, at, s in t.events
                    if a in {"satisfy", "partly", "except"} and s["state"] == "closed"]  # fmt: skip
            if shut:
                back = again.get(t.number)
                soon = back is not None and shut[0] <= back <= shut[0] + _MONTH
                self.rate(t, "recur", shut[0], soon)
        for (row, _, _, place), count in places.items():
            self.rows[row].wholes["repeat"] += count
            self.rows[row].parts["repeat"] += count if place and count >= 3 else 0


def differences(table: Table, rows: dict[Key, Sums]) -> list[str]:
    """Where a finished table says something else than the recount; [] when both are equal.

    Without dimensions the table's only row is its total."""
    cells = table.cells or {(): table.total}
    found = []
    for key in sorted(cells.keys() | rows.keys()):
        cell, sums = cells.get(key, Cell()), rows.get(key, Sums())
        found += [
            f"{key} {name}: {ours} against {theirs}"
            for name, ours, theirs in _pairs(cell, sums)
            if ours != theirs
        ]
    return found


def _pairs(cell: Cell, sums: Sums) -> Iterator[tuple[str, Any, Any]]:
    for name in COUNTS:
        yield name, cell.counts[name], sums.counts[name]
    for one in INDICATORS:
        yield one.key, cell.hits[one.key], sums.parts[one.key]
        yield f"{one.key}, all", cell.cases[one.cohort], sums.wholes[one.key]
    for name in ("answering", "handling"):
        ours = {sla: sorted(t / 6e7 for t in took) for sla, took in getattr(cell, name).items()}
        theirs = {sla: sorted(took) for (kind, sla), took in sums.minutes.items() if kind == name}
        yield name, ours, theirs
