"""The queue of posts: order by conversation, slots that replace, and what became of each.

How a post reaches its platform, and when to try again, is decided in bot/delivery.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, not_, null, or_, select, update

from storage.columns import micros, moment, to_tuple
from storage.engine import Link
from storage.journal import Journal
from storage.out_rows import OUT_COLUMNS, OutRow, out_of, out_row
from storage.statement import Statement, among, word
from storage.tables import outbox, outbox_ticket

__all__ = ["OutRow", "Outbox"]

_QUEUE = 2
_FIELDS = [outbox.c[name] for name in OUT_COLUMNS]
_PUBLIC = ("receipt", "update", "ask", "close", "remind")
"""Kinds of posts about a ticket that a whole group sees and that are counted against noise."""


def _claim() -> Any:
    due, other = outbox.alias("due"), outbox.alias("other")
    now = bindparam("now", type_=outbox.c.due_at.type)
    in_the_way = exists().where(
        other.c.conversation == due.c.conversation,
        or_(
            other.c.state == word("sending"),
            (other.c.state == word("pending"))
            & (other.c.error != word(""))
            & (other.c.due_at > now)
            & (other.c.id < due.c.id),
        ),
    )
    heads = (
        select(func.min(due.c.id))
        .where(
            due.c.state == word("pending"),
            due.c.due_at <= now,
            not_(among(due.c.channel, "without")),
            ~in_the_way,
        )
        .group_by(due.c.conversation)
        .order_by(func.min(due.c.id))
        .limit(bindparam("most"))
    )
    return (
        update(outbox)
        .where(outbox.c.id.in_(heads))
        .values(state=word("sending"), claimed_at=now)
        .returning(*_FIELDS, outbox.c.attempts)
    )


def _change(**values: Any) -> Any:
    return update(outbox).where(outbox.c.id == bindparam("id_")).values(values)


_CLAIM = Statement(_claim(), "now", "most", "without")
_PUT = Statement(insert(outbox), *OUT_COLUMNS, "state", "created_at", "channel")
_LINK = Statement(insert(outbox_ticket), "ticket_id", "outbox_id")
_SUPERSEDE = Statement(
    update(outbox)
    .where(
        outbox.c.slot == bindparam("the_slot"),
        outbox.c.slot != word(""),
        outbox.c.state == word("pending"),
    )
    .values(state=word("superseded")),
    "the_slot",
)
_SENT = Statement(
    _change(
        state=word("sent"), sent_id=bindparam("post"), sent_at=bindparam("when"), error=word("")
    ),
    "post", "when", "id_",
)  # fmt: skip
_RETRY = Statement(
    _change(
        state=word("pending"), due_at=bindparam("when"), error=bindparam("why"),
        attempts=outbox.c.attempts + word(1), claimed_at=null(),
    ),
    "when", "why", "id_",
)  # fmt: skip
_POSTPONE = Statement(
    _change(
        state=word("pending"), due_at=bindparam("when"), error=bindparam("why"), claimed_at=null()
    ),
    "when", "why", "id_",
)  # fmt: skip
_HOLD = Statement(_change(state=word("awaiting_human")), "id_")
_BURY = Statement(_change(state=word("dead"), error=bindparam("why")), "why", "id_")
_FREE_ALL = Statement(
    update(outbox)
    .where(
        outbox.c.state == word("sending"),
        outbox.c.claimed_at < bindparam("before"),
        not_(among(outbox.c.id, "but")),
    )
    .values(state=word("pending"), claimed_at=null())
    .returning(outbox.c.id),
    "before", "but",
)  # fmt: skip
_RESEND = Statement(
    update(outbox)
    .where(
        outbox.c.id == bindparam("id_"), outbox.c.state.in_([word("dead"), word("awaiting_human")])
    )
    .values(state=word("pending"), attempts=word(0), error=word(""))
    .returning(outbox.c.id),
    "id_",
)
_NEXT = Statement(select(func.min(outbox.c.due_at)).where(outbox.c.state == word("pending")))
_OF_POST = Statement(
    select(outbox.c.ticket_ids)
    .where(
        outbox.c.conversation == bindparam("where_"),
        outbox.c.sent_id == bindparam("post"),
        outbox.c.sent_id != word(""),
    )
    .order_by(outbox.c.id.desc()),
    "where_", "post",
)  # fmt: skip
_POSTS = Statement(
    select(outbox.c.id, outbox.c.slot, outbox.c.state)
    .join(outbox_ticket, outbox_ticket.c.outbox_id == outbox.c.id)
    .where(
        outbox_ticket.c.ticket_id == bindparam("ticket"),
        outbox.c.in_group == bindparam("public"),
        outbox.c.kind.in_([word(kind) for kind in _PUBLIC]),
        outbox.c.state.not_in([word("superseded"), word("dead")]),
    ),
    "ticket", "public",
)  # fmt: skip
_BY_STATE = Statement(
    select(*_FIELDS, outbox.c.attempts, outbox.c.error)
    .where(outbox.c.state == bindparam("stand"))
    .order_by(outbox.c.id)
    .limit(bindparam("most")),
    "stand", "most",
)  # fmt: skip
_LATEST = Statement(
    select(*_FIELDS)
    .where(outbox.c.state == word("sent"), outbox.c.conversation.like(bindparam("those")))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most")),
    "those", "most",
)  # fmt: skip
_OLD = outbox.alias("old")
_PURGE = Statement(
    update(outbox)
    .where(
        outbox.c.id.in_(
            select(_OLD.c.id)
            .where(
                _OLD.c.state.in_([word("sent"), word("superseded")]),
                _OLD.c.created_at < bindparam("before"),
                _OLD.c.text != word(""),
            )
            .limit(bindparam("most"))
        )
    )
    .values(text=word(""), mentions=bindparam("none"), images=bindparam("none"))
    .returning(outbox.c.id),
    "before", "most", "none",
)  # fmt: skip
_COUNT = Statement(select(outbox.c.state, func.count()).group_by(outbox.c.state))
_FAR = 1 << 62


class Outbox:
    """Posts of one transaction."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._put: list[OutRow] = []
        self._sent: list[tuple[Any, ...]] = []
        self._retry: list[tuple[Any, ...]] = []
        self._postponed: list[tuple[Any, ...]] = []
        self._held: list[tuple[Any, ...]] = []
        self._buried: list[tuple[Any, ...]] = []
        self.attempts: dict[int, int] = {}
        """By id, how often a post read in this transaction has failed so far."""
        self.errors: dict[int, str] = {}
        """By id, why a post read by `by_state` failed last."""

    def put(self, row: OutRow) -> None:
        """Staged: a post to send; replaces an older pending one in the same slot."""
        self._journal.append(self._put, row)

    async def claim(self, now: datetime, limit: int, without: Iterable[str] = ()) -> list[OutRow]:
        """Take due posts for sending, at most the oldest one of a conversation; none of the
        channels named `without`.

        A conversation with a post in sending, or with an older one that is to be tried again
        later, waits. Commit before sending."""
        await self._link.line_up(_QUEUE)
        found = await self._link.rows(_CLAIM, micros(now), limit, list(without))
        self.attempts.update((row[0], row[len(OUT_COLUMNS)]) for row in found)
        return [out_of(row) for row in sorted(found, key=_first)]

    def sent(self, id: int, sent_id: str, at: datetime) -> None:  # noqa: A002
        """Staged: the platform has it, under `sent_id`."""
        self._journal.append(self._sent, (sent_id, micros(at), id))

    def retry(self, id: int, due_at: datetime, error: str) -> None:  # noqa: A002
        """Staged: to be tried again at `due_at`; counts as a failed attempt."""
        self._journal.append(self._retry, (micros(due_at), error, id))

    def postpone(self, id: int, due_at: datetime, why: str) -> None:  # noqa: A002
        """Staged: not tried yet, and not before `due_at`; what comes later waits behind it."""
        self._journal.append(self._postponed, (micros(due_at), why, id))

    def hold(self, id: int) -> None:  # noqa: A002
        """Staged: a person has to send it (awaiting_human)."""
        self._journal.append(self._held, (id,))

    def bury(self, id: int, error: str) -> None:  # noqa: A002
        """Staged: given up; stays visible and can be sent again."""
        self._journal.append(self._buried, (error, id))

    async def free_all(self, before: datetime | None = None, but: Iterable[int] = ()) -> int:
        """Posts left in sending become pending again: all, or those claimed before a time,
        `but` not these ids; how many."""
        until = _FAR if before is None else micros(before)
        return len(await self._link.rows(_FREE_ALL, until, list(but)))

    async def next_due(self) -> datetime | None:
        """When the earliest pending post is due; None if none is pending."""
        found = await self._link.rows(_NEXT)
        return None if found[0][0] is None else moment(found[0][0])

    async def tickets_of_post(self, conversation: str, sent_id: str) -> tuple[int, ...]:
        """The tickets that a sent post speaks of; empty if the bot did not send it."""
        found = await self._link.rows(_OF_POST, conversation, sent_id)
        return to_tuple(found[0][0]) if found else ()

    async def group_posts(self, ticket_id: int) -> int:
        """How many posts the group has got, or is about to get, about a ticket; staged seen."""
        alive = {row.slot or row.message.id: row for row in self._put}
        staged = sum(
            ticket_id in row.ticket_ids and row.in_group and row.kind in _PUBLIC
            for row in alive.values()
        )
        found = await self._link.rows(_POSTS, ticket_id, True)
        return staged + sum(not (row[2] == "pending" and row[1] in alive) for row in found)

    async def by_state(self, state: str, limit: int) -> list[OutRow]:
        """Posts in a state, oldest first."""
        found = await self._link.rows(_BY_STATE, state, limit)
        self.attempts.update((row[0], row[len(OUT_COLUMNS)]) for row in found)
        self.errors.update((row[0], row[-1]) for row in found)
        return [out_of(row) for row in found]

    async def purge(self, before: datetime, limit: int = 2000) -> int:
        """Retention: empty the text of posts made earlier that are sent or superseded.

        At most `limit` at a time; returns how many."""
        return len(await self._link.rows(_PURGE, micros(before), limit, "[]"))

    async def latest(self, channel: str, limit: int) -> list[OutRow]:
        """The newest sent posts of a channel, oldest first."""
        found = await self._link.rows(_LATEST, f"{channel}:%", limit)
        return [out_of(row) for row in found][::-1]

    async def count_by_state(self) -> dict[str, int]:
        """How many posts are pending, sending, sent, superseded, awaiting_human, dead."""
        return dict(list(await self._link.rows(_COUNT)))

    async def resend(self, id: int) -> bool:  # noqa: A002
        """A dead or held post becomes pending again; False if it is neither."""
        return bool(await self._link.rows(_RESEND, id))

    async def flush(self) -> None:
        """Write what is staged."""
        link = self._link
        await link.later(_SENT, self._sent)
        await link.later(_RETRY, self._retry)
        await link.later(_POSTPONE, self._postponed)
        await link.later(_HOLD, self._held)
        await link.later(_BURY, self._buried)
        slots = sorted({row.slot for row in self._put if row.slot})
        await link.later(_SUPERSEDE, [(slot,) for slot in slots])
        last = {row.slot: row for row in self._put if row.slot}
        await link.later(
            _PUT,
            [out_row(row, old=bool(row.slot) and last[row.slot] is not row) for row in self._put],
        )
        await link.later(
            _LINK, [(t, row.message.id) for row in self._put for t in dict.fromkeys(row.ticket_ids)]
        )
        for staged in (
            self._put, self._sent, self._retry, self._postponed, self._held, self._buried,
        ):  # fmt: skip
            staged.clear()


def _first(row: Sequence[Any]) -> int:
    return int(row[0])
