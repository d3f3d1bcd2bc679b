"""Identifiers: order, uniqueness, clocks that stand still or run backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ids import Ids, made_at

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@given(st.lists(st.integers(min_value=-5_000, max_value=5_000), min_size=1, max_size=200))
def test_identifiers_grow_whatever_the_clock_does(steps_ms: list[int]) -> None:
    times = iter([START + timedelta(milliseconds=step) for step in steps_ms])
    ids = Ids(lambda: next(times))
    made = [ids.new() for _ in steps_ms]
    assert made == sorted(set(made))


def test_more_than_a_millisecond_holds_borrow_from_the_next() -> None:
    ids = Ids(lambda: START, node=5)
    made = [ids.new() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert made_at(made[-1]) == START + timedelta(milliseconds=2)


@pytest.mark.parametrize(
    "at", [datetime(2020, 1, 1, tzinfo=UTC), START, datetime(2080, 1, 1, tzinfo=UTC)]
)
def test_an_identifier_tells_when_it_was_made_and_fits_a_signed_column(at: datetime) -> None:
    number = Ids(lambda: at, node=1023).new()
    assert made_at(number) == at
    assert 0 < number < 2**63


def test_two_nodes_never_meet_in_the_same_millisecond() -> None:
    one, two = Ids(lambda: START, node=1), Ids(lambda: START, node=2)
    assert not {one.new() for _ in range(500)} & {two.new() for _ in range(500)}
