"""Working time and deadline classes for statistics: many short questions, answered from tables.

The calendar itself is calendar.py, the classes are deadlines.py; times are µs since 1970."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from nlp.taxonomy import Taxonomy
from routing.calendar import WorkCalendar
from routing.deadlines import URGENT, Deadline, Span, deadline_of

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TICK = timedelta(microseconds=1)
_AHEAD_DAYS, _BACK_DAYS = 100, 30
_DAY = 86_400_000_000

Stretch = tuple[int, int]
"""From a moment to a later one."""


class WorkClock:
    """How much time lies between two moments, by the calendar and by the class of a category."""

    def __init__(self, calendar: WorkCalendar, taxonomy: Taxonomy) -> None:
        self._calendar, self._taxonomy = calendar, taxonomy
        self._from = self._next = 0
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._sums: list[int] = []
        self._deadlines: dict[tuple[str, bool, int], Deadline] = {}
        self._lengths: dict[Span, int] = {}

    def deadline(self, code: str, urgent: bool, crowd: int = 0) -> Deadline:
        """The deadline class of a category, for so many people."""
        key = (code, urgent, crowd)
        found = self._deadlines.get(key)
        if found is None:
            found = self._deadlines[key] = deadline_of(self._taxonomy, code, urgent, crowd)
        return found

    def urgent(self, code: str, urgent: bool) -> bool:
        """Whether it is class E, which no report may leave out."""
        return self.deadline(code, urgent).sla == URGENT

    def within(self, start: int, end: int, span: Span) -> bool:
        """Whether no more than the span has run from `start` to `end`."""
        length = self._lengths.get(span)
        if length is None:
            length = self._lengths[span] = span.length(self._calendar) // _TICK
        return end - start <= length or (span.working and self._span(start, end, True) <= length)

    def between(self, start: int, end: int, working: bool, rests: Iterable[Stretch] = ()) -> int:
        """The natural or working time from `start` to `end` without the rests, each moment
        counted once; 0 when `end` comes first."""
        total, now = 0, start
        for begin, stop in sorted(rests):
            total += self._span(now, min(begin, end), working)
            now = max(now, stop)
        return total + self._span(now, end, working)

    def _span(self, start: int, end: int, working: bool) -> int:
        if end <= start:
            return 0
        if not working:
            return end - start
        if start < self._from or not self._next:
            self._restart(start)
        return self._worked(end) - self._worked(start)

    def _restart(self, at: int) -> None:
        """Begin the table anew, some days before `at`: most questions are about one year."""
        self._next = _EPOCH_DAY + at // _DAY - _BACK_DAYS
        self._from = (self._next + 1 - _EPOCH_DAY) * _DAY
        for column in (self._begins, self._ends, self._sums):
            column.clear()

    def _worked(self, at: int) -> int:
        """The working time from the first day of the table to `at`."""
        if not self._begins or at >= self._begins[-1]:
            self._extend(at)
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return 0
        return self._sums[place] + min(at, self._ends[place]) - self._begins[place]

    def _extend(self, at: int) -> None:
        last = _EPOCH_DAY + at // _DAY + _AHEAD_DAYS
        total = self._sums[-1] + self._ends[-1] - self._begins[-1] if self._begins else 0
        for ordinal in range(self._next, last):
            for begin, end in self._calendar.windows(ordinal):
                self._begins.append(begin)
                self._ends.append(end)
                self._sums.append(total)
                total += end - begin
        self._next = max(self._next, last)
