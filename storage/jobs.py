"""Work that is due at a time, one row under a unique key, so that many schedulers do it once.

What a kind of job means is decided in bot/."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from storage.columns import micros, moment, to_json, to_micros
from storage.engine import Link
from storage.ids import Ids
from storage.journal import Journal
from storage.statement import Statement, insert_new, word
from storage.tables import job

_FIELDS = (job.c.id, job.c.key, job.c.kind, job.c.due_at, job.c.data, job.c.attempts)
_WAITING = job.c.state == word("waiting")
_IDS = Ids()
_QUEUE = 3
"""Whom `line_up` lets in one at a time; 1 is the inbox, 2 the outbox."""


@dataclass(frozen=True, slots=True)
class Job:
    """A due job; `attempts` counts its failures so far."""

    id: int
    key: str
    kind: str
    due_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0


_PUT = insert_new(job, ("id", "key", "kind", "due_at", "data"), ("key",))
_MOVE = Statement(
    update(job).where(job.c.key == bindparam("name"), _WAITING).values(due_at=bindparam("when")),
    "when", "name",
)  # fmt: skip
_CANCEL = Statement(
    update(job)
    .where(job.c.key >= bindparam("start"), job.c.key < bindparam("stop"), _WAITING)
    .values(state=word("cancelled")),
    "start", "stop",
)  # fmt: skip
_DUE = Statement(
    select(*_FIELDS)
    .where(_WAITING, job.c.due_at <= bindparam("now"))
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True),
    "now", "most",
)  # fmt: skip
_TAKE = Statement(
    select(*_FIELDS)
    .where(_WAITING, job.c.kind == bindparam("what"), job.c.due_at > bindparam("now"))
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True),
    "what", "now", "most",
)  # fmt: skip
_DONE = Statement(
    update(job).where(job.c.id == bindparam("id_")).values(state=word("done"), error=word("")),
    "id_",
)
_FAIL = Statement(
    update(job)
    .where(job.c.id == bindparam("id_"))
    .values(
        state=bindparam("stand"), error=bindparam("why"), attempts=job.c.attempts + word(1),
        due_at=func.coalesce(bindparam("when", type_=job.c.due_at.type), job.c.due_at),
    ),
    "stand", "why", "when", "id_",
)  # fmt: skip
_NEXT = Statement(select(func.min(job.c.due_at)).where(_WAITING))
_BY_KEY = Statement(select(*_FIELDS, job.c.state).where(job.c.key == bindparam("name")), "name")
_WITH = Statement(
    select(*_FIELDS)
    .where(job.c.key >= bindparam("start"), job.c.key < bindparam("stop"), _WAITING)
    .order_by(job.c.key),
    "start", "stop",
)  # fmt: skip
_LAST = Statement(
    select(func.max(job.c.key)).where(
        job.c.key >= bindparam("start"), job.c.key < bindparam("stop")
    ),
    "start", "stop",
)  # fmt: skip
_PURGE = Statement(
    delete(job).where(job.c.state != word("waiting"), job.c.due_at < bindparam("before")), "before"
)
_COUNT = Statement(select(job.c.state, func.count()).group_by(job.c.state))


class Jobs:
    """Jobs of one transaction. At a flush: cancels, then moves, then new ones, then results."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._put: dict[str, tuple[Any, ...]] = {}
        self._moved: dict[str, int] = {}
        self._cancelled: dict[str, None] = {}
        self._ended: list[tuple[Any, ...]] = []
        self._done: list[tuple[int]] = []

    def put(self, key: str, kind: str, due_at: datetime, data: Mapping[str, Any]) -> None:
        """Staged: a new job; nothing happens if the key was ever used."""
        if key not in self._put:
            row = (_IDS.new(), key, kind, micros(due_at), to_json(dict(data)))
            self._journal.set(self._put, key, row)

    def move(self, key: str, due_at: datetime) -> None:
        """Staged: a waiting job becomes due at another time."""
        at = micros(due_at)
        self._journal.set(self._moved, key, at)
        if key in self._put:
            number, _, kind, _, data = self._put[key]
            self._journal.set(self._put, key, (number, key, kind, at, data))

    def cancel(self, prefix: str) -> None:
        """Staged: waiting jobs whose key starts so are off. ValueError for an empty prefix."""
        if not prefix:
            raise ValueError("an empty prefix would cancel every job")
        self._journal.set(self._cancelled, prefix, None)
        for key in [key for key in self._put if key.startswith(prefix)]:
            self._journal.drop(self._put, key)

    async def due(self, now: datetime, limit: int) -> list[Job]:
        """Waiting jobs whose time has come, earliest first; staged ones are not seen.

        On PostgreSQL they are locked for this transaction and others skip them."""
        return [_job(row) for row in await self._link.rows(_DUE, micros(now), limit)]

    async def take(self, kind: str, now: datetime, limit: int) -> list[Job]:
        """Waiting jobs of a kind whose time has not come yet, oldest first; as `due` otherwise."""
        return [_job(row) for row in await self._link.rows(_TAKE, kind, micros(now), limit)]

    def done(self, id: int) -> None:  # noqa: A002
        """Staged: finished."""
        self._journal.append(self._done, (id,))

    def fail(self, id: int, error: str, due_at: datetime | None) -> None:  # noqa: A002
        """Staged: failed; tried again at `due_at`, or given up as dead with None."""
        end = "dead" if due_at is None else "waiting"
        self._journal.append(self._ended, (end, error, to_micros(due_at), id))

    async def next_due(self) -> datetime | None:
        """When the earliest waiting job is due; None without one."""
        found = await self._link.rows(_NEXT)
        return None if found[0][0] is None else moment(found[0][0])

    async def find(self, key: str) -> tuple[Job, str] | None:
        """The stored job under a key with its state: waiting | done | cancelled | dead."""
        found = await self._link.rows(_BY_KEY, key)
        return (_job(found[0]), found[0][-1]) if found else None

    async def waiting(self, prefix: str) -> list[Job]:
        """The stored jobs that wait under keys starting so, by key; staged ones are not seen."""
        return [_job(row) for row in await self._link.rows(_WITH, prefix, _after(prefix))]

    async def last_key(self, prefix: str) -> str:
        """The greatest key ever used that starts so, "" if none; nobody else may take the next
        one before this transaction ends."""
        await self._link.line_up(_QUEUE)
        found = await self._link.rows(_LAST, prefix, _after(prefix))
        return found[0][0] or ""

    async def purge(self, before: datetime) -> None:
        """Retention: forget jobs that ended and were due earlier; their keys are free again."""
        await self._link.rows(_PURGE, micros(before))

    async def count_by_state(self) -> dict[str, int]:
        """How many jobs are waiting, done, cancelled, dead."""
        return dict(list(await self._link.rows(_COUNT)))

    async def flush(self) -> None:
        """Write what is staged."""
        link = self._link
        await link.later(_CANCEL, [(prefix, _after(prefix)) for prefix in sorted(self._cancelled)])
        await link.later(_MOVE, [(at, key) for key, at in sorted(self._moved.items())])
        await link.later(_PUT, [self._put[key] for key in sorted(self._put)])
        await link.later(_DONE, self._done)
        await link.later(_FAIL, self._ended)
        for staged in (self._put, self._moved, self._cancelled, self._ended, self._done):
            staged.clear()


def _after(prefix: str) -> str:
    """The first text that sorts behind everything starting with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _job(row: Sequence[Any]) -> Job:
    return Job(row[0], row[1], row[2], moment(row[3]), json.loads(row[4]), row[5])
