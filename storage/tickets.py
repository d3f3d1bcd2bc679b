"""Tickets and their events: read through one identity map, written with a version check.

What a ticket may do is routing/ticket.py's business; nothing here changes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from routing.ticket import ALIVE, Ticket, TicketEvent, replay
from storage import ticket_queries as queries
from storage.clean import clean
from storage.columns import micros
from storage.engine import Link
from storage.errors import Busy, StorageError
from storage.journal import Journal
from storage.ticket_facts import fact_rows
from storage.ticket_rows import TICKET_COLUMNS, event_of, event_row, ticket_of, ticket_row

_PLACE = TICKET_COLUMNS.index("place_normal")
_LAST = "\U0010ffff"
"""Comes after every letter: the end of what begins with a word."""


def _nowhere(_: str) -> bool:
    return False


class StaleTicket(Busy):
    """The ticket was changed by somebody else since it was read; run the whole work again."""


class Tampered(StorageError):
    """A ticket and its events do not belong together; somebody changed rows behind our back."""


class Tickets:
    """Tickets of one transaction; every read sees what is staged in it."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._stored: dict[int, Ticket] = {}
        self._changed: dict[int, Ticket] = {}
        self._of_group: dict[str, dict[int, None]] = {}
        self._whole: set[str] = set()
        self._top: dict[str, int] = {}
        self._alike: dict[tuple[str, str, str], list[int]] = {}
        self._staged: dict[int, int] = {}
        self._events: list[TicketEvent] = []

    def put(self, ticket: Ticket, event: TicketEvent) -> None:
        """Staged: the ticket as `event` left it.

        The flush raises StaleTicket if the stored version is not the one it was built on.
        ValueError if the two do not belong together or the time is not UTC."""
        if (ticket.id, ticket.version, ticket.hash) != (event.ticket_id, event.seq, event.hash):
            raise ValueError(f"event {event.seq} did not make ticket {ticket.id} what it is")
        if event.at.utcoffset() != timedelta(0):
            raise ValueError(f"event {event.id}: {event.at.isoformat()} is not UTC")
        if (clean(event.by), clean(event.note)) != (event.by, event.note):
            raise ValueError(f"event {event.id}: clean its text first, the hash covers it")
        journal = self._journal
        if ticket.id not in self._staged:
            journal.set(self._staged, ticket.id, event.seq - 1)
        journal.append(self._events, event)
        journal.set(self._changed, ticket.id, ticket)
        self._of_group.setdefault(ticket.group, {})[ticket.id] = None

    async def read_ahead(self, groups: Iterable[str]) -> None:
        """Ask once what `next_number` would ask for each of these groups."""
        new = [group for group in dict.fromkeys(groups) if group not in self._top]
        tops = await self._link.rows(queries.TOPS, new) if new else ()
        self._top.update((group, top or 0) for group, top in tops)

    async def alike(
        self, group: str, code: str, place: str = "", skip: Callable[[str], bool] = _nowhere
    ) -> list[Ticket]:
        """The newest few of one 小类 in the group, by id: those alive, and those ever at `place`,
        the beginning of a normal form, or within it. As quick among ten thousand as among ten.

        skip: of which normal forms no stored ticket is wanted, the same for the same place."""
        key = (group, code, place)
        if key not in self._alike:
            rows = await self._link.rows(queries.ALIKE, group, code, place, place and place + _LAST)
            wanted = [row for row in rows if not skip(row[_PLACE])]
            self._alike[key] = [known.id for known in self._meet(wanted)]
        staged = (t.id for t in self._changed.values() if (t.group, t.code) == (group, code))
        ids = sorted({*self._alike[key], *staged})
        return [t for i in ids if (t := self._known(i)) and t.code == code]

    async def alive_in(self, groups: Iterable[str]) -> list[Ticket]:
        """Open and resolved tickets of the groups, by id; each group is read once."""
        wanted = list(dict.fromkeys(groups))
        new = [group for group in wanted if group not in self._whole]
        if new:
            self._meet(await self._link.rows(queries.ALIVE_IN, new))
            self._whole.update(new)
        found = (t for group in wanted for t in self._here(group) if t.state in ALIVE)
        return sorted(found, key=_id)

    async def joint(self) -> list[Ticket]:
        """The living tickets of all groups that several units share, by id."""
        self._meet(await self._link.rows(queries.JOINT))
        known = {**self._stored, **self._changed}.values()
        return sorted((t for t in known if t.shares and t.state in ALIVE), key=_id)

    async def recent_in(self, group: str, since: datetime) -> list[Ticket]:
        """Tickets of the group in any state, created or closed since, by id."""
        self._meet(await self._link.rows(queries.RECENT_IN, group, micros(since)))
        return sorted(
            (
                t
                for t in self._here(group)
                if t.created_at >= since or (t.closed_at is not None and t.closed_at >= since)
            ),
            key=_id,
        )

    async def closed_in(self, group: str, since: datetime) -> list[Ticket]:
        """Tickets of the group that were closed since, by id."""
        self._meet(await self._link.rows(queries.CLOSED_IN, group, micros(since)))
        found = (t for t in self._here(group) if t.closed_at is not None and t.closed_at >= since)
        return sorted(found, key=_id)

    async def of_voice(
        self, account: str, groups: Iterable[str] | None, limit: int
    ) -> list[Ticket]:
        """What an account reported last, and what it supports in the groups (None: in all),
        alive; by id."""
        wanted = None if groups is None else list(dict.fromkeys(groups))
        await self.of_reporter(account, limit)
        who = f'"{account}"'
        if wanted is None:
            self._meet(await self._link.rows(queries.SUPPORTED_ANYWHERE, who))
        else:
            self._meet(await self._link.rows(queries.SUPPORTED, wanted, who))
        known = {**self._stored, **self._changed}.values()
        here = (t for t in known if wanted is None or t.group in wanted)
        mine = {t.id: t for t in here if t.state in ALIVE and account in t.voices}
        mine |= {t.id: t for t in await self.of_reporter(account, limit)}
        return sorted(mine.values(), key=_id)

    async def by_number(self, group: str, number: int) -> Ticket | None:
        """The ticket that people of the group call by this number."""
        for known in self._here(group):
            if known.number == number:
                return known
        found = self._meet(await self._link.rows(queries.BY_NUMBER, group, number))
        return found[0] if found else None

    async def by_ids(self, ids: Iterable[int]) -> list[Ticket]:
        """Tickets in the order of `ids`; unknown ones are left out."""
        wanted = list(dict.fromkeys(ids))
        new = [number for number in wanted if self._known(number) is None]
        if new:
            self._meet(await self._link.rows(queries.BY_IDS, new))
        return [known for number in wanted if (known := self._known(number))]

    async def of_reporter(self, account: str, limit: int) -> list[Ticket]:
        """What an account reported, newest first."""
        self._meet(await self._link.rows(queries.OF_REPORTER, account, limit))
        own = (t for t in {**self._stored, **self._changed}.values() if t.reporter == account)
        return sorted(own, key=_id, reverse=True)[:limit]

    async def next_number(self, group: str) -> int:
        """One more than the highest number of the group. Two writers may get the same one: the
        second flush raises StaleTicket."""
        if group not in self._top:
            found = await self._link.rows(queries.TOP, group)
            self._top[group] = found[0][0] or 0
        staged = (t.number for t in self._changed.values() if t.group == group)
        return max([self._top[group], *staged]) + 1

    async def events(self, ticket_id: int) -> list[TicketEvent]:
        """The history of a ticket in order; staged seen."""
        stored = [event_of(row) for row in await self._link.rows(queries.EVENTS, ticket_id)]
        return [*stored, *(e for e in self._events if e.ticket_id == ticket_id)]

    async def histories(self, ids: Iterable[int]) -> dict[int, list[TicketEvent]]:
        """The stored histories of many tickets, each in order; one query for all."""
        found: dict[int, list[TicketEvent]] = {}
        for row in await self._link.rows(queries.HISTORIES, list(ids)):
            event = event_of(row)
            found.setdefault(event.ticket_id, []).append(event)
        return found

    async def events_between(
        self, groups: Iterable[str] | None, start: datetime, end: datetime
    ) -> list[TicketEvent]:
        """Stored events with start ≤ at < end, of the groups or of all (None), by id."""
        span = (micros(start), micros(end))
        if groups is None:
            found = await self._link.rows(queries.ALL_EVENTS, *span)
        else:
            found = await self._link.rows(queries.GROUP_EVENTS, *span, list(groups))
        return [event_of(row) for row in found]

    async def verify(self, ticket_id: int) -> None:
        """Check the hash chain of the stored events, and that the row is what they replay to.

        Raises Tampered."""
        rows = await self._link.rows(queries.BY_IDS, [ticket_id])
        stored = [event_of(row) for row in await self._link.rows(queries.EVENTS, ticket_id)]
        try:
            made = ticket_row(replay(stored))
        except (ValueError, TypeError, KeyError) as error:
            raise Tampered(f"ticket {ticket_id}: {error}") from error
        if not rows or list(ticket_row(ticket_of(rows[0]))) != self._link.plain(made):
            raise Tampered(f"ticket {ticket_id}: the row is not what its events made of it")

    async def flush(self) -> None:
        """Write what is staged. Raises StaleTicket."""
        if not self._events:
            return
        base = self._staged
        new = [ticket_row(self._changed[i]) for i in sorted(base) if base[i] == 0]
        moved = [(*ticket_row(self._changed[i]), base[i]) for i in sorted(base) if base[i] > 0]
        events = [event_row(event) for event in self._events]
        await self._link.later(queries.INSERT, new, StaleTicket)
        await self._link.later(queries.UPDATE, moved, StaleTicket)
        kept = await self._check([row[0] for row in moved])
        await self._link.later(queries.INSERT_EVENT, events, StaleTicket)
        await self._link.later(queries.KEEP_FACT, fact_rows(events, kept))
        self._stored.update(self._changed)
        for staged in (self._changed, self._staged, self._events):
            staged.clear()
        self._alike.clear()
        self._top.clear()

    async def _check(self, ids: list[int]) -> dict[int, str | None]:
        """The drivers do not agree on counting updated rows; the hash says it for certain.

        Returns the kept facts, as they were before."""
        rows = (await self._link.rows(queries.HASHES, ids)) if ids else ()
        stored = {row[0]: row[1] for row in rows}
        stale = [number for number in ids if stored.get(number) != self._changed[number].hash]
        if stale:
            raise StaleTicket(f"tickets {stale} were changed by somebody else")
        return {row[0]: row[2] for row in rows}

    def _meet(self, rows: Sequence[Any]) -> list[Ticket]:
        """Take rows into the identity map, where what was read before or is staged wins."""
        met = []
        for row in rows:
            known = self._stored.get(row[0])
            if known is None:
                known = self._stored[row[0]] = ticket_of(row)
                self._of_group.setdefault(known.group, {})[known.id] = None
            met.append(self._changed.get(row[0], known))
        return met

    def _known(self, number: int) -> Ticket | None:
        return self._changed.get(number) or self._stored.get(number)

    def _here(self, group: str) -> list[Ticket]:
        return [known for n in self._of_group.get(group, ()) if (known := self._known(n))]


def _id(one: Ticket) -> int:
    return one.id
