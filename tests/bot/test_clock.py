"""The manual clock: it stands still, jumps, and wakes sleepers in the order of their times."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.clock import ManualClock, SystemClock
from tests.bot.loops import NOON, later


async def test_it_stands_still(noon: ManualClock) -> None:
    assert noon.now() == NOON
    await asyncio.sleep(0)
    assert noon.now() == NOON


async def test_sleepers_wake_in_the_order_of_their_times(noon: ManualClock) -> None:
    woken: list[int] = []

    async def sleeper(seconds: int) -> None:
        await noon.sleep_until(later(seconds))
        woken.append(seconds)

    tasks = [asyncio.create_task(sleeper(seconds)) for seconds in (30, 10, 20, 99)]
    await asyncio.sleep(0)
    noon.set(later(30))
    await asyncio.gather(*tasks[:3])
    assert woken == [10, 20, 30]
    assert not tasks[3].done()
    noon.advance(timedelta(minutes=2))
    await tasks[3]


async def test_nobody_wakes_when_it_is_put_back(noon: ManualClock) -> None:
    task = asyncio.create_task(noon.sleep_until(later(10)))
    await asyncio.sleep(0)
    noon.advance(timedelta(hours=-1))
    await asyncio.sleep(0)
    assert not task.done()
    assert noon.now() == later(-3600)
    noon.set(later(10))
    await task


async def test_a_sleeper_who_left_is_not_missed(noon: ManualClock) -> None:
    task = asyncio.create_task(noon.sleep_until(later(10)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    noon.set(later(20))


async def test_long_sleeps_of_the_system_clock_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose time jumps forward wakes its sleepers within a nap."""
    clock, naps = SystemClock(), []
    start = clock.now()
    times = iter([start, start + timedelta(seconds=30), start + timedelta(days=1)])

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", nap)
    monkeypatch.setattr(clock, "now", lambda: next(times))
    await clock.sleep_until(start + timedelta(hours=1))
    assert naps == [clock.LONGEST_NAP_S] * 2
