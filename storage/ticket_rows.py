"""How a ticket and its events sit in their rows, column by column.

Statements live in tickets.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from routing import joint
from routing.ticket import (
    Action,
    Result,
    State,
    Ticket,
    TicketEvent,
    Verdict,
    canonical,
    digest,
)
from storage.columns import micros, moment, to_json, to_micros, to_time, to_tuple

_TIMES = frozenset({"created_at", "due_at", "resolved_at", "closed_at", "runs_from"})
_LISTS = frozenset({"hands", "supporters", "unhappy", "images", "extended"})
_FLAGS = frozenset({"urgent", "private"})
_SHORT = 64
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
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TIMES, lambda text: micros(datetime.fromisoformat(text)) if text else None),
    **dict.fromkeys(_LISTS | {"shares"}, to_json),
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


_LATEST = [(place, _FROM_JSON[name]) for place, name in enumerate(_NAMES) if name in _FROM_JSON]
_KNOWN = frozenset(_NAMES)
_scan = json.JSONDecoder().raw_decode


def made_of(row: Sequence[Any], events: Iterable[Sequence[Any]]) -> bool:
    """Whether the rows of events, in order, are an unbroken chain that makes exactly this row.

    Reads their text as it stands, a fraction of the work of `replay`. False says that somebody
    must look closely, not that something is wrong."""
    before = ""
    values: dict[str, Any] = {}
    for number, ticket, seq, action, by, at, note, message, text, own in events:
        if own != digest(before, number, ticket, seq, action, by, moment(at), note, message, text):
            return False
        values.update(_parsed(text) if len(text) < _SHORT else _scan(text)[0])
        before, values["version"] = own, seq
    values["hash"] = before
    if values.keys() != _KNOWN:
        return False
    made = [values[name] for name in _NAMES]
    for place, as_column in _LATEST:
        made[place] = as_column(made[place])
    return made == list(row)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> dict[str, Any]:
    """Most moves change little but the state, and say so in the same few words."""
    found: dict[str, Any] = json.loads(text)
    return found


def event_row(event: TicketEvent) -> tuple[Any, ...]:
    """The values of EVENT_COLUMNS."""
    return (
        event.id, event.ticket_id, event.seq, event.action.value, event.by, micros(event.at),
        event.note, event.message_id, _changes(event), event.hash,
    )  # fmt: skip


def _changes(event: TicketEvent) -> str:
    """The text that was hashed, unless the database cannot hold it."""
    text = canonical(event.changes)
    return text if text.isascii() or _storable(text) else json.dumps(dict(event.changes))


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def event_of(row: Sequence[Any]) -> TicketEvent:
    """The event of a row of EVENT_COLUMNS."""
    return TicketEvent(
        row[0], row[1], row[2], Action(row[3]), row[4], moment(row[5]), row[6], row[7],
        json.loads(row[8]), row[9],
    )  # fmt: skip
