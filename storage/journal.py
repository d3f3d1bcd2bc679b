"""The undo journal of one transaction: how staged work is taken back without touching the database.

It knows no tables; every aggregate notes the inverse of what it has staged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Journal:
    """Inverses of staged changes, in order."""

    def __init__(self) -> None:
        self._undo: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self._flushed = 0

    def note(self, undo: Callable[..., Any], *args: Any) -> None:
        """Remember that `undo(*args)` takes back the change just staged."""
        self._undo.append((undo, args))

    def set(self, where: dict[Any, Any], key: Any, value: Any) -> None:
        """`where[key] = value`, with the inverse noted."""
        if key in where:
            self.note(where.__setitem__, key, where[key])
        else:
            self.note(where.pop, key, None)
        where[key] = value

    def drop(self, where: dict[Any, Any], key: Any) -> None:
        """Remove `key` from `where` if it is there, with the inverse noted."""
        if key in where:
            self.note(where.__setitem__, key, where.pop(key))

    def append(self, where: list[Any], value: Any) -> None:
        """`where.append(value)`, with the inverse noted."""
        where.append(value)
        self.note(where.pop)

    @property
    def dirty(self) -> bool:
        """Is anything staged?"""
        return bool(self._undo)

    def mark(self) -> int:
        """The present position, for `back_to`."""
        return self._flushed + len(self._undo)

    def back_to(self, mark: int) -> None:
        """Take back everything noted since `mark`. ValueError for a mark older than a flush."""
        if mark < self._flushed:
            raise ValueError(f"mark {mark} lies before the last flush at {self._flushed}")
        while self._flushed + len(self._undo) > mark:
            undo, args = self._undo.pop()
            undo(*args)

    def forget(self) -> None:
        """After a flush: what was staged is in the database now and cannot be taken back here."""
        self._flushed += len(self._undo)
        self._undo.clear()
