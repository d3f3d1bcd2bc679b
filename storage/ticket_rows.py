"""How a ticket and its events sit in their rows, column by column.

Statements live in tickets.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from routing import joint
from routing.ticket import Action, Result, State, Ticket, TicketEvent, Verdict
from storage.columns import micros, moment, to_json, to_micros, to_time, to_tuple

_TIMES = frozenset({"created_at", "due_at", "resolved_at", "closed_at", "runs_from"})
_LISTS = frozenset({"hands", "supporters", "unhappy", "images"})
_FLAGS = frozenset({"urgent", "private"})
_NAMES = tuple(field.name for field in fields(Ticket))

TICKET_COLUMNS = tuple("group_id" if name == "group" else name for name in _NAMES)
"""The columns of a ticket, in the order of its fields."""
EVENT_COLUMNS = (
    "id", "ticket_id", "seq", "action", "by", "at", "note", "message_id", "changes", "hash",
)  # fmt: skip


def _result(value: str | None) -> Result | None:
    return Result(value) if value else None


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TIMES, to_time),
    **dict.fromkeys(_LISTS, to_tuple),
    **dict.fromkeys(_FLAGS, bool),
    "shares": lambda value: joint.revive(json.loads(value)),
    "state": State,
    "verdict": Verdict,
    "result": _result,
}
_WRITERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TIMES, to_micros),
    **dict.fromkeys(_LISTS, to_json),
    "shares": lambda shares: to_json(joint.plain(shares)),
    "state": str,
    "verdict": str,
    "result": lambda value: None if value is None else str(value),
}
_READ = [(place, _READERS[name]) for place, name in enumerate(_NAMES) if name in _READERS]
_WRITE = [(place, _WRITERS[name]) for place, name in enumerate(_NAMES) if name in _WRITERS]


def ticket_row(ticket: Ticket) -> tuple[Any, ...]:
    """The values of TICKET_COLUMNS."""
    row = [getattr(ticket, name) for name in _NAMES]
    for place, write in _WRITE:
        row[place] = write(row[place])
    return tuple(row)


def ticket_of(row: Sequence[Any]) -> Ticket:
    """The ticket of a row of TICKET_COLUMNS."""
    values = list(row)
    for place, read in _READ:
        values[place] = read(values[place])
    return Ticket(*values)


def event_row(event: TicketEvent) -> tuple[Any, ...]:
    """The values of EVENT_COLUMNS."""
    return (
        event.id, event.ticket_id, event.seq, event.action.value, event.by, micros(event.at),
        event.note, event.message_id, to_json(dict(event.changes)), event.hash,
    )  # fmt: skip


def event_of(row: Sequence[Any]) -> TicketEvent:
    """The event of a row of EVENT_COLUMNS."""
    return TicketEvent(
        row[0], row[1], row[2], Action(row[3]), row[4], moment(row[5]), row[6], row[7],
        json.loads(row[8]), row[9],
    )  # fmt: skip
