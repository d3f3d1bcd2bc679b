"""An independent clock for deadlines: it knows no sums, it walks a line of minutes.

Random calendars, pauses and spans to compare with come from here too; what is compared with it
is test_deadlines.py and test_segments.py."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import compress, count, islice

import chinese_calendar

from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import Pause, Span

CASES = int(os.environ.get("GRIDBOT_DEADLINE_CASES", "1000"))
"""How many random cases each comparison makes; 100000 take some minutes."""

SPANS = [("m", 300), ("h", 48), ("d", 15), ("wh", 20), ("wd", 15)]


@dataclass(frozen=True)
class Case:
    """A span from a start under a calendar of its own; `more` runs after it, each not before its
    own moment."""

    periods: tuple[tuple[int, int], ...]
    overrides: dict[date, bool]
    start: datetime
    span: Span
    pauses: Sequence[Pause]
    more: list[tuple[datetime, Span]] = field(default_factory=list)

    def calendar(self) -> WorkCalendar:
        hours = [(f"{a // 60:02}:{a % 60:02}", f"{b // 60:02}:{b % 60:02}")
                 for a, b in self.periods]  # fmt: skip
        return WorkCalendar(hours, self.overrides)


def simulate(case: Case) -> datetime | None:
    """Walk from the start, minute by minute, and count those that run; None when they run out."""
    for days in (30, 120, 700):
        found = _within(case, days)
        end_of_line = case.start + timedelta(days=days)
        if found or any(end is None and begin < end_of_line for begin, end in case.pauses):
            return found
    return None


def _within(case: Case, days: int) -> datetime | None:
    at = 0
    for moment, span in ((case.start, case.span), *case.more):
        line = _line(case, days, span)
        reached = _walk(line, max(at, minutes(moment - case.start)), _needed(case, span))
        if reached is None:
            return None
        at = reached
    return case.start + timedelta(minutes=at)


def _walk(line: bytearray, at: int, need: int) -> int | None:
    """Where the last of so many running minutes ends, None if the line ends before."""
    while at < len(line):
        hour = line[at : at + 60]
        if hour.count(1) >= need:
            return next(islice(compress(count(at + 1), hour), need - 1, None))
        need, at = need - hour.count(1), at + 60
    return None


def _line(case: Case, days: int, span: Span) -> bytearray:
    """One byte a minute, 1 where the span runs."""
    line = bytearray(_worked(case, days) if span.working else bytes([1]) * (days * 1440))
    for begin, end in case.pauses:
        first = max(0, minutes(begin - case.start))
        last = len(line) if end is None else max(first, minutes(end - case.start))
        line[first:last] = bytes(len(line[first:last]))
    return line


def _worked(case: Case, days: int) -> bytes:
    first = case.start.astimezone(SHANGHAI)
    on, off = bytearray(1440), bytes(1440)
    for begin, end in case.periods:
        on[begin:end] = bytes([1]) * (end - begin)
    dates = (first.date() + timedelta(days=offset) for offset in range(days + 1))
    line = b"".join(on if _is_worked(case, day) else off for day in dates)
    return line[first.hour * 60 + first.minute :]


def _is_worked(case: Case, day: date) -> bool:
    if day in case.overrides:
        return case.overrides[day]
    return _is_statutory(day)


@cache
def _is_statutory(day: date) -> bool:
    if day.year > 2026:  # no table
        return day.isoweekday() <= 5
    return bool(chinese_calendar.is_workday(day))


def _needed(case: Case, span: Span) -> int:
    a_day = sum(end - begin for begin, end in case.periods)
    return span.amount * {"m": 1, "h": 60, "d": 1440, "wh": 60, "wd": a_day}[span.unit]


def minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def random_span(dice: random.Random) -> Span:
    unit, most = dice.choice(SPANS)
    return Span(dice.randint(1, most), unit)


def random_case(dice: random.Random) -> Case:
    start = datetime(2023, 12, 20, tzinfo=UTC) + timedelta(minutes=dice.randrange(4 * 525_600))
    marks = sorted(dice.sample(range(0, 1441, 5), 2 * dice.randint(1, 3)))
    near = [start.date() + timedelta(days=dice.randint(-3, 40)) for _ in range(dice.randint(0, 6))]
    return Case(
        periods=tuple(zip(marks[::2], marks[1::2], strict=True)),
        overrides={day: dice.random() < 0.5 for day in near},
        start=start,
        span=random_span(dice),
        pauses=[_random_pause(dice, start) for _ in range(dice.choice([0, 0, 1, 2, 5]))],
    )


def _random_pause(dice: random.Random, start: datetime) -> Pause:
    begin = start + timedelta(minutes=dice.randint(-3000, 20_000))
    if dice.random() < 0.1:
        return (begin, None)
    return (begin, begin + timedelta(minutes=dice.randint(-60, 8000)))
