"""The closing law 三不销号: not solved, not satisfied, not dissolved: not closed.

The only two ways into 已销号 are `rate` by a reporter who had no hand in it, and `sign_exception`
by a second person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from routing import joint
from routing.roster import Role
from routing.ticket import Action, IllegalTransition, Result, State, Ticket, TicketEvent, Verdict

SETTLED = frozenset({Result.SOLVED, Result.PARTIAL, Result.EXPLAINED})
"""Results that a reporter's word alone can close; the others also need the second person."""

LEVELS = (
    (Role.COMMUNITY, Role.SECRETARY),
    (Role.STREET, Role.SUPERVISOR),
    (Role.DISTRICT,),
)
SIGNERS = tuple(role for level in LEVELS for role in level)
"""Roles that may sign a documented exception, nearest first."""


class ClosingRefused(Exception):
    """The law forbids this step; `why` is one of the constants below."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


NOT_A_VOICE = "not_a_voice"
NEEDS_REASON = "needs_reason"
SAME_PERSON = "same_person"
UNITS_OPEN = "units_open"


def finish(
    ticket: Ticket, result: Result, by: str, at: datetime, *, text: str, **meta: Any
) -> tuple[Ticket, TicketEvent]:
    """办结 with a result and the words that go back to the residents; a claim, not yet closing.

    A joint case is finished only when every unit has done its part.
    Raises ClosingRefused(NEEDS_REASON | UNITS_OPEN), IllegalTransition."""
    if not text.strip():
        raise ClosingRefused(NEEDS_REASON)
    if joint.unfinished(ticket.shares):
        raise ClosingRefused(UNITS_OPEN)
    return ticket.enter(
        State.RESOLVED, Action.RESOLVE, by, at, note=text, result=result, result_text=text,
        resolved_by=by, resolved_at=at, verdict=Verdict.NONE, **meta,
    )  # fmt: skip


def rate(
    ticket: Ticket,
    verdict: Verdict,
    by: str,
    at: datetime,
    *,
    reason: str = "",
    accounts: Collection[str] = (),
    **meta: Any,
) -> tuple[Ticket, TicketEvent]:
    """Record a verdict of the reporter or a supporter on a finished ticket.

    不满意 (reason required) sends it back to work. 满意 and 一般 take back the speaker's own
    unhappiness; spoken by the reporter they close the ticket if nobody else is unhappy, the
    result is settled, a dispute is dissolved, and it is no verdict on the speaker's own work
    (see `own_work`). Otherwise it stays 已办结待评价. accounts: the speaker's other accounts.
    Raises ClosingRefused(NOT_A_VOICE | NEEDS_REASON), IllegalTransition; ValueError for 未评价,
    which nobody can say."""
    if not by or by not in ticket.voices:
        raise ClosingRefused(NOT_A_VOICE)
    if verdict is Verdict.DISSATISFIED:
        return send_back(ticket, Action.DISSATISFY, by, at, reason=reason, **meta)
    if verdict not in _ACCEPTING:
        raise ValueError(f"{verdict.name}: nobody can say silence; use lapse")
    unhappy = tuple(p for p in ticket.unhappy if p != by)
    changes: dict[str, Any] = {"unhappy": unhappy}
    if by == ticket.reporter:
        changes["verdict"] = verdict
    judges_itself = own_work(ticket, by, accounts)
    closes = by == ticket.reporter and not judges_itself and _closable(ticket, unhappy)
    if closes:
        changes["closed_at"] = at
    state = State.CLOSED if closes else ticket.state
    return ticket.enter(state, _ACCEPTING[verdict], by, at, note=reason, **changes, **meta)


_ACCEPTING = {Verdict.SATISFIED: Action.SATISFY, Verdict.PARTLY: Action.PARTLY}


def _closable(ticket: Ticket, unhappy: tuple[str, ...]) -> bool:
    if unhappy or ticket.result not in SETTLED:
        return False
    return ticket.result is Result.SOLVED if ticket.dispute else True


def own_work(ticket: Ticket, by: str, accounts: Collection[str] = ()) -> bool:
    """Whether this person has confirmed, handled or put off the ticket, by any account."""
    touched = {ticket.handler, ticket.resolved_by, *ticket.hands} - {""}
    return not touched.isdisjoint({by, *accounts})


def send_back(
    ticket: Ticket, action: Action, by: str, at: datetime, *, reason: str, **meta: Any
) -> tuple[Ticket, TicketEvent]:
    """Back to work by 不满意 (DISSATISFY) or 没修好 (REOPEN) of a voice; a reason is required.

    Raises ClosingRefused(NOT_A_VOICE | NEEDS_REASON), IllegalTransition."""
    if not by or by not in ticket.voices:
        raise ClosingRefused(NOT_A_VOICE)
    if not reason.strip():
        raise ClosingRefused(NEEDS_REASON)
    unhappy = (*(p for p in ticket.unhappy if p != by), by)
    changes: dict[str, Any] = {"unhappy": unhappy, "closed_at": None}
    if by == ticket.reporter:
        changes["verdict"] = Verdict.DISSATISFIED
    changes["reopened"] = ticket.reopened + 1
    if ticket.shares:
        changes["shares"] = joint.again(ticket.shares)
    return ticket.enter(State.IN_PROGRESS, action, by, at, note=reason, **changes, **meta)


def take_back(
    ticket: Ticket, by: str, at: datetime, *, reason: str, **meta: Any
) -> tuple[Ticket, TicketEvent]:
    """A finish that was claimed by mistake, or found not to be one: back to work, as if it had
    not been claimed. Raises ClosingRefused(NEEDS_REASON), IllegalTransition."""
    if not reason.strip():
        raise ClosingRefused(NEEDS_REASON)
    if ticket.state is not State.RESOLVED:
        raise IllegalTransition(ticket.state, Action.REOPEN)
    changes: dict[str, Any] = {"verdict": Verdict.NONE, "reopened": ticket.reopened + 1}
    if ticket.shares:
        changes["shares"] = joint.again(ticket.shares)
    return ticket.enter(State.IN_PROGRESS, Action.REOPEN, by, at, note=reason, **changes, **meta)


def lapse(ticket: Ticket, at: datetime, **meta: Any) -> tuple[Ticket, TicketEvent]:
    """Silence after the reminder: 未评价. It is not satisfaction and closes nothing.

    A verdict that the reporter has given since the finish stays."""
    silent = ticket.verdict is Verdict.NONE
    verdict = Verdict.UNRATED if silent else ticket.verdict
    return ticket.enter(State.RESOLVED, Action.LAPSE, "", at, verdict=verdict, **meta)


def sign_exception(
    ticket: Ticket,
    by: str,
    at: datetime,
    *,
    reason: str,
    accounts: Collection[str] = (),
    **meta: Any,
) -> tuple[Ticket, TicketEvent]:
    """Close by a documented exception of a second person: never its handler and no voice of it.

    accounts: the signer's other accounts.
    Raises ClosingRefused(SAME_PERSON | NEEDS_REASON), IllegalTransition."""
    a_voice = not {by, *accounts}.isdisjoint(ticket.voices)
    if not by or a_voice or own_work(ticket, by, accounts):
        raise ClosingRefused(SAME_PERSON)
    if not reason.strip():
        raise ClosingRefused(NEEDS_REASON)
    return ticket.enter(State.CLOSED, Action.EXCEPT, by, at, note=reason, closed_at=at, **meta)
