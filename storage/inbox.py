"""The durable queue of received messages: accepted once, claimed by conversation, finished once.

What a message means and what is done about it is decided elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, null, or_, select, update

from routing.message import Inbound, Quote
from storage.columns import micros, moment, to_json, to_tuple
from storage.engine import Link
from storage.errors import StorageError
from storage.journal import Journal
from storage.statement import Statement, among, insert_new, word
from storage.tables import inbox

_QUEUE = 1
_LONGEST_REST = 3_600_000_000
"""What seems to rest longer was given back before the clock was put back: it is free."""
_COLUMNS = (
    "id", "channel", "platform_id", "conversation", "is_group", "sender", "sender_name", "text",
    "received_at", "to_me", "quote", "images",
)  # fmt: skip
_FIELDS = [inbox.c[name] for name in _COLUMNS]


def _claim() -> Any:
    """`busy` and `resting` are found once a statement, not once a row: with a long backlog behind
    another owner that is 0.1 s instead of many."""
    row, other = inbox.alias("row"), inbox.alias("other")
    now = bindparam("now", type_=inbox.c.lease_until.type)
    busy = select(other.c.conversation).where(
        other.c.state == word("doing"),
        other.c.owner != bindparam("me"),
        other.c.lease_until >= now,
    )
    resting = select(other.c.conversation).where(
        other.c.state == word("new"),
        other.c.due_at > word(0),
        other.c.due_at > now,
        other.c.due_at < bindparam("latest", type_=inbox.c.due_at.type),
    )
    free = (
        select(row.c.id)
        .where(
            row.c.state.in_([word("new"), word("doing")]),
            or_(row.c.state == word("new"), row.c.lease_until < now),
            row.c.conversation.not_in(busy),
            row.c.conversation.not_in(resting),
        )
        .order_by(row.c.id)
        .limit(bindparam("most"))
    )
    taken = {
        "owner": bindparam("me"),
        "lease_until": bindparam("until_"),
        "state": word("doing"),
        "attempts": inbox.c.attempts + word(1),
    }
    return update(inbox).where(inbox.c.id.in_(free)).values(taken).returning(
        *_FIELDS, inbox.c.attempts
    )  # fmt: skip


def _free_where(*conditions: Any) -> Any:
    return (
        update(inbox)
        .where(inbox.c.state == word("doing"), *conditions)
        .values(state=word("new"), owner=word(""), lease_until=word(0))
    )


_ADD = insert_new(inbox, _COLUMNS, ("channel", "platform_id"))
_KNOWN = Statement(select(inbox.c.id).where(among(inbox.c.id, "ids")), "ids")
_CLAIM = Statement(_claim(), "me", "now", "until_", "most", "latest")
_LOCK = Statement(
    select(inbox.c.id)
    .where(among(inbox.c.id, "ids"), inbox.c.state.in_([word("new"), word("doing")]))
    .with_for_update(),
    "ids",
)
_END = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("id_"))
    .values(state=bindparam("end"), outcome=bindparam("why"), ticket_id=bindparam("ticket")),
    "end", "why", "ticket", "id_",
)  # fmt: skip
_LINK = Statement(
    update(inbox).where(inbox.c.id == bindparam("id_")).values(ticket_id=bindparam("ticket")),
    "ticket", "id_",
)  # fmt: skip
_RELEASE = Statement(
    _free_where(among(inbox.c.id, "ids")).values(due_at=bindparam("again")), "again", "ids"
)
_UNTRIED = Statement(
    _free_where(among(inbox.c.id, "ids")).values(attempts=inbox.c.attempts - word(1)), "ids"
)
_FREE_ALL = Statement(_free_where())
_SAME_POST = and_(inbox.c.channel == bindparam("on"), inbox.c.platform_id == bindparam("post"))
_BY_POST = Statement(select(*_FIELDS).where(_SAME_POST), "on", "post")
_TICKET_OF = Statement(select(inbox.c.id, inbox.c.ticket_id).where(_SAME_POST), "on", "post")
_WAITS = Statement(
    select(inbox.c.id).where(_SAME_POST, inbox.c.state.in_([word("new"), word("doing")])),
    "on", "post",
)  # fmt: skip
_COUNT = Statement(select(inbox.c.state, func.count()).group_by(inbox.c.state))
_DEAD = Statement(
    select(*_FIELDS, inbox.c.outcome)
    .where(inbox.c.state == word("dead"))
    .order_by(inbox.c.id)
    .limit(bindparam("most")),
    "most",
)
_LATEST = Statement(
    select(*_FIELDS)
    .where(inbox.c.channel == bindparam("on"))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("most")),
    "on", "most",
)  # fmt: skip
_FORGET = Statement(
    update(inbox)
    .where(_SAME_POST)
    .values(
        text=word(""), sender_name=word(""), quote=null(), images=bindparam("none")
    )
    .returning(inbox.c.ticket_id),
    "on", "post", "none",
)  # fmt: skip
_REVIVE = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("id_"), inbox.c.state == word("dead"))
    .values(state=word("new"), owner=word(""), attempts=word(0), due_at=word(0), outcome=word(""))
    .returning(inbox.c.id),
    "id_",
)


def _purge() -> Any:
    old = inbox.alias("old")
    full = or_(
        old.c.text != word(""), old.c.sender_name != word(""), old.c.quote.is_not(None),
        old.c.images != bindparam("none"),
    )  # fmt: skip
    chosen = (
        select(old.c.id)
        .where(old.c.state == word("done"), old.c.received_at < bindparam("before"), full)
        .limit(bindparam("most"))
    )
    empty = {
        "text": word(""),
        "sender_name": word(""),
        "quote": null(),
        "images": bindparam("none"),
    }
    return update(inbox).where(inbox.c.id.in_(chosen)).values(empty).returning(inbox.c.id)


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
        if await self._link.many(_ADD, [_row(message) for message in rows]) == len(rows):
            return {message.id for message in rows}
        return {row[0] for row in await self._link.rows(_KNOWN, [m.id for m in rows])}

    async def claim(self, owner: str, now: datetime, lease_s: float, limit: int) -> list[Inbound]:
        """Take the oldest free messages, oldest first, for `lease_s` seconds.

        Free: new, or left by an owner whose lease has run out; never of a conversation that
        another owner is busy with, or where one waits to be tried again. Commit before working."""
        await self._link.line_up(_QUEUE)
        at = micros(now)
        until = at + int(lease_s * 1_000_000)
        values = (owner, at, until, limit, at + _LONGEST_REST)
        found = sorted(await self._link.rows(_CLAIM, *values), key=_first)
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
            await self._link.rows(_UNTRIED, wanted)

    async def retry(self, id: int, due_at: datetime) -> None:  # noqa: A002
        """Give a claimed message back that failed; its conversation rests until `due_at`."""
        await self._link.rows(_RELEASE, micros(due_at), [id])

    async def free_all(self) -> None:
        """At the start of a sole process: whatever was in work is free again."""
        await self._link.rows(_FREE_ALL)

    async def by_platform_id(self, channel: str, platform_id: str) -> Inbound | None:
        """The message that a platform knows by this id."""
        found = await self._link.rows(_BY_POST, channel, platform_id)
        return _message(found[0]) if found else None

    async def ticket_of(self, channel: str, platform_id: str) -> int:
        """The ticket that a message was about, 0 if none; staged outcomes are seen."""
        found = await self._link.rows(_TICKET_OF, channel, platform_id)
        if not found:
            return 0
        number, ticket_id = found[0]
        ended = self._ended.get(number)
        return ended[2] if ended else self._linked.get(number, int(ticket_id))

    async def latest(self, channel: str, limit: int) -> list[Inbound]:
        """The newest messages of a channel, oldest first."""
        return [_message(row) for row in await self._link.rows(_LATEST, channel, limit)][::-1]

    async def dead(self, limit: int = 100) -> list[tuple[Inbound, str]]:
        """Messages given up, oldest first, with the reason."""
        return [(_message(row), row[-1]) for row in await self._link.rows(_DEAD, limit)]

    async def revive(self, id: int) -> bool:  # noqa: A002
        """Try a dead message again; False if it is not dead."""
        return bool(await self._link.rows(_REVIVE, id))

    async def purge(self, before: datetime, limit: int = 2000) -> int:
        """Retention: empty text, name, quote and images of done messages received earlier.

        At most `limit` at a time, so that writers need not wait; returns how many."""
        return len(await self._link.rows(_PURGE, micros(before), limit, "[]"))

    async def forget(self, channel: str, platform_id: str) -> int:
        """Empty a message that its sender took back; the ticket it was about, 0 if none."""
        found = await self._link.rows(_FORGET, channel, platform_id, "[]")
        return int(found[0][0]) if found else 0

    async def waits(self, channel: str, platform_id: str) -> bool:
        """Whether a stored message is not dealt with yet, or is so at this moment."""
        return bool(await self._link.rows(_WAITS, channel, platform_id))

    async def count_by_state(self) -> dict[str, int]:
        """How many messages are new, doing, done, dead."""
        return dict(list(await self._link.rows(_COUNT)))

    async def flush(self) -> None:
        """Write what is staged."""
        await self._link.later(_LINK, [(ticket, i) for i, ticket in self._linked.items()])
        self._linked.clear()
        if not self._ended:
            return
        ids = sorted(self._ended)
        if len(await self._link.rows(_LOCK, ids)) != len(ids):
            raise LeaseLost(f"{len(ids)} messages: some were finished by somebody else")
        await self._link.later(_END, [(*self._ended[i], i) for i in ids])
        self._ended.clear()


_PURGE = Statement(_purge(), "before", "most", "none")


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
