"""The fact of a ticket beside it, one event further with every event: so statistics read one short
row a ticket and not its whole history.

How a fact follows from events is routing/facts.py; whoever reads them is facts.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from routing.fact import Fact, pack, unpack
from routing.facts import Step, advance

FACT_COLUMNS = ("ticket_id", "created_at", "moved_at", "data")
_step = itemgetter(1, 3, 4, 5, 8)
_ticket = itemgetter(1)
Row = tuple[int, int, int, str]
"""The values of FACT_COLUMNS; moved_at is the time of the latest event."""


def fact_rows(events: Iterable[Sequence[Any]], before: Mapping[int, str | None]) -> list[Row]:
    """What the rows of events, each ticket's in order, make of the facts that were kept before.

    before: of every ticket that is not new. Nothing comes of one whose fact was lost: half a
    fact would be worse than none, which is read from the events."""
    by_ticket = groupby(sorted(events, key=_ticket), _ticket)
    known = ((n, own) for n, own in by_ticket if before.get(n, "") is not None)
    return [_moved(number, before.get(number), own) for number, own in known]


def _moved(number: int, text: str | None, events: Iterable[Sequence[Any]]) -> Row:
    fact, last = unpack(number, text) if text else Fact(number), 0
    for event in events:
        step: Step = _step(event)
        fact, last = advance(fact, step), max(last, step[3])
    return number, fact.created, last, pack(fact)
