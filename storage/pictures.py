"""Which stored pictures and voices are still named by something that is not over.

The files themselves are bot/media.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, bindparam, literal_column, or_, select, union

from routing.ticket import ALIVE
from storage.columns import micros, to_tuple
from storage.engine import Link
from storage.statement import Statement, word
from storage.tables import inbox, outbox, ticket

_OVER = ("sent", "superseded")


def _some(images: Column[Any]) -> Any:
    return images != literal_column("'[]'")


def _named() -> Any:
    """A merged report is not over while the one that it was merged into is not: 拆开 brings it
    back."""
    alive = [word(state.value) for state in sorted(ALIVE)]
    other = ticket.alias("other")
    lead = select(other.c.id).where(other.c.state.in_(alive))
    going_on = or_(
        ticket.c.state.in_(alive),
        ticket.c.closed_at >= bindparam("before", type_=ticket.c.created_at.type),
        ticket.c.parent.in_(lead),
    )
    return union(
        select(ticket.c.images).where(_some(ticket.c.images), going_on),
        select(inbox.c.images).where(_some(inbox.c.images)),
        select(outbox.c.images).where(
            _some(outbox.c.images), outbox.c.state.not_in([word(state) for state in _OVER])
        ),
    )


_NAMED = Statement(_named(), "before")


class Pictures:
    """References of one transaction; staged rows are not seen."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def named(self, closed_since: datetime) -> set[str]:
        """Of tickets that are not over or were closed since, of messages whose words are still
        kept, and of posts that have not gone out."""
        rows = await self._link.rows(_NAMED, micros(closed_since))
        return {reference for row in rows for reference in to_tuple(row[0])}
