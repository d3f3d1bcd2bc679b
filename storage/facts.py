"""What statistics read: which tickets matter to a period, and the facts of many tickets.

Nothing is counted here and nothing written; facts are kept by ticket_facts.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

from sqlalchemy import bindparam, func, select, union

from routing.fact import Fact, unpack
from routing.facts import Step, fold, seen_at
from routing.states import Action
from routing.ticket import ALIVE, State
from storage.columns import Big
from storage.engine import Link
from storage.statement import Statement, among, word
from storage.tables import ticket, ticket_event, ticket_fact

_START, _END = bindparam("start", type_=Big), bindparam("end_", type_=Big)
_BEGUN = ticket.c.created_at < _END
_MOVED = select(ticket_fact.c.ticket_id).where(
    ticket_fact.c.created_at < _END, ticket_fact.c.moved_at >= _START
)
"""One short pass over the facts: there are seven times as many events."""
_HERE = ticket.alias()
_OPEN = select(_HERE.c.id).where(
    _HERE.c.state.in_([word(state.value) for state in sorted(ALIVE)]),
    _HERE.c.state != word(State.RESOLVED.value),
)
_RELEVANT = Statement(
    union(
        _MOVED,
        select(ticket.c.id).where(_BEGUN, ticket.c.due_at >= _START, ticket.c.due_at < _END),
        select(ticket.c.id).where(_BEGUN, ticket.c.id.in_(_OPEN)),
    ).order_by("ticket_id"),
    "start", "end_",
)  # fmt: skip
_STEPS = Statement(
    select(
        ticket_event.c.ticket_id, ticket_event.c.action, ticket_event.c.by, ticket_event.c.at,
        ticket_event.c.changes,
    )
    .where(among(ticket_event.c.ticket_id, "ids"), ticket_event.c.at < _END)
    .order_by(ticket_event.c.ticket_id, ticket_event.c.seq),
    "ids", "end_",
)  # fmt: skip
_KEPT = Statement(
    select(ticket_fact.c.ticket_id, ticket_fact.c.data).where(
        among(ticket_fact.c.ticket_id, "ids"), ticket_fact.c.moved_at < _END
    ),
    "ids", "end_",
)  # fmt: skip
_UNHAPPY = Statement(
    select(ticket_event.c.ticket_id, ticket_event.c.note).where(
        ticket_event.c.at >= _START, ticket_event.c.at < _END,
        ticket_event.c.action.in_([word(Action.DISSATISFY.value), word(Action.REOPEN.value)]),
    ),
    "start", "end_",
)  # fmt: skip
_BY_NUMBER = Statement(
    select(ticket.c.id).where(
        ticket.c.group_id == bindparam("grp"), ticket.c.number == bindparam("num")
    ),
    "grp", "num",
)  # fmt: skip
_SPAN = Statement(select(func.min(ticket.c.created_at), func.max(ticket.c.created_at)))


class Facts:
    """Reads for statistics within one transaction; staged writes are not seen."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def relevant(self, start: int, end: int) -> list[int]:
        """Ids, ascending, of every ticket that the figures of start ≤ at < end (µs) may need.

        Created before the end, and moved since the start, due in between, or open now: whoever
        was open or due then and is not named by one of these three does not exist. Who only
        waits for a verdict and has not moved counts nowhere. (The whole list of states is what
        the index knows.)"""
        return [row[0] for row in await self._link.rows(_RELEVANT, start, end)]

    async def known(self, ids: Sequence[int], end: int) -> Iterator[Fact]:
        """The fact of each ticket that exists before `end` (µs), as it looked then; any order.

        Who has not moved since is read as kept, the others from their events."""
        rows = await self._link.rows(_KEPT, list(ids), end)
        rest = sorted(set(ids).difference([row[0] for row in rows]))
        moved = await self.steps(rest, end) if rest else iter(())
        kept = (seen_at(unpack(number, text), end) for number, text in rows)
        return chain(kept, (fold(number, steps, end) for number, steps in moved))

    async def steps(self, ids: Sequence[int], end: int) -> Iterator[tuple[int, Iterator[Step]]]:
        """The history of each ticket before `end` (µs), as bare steps in order; one query."""
        rows: Sequence[Step] = await self._link.rows(_STEPS, list(ids), end)
        return groupby(rows, itemgetter(0))

    async def unhappy(self, start: int, end: int) -> Sequence[tuple[int, str]]:
        """(ticket id, what was said) of every 不满意 and 没修好 of start ≤ at < end (µs)."""
        found: Sequence[tuple[int, str]] = await self._link.rows(_UNHAPPY, start, end)
        return found

    async def id_of(self, group: str, number: int) -> int:
        """The id of the ticket that a group calls by this number, 0 if there is none."""
        found = await self._link.rows(_BY_NUMBER, group, number)
        return int(found[0][0]) if found else 0

    async def span(self) -> tuple[int, int] | None:
        """When the first and the last ticket were opened (µs), None without any."""
        first, last = (await self._link.rows(_SPAN))[0]
        return None if first is None else (first, last)
