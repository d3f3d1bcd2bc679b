"""The ticket: its states, the one transition table, and its append-only, hash-chained events.

Who is allowed to act by role, what is said and when it is due are decided elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a ticket stands; `label` is what people read."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.REPORTED: "待确认",
    State.CONFIRMED: "已立案",
    State.DISPATCHED: "已派遣",
    State.IN_PROGRESS: "处置中",
    State.SUSPENDED: "挂账",
    State.RESOLVED: "已办结待评价",
    State.CLOSED: "已销号",
    State.REJECTED: "不予受理",
    State.MERGED: "已并案",
    State.WITHDRAWN: "已撤回",
}

OPEN = frozenset(
    {State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS, State.SUSPENDED}
)
"""Not yet finished: the deadline runs (or is paused) and the leader owes an answer."""

ALIVE = OPEN | {State.RESOLVED}
"""Open or waiting for the resident's verdict."""


class Result(StrEnum):
    """How a ticket was finished; a claim until the reporter has spoken."""

    SOLVED = "solved"
    PARTIAL = "partial"
    EXPLAINED = "explained"
    UNABLE = "unable"
    EXTERNAL = "external"

    @property
    def label(self) -> str:
        return _RESULT_LABELS[self]


_RESULT_LABELS = {
    Result.SOLVED: "已解决",
    Result.PARTIAL: "部分解决",
    Result.EXPLAINED: "解释说明",
    Result.UNABLE: "无法解决",
    Result.EXTERNAL: "转外部",
}


class Verdict(StrEnum):
    """What the reporter said about the result; UNRATED is silence, never satisfaction."""

    NONE = ""
    SATISFIED = "满意"
    PARTLY = "一般"
    DISSATISFIED = "不满意"
    UNRATED = "未评价"


class Action(StrEnum):
    """Everything that can happen to a ticket; each one leaves an event."""

    REPORT = "report"
    CONFIRM = "confirm"
    REJECT = "reject"
    RECLASSIFY = "reclassify"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    PROGRESS = "progress"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESOLVE = "resolve"
    RETURN = "return"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"
    SATISFY = "satisfy"
    PARTLY = "partly"
    DISSATISFY = "dissatisfy"
    LAPSE = "lapse"
    EXCEPT = "except"
    REOPEN = "reopen"
    SUPPORT = "support"
    ATTACH = "attach"
    URGE = "urge"

    @property
    def label(self) -> str:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.REPORT: "上报",
    Action.CONFIRM: "立案",
    Action.REJECT: "不予受理",
    Action.RECLASSIFY: "改类",
    Action.DISPATCH: "派遣",
    Action.ACCEPT: "签收",
    Action.PROGRESS: "进展",
    Action.EXTEND: "延期",
    Action.SUSPEND: "挂账",
    Action.RESUME: "恢复",
    Action.RESOLVE: "办结",
    Action.RETURN: "退单",
    Action.MERGE: "并案",
    Action.UNMERGE: "撤销并案",
    Action.WITHDRAW: "撤回",
    Action.SATISFY: "满意",
    Action.PARTLY: "一般",
    Action.DISSATISFY: "不满意",
    Action.LAPSE: "未评价",
    Action.EXCEPT: "特殊销号",
    Action.REOPEN: "重开",
    Action.SUPPORT: "附和",
    Action.ATTACH: "补充",
    Action.URGE: "催办",
}

_HANDLING = frozenset({Action.ACCEPT, Action.PROGRESS, Action.RESOLVE})
_WORKING = (State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS)


def _table() -> dict[tuple[State, Action], State]:
    rows: dict[tuple[State, Action], State] = {}

    def allow(action: Action, origins: Iterable[State], target: State | None = None) -> None:
        rows.update({(origin, action): target or origin for origin in origins})

    allow(Action.CONFIRM, [State.REPORTED, State.REJECTED], State.CONFIRMED)
    allow(Action.REJECT, [State.REPORTED, State.CONFIRMED], State.REJECTED)
    allow(Action.RECLASSIFY, [State.REPORTED, *_WORKING, State.SUSPENDED])
    allow(Action.DISPATCH, [State.REPORTED, *_WORKING], State.DISPATCHED)
    allow(Action.ACCEPT, [State.REPORTED, *_WORKING], State.IN_PROGRESS)
    allow(Action.PROGRESS, [State.REPORTED, *_WORKING], State.IN_PROGRESS)
    allow(Action.PROGRESS, [State.SUSPENDED])
    allow(Action.EXTEND, _WORKING)
    allow(Action.SUSPEND, _WORKING, State.SUSPENDED)
    allow(Action.RESUME, [State.SUSPENDED], State.IN_PROGRESS)
    allow(Action.RESOLVE, OPEN, State.RESOLVED)
    allow(Action.RETURN, [State.DISPATCHED, State.IN_PROGRESS], State.CONFIRMED)
    allow(Action.MERGE, [State.REPORTED, *_WORKING], State.MERGED)
    allow(Action.UNMERGE, [State.MERGED], State.CONFIRMED)
    allow(Action.WITHDRAW, OPEN, State.WITHDRAWN)
    allow(Action.SATISFY, [State.RESOLVED], State.CLOSED)
    allow(Action.PARTLY, [State.RESOLVED], State.CLOSED)
    allow(Action.DISSATISFY, [State.RESOLVED], State.IN_PROGRESS)
    allow(Action.LAPSE, [State.RESOLVED])
    allow(Action.EXCEPT, [State.RESOLVED], State.CLOSED)
    allow(Action.REOPEN, [State.RESOLVED, State.CLOSED], State.IN_PROGRESS)
    allow(Action.SUPPORT, [*ALIVE, State.CLOSED])
    allow(Action.ATTACH, [*ALIVE, State.CLOSED])
    allow(Action.URGE, OPEN)
    return rows


TRANSITIONS: dict[tuple[State, Action], State] = _table()
"""Every legal move. A verdict's target is CLOSED only where the closing law agrees (closing.py)."""


class IllegalTransition(Exception):
    """The move is not in the table; names the state, the action and what would be allowed."""

    def __init__(self, state: State, action: Action) -> None:
        self.state, self.action = state, action
        self.allowed = tuple(a for a in Action if (state, a) in TRANSITIONS)
        names = "、".join(a.label for a in self.allowed) or "无"
        super().__init__(f"{state.label}时不能{action.label}；可以：{names}")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter. People are account references ("<channel>:<user>"), times are aware UTC.

    number: short, per group. code: 小类. unit: department id now responsible. handler: who took it.
    hands: everyone who ever handled it.
    supporters: those who said "me too". unhappy: who said 不满意 and has not taken it back.
    parent: the ticket it was merged into; recurs: an earlier ticket it repeats."""

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
        state: State | None = None,
        **changes: Any,
    ) -> tuple[Ticket, TicketEvent]:
        """Take one legal move and return the new ticket with the event that records it.

        `state` overrides the table's target for moves whose outcome the closing law decides.
        `changes` are ticket fields; unknown names raise TypeError. Raises IllegalTransition."""
        target = TRANSITIONS.get((self.state, action))
        if target is None:
            raise IllegalTransition(self.state, action)
        changes["state"] = state or target
        if action in _HANDLING:
            people = (*self.hands, by, changes.get("handler", ""))
            changes["hands"] = tuple(dict.fromkeys(p for p in people if p))
        return _record(self, action, by, at, event_id, note, message_id, changes)


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
    """The first event of a ticket: 上报 by its reporter at its creation time."""
    values = {f.name: getattr(first, f.name) for f in fields(first) if f.name != "hash"}
    blank = replace(first, version=0, hash="")
    return _record(
        blank, Action.REPORT, first.reporter, first.created_at, event_id, note, message_id, values
    )


def replay(events: Iterable[TicketEvent]) -> Ticket:
    """Rebuild a ticket from its events in order. Raises ValueError on a broken chain."""
    ticket: Ticket | None = None
    for event in events:
        before = ticket.hash if ticket else ""
        if event.hash != _digest(before, event):
            raise ValueError(f"ticket {event.ticket_id}: event {event.seq} breaks the hash chain")
        changes = {k: revive(k, v) for k, v in event.changes.items()}
        ticket = replace(ticket, **changes) if ticket else Ticket(**changes)
        ticket = replace(ticket, version=event.seq, hash=event.hash)
    if ticket is None:
        raise ValueError("no events to rebuild a ticket from")
    return ticket


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
    changes.pop("version", None)
    event = TicketEvent(
        event_id, ticket.id, seq, action, by, at, note, message_id,
        {k: plain(v) for k, v in changes.items()}, "",
    )  # fmt: skip
    event = replace(event, hash=_digest(ticket.hash, event))
    return replace(ticket, **changes, version=seq, hash=event.hash), event


def _digest(before: str, event: TicketEvent) -> str:
    body = [
        before, event.ticket_id, event.seq, event.action.value, event.by, event.at.isoformat(),
        event.note, event.message_id, event.changes,
    ]  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=list)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_TIMES = frozenset({"created_at", "due_at", "resolved_at", "closed_at"})
_TUPLES = frozenset({"hands", "supporters", "unhappy", "images"})


def plain(value: Any) -> Any:
    """A ticket field as JSON carries it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def revive(name: str, value: Any) -> Any:
    """A ticket field back from JSON; the inverse of `plain` for the field called `name`."""
    if name in _TIMES:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    if name in _TUPLES:
        return tuple(value)
    if name == "state":
        return State(value)
    if name == "verdict":
        return Verdict(value)
    if name == "result":
        return Result(value) if value else None
    return value
