"""What leaders have corrected, as labelled examples without personal data, kept for a time.

What a correction means is decided in bot/; how a model is fitted to them in nlp/adapt.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from routing.lessons import Lesson, Taught
from storage.columns import micros, moment
from storage.engine import Link
from storage.journal import Journal
from storage.statement import Statement, insert_or_update
from storage.tables import lesson

Key = tuple[int, str, str]
_KEY = ("ticket_id", "source", "action")
_COLUMNS = (
    "id", "at", "grid", "text", "action", "ticket_id", "source", "was_kind", "was_code",
    "was_nature", "kind", "code", "nature",
)  # fmt: skip
_ALL = Statement(
    select(*(lesson.c[name] for name in _COLUMNS))
    .order_by(lesson.c.at, lesson.c.id)
    .limit(bindparam("most")),
    "most",
)
_PUT = insert_or_update(lesson, _COLUMNS, _KEY)
_DROP = Statement(
    delete(lesson).where(
        lesson.c.ticket_id == bindparam("ticket"),
        lesson.c.source == bindparam("post"),
        lesson.c.action == bindparam("how"),
    ),
    "ticket", "post", "how",
)  # fmt: skip
_FORGET = Statement(
    delete(lesson).where(lesson.c.source == bindparam("post")).returning(lesson.c.id), "post"
)
_PURGE = Statement(
    delete(lesson).where(lesson.c.at < bindparam("before")).returning(lesson.c.id), "before"
)
_COUNT = Statement(select(func.count()).select_from(lesson))

MOST = 20_000
"""How many are read at most."""


class Lessons:
    """The lessons of one transaction; one a ticket, message and kind of correction."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._staged: dict[Key, Lesson | None] = {}

    def put(self, new: Lesson) -> None:
        """Staged: keep the lesson, in place of an earlier one of the same correction."""
        self._journal.set(self._staged, (new.ticket_id, new.source, new.action.value), new)

    def drop(self, ticket_id: int, source: str, action: Taught) -> None:
        """Staged: the correction was taken back."""
        self._journal.set(self._staged, (ticket_id, source, action.value), None)

    async def all(self, limit: int = MOST) -> list[Lesson]:
        """The stored lessons, oldest first; staged ones are not seen."""
        return [_lesson(row) for row in await self._link.rows(_ALL, limit)]

    async def count(self) -> int:
        """How many are stored."""
        return int((await self._link.rows(_COUNT))[0][0])

    async def forget(self, source: str) -> int:
        """Delete what was learned from a message that its sender took back; how many."""
        return len(await self._link.rows(_FORGET, source)) if source else 0

    async def purge(self, before: datetime) -> int:
        """Retention: delete lessons given earlier; how many."""
        return len(await self._link.rows(_PURGE, micros(before)))

    async def flush(self) -> None:
        """Write what is staged."""
        staged = sorted(self._staged.items())
        await self._link.later(_DROP, [key for key, new in staged if new is None])
        await self._link.later(_PUT, [_row(new) for _, new in staged if new is not None])
        self._staged.clear()


def _row(new: Lesson) -> tuple[Any, ...]:
    return (
        new.id, micros(new.at), new.grid, new.text, new.action.value, new.ticket_id, new.source,
        new.was_kind, new.was_code, new.was_nature, new.kind, new.code, new.nature,
    )  # fmt: skip


def _lesson(row: Sequence[Any]) -> Lesson:
    return Lesson(row[0], moment(row[1]), row[2], row[3], Taught(row[4]), *row[5:])
