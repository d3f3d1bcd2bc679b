"""Working time from tables says what the calendar says, in whatever order it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import taxonomy
from routing.calendar import WorkCalendar
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
