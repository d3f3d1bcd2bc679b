"""The ticket and its append-only, hash-chained events.

Who is allowed to act by role, what is said and when it is due are decided elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from json.encoder import encode_basestring as _text
from operator import attrgetter
from typing import Any

from routing.joint import Share, Shares, share_row
from routing.joint import revive as revive_shares
from routing.states import (
    ALIVE,
    BY_LAW,
    HANDLING,
    OPEN,
    TRANSITIONS,
    Action,
    IllegalTransition,
    Result,
    State,
    Verdict,
)

__all__ = [
    "ALIVE", "BY_LAW", "OPEN", "TRANSITIONS", "Action", "IllegalTransition", "Result", "State",
    "Ticket", "TicketEvent", "Verdict", "open_ticket", "plain", "replay", "revive",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter. People are account references ("<channel>:<user>"), times are aware UTC.

    number: short, per group. code: 小类. unit: department id now responsible. handler: who took it.
    hands: everyone who ever confirmed it, worked on it, moved its deadline, or was its handler.
    supporters: those who said "me too". unhappy: who said 不满意 and has not taken it back.
    shares: the units of a joint case. holding: the unit that stays responsible until the present
    one accepts (首接负责). crowd: how many people the reporter speaks for, 0 unknown. runs_from:
    from when the present deadline counts. extended: the span of each 延期 since it was reported or
    came back. parent: the ticket it was merged into; recurs: an earlier ticket it repeats."""

    id: int
    group: str
    number: int
    grid: str
    code: str
    text: str
    reporter: str
    created_at: datetime
    state: State = State.REPORTED
    nature: str = ""
    urgent: bool = False
    private: bool = False
    place: str = ""
    place_normal: str = ""
    source: str = ""
    origin: str = ""
    unit: str = ""
    handler: str = ""
    due_at: datetime | None = None
    result: Result | None = None
    result_text: str = ""
    resolved_by: str = ""
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    verdict: Verdict = Verdict.NONE
    hands: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    unhappy: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    parent: int = 0
    recurs: int = 0
    reopened: int = 0
    version: int = 1
    hash: str = ""
    shares: Shares = ()
    holding: str = ""
    crowd: int = 0
    runs_from: datetime | None = None
    extended: tuple[str, ...] = ()

    @property
    def voices(self) -> tuple[str, ...]:
        """Everyone whose word counts on the result: the reporter first, then the supporters."""
        return (self.reporter, *(s for s in self.supporters if s != self.reporter))

    @property
    def dispute(self) -> bool:
        """Disputes (大类 09) are closed only once dissolved."""
        return self.code.startswith("09")

    def move(
        self,
        action: Action,
        by: str,
        at: datetime,
        *,
        event_id: int,
        note: str = "",
        message_id: int = 0,
        **changes: Any,
    ) -> tuple[Ticket, TicketEvent]:
        """Take one legal move and return the new ticket with the event that records it.

        `changes` are ticket fields; unknown names raise TypeError. Raises IllegalTransition, and
        ValueError for a result, a verdict or a closing: those are the law's (closing.py)."""
        target = TRANSITIONS.get((self.state, action))
        if target is not None and action in BY_LAW:
            raise ValueError(f"{action.label} #{self.number}: go through routing.closing")
        return self.enter(
            target or self.state, action, by, at,
            event_id=event_id, note=note, message_id=message_id, **changes,
        )  # fmt: skip

    def enter(
        self,
        state: State,
        action: Action,
        by: str,
        at: datetime,
        *,
        event_id: int,
        note: str = "",
        message_id: int = 0,
        **changes: Any,
    ) -> tuple[Ticket, TicketEvent]:
        """Record a move that the closing law has decided on; for closing.py.

        `state` is the table's target or, where the law says not yet, the present one."""
        target = TRANSITIONS.get((self.state, action))
        if target is None or state not in {target, self.state}:
            raise IllegalTransition(self.state, action)
        if fixed := _FIXED & changes.keys():
            raise TypeError(f"{', '.join(sorted(fixed))}: set by the move itself")
        changes["state"] = state
        people = (*self.hands, by if action in HANDLING else "", changes.get("handler", ""))
        hands = tuple(dict.fromkeys(p for p in people if p))
        if hands != self.hands:
            changes["hands"] = hands
        return _record(self, action, by, at, event_id, note, message_id, changes)


_MADE = frozenset({"version", "hash"})
_FIXED = _MADE | {"id", "group", "number", "hands", "state"}


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One move: who, what, when, why, from which message; `changes` are the fields it set.

    hash = sha256(previous event's hash + canonical JSON of this one), so that nothing can be
    altered or left out unnoticed."""

    id: int
    ticket_id: int
    seq: int
    action: Action
    by: str
    at: datetime
    note: str
    message_id: int
    changes: Mapping[str, Any]
    hash: str


def open_ticket(
    first: Ticket, *, event_id: int, note: str = "", message_id: int = 0
) -> tuple[Ticket, TicketEvent]:
    """The first event of a ticket: 上报 by its reporter at its creation time.

    ValueError for a ticket that already stands elsewhere than 待确认."""
    if first.state is not State.REPORTED:
        raise ValueError(f"a ticket begins as {State.REPORTED.label}, not {first.state.label}")
    values = {f.name: getattr(first, f.name) for f in fields(first) if f.name not in _MADE}
    blank = replace(first, version=0, hash="")
    return _record(
        blank, Action.REPORT, first.reporter, first.created_at, event_id, note, message_id, values
    )


def replay(events: Iterable[TicketEvent]) -> Ticket:
    """Rebuild a ticket from its events in order. Raises ValueError on a broken chain."""
    values: dict[str, Any] = {}
    before, seq = "", 0
    for event in events:
        if event.hash != _digest(before, event):
            raise ValueError(f"ticket {event.ticket_id}: event {event.seq} breaks the hash chain")
        values.update(event.changes)
        before, seq = event.hash, event.seq
    if not before:
        raise ValueError("no events to rebuild a ticket from")
    revived = {name: revive(name, value) for name, value in values.items()}
    return Ticket(**{**revived, "version": seq, "hash": before})


def _record(
    ticket: Ticket,
    action: Action,
    by: str,
    at: datetime,
    event_id: int,
    note: str,
    message_id: int,
    changes: dict[str, Any],
) -> tuple[Ticket, TicketEvent]:
    seq = ticket.version + 1
    said = {name: plain(value) for name, value in changes.items()}
    values = (event_id, ticket.id, seq, action, by, at, note, message_id, said)
    changes["version"], changes["hash"] = seq, digest(ticket.hash, *values)
    return _changed(ticket, changes), TicketEvent(*values, changes["hash"])


def _changed(ticket: Ticket, changes: Mapping[str, Any]) -> Ticket:
    """As dataclasses.replace, at a third of its time: every move of every ticket is one."""
    values = list(_values(ticket))
    for name, value in changes.items():
        if name not in _PLACES:
            raise TypeError(f"a ticket has no field {name!r}")
        values[_PLACES[name]] = value
    return Ticket(*values)


_values = attrgetter(*(field.name for field in fields(Ticket)))
_PLACES = {field.name: place for place, field in enumerate(fields(Ticket))}


def digest(
    before: str,
    event_id: int,
    ticket_id: int,
    seq: int,
    action: str,
    by: str,
    at: datetime,
    note: str,
    message_id: int,
    changes: Mapping[str, Any] | str,
) -> str:
    """The hash of an event after the one whose hash is `before`; `changes` may be given as the
    text of `canonical`, which saves writing it again."""
    said = changes if isinstance(changes, str) else canonical(changes)
    body = (
        f"[{_text(before)},{event_id},{ticket_id},{seq},{_text(action)},{_text(by)},"
        f"{_text(at.isoformat())},{_text(note)},{message_id},{said}]"
    )
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(before: str, event: TicketEvent) -> str:
    return digest(
        before, event.id, event.ticket_id, event.seq, event.action, event.by, event.at,
        event.note, event.message_id, event.changes,
    )  # fmt: skip


canonical = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=list
).encode
"""JSON text of the one form that is hashed."""
_PLAIN = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """A ticket field as JSON carries it."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [share_row(v) if isinstance(v, Share) else v for v in value]
    return value


def revive(name: str, value: Any) -> Any:
    """A ticket field back from JSON; the inverse of `plain` for the field called `name`."""
    made = _REVIVED.get(name)
    return value if made is None or value is None else made(value)


_REVIVED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("created_at", "due_at", "resolved_at", "closed_at", "runs_from"),
                    datetime.fromisoformat),
    **dict.fromkeys(("hands", "supporters", "unhappy", "images", "extended"), tuple),
    "shares": revive_shares, "state": State, "verdict": Verdict, "result": Result,
}  # fmt: skip
