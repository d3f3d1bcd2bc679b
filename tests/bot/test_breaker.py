"""The breaker: closed, open after failures in a row, one on trial, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.breaker import MANY, Breaker
from tests.bot.loops import NOON

PAUSE = timedelta(seconds=300)


def later(seconds: float = 0) -> timedelta:
    return timedelta(seconds=seconds)


def opened(failures: int = 3) -> Breaker:
    breaker = Breaker(3, PAUSE)
    for _ in range(failures):
        breaker.failed(NOON)
    return breaker


@pytest.mark.parametrize(
    ("failures", "seconds", "room"),
    [(0, 0, MANY), (2, 0, MANY), (3, 0, 0), (3, 299, 0), (3, 300, 1), (9, 300, 1)],
)
def test_how_many_may_be_asked(failures: int, seconds: float, room: int) -> None:
    assert opened(failures).room(NOON + later(seconds)) == room


def test_an_answer_between_failures_starts_the_count_anew() -> None:
    breaker = opened(2)
    breaker.succeeded()
    breaker.failed(NOON)
    breaker.failed(NOON)
    assert breaker.room(NOON) == MANY


def test_a_trial_that_answers_closes_it() -> None:
    breaker = opened()
    breaker.succeeded()
    assert breaker.room(NOON) == MANY


def test_a_trial_that_fails_opens_it_again_at_once() -> None:
    breaker = opened()
    breaker.failed(NOON + PAUSE)
    assert breaker.room(NOON + PAUSE + later(299)) == 0
    assert breaker.room(NOON + PAUSE + PAUSE) == 1


def test_a_refusal_for_good_opens_it_at_once() -> None:
    breaker = Breaker(3, PAUSE)
    breaker.failed(NOON, for_good=True)
    assert breaker.room(NOON) == 0


@given(st.lists(st.booleans(), max_size=20))
def test_it_never_asks_many_after_three_failures_in_a_row(answers: list[bool]) -> None:
    breaker, row = Breaker(3, PAUSE), 0
    for fine in answers:
        if fine:
            breaker.succeeded()
        else:
            breaker.failed(NOON)
        row = 0 if fine else row + 1
        assert (breaker.room(NOON) == MANY) is (row < 3)
