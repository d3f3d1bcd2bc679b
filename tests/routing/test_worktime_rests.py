"""Rests are taken out of a stretch once, however they overlap; limits are reached exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import taxonomy
from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import Span
from routing.facts import micros
from routing.worktime import WorkClock

CALENDAR, TAXONOMY = WorkCalendar(), taxonomy.load()
CLOCK = WorkClock(CALENDAR, TAXONOMY)
HOUR = 3_600_000_000
MONDAY = micros(datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI).astimezone(UTC))
hours = st.integers(0, 40)
rests = st.lists(st.tuples(hours, hours).map(lambda p: (min(p), max(p))), max_size=5)


def left(start: int, end: int, pauses: list[tuple[int, int]], working: bool) -> int:
    """Hour by hour, as somebody with a pencil would count."""
    awake = [h for h in range(start, end) if not any(a <= h < b for a, b in pauses)]
    return sum(CLOCK.between(MONDAY + h * HOUR, MONDAY + (h + 1) * HOUR, working) for h in awake)


@given(hours, hours, rests, st.booleans())
def test_each_moment_counts_once(
    start: int, end: int, pauses: list[tuple[int, int]], working: bool
) -> None:
    stretches = [(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in pauses]
    took = CLOCK.between(MONDAY + start * HOUR, MONDAY + end * HOUR, working, stretches)
    assert took == left(start, end, pauses, working)


@given(hours, rests, st.booleans(), st.permutations(range(5)))
def test_the_order_of_rests_changes_nothing(
    end: int, pauses: list[tuple[int, int]], working: bool, order: list[int]
) -> None:
    stretches = [(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in pauses]
    mixed = [stretches[i] for i in order if i < len(stretches)]
    stop = MONDAY + end * HOUR
    assert CLOCK.between(MONDAY, stop, working, mixed) == CLOCK.between(
        MONDAY, stop, working, stretches
    )


@pytest.mark.parametrize(
    ("pauses", "natural"),
    [
        ([], 10), ([(0, 10)], 0), ([(0, 20)], 0), ([(2, 4)], 8), ([(2, 4), (3, 6)], 6),
        ([(2, 6), (3, 4)], 6), ([(8, 12)], 8), ([(10, 12)], 10), ([(12, 20)], 10),
        ([(2, 4), (2, 4)], 8), ([(4, 4)], 10), ([(0, 2), (2, 4)], 6),
    ],
)  # fmt: skip
def test_ten_hours_with_rests(pauses: list[tuple[int, int]], natural: int) -> None:
    stretches = [(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in pauses]
    assert CLOCK.between(MONDAY, MONDAY + 10 * HOUR, False, stretches) == natural * HOUR


def test_an_end_before_the_start_took_no_time() -> None:
    assert CLOCK.between(MONDAY, MONDAY - HOUR, False) == 0
    assert CLOCK.between(MONDAY, MONDAY - HOUR, True) == 0


@pytest.mark.parametrize("amount", [1, 3, 5, 15])
def test_a_limit_of_workdays_is_kept_to_the_last_microsecond(amount: int) -> None:
    span = Span(amount, "wd")
    length = span.length(CALENDAR)
    start = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI).astimezone(UTC)
    end = CALENDAR.advance(start, length)
    assert CLOCK.within(micros(start), micros(end), span)
    assert not CLOCK.within(micros(start), micros(end + timedelta(microseconds=1)), span)


def test_the_night_is_no_working_time_but_natural_time() -> None:
    evening = MONDAY + 9 * HOUR
    morning = MONDAY + 24 * HOUR
    assert CLOCK.between(evening, morning, True) == 0
    assert CLOCK.between(evening, morning, False) == 15 * HOUR
