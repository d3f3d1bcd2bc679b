"""The ladder: four steps in order, in working time where the span is, exact at the deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import WorkCalendar
from routing.deadlines import Span, due_at
from routing.ladder import LADDER, mark, moments
from routing.roster import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def steps(start: str, span: str) -> list[str]:
    begin, parsed = local(start), Span.parse(span)
    due = due_at(begin, parsed, CALENDAR)
    assert due is not None
    found = moments(begin, due, parsed, CALENDAR)
    return [f"{step.percent} {at.astimezone(SHANGHAI):%m-%d %H:%M}" for step, at in found]


@pytest.mark.parametrize(
    ("start", "span", "times"),
    [
        ("2026-11-25 10:00", "2h", "25 11:00, 25 11:36, 25 12:00, 25 13:00"),
        ("2026-11-25 22:00", "24h", "26 10:00, 26 17:12, 26 22:00, 27 10:00"),
        ("2026-11-25 08:30", "4wh", "25 10:30, 25 11:42, 25 14:00, 25 16:00"),
        ("2026-11-27 13:30", "1wd", "27 17:15, 30 10:30, 30 12:00, 30 17:15"),
    ],
)
def test_when_each_step_is_reached(start: str, span: str, times: str) -> None:
    percents = (50, 80, 100, 150)
    expected = [f"{p} 11-{at}" for p, at in zip(percents, times.split(", "), strict=True)]
    assert steps(start, span) == expected


def test_each_step_tells_everybody_of_the_step_before_and_more() -> None:
    percents = [step.percent for step in LADDER]
    assert percents == [50, 80, 100, 150]
    assert [step.leaders for step in LADDER] == [False, True, True, True]
    assert LADDER[0].roles == LADDER[1].roles == ()
    assert Role.COMMUNITY in LADDER[2].roles
    assert Role.STREET in LADDER[3].roles


def test_a_deadline_that_has_no_time_has_no_steps() -> None:
    now = local("2026-11-25 10:00")
    assert moments(now, now, Span.parse("2h"), CALENDAR) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [("10:00", ""), ("11:35", ""), ("11:36", "黄"), ("12:00", "黄"), ("12:01", "红")],
)
def test_marks(now: str, expected: str) -> None:
    start, due = local("2026-11-25 10:00"), local("2026-11-25 12:00")
    assert mark(start, due, local(f"2026-11-25 {now}"), Span.parse("2h"), CALENDAR) == expected


@given(
    st.integers(min_value=0, max_value=60 * 24 * 300),
    st.sampled_from(["30m", "2h", "24h", "15d", "4wh", "1wd", "5wd"]),
)
def test_steps_come_in_order_and_the_third_is_the_deadline(minutes: int, text: str) -> None:
    start = local("2026-01-05 00:00") + timedelta(minutes=minutes)
    span = Span.parse(text)
    due = due_at(start, span, CALENDAR)
    assert due is not None
    found = moments(start, due, span, CALENDAR)
    times = [at for _, at in found]
    assert times == sorted(times)
    assert times[2] == due
    assert times[0] >= start
