"""A seeded year of a district of Jinhua's size: its tree and tickets that live by the law.

Every move goes through routing.ticket and routing.closing with real deadlines; no measuring."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from nlp import taxonomy
from nlp.taxonomy import Minor
from routing import closing
from routing.calendar import WorkCalendar
from routing.deadlines import deadline_of, due_at
from routing.parts import Grid, Group, Parts, Person, Post, Role
from routing.ticket import Action, Result, State, Ticket, TicketEvent, Verdict, open_ticket

Move = tuple[Ticket, TicketEvent]
Life = list[Move]

RESULTS = (Result.SOLVED, Result.PARTIAL, Result.EXPLAINED, Result.UNABLE, Result.EXTERNAL)
WEIGHTS = (86, 5, 6, 2, 1)
HALVES = 2
_MS = timedelta(milliseconds=1)
PLACES = 40


@dataclass(frozen=True, slots=True)
class Size:
    """Jinhua's numbers: the four levels, the tickets of a year, the seed."""

    streets: int = 8
    communities: int = 168
    grids: int = 300
    micros: int = 7_349
    tickets: int = 243_880
    start: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    seed: int = 20251201

    def scaled(self, tickets: int) -> Size:
        """The same district with fewer tickets and, in proportion, fewer micro-grids."""
        micros = max(self.grids, self.micros * tickets // self.tickets)
        return replace(self, micros=micros, tickets=tickets)


def parts(size: Size) -> Parts:
    """The tree, one group and one leader a micro-grid."""
    grids = [Grid("D", "金开区", "district")]
    levels = (("S", "镇街", "street", size.streets), ("C", "社区", "community", size.communities),
              ("G", "网格", "grid", size.grids), ("M", "微网格", "micro", size.micros))  # fmt: skip
    above, many = "D", 1
    for letter, name, level, count in levels:
        for n in range(count):
            parent = "D" if above == "D" else f"{above}{n * many // count}"
            grids.append(Grid(f"{letter}{n}", f"第{n + 1}{name}", level, parent))
        above, many = letter, count
    micros = range(size.micros)
    return Parts(
        grids=tuple(grids),
        people=tuple(Person(f"L{n}", f"微网格长{n}", (f"local:leader{n}",)) for n in micros),
        posts=tuple(Post(f"L{n}", f"M{n}", Role.MICRO_LEADER) for n in micros),
        groups=tuple(Group(f"local:m{n}", f"M{n}", f"第{n + 1}微网格群") for n in micros),
    )


@dataclass(slots=True)
class _Numbers:
    """What the tickets of one micro-grid share."""

    count: int = 0
    last: Ticket | None = None
    done: list[Ticket] = field(default_factory=list)


def lives(size: Size) -> Iterator[Life]:
    """Every ticket of the year with all its events, half by half."""
    return chain.from_iterable(Year(size, half).lives() for half in range(HALVES))


class Year:
    """Lives of the tickets of every second micro-grid in the order in which they were opened.

    The halves know nothing of each other, so that two processes may live them; both are the same
    in every run. Identifiers grow with time, as those of the bot do."""

    def __init__(self, size: Size, half: int) -> None:
        self.size, self.half = size, half
        self.dice = random.Random(size.seed * HALVES + half)
        self.taxonomy, self.calendar = taxonomy.load(), WorkCalendar()
        self._minors = list(self.taxonomy.minors.values())
        self._count = 0
        self._micros = [_Numbers() for _ in range(half, size.micros, HALVES)]

    def lives(self) -> Iterator[Life]:
        """Every ticket with all its events."""
        step = timedelta(days=365) / self.size.tickets
        for number in range(self.half, self.size.tickets, HALVES):
            jitter = timedelta(microseconds=self.dice.randrange(10**6))
            at = self.size.start + step * number + jitter
            yield self._life(at, self.dice.randrange(len(self._micros)))

    def chance(self, percent: float) -> bool:
        return self.dice.random() * 100 < percent

    def hours(self, mean: float) -> timedelta:
        return timedelta(seconds=1 + int(self.dice.expovariate(1) * mean * 3600))

    def new_id(self, at: datetime) -> int:
        """As storage.ids makes them: milliseconds, then who made it, then a counter."""
        self._count += 1
        return (at - self.size.start) // _MS << 22 | self.half << 21 | self._count % 2**21

    def due(self, code: str, urgent: bool, at: datetime) -> datetime:
        due = due_at(at, deadline_of(self.taxonomy, code, urgent).finish, self.calendar)
        assert due is not None
        return due

    def _life(self, at: datetime, place: int) -> Life:
        numbers = self._micros[place]
        life = _Living(self, self._first(at, place * HALVES + self.half, numbers))
        life.run(numbers.last)
        ticket = life.moves[-1][0]
        numbers.last = ticket if ticket.state is not State.MERGED else numbers.last
        if ticket.state is State.CLOSED:
            numbers.done = [*numbers.done[-4:], ticket]
        return life.moves

    def _first(self, at: datetime, micro: int, numbers: _Numbers) -> Move:
        minor: Minor = self.dice.choice(self._minors)
        urgent = minor.escalates and self.chance(8)
        place = f"{self.dice.randrange(PLACES)}幢" if self.chance(85) else ""
        again = self.dice.choice(numbers.done) if numbers.done and self.chance(6) else None
        code, place = (again.code, again.place_normal) if again else (minor.code, place)
        numbers.count += 1
        first = Ticket(
            id=self.new_id(at), group=f"local:m{micro}", number=numbers.count, grid=f"M{micro}",
            code=code, text="请看一下", reporter=f"local:r{micro}-{self.dice.randrange(60)}",
            created_at=at, nature="咨询" if self.chance(10) else "求助", urgent=urgent,
            place=place, place_normal=place, due_at=self.due(code, urgent, at),
            recurs=again.id if again else 0,
        )  # fmt: skip
        return open_ticket(first, event_id=self.new_id(at))


class _Living:
    """One ticket's way from the report to its end; time only moves forward."""

    def __init__(self, year: Year, first: Move) -> None:
        self._year, self.moves = year, [first]
        self._now = first[0].created_at

    @property
    def ticket(self) -> Ticket:
        return self.moves[-1][0]

    def _after(self, hours: float) -> datetime:
        self._now += self._year.hours(hours)
        return self._now

    def _do(self, action: Action, by: str, hours: float, **changes: Any) -> None:
        at = self._after(hours)
        number = self._year.new_id(at)
        self.moves.append(self.ticket.move(action, by, at, event_id=number, **changes))

    def _law(self, law: Callable[..., Move], *values: Any, hours: float, **words: Any) -> None:
        at = self._after(hours)
        number = self._year.new_id(at)
        self.moves.append(law(self.ticket, *values, at, event_id=number, **words))

    def run(self, neighbour: Ticket | None) -> None:
        year, leader = self._year, f"local:leader{self.ticket.grid[1:]}"
        if year.chance(2):
            return self._do(Action.WITHDRAW, self.ticket.reporter, 1)
        if neighbour is not None and year.chance(4):
            return self._do(Action.MERGE, leader, 2, parent=neighbour.id)
        if year.chance(2):
            return self._do(Action.REJECT, leader, 2, note="不属实")
        if year.chance(0.5):
            return None
        self._do(Action.CONFIRM, leader, 0.5)
        if year.chance(10):
            self._do(Action.SUPPORT, leader, 1, supporters=(f"{self.ticket.reporter}s",))
        worker = leader
        if not year.chance(35):
            worker = self._dispatched(leader)
        self._worked(worker)
        if not year.chance(0.6):
            self._finished(worker)
        return None

    def _dispatched(self, leader: str) -> str:
        year = self._year
        minor = year.taxonomy.minors[self.ticket.code]
        unit = "community" if minor.dept == "grid" and year.chance(50) else minor.dept
        self._do(Action.DISPATCH, leader, 1, unit=unit, handler="")
        if year.chance(7):
            self._do(Action.RETURN, f"local:{unit}", 3, unit="", handler="", note="不归我们管")
            unit = "street"
            self._do(Action.DISPATCH, leader, 2, unit=unit, handler="")
        return f"local:{unit}"

    def _worked(self, worker: str) -> None:
        year, quick = self._year, self.ticket.urgent
        self._do(Action.ACCEPT, worker, 0.1 if quick else 2.5, handler=worker)
        if year.chance(4):
            other = year.dice.choice(year._minors).code
            due = year.due(other, quick, self.ticket.created_at)
            self._do(Action.RECLASSIFY, worker, 1, code=other, due_at=due)
        if year.chance(40):
            self._do(Action.PROGRESS, worker, 0.3 if quick else 4, note="正在处理")
        if not quick and year.chance(5):
            due = (self.ticket.due_at or self._now) + timedelta(days=3)
            self._do(Action.EXTEND, worker, 6, note="等配件", due_at=due)
        if not quick and year.chance(3):
            self._paused(worker)

    def _paused(self, worker: str) -> None:
        left = (self.ticket.due_at or self._now) - self._now
        self._do(Action.SUSPEND, worker, 0.01, note="等审批")
        until = self._now + self._year.hours(100)
        hours = (until - self._now) / timedelta(hours=1)
        due = until + max(left, timedelta())
        if self._year.chance(80):
            self._do(Action.RESUME, worker, hours, due_at=due)

    def _finished(self, worker: str) -> None:
        year = self._year
        result = year.dice.choices(RESULTS, WEIGHTS)[0]
        mean = 0.5 if self.ticket.urgent else 14
        self._law(closing.finish, result, worker, hours=mean, text="已经处理")
        voices = self.ticket.voices
        if year.chance(9):
            self._back(closing.send_back, Action.DISSATISFY, 10)
            self._law(closing.finish, Result.SOLVED, worker, hours=10, text="重新处理好了")
        if len(voices) > 1 and year.chance(50):
            self._law(closing.rate, Verdict.SATISFIED, voices[1], hours=3)
        if year.chance(76):
            verdict = Verdict.SATISFIED if year.chance(82) else Verdict.PARTLY
            self._law(closing.rate, verdict, self.ticket.reporter, hours=9)
        else:
            self._law(closing.lapse, hours=72)
        if self.ticket.state is State.RESOLVED and year.chance(85):
            self._law(closing.sign_exception, "local:second", hours=20, reason="上门核实")
        elif self.ticket.state is State.CLOSED and year.chance(2):
            self._back(closing.send_back, Action.REOPEN, 60)

    def _back(self, law: Callable[..., Move], action: Action, hours: float) -> None:
        """没修好: a fresh deadline is set by nobody, as the bot does it."""
        self._law(law, action, self.ticket.reporter, hours=hours, reason="还是没修好")
        due = self._year.due(self.ticket.code, self.ticket.urgent, self._now)
        self._do(Action.EXTEND, "", 0, due_at=due)
