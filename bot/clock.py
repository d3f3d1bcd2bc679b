"""The two clocks of the process: the machine's, and one that tests and replays turn by hand.

Nothing else in the project asks the machine for the time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock; long sleeps are cut so that a clock that jumps is noticed."""

    LONGEST_NAP_S = 30.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - a clock may jump
            await asyncio.sleep(min(left, self.LONGEST_NAP_S))


class ManualClock:
    """A clock that stands still until `advance` or `set`; sleepers wake in order of their time."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        if at <= self._now:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (at, next(self._order), future))
        await future

    def advance(self, step: timedelta) -> None:
        """Move the time forward (or, to imitate a jumping clock, backward) and wake sleepers."""
        self.set(self._now + step)

    def set(self, now: datetime) -> None:
        """Put the clock to `now` and wake whoever's time has come."""
        self._now = now
        while self._sleepers and self._sleepers[0][0] <= now:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
