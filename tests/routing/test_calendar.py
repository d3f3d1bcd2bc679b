"""Working time against the published holiday tables of 2024-2026 and hand-counted cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import SHANGHAI, WorkCalendar

CALENDAR = WorkCalendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-10-01", False),  # National Day
        ("2025-10-08", False),  # still the holiday, a Wednesday
        ("2025-10-09", True),
        ("2025-10-11", True),  # a Saturday worked in lieu
        ("2025-10-12", False),  # an ordinary Sunday
        ("2025-09-28", True),  # a Sunday worked in lieu
        ("2025-01-26", True),  # before Spring Festival
        ("2025-01-28", False),
        ("2024-02-04", True),
        ("2024-02-12", False),
        ("2024-05-11", True),
        ("2026-02-17", False),
        ("2026-01-04", True),
        ("2025-11-20", True),
        ("2025-11-22", False),
    ],
)
def test_knows_holidays_and_makeup_days(day: str, worked: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_agrees_with_the_table_on_every_day(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert CALENDAR.is_workday(day) is chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_says_which_years_it_knows() -> None:
    assert CALENDAR.covers(2024)
    assert CALENDAR.covers(2026)
    assert not CALENDAR.covers(2099)


@pytest.mark.parametrize(
    ("own", "covered"),
    [
        ({}, False),
        ({"2099-01-01": False}, False),
        ({"2099-01-01": False, "2099-05-01": False}, False),
        ({"2099-01-01": False, "2099-10-01": False}, True),
        ({"2099-01-01": False, "2099-10-01": True}, False),
        ({"2098-01-01": False, "2099-10-01": False}, False),
    ],
)
def test_local_days_are_a_table_once_they_free_the_two_days_of_every_table(
    own: dict[str, bool], covered: bool
) -> None:
    calendar = WorkCalendar(overrides={date.fromisoformat(day): w for day, w in own.items()})
    assert calendar.covers(2099) is covered
    assert calendar.covers(2026), "a local day does not undo the table of its year"


def test_an_unknown_year_counts_monday_to_friday() -> None:
    monday = date(2099, 6, 1)
    assert [CALENDAR.is_workday(monday + timedelta(days=i)) for i in range(7)] == [True] * 5 + [
        False
    ] * 2


def test_overrides_win_over_both_tables() -> None:
    own = WorkCalendar(overrides={date(2025, 10, 1): True, date(2025, 11, 20): False})
    assert own.is_workday(date(2025, 10, 1))
    assert not own.is_workday(date(2025, 11, 20))
    assert own.is_workday(date(2025, 11, 21))


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2025-11-20T09:00", 60, "2025-11-20T10:00"),
        ("2025-11-20T09:00", 0, "2025-11-20T09:00"),
        ("2025-11-20T03:00", 0, "2025-11-20T03:00"),
        ("2025-11-20T03:00", 30, "2025-11-20T09:00"),  # before hours
        ("2025-11-20T11:30", 30, "2025-11-20T12:00"),  # to the end of the morning, not after it
        ("2025-11-20T11:30", 31, "2025-11-20T13:31"),  # over lunch
        ("2025-11-20T12:15", 60, "2025-11-20T14:30"),  # during lunch
        ("2025-11-20T17:30", 1, "2025-11-21T08:31"),
        ("2025-11-20T21:00", 450, "2025-11-21T17:30"),  # after hours: the next whole day
        ("2025-11-21T16:30", 120, "2025-11-24T09:30"),  # over the weekend
        ("2025-11-22T10:00", 10, "2025-11-24T08:40"),  # on a Saturday
        ("2025-09-30T16:30", 120, "2025-10-09T09:30"),  # over the long holiday
        ("2025-10-10T16:30", 120, "2025-10-11T09:30"),  # into a worked Saturday
        ("2025-12-31T17:00", 60, "2026-01-04T09:00"),  # into a worked Sunday of the next year
    ],
)
def test_adds_working_minutes(start: str, minutes: int, due: str) -> None:
    assert CALENDAR.advance(local(start), timedelta(minutes=minutes)) == local(due)


def test_is_exact_below_a_minute() -> None:
    start = local("2025-11-20T11:59:59.000001")
    due = CALENDAR.advance(start, timedelta(seconds=1))
    assert due == local("2025-11-20T13:30:00.000001")


def test_answers_in_utc_whatever_the_zone_of_the_question() -> None:
    start = datetime(2025, 11, 20, 1, 0, tzinfo=UTC)
    due = CALENDAR.advance(start.astimezone(ZoneInfo("America/New_York")), timedelta(minutes=60))
    assert due == datetime(2025, 11, 20, 2, 0, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_several_periods_and_midnight() -> None:
    shifts = WorkCalendar([("00:00", "01:00"), ("09:00", "09:30"), ("23:00", "24:00")])
    assert shifts.day_length == timedelta(minutes=150)
    assert shifts.advance(local("2025-11-20T23:30"), timedelta(minutes=45)) == local(
        "2025-11-21T00:15"
    )
    assert shifts.advance(local("2025-11-20T23:30"), timedelta(minutes=30)) == local(
        "2025-11-21T00:00"
    )


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2025-11-20T09:00", "2025-11-20T10:00", 60),
        ("2025-11-20T00:00", "2025-11-21T00:00", 450),
        ("2025-11-20T12:00", "2025-11-20T13:30", 0),
        ("2025-11-22T00:00", "2025-11-24T00:00", 0),
        ("2025-11-21T17:00", "2025-11-24T09:00", 60),
        ("2025-11-20T10:00", "2025-11-20T09:00", -60),
    ],
)
def test_counts_working_time_between(start: str, end: str, minutes: int) -> None:
    assert CALENDAR.work_between(local(start), local(end)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("at", "working"),
    [
        ("2025-11-20T08:29:59", False),
        ("2025-11-20T08:30", True),
        ("2025-11-20T12:00", False),
        ("2025-11-20T13:30", True),
        ("2025-11-20T17:30", False),
        ("2025-11-22T10:00", False),
    ],
)
def test_knows_whether_a_moment_is_worked(at: str, working: bool) -> None:
    instant = timedelta(microseconds=1)
    worked = CALENDAR.work_between(local(at), local(at) + instant)
    assert worked == (instant if working else timedelta())


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [("09:00", "09:00")],
        [("12:00", "08:00")],
        [("08:00", "12:00"), ("11:00", "13:00")],
        [("14:00", "15:00"), ("08:00", "12:00")],
        [("8", "12:00")],
        [("08:60", "12:00")],
        [("08:00", "24:01")],
        [("ab:00", "12:00")],
        [("08:ab", "12:00")],
        [("08:", "12:00")],
        [(":30", "12:00")],
    ],
)
def test_refuses_periods_that_make_no_sense(periods: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match=r"order|time of day|later than"):
        WorkCalendar(periods)


def test_refuses_negative_work_and_moments_without_zone() -> None:
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.advance(local("2025-11-20T09:00"), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.advance(datetime(2025, 11, 20, 9, 0), timedelta(minutes=1))  # noqa: DTZ001


EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(), timedelta(days=1400)).map(lambda since: EPOCH + since)
works = st.timedeltas(timedelta(), timedelta(days=4))


@given(moments, works)
def test_adding_and_counting_are_inverse(start: datetime, work: timedelta) -> None:
    assert CALENDAR.work_between(start, CALENDAR.advance(start, work)) == work


@given(moments, works, works)
def test_adding_is_additive(start: datetime, first: timedelta, second: timedelta) -> None:
    in_two = CALENDAR.advance(CALENDAR.advance(start, first), second)
    assert in_two == CALENDAR.advance(start, first + second) or second == timedelta()


@given(moments, works, works)
def test_more_work_is_never_done_earlier(start: datetime, less: timedelta, more: timedelta) -> None:
    less, more = sorted((less, more))
    assert CALENDAR.advance(start, less) <= CALENDAR.advance(start, more)
