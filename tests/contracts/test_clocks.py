"""What both clocks promise: aware UTC, and sleepers who wake when their time has come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock, SystemClock
from bot.ports import Clock

SOON = timedelta(milliseconds=5)


class ClockContract:
    def make(self) -> Clock:
        raise NotImplementedError

    def let_pass(self, clock: Clock, step: timedelta) -> None:
        """Make so much time pass, where it does not pass by itself."""

    async def test_now_is_aware_utc(self) -> None:
        assert self.make().now().tzinfo is UTC

    async def test_time_does_not_run_backwards_by_itself(self) -> None:
        clock = self.make()
        seen = [clock.now() for _ in range(50)]
        assert seen == sorted(seen)

    @pytest.mark.parametrize("ago", [0, 1, 3600])
    async def test_a_time_that_has_come_is_not_waited_for(self, ago: int) -> None:
        clock = self.make()
        await asyncio.wait_for(clock.sleep_until(clock.now() - timedelta(seconds=ago)), 5)

    async def test_a_sleeper_wakes_at_its_time_and_not_before(self) -> None:
        clock = self.make()
        at = clock.now() + SOON
        task = asyncio.create_task(clock.sleep_until(at))
        await asyncio.sleep(0)
        assert not task.done()
        self.let_pass(clock, SOON)
        await asyncio.wait_for(task, 5)
        assert clock.now() >= at

    async def test_a_sleep_can_be_broken_off(self) -> None:
        clock = self.make()
        task = asyncio.create_task(clock.sleep_until(clock.now() + timedelta(days=1)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


class TestSystemClock(ClockContract):
    def make(self) -> Clock:
        return SystemClock()


class TestManualClock(ClockContract):
    def make(self) -> Clock:
        return ManualClock(datetime(2026, 11, 23, tzinfo=UTC))

    def let_pass(self, clock: Clock, step: timedelta) -> None:
        assert isinstance(clock, ManualClock)
        clock.advance(step)
