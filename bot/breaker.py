"""A circuit breaker: after some failures in a row nobody is asked for a while, then one on trial.

Time is handed in; nothing here waits."""

from __future__ import annotations

from datetime import datetime, timedelta

MANY = 4
"""How many may be asked at once while all is well."""


class Breaker:
    """Opens after `failures` in a row, for `pause`; a trial that fails opens it again."""

    def __init__(self, failures: int, pause: timedelta) -> None:
        self._most, self._pause = failures, pause
        self._failed = 0
        self._until: datetime | None = None

    def room(self, now: datetime) -> int:
        """How many may be asked now: many, one on trial, or none."""
        if self._until is None:
            return MANY
        return 1 if now >= self._until else 0

    def succeeded(self) -> None:
        """An answer came: all is well."""
        self._failed, self._until = 0, None

    def failed(self, now: datetime, *, for_good: bool = False) -> None:
        """No answer; for_good: asking again at once would fail too, such as a refused key."""
        self._failed += 1
        if for_good or self._until is not None or self._failed >= self._most:
            self._until = now + self._pause
