"""What both clocks promise: aware UTC that does not run backwards by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock, SystemClock
from bot.ports import Clock

START = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("clock", [SystemClock(), ManualClock(START)])
def test_now_is_aware_utc_and_does_not_run_backwards(clock: Clock) -> None:
    seen = [clock.now() for _ in range(50)]
    assert seen == sorted(seen)
    assert {at.tzinfo for at in seen} == {UTC}


def test_the_system_clock_is_the_machine_s() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


@pytest.mark.parametrize("step", [timedelta(hours=2), timedelta(hours=-1), timedelta()])
def test_the_manual_clock_stands_still_until_it_is_turned(step: timedelta) -> None:
    clock = ManualClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(step)
    assert clock.now() == START + step
    clock.set(START)
    assert clock.now() == START
