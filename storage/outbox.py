"""The queue of posts: order by conversation, slots that replace, and what became of each.

How a post reaches its platform, and when to try again, is decided in bot/delivery.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from storage import outbox_queries as queries
from storage.columns import micros, moment, to_tuple
from storage.engine import Link
from storage.journal import Journal
from storage.out_rows import OUT_COLUMNS, OutRow, out_of, out_row

__all__ = ["OutRow", "Outbox"]

_QUEUE = 2
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
        found = await self._link.rows(queries.CLAIM, micros(now), limit, list(without))
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
        return len(await self._link.rows(queries.FREE_ALL, until, list(but)))

    async def next_due(self) -> datetime | None:
        """When the earliest pending post is due; None if none is pending."""
        found = await self._link.rows(queries.NEXT)
        return None if found[0][0] is None else moment(found[0][0])

    async def tickets_of_post(self, conversation: str, sent_id: str) -> tuple[int, ...]:
        """The tickets that a sent post speaks of; empty if the bot did not send it."""
        found = await self._link.rows(queries.OF_POST, conversation, sent_id)
        return to_tuple(found[0][0]) if found else ()

    async def group_posts(self, ticket_id: int, slot: str = "") -> int:
        """How many posts the group has got, or is about to get, about a ticket; staged seen.

        What waits in `slot` is not counted: the next post there takes its place."""
        alive = {row.slot or row.message.id: row for row in self._put}
        gone = {*alive, slot} - {""}
        alive.pop(slot, None)
        staged = sum(
            ticket_id in row.ticket_ids and row.in_group and row.kind in queries.PUBLIC
            for row in alive.values()
        )
        found = await self._link.rows(queries.POSTS, ticket_id, True)
        return staged + sum(not (row[2] == "pending" and row[1] in gone) for row in found)

    async def by_state(self, state: str, limit: int) -> list[OutRow]:
        """Posts in a state, oldest first."""
        found = await self._link.rows(queries.BY_STATE, state, limit)
        self.attempts.update((row[0], row[len(OUT_COLUMNS)]) for row in found)
        self.errors.update((row[0], row[-1]) for row in found)
        return [out_of(row) for row in found]

    async def purge(self, before: datetime, limit: int = 2000) -> int:
        """Retention: empty the text of posts made earlier that are sent or superseded.

        At most `limit` at a time; returns how many."""
        return len(await self._link.rows(queries.PURGE, micros(before), limit, "[]"))

    async def latest(self, channel: str, limit: int) -> list[OutRow]:
        """The newest sent posts of a channel, oldest first."""
        found = await self._link.rows(queries.LATEST, f"{channel}:%", limit)
        return [out_of(row) for row in found][::-1]

    async def count_by_state(self) -> dict[str, int]:
        """How many posts are pending, sending, sent, superseded, awaiting_human, dead."""
        return dict(list(await self._link.rows(queries.COUNT)))

    async def resend(self, id: int) -> bool:  # noqa: A002
        """A dead or held post becomes pending again; False if it is neither."""
        return bool(await self._link.rows(queries.RESEND, id))

    async def flush(self) -> None:
        """Write what is staged."""
        link = self._link
        await link.later(queries.SENT, self._sent)
        await link.later(queries.RETRY, self._retry)
        await link.later(queries.POSTPONE, self._postponed)
        await link.later(queries.HOLD, self._held)
        await link.later(queries.BURY, self._buried)
        slots = sorted({row.slot for row in self._put if row.slot})
        await link.later(queries.SUPERSEDE, [(slot,) for slot in slots])
        last = {row.slot: row for row in self._put if row.slot}
        await link.later(
            queries.PUT,
            [out_row(row, old=bool(row.slot) and last[row.slot] is not row) for row in self._put],
        )
        links = [(t, row.message.id) for row in self._put for t in dict.fromkeys(row.ticket_ids)]
        await link.later(queries.LINK, links)
        for staged in (
            self._put, self._sent, self._retry, self._postponed, self._held, self._buried,
        ):  # fmt: skip
            staged.clear()


def _first(row: Sequence[Any]) -> int:
    return int(row[0])
