"""Every ticket beside what its events make of it: differences told, rows put right on request.

What a replay is says routing/ticket.py; events are never changed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select, update

from routing.ticket import replay
from storage.columns import Big
from storage.engine import Link
from storage.statement import Statement, among
from storage.tables import ticket, ticket_event
from storage.ticket_rows import (
    EVENT_COLUMNS,
    TICKET_COLUMNS,
    event_of,
    made_of,
    ticket_of,
    ticket_row,
)

_IDS = Statement(select(ticket.c.id).order_by(ticket.c.id))
_ROWS = Statement(
    select(*(ticket.c[name] for name in TICKET_COLUMNS))
    .where(among(ticket.c.id, "ids"))
    .order_by(ticket.c.id),
    "ids",
)
_EVENTS = Statement(
    select(*(ticket_event.c[name] for name in EVENT_COLUMNS))
    .where(
        ticket_event.c.ticket_id >= bindparam("low", type_=Big),
        ticket_event.c.ticket_id <= bindparam("high", type_=Big),
    )
    .order_by(ticket_event.c.ticket_id, ticket_event.c.seq),
    "low", "high",
)  # fmt: skip
_PUT_RIGHT = Statement(
    update(ticket)
    .where(ticket.c.id == bindparam("id_"))
    .values({name: bindparam(f"new_{name}") for name in TICKET_COLUMNS if name != "id"}),
    "id_", *(f"new_{name}" for name in TICKET_COLUMNS if name != "id"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A ticket whose row is not what its events say. fields: the columns that differ; () if the
    events themselves are broken, which `why` explains and nobody can repair."""

    ticket_id: int
    group: str
    number: int
    fields: tuple[str, ...]
    why: str = ""
    right: tuple[Any, ...] = ()


class Replays:
    """Comparing and repairing, within one transaction."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def ids(self) -> list[int]:
        """Every ticket, ascending."""
        return [row[0] for row in await self._link.rows(_IDS)]

    async def differences(self, ids: Sequence[int]) -> list[Difference]:
        """What is wrong among these tickets, which must be ascending and without gaps."""
        if not ids:
            return []
        events = await self._link.rows(_EVENTS, ids[0], ids[-1])
        histories = {number: list(own) for number, own in groupby(events, itemgetter(1))}
        rows = await self._link.rows(_ROWS, list(ids))
        pairs = ((row, histories.get(row[0], [])) for row in rows)
        found = (self._compare(row, own) for row, own in pairs if not made_of(row, own))
        return [one for one in found if one is not None]

    def _compare(self, row: Sequence[Any], events: Iterable[Sequence[Any]]) -> Difference | None:
        try:
            right = tuple(self._link.plain(ticket_row(replay(map(event_of, events)))))
        except (ValueError, TypeError, KeyError) as error:
            return Difference(row[0], row[1], row[2], (), str(error))
        stored = tuple(row)
        if stored == right or (stored := _tidy(stored)) == right:
            return None
        pairs = zip(TICKET_COLUMNS, stored, right, strict=True)
        fields = tuple(name for name, is_, should in pairs if is_ != should)
        return Difference(row[0], row[1], row[2], fields, right=right)

    async def repair(self, differences: Iterable[Difference]) -> int:
        """Write the rows as their events say; how many. Broken histories are left alone."""
        rows = [one.right for one in differences if one.fields]
        await self._link.many(_PUT_RIGHT, rows)
        return len(rows)


def _tidy(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its lists and flags written as we write them; as it is if it makes no sense."""
    try:
        return ticket_row(ticket_of(row))
    except (ValueError, TypeError):
        return row
