"""Tables of figures: tickets told apart by any dimensions, their terms added up.

The indicators are indicators.py; how a table looks is decided by whoever prints it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from routing.fact import Fact
from routing.facts import micros
from routing.indicators import DAY, DISPUTES, HAZARDS, NAMES, RECUR_DAYS, UNCOUNTED, Measure
from routing.ratios import Ratio
from routing.states import State
from routing.worktime import WorkClock

_REJECTED = str(State.REJECTED)
CROWD = 3
"""So many tickets of one category at one place are a 重复 group."""
Key = tuple[str, ...]
Place = tuple[str, str, str]
Splitter = Callable[[Fact, int], str]
"""(ticket, the moment that decides the period) → the row it belongs to."""

COUNTS = {
    "reported": "上报",
    "urgent": "紧急",
    "finished": "办结",
    "closed": "销号",
    "excepted": "特殊销号",
    "rejected": "不予受理",
    "merged": "并案",
    "withdrawn": "撤回",
    "excluded": "剔除",
    "open": "在办",
    "overdue": "超期在办",
    "paused": "挂账在办",
    "hazards": "隐患在办",
    "disputes": "纠纷未化解",
    "recurrences": "复发",
}
"""Counts beside the rates, with what people call them; those in hand as of the moment."""

KINDS = frozenset({"urgent", "recurrences"})
"""Beside `open`, what is also counted by category: parts of an index are sets of categories."""


@dataclass(frozen=True, slots=True)
class Period:
    """start ≤ at < end, as known at as_of; µs since 1970."""

    start: int
    end: int
    as_of: int

    @classmethod
    def of(cls, start: datetime, end: datetime, now: datetime) -> Period:
        """The period as known at its end or, before that, now: a past one never changes again."""
        return cls(micros(start), micros(end), min(micros(end), micros(now)))

    def holds(self, at: int) -> bool:
        return self.start <= at < self.end


@dataclass(slots=True)
class Cell:
    """The sums of one row: cases by cohort, hits by indicator, counts, durations by class.

    of_code: (count, category) → how many, for `open` and KINDS."""

    cases: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    hits: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    answering: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    handling: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    places: Counter[Place] = field(default_factory=Counter)
    of_code: Counter[tuple[str, str]] = field(default_factory=Counter)

    def ratio(self, key: str) -> Ratio:
        return Ratio(self.hits[key], self.cases[NAMES[key].cohort])

    def absorb(self, other: Cell) -> None:
        """Add the sums of another row."""
        for name in ("cases", "hits", "counts"):
            mine = getattr(self, name)
            for key, value in getattr(other, name).items():
                mine[key] += value
        for name in ("answering", "handling"):
            for key, values in getattr(other, name).items():
                getattr(self, name)[key].extend(values)
        self.places.update(other.places)
        self.of_code.update(other.of_code)

    def crowd(self) -> None:
        """重复: the tickets at places that have several of one category."""
        self.hits["repeat"] = sum(n for (*_, at), n in self.places.items() if at and n >= CROWD)


class Table:
    """Rows of sums; `take` every ticket, then `finish` once. `total` adds all of them up.

    by: how tickets are told apart; `moving` if one of these looks at the moment."""

    def __init__(
        self,
        period: Period,
        clock: WorkClock,
        measure: Measure,
        by: Sequence[Splitter] = (),
        *,
        moving: bool = True,
    ) -> None:
        self.period, self._clock, self._measure, self._by = period, clock, measure, by
        self._moving = moving
        self.excluded: frozenset[int] = frozenset()
        self.cells: dict[Key, Cell] = {}
        self.total = Cell()
        self._ended: list[tuple[int, int, Cell]] = []
        self._again: dict[int, int] = {}

    def take(self, fact: Fact) -> None:
        """Add one ticket."""
        start, end = self.period.start, self.period.end
        cell = self._cell(fact, fact.created)
        if fact.id in self.excluded and not self._clock.urgent(fact.code, fact.urgent):
            cell.counts["excluded"] += start <= fact.created < end
            return
        for cohort, at, hits in self._measure.terms(fact):
            if start <= at < end:
                own = self._cell(fact, at) if self._moving else cell
                own.cases[cohort] += 1
                for key, value in hits:
                    if value:
                        own.hits[key] += value
        self._counts(fact, cell)
        if fact.state not in UNCOUNTED:
            self._neighbours(fact, cell)
            self._durations(fact, cell)

    def _cell(self, fact: Fact, at: int) -> Cell:
        key = tuple([split(fact, at) for split in self._by])
        found = self.cells.get(key)
        if found is None:
            found = self.cells[key] = Cell()
        return found

    def _counts(self, fact: Fact, cell: Cell) -> None:
        """How many, each in the period of its own moment; how it stands, in any period."""
        for name, at in _moments(fact):
            if self.period.holds(at):
                own = self._cell(fact, at) if self._moving else cell
                own.counts[name] += 1
                if name in KINDS:
                    own.of_code[name, fact.code] += 1
        if fact.open:
            own = self._cell(fact, self.period.as_of - 1) if self._moving else cell
            own.of_code["open", fact.code] += 1
            for name in _standing(fact, self.period.as_of):
                own.counts[name] += 1

    def _neighbours(self, fact: Fact, cell: Cell) -> None:
        """What 重复率 and 复发率 need to know about the others."""
        if self.period.holds(fact.created):
            cell.places[fact.grid, fact.code, fact.place_normal] += 1
        if fact.recurs:
            first = self._again.get(fact.recurs, fact.created)
            self._again[fact.recurs] = min(first, fact.created)
        if fact.first_close and self.period.holds(fact.first_close):
            own = self._cell(fact, fact.first_close) if self._moving else cell
            self._ended.append((fact.id, fact.first_close, own))

    def _durations(self, fact: Fact, cell: Cell) -> None:
        """How long the first word and the finish took, in the time that the class counts in."""
        limits = self._clock.deadline(fact.code, fact.urgent, fact.crowd)
        for name, end, span in (
            ("answering", fact.contacted, limits.contact),
            ("handling", fact.finished, limits.finish),
        ):
            if end and self.period.holds(end):
                rests = fact.rests if end == fact.finished else ()
                took = self._clock.between(fact.created, end, span.working, rests)
                own = self._cell(fact, end) if self._moving else cell
                getattr(own, name)[limits.sla].append(took)

    def finish(self) -> Table:
        """Add what only becomes clear when every ticket is known, and the total."""
        for ticket, closed, cell in self._ended:
            again = self._again.get(ticket, 0)
            cell.hits["recur"] += closed <= again <= closed + RECUR_DAYS * DAY
        self.cells = {k: c for k, c in self.cells.items() if c.cases or any(c.counts.values())}
        for cell in self.cells.values():
            self.total.absorb(cell)
            cell.crowd()
        self.total.crowd()
        if not self._by:
            self.cells.clear()
        return self


def _moments(fact: Fact) -> Iterator[tuple[str, int]]:
    if fact.state in UNCOUNTED:
        yield fact.state, fact.created
        return
    yield "reported", fact.created
    if fact.urgent:
        yield "urgent", fact.created
    if fact.state == _REJECTED:
        yield "rejected", fact.created
    if fact.finished:
        yield "finished", fact.finished
    if fact.closed:
        yield "excepted" if fact.excepted else "closed", fact.closed
    if fact.recurs:
        yield "recurrences", fact.created


def _standing(fact: Fact, as_of: int) -> Iterator[str]:
    """How an open ticket stands at the moment, whenever it was reported."""
    yield "open"
    if fact.overdue(as_of):
        yield "overdue"
    if not fact.running:
        yield "paused"
    if fact.code.startswith(HAZARDS):
        yield "hazards"
    if fact.code.startswith(DISPUTES):
        yield "disputes"
