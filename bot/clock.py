"""The two clocks of the process: the machine's, and one that tests and replays turn by hand.

Nothing else in the project asks the machine for the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until `advance` or `set`, also backward."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self.set(self._now + step)

    def set(self, now: datetime) -> None:
        self._now = now
