"""Working time from tables says what the calendar says, in whatever order it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import taxonomy
from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import Span
from routing.facts import micros
from routing.worktime import WorkClock

CALENDAR, TAXONOMY = WorkCalendar(), taxonomy.load()
FIRST = datetime(2012, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 365 * 24 * 60).map(lambda n: FIRST + timedelta(minutes=n))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.integers(0, 90 * 24 * 60)), min_size=1, max_size=6))
def test_any_order_of_questions_gets_the_calendars_answer(
    asked: list[tuple[datetime, int]],
) -> None:
    clock = WorkClock(CALENDAR, TAXONOMY)
    for start, minutes in asked:
        end = start + timedelta(minutes=minutes)
        took = clock.between(micros(start), micros(end), working=True)
        assert timedelta(microseconds=took) == CALENDAR.work_between(start, end)


def test_a_matter_of_many_people_has_the_limits_of_the_higher_class() -> None:
    clock = WorkClock(CALENDAR, TAXONOMY)
    alone, together = clock.deadline("0903", False), clock.deadline("0903", False, crowd=20)
    assert alone.sla == "C"
    assert together.sla == "O"
    assert clock.deadline("0903", True, crowd=20).sla == "E"


@pytest.mark.parametrize(
    ("code", "urgent", "expected"),
    [("0403", False, False), ("0403", True, True), ("0801", False, True), ("none", False, False)],
)
def test_class_e_is_told_by_category_or_by_what_was_said(
    code: str, urgent: bool, expected: bool
) -> None:
    assert WorkClock(CALENDAR, TAXONOMY).urgent(code, urgent) is expected


@pytest.mark.parametrize(
    ("end", "span", "within"),
    [
        ("2025-11-20T11:00", "2h", True), ("2025-11-20T11:01", "2h", False),
        ("2025-11-20T17:30", "1wd", True), ("2025-11-21T09:00", "1wd", True),
        ("2025-11-21T09:01", "1wd", False), ("2025-11-20T14:30", "4wh", True),
        ("2025-11-20T14:31", "4wh", False), ("2025-11-20T08:00", "1wd", True),
    ],
)  # fmt: skip
def test_whether_no_more_than_a_span_has_run(end: str, span: str, within: bool) -> None:
    """From nine in the morning of a Thursday; lunch and nights do not count as working time."""
    start, stop = (datetime.fromisoformat(t).replace(tzinfo=SHANGHAI) for t in (MORNING, end))
    clock = WorkClock(CALENDAR, TAXONOMY)
    for _ in range(2):
        assert clock.within(micros(start), micros(stop), Span.parse(span)) is within


MORNING = "2025-11-20T09:00"
