"""The durable queue of received messages: accepted once, claimed by conversation, finished once.

What a message means and what is done about it is decided elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from routing.message import Inbound, Quote
from storage import inbox_queries as queries
from storage.columns import micros, moment, to_json, to_tuple
from storage.engine import Link
from storage.errors import StorageError
from storage.journal import Journal

_QUEUE = 1
_LONGEST_REST = 3_600_000_000
"""What seems to rest longer was given back before the clock was put back: it is free."""


class LeaseLost(StorageError):
    """Somebody else has finished messages of this batch; drop it."""


class Inbox:
    """Received messages of one transaction."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._ended: dict[int, tuple[str, str, int]] = {}
        self._linked: dict[int, int] = {}
        self.attempts: dict[int, int] = {}
        """By id, how often a message claimed in this transaction was claimed so far."""

    async def add(self, rows: Sequence[Inbound]) -> set[int]:
        """Store messages; the ids of those that were new by (channel, platform_id)."""
        if not rows:
            return set()
        if await self._link.many(queries.ADD, [_row(message) for message in rows]) == len(rows):
            return {message.id for message in rows}
        return {row[0] for row in await self._link.rows(queries.KNOWN, [m.id for m in rows])}

    async def claim(self, owner: str, now: datetime, lease_s: float, limit: int) -> list[Inbound]:
        """Take the oldest free messages, oldest first, for `lease_s` seconds.

        Free: new, or left by an owner whose lease has run out; never of a conversation that
        another owner is busy with, or where one waits to be tried again. Commit before working."""
        await self._link.line_up(_QUEUE)
        at = micros(now)
        until = at + int(lease_s * 1_000_000)
        values = (owner, at, until, limit, at + _LONGEST_REST)
        found = sorted(await self._link.rows(queries.CLAIM, *values), key=_first)
        self.attempts.update((row[0], row[-1]) for row in found)
        return [_message(row) for row in found]

    def done(self, id: int, outcome: str, ticket_id: int = 0) -> None:  # noqa: A002
        """Staged: the message is dealt with; `outcome` says how, e.g. "silent:chat".

        The flush raises LeaseLost if it was finished by somebody else meanwhile."""
        self._journal.set(self._ended, id, ("done", outcome, ticket_id))

    def link(self, id: int, ticket_id: int) -> None:  # noqa: A002
        """Staged: an earlier message, long dealt with, turned out to be about this ticket."""
        self._journal.set(self._linked, id, ticket_id)

    def bury(self, id: int, why: str) -> None:  # noqa: A002
        """Staged: give the message up; it stays visible as dead."""
        self._journal.set(self._ended, id, ("dead", why, 0))

    async def release(self, ids: Iterable[int]) -> None:
        """Give claimed messages back for anybody to claim, as if they had never been claimed."""
        if wanted := list(ids):
            await self._link.rows(queries.UNTRIED, wanted)

    async def retry(self, id: int, due_at: datetime) -> None:  # noqa: A002
        """Give a claimed message back that failed; its conversation rests until `due_at`."""
        await self._link.rows(queries.RELEASE, micros(due_at), [id])

    async def free_all(self) -> None:
        """At the start of a sole process: whatever was in work is free again."""
        await self._link.rows(queries.FREE_ALL)

    async def by_platform_id(self, channel: str, platform_id: str) -> Inbound | None:
        """The message that a platform knows by this id."""
        found = await self._link.rows(queries.BY_POST, channel, platform_id)
        return _message(found[0]) if found else None

    async def ticket_of(self, channel: str, platform_id: str) -> int:
        """The ticket that a message was about, 0 if none; staged outcomes are seen."""
        found = await self._link.rows(queries.TICKET_OF, channel, platform_id)
        if not found:
            return 0
        number, ticket_id = found[0]
        ended = self._ended.get(number)
        return ended[2] if ended else self._linked.get(number, int(ticket_id))

    async def latest(self, channel: str, limit: int) -> list[Inbound]:
        """The newest messages of a channel, oldest first."""
        return [_message(row) for row in await self._link.rows(queries.LATEST, channel, limit)][
            ::-1
        ]

    async def dead(self, limit: int = 100) -> list[tuple[Inbound, str]]:
        """Messages given up, oldest first, with the reason."""
        return [(_message(row), row[-1]) for row in await self._link.rows(queries.DEAD, limit)]

    async def revive(self, id: int) -> bool:  # noqa: A002
        """Try a dead message again; False if it is not dead."""
        return bool(await self._link.rows(queries.REVIVE, id))

    async def purge(self, before: datetime, limit: int = 2000) -> int:
        """Retention: empty text, name, quote and images of done messages received earlier.

        At most `limit` at a time, so that writers need not wait; returns how many."""
        return len(await self._link.rows(queries.PURGE, micros(before), limit, "[]"))

    async def forget(self, channel: str, platform_id: str) -> int:
        """Empty a message that its sender took back; the ticket it was about, 0 if none."""
        found = await self._link.rows(queries.FORGET, channel, platform_id, "[]")
        return int(found[0][0]) if found else 0

    async def waits(self, channel: str, platform_id: str) -> bool:
        """Whether a stored message is not dealt with yet, or is so at this moment."""
        return bool(await self._link.rows(queries.WAITS, channel, platform_id))

    async def count_by_state(self) -> dict[str, int]:
        """How many messages are new, doing, done, dead."""
        return dict(list(await self._link.rows(queries.COUNT)))

    async def flush(self) -> None:
        """Write what is staged."""
        await self._link.later(queries.LINK, [(ticket, i) for i, ticket in self._linked.items()])
        self._linked.clear()
        if not self._ended:
            return
        ids = sorted(self._ended)
        if len(await self._link.rows(queries.LOCK, ids)) != len(ids):
            raise LeaseLost(f"{len(ids)} messages: some were finished by somebody else")
        await self._link.later(queries.END, [(*self._ended[i], i) for i in ids])
        self._ended.clear()


def _first(row: Sequence[Any]) -> int:
    return int(row[0])


def _row(message: Inbound) -> tuple[Any, ...]:
    quote = message.quote
    return (
        message.id, message.channel, message.platform_id, message.conversation, message.is_group,
        message.sender, message.sender_name, message.text, micros(message.received_at),
        message.to_me,
        None if quote is None else to_json([quote.platform_id, quote.text, quote.of_bot]),
        to_json(message.images),
    )  # fmt: skip


def _message(row: Sequence[Any]) -> Inbound:
    return Inbound(
        row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6], row[7], moment(row[8]),
        bool(row[9]), None if row[10] is None else Quote(*json.loads(row[10])), to_tuple(row[11]),
    )  # fmt: skip
