"""Identifiers made by the application, so that rows can refer to each other unstored.

Uniqueness across processes rests on a random node number; the keys have the last word."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_COUNTERS = 1 << 12
_NODES = 1 << 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ids:
    """Time-ordered 63-bit integers: 41 bits of milliseconds since 2020, 10 of node, 12 of counter.

    Strictly growing within one object, also when the clock stands still or jumps back; more than
    4,096 in a millisecond borrow from the next one."""

    def __init__(self, now: Callable[[], datetime] = _utc_now, node: int | None = None) -> None:
        self._now = now
        self._node = (secrets.randbelow(_NODES) if node is None else node % _NODES) << 12
        self._ms = 0
        self._counter = 0

    def new(self) -> int:
        """The next identifier."""
        ms = (self._now() - _EPOCH) // _MS
        if ms > self._ms:
            self._ms, self._counter = ms, 0
        else:
            self._counter += 1
            if self._counter == _COUNTERS:
                self._ms, self._counter = self._ms + 1, 0
        return self._ms << 22 | self._node | self._counter


def made_at(identifier: int) -> datetime:
    """When an identifier of `Ids` was made, to the millisecond; aware UTC."""
    return _EPOCH + (identifier >> 22) * _MS
