"""What the rows of a roster answer by themselves: days of a post, hours of a duty, departments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.parts import FULL_TIME, ROLE_LABELS, Duty, Post, Role, Unit

DAY = date(2026, 3, 2)
days = st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n))


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (None, None, True), (0, None, True), (1, None, False), (-1, None, True),
        (None, 0, True), (None, -1, False), (None, 1, True), (0, 0, True), (1, 1, False),
        (-1, -1, False), (-9, 9, True),
    ],
)  # fmt: skip
def test_both_days_of_a_post_are_inclusive(
    since: int | None, until: int | None, held: bool
) -> None:
    first = None if since is None else DAY + timedelta(days=since)
    last = None if until is None else DAY + timedelta(days=until)
    assert Post("p", "g", Role.LEADER, since=first, until=last).valid(DAY) is held


@given(days, days, days)
def test_a_post_is_held_on_as_many_days_as_its_dates_say(a: date, b: date, day: date) -> None:
    first, last = sorted((a, b))
    post = Post("p", "g", Role.WORKER, since=first, until=last)
    assert post.valid(first)
    assert post.valid(last)
    assert not post.valid(first - timedelta(days=1))
    assert not post.valid(last + timedelta(days=1))
    assert post.valid(day) is (first <= day <= last)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (0, 24, range(24)), (8, 20, range(8, 20)), (22, 6, [22, 23, *range(6)]),
        (20, 0, range(20, 24)), (20, 24, range(20, 24)), (0, 8, range(8)), (24, 8, range(8)),
        (9, 9, range(24)), (0, 0, range(24)), (23, 24, [23]), (23, 1, [23, 0]),
    ],
)  # fmt: skip
def test_the_hours_of_a_duty(start: int, end: int, hours: list[int]) -> None:
    duty = Duty("g", 1, "p", start, end)
    assert [hour for hour in range(24) if duty.covers(hour)] == sorted(hours)


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 23))
def test_two_duties_that_hand_over_cover_each_hour_once(a: int, b: int, hour: int) -> None:
    if a != b:
        one, other = Duty("g", 1, "p", a, b), Duty("g", 2, "q", b, a)
        assert one.covers(hour) is not other.covers(hour)


@pytest.mark.parametrize(
    ("unit", "department"),
    [("water", "water"), ("property-east", "property"), ("property-a-b", "property"), ("", "")],
)
def test_a_unit_stands_for_its_department(unit: str, department: str) -> None:
    assert Unit(unit, "单位").department == department


@pytest.mark.parametrize("role", list(Role))
def test_only_grid_workers_are_called_full_time(role: Role) -> None:
    assert Post("p", "g", role).label == ROLE_LABELS[role]
    full = Post("p", "g", role, full_time=True).label
    assert full == (FULL_TIME if role is Role.WORKER else ROLE_LABELS[role])


def test_every_role_has_a_name_of_its_own() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert len(set(ROLE_LABELS.values())) == len(Role)
