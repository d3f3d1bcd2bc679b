"""Every ticket beside what its events make of it: differences told, rows put right on request.

What a replay is says routing/ticket.py; events are never changed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select, update

from routing.ticket import replay
from storage.columns import Big
from storage.engine import Link
from storage.statement import Statement, among
from storage.tables import ticket, ticket_event, ticket_fact
from storage.ticket_facts import FACT_COLUMNS, Row, fact_rows
from storage.ticket_queries import KEEP_FACT
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
_FACTS = Statement(
    select(*(ticket_fact.c[name] for name in FACT_COLUMNS)).where(
        among(ticket_fact.c.ticket_id, "ids")
    ),
    "ids",
)
_PUT_RIGHT = Statement(
    update(ticket)
    .where(ticket.c.id == bindparam("id_"))
    .values({name: bindparam(f"new_{name}") for name in TICKET_COLUMNS if name != "id"}),
    "id_", *(f"new_{name}" for name in TICKET_COLUMNS if name != "id"),
)  # fmt: skip

FACT = "fact"


@dataclass(frozen=True, slots=True)
class Difference:
    """A ticket whose row is not what its events say. fields: the columns that differ, FACT for
    the fact beside it; () if the events themselves are broken, which `why` explains and nobody
    can repair."""

    ticket_id: int
    group: str
    number: int
    fields: tuple[str, ...]
    why: str = ""
    right: tuple[Any, ...] = ()
    fact: Row | None = None


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
        facts = {row[0]: tuple(row) for row in await self._link.rows(_FACTS, list(ids))}
        pairs = ((row, histories.get(row[0], []), facts.get(row[0])) for row in rows)
        return [found for pair in pairs if (found := self._differs(*pair))]

    def _differs(
        self, row: Sequence[Any], events: list[Sequence[Any]], kept: tuple[Any, ...] | None
    ) -> Difference | None:
        found = None if made_of(row, events) else self._compare(row, events)
        if found and not found.fields:
            return found
        (fact,) = fact_rows(events, {})
        if fact == kept:
            return found
        found = found or Difference(row[0], row[1], row[2], ())
        return replace(found, fields=(*found.fields, FACT), fact=fact)

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
        wrong = [one for one in differences if one.fields]
        await self._link.many(_PUT_RIGHT, [one.right for one in wrong if one.right])
        await self._link.many(KEEP_FACT, [one.fact for one in wrong if one.fact])
        return len(wrong)


def _tidy(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its lists and flags written as we write them; as it is if it makes no sense."""
    try:
        return ticket_row(ticket_of(row))
    except (ValueError, TypeError):
        return row
