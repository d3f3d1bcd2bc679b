"""延期, 挂账 and 恢复: what they do to a deadline, from the ticket's own events.

The commands are handlers/putting_off.py; the ledger itself is routing/segments.py."""

from __future__ import annotations

from datetime import datetime

from bot import escalation
from bot.desk import Desk
from routing.segments import Ledger, ledger_of
from routing.ticket import Ticket


async def ledger(desk: Desk, ticket: Ticket) -> Ledger:
    """When the ticket's clock ran, stood still and was given more time."""
    return ledger_of(await desk.tx.tickets.events(ticket.id))


async def deadline_now(desk: Desk, ticket: Ticket, code: str) -> datetime | None:
    """The deadline that the class of `code` gives; None while the clock stands still."""
    own = await ledger(desk, ticket)
    return own.due(desk.terms(ticket, code).finish, desk.house.calendar)


async def due_after_pause(desk: Desk, ticket: Ticket) -> datetime | None:
    """The deadline after 恢复: what was left when it was suspended, counted from now; one that
    had passed before stays passed."""
    own = (await ledger(desk, ticket)).resumed(desk.now)
    return own.due(desk.terms(ticket).finish, desk.house.calendar)


async def stopped_at(desk: Desk, ticket: Ticket) -> datetime:
    """When the pause that ends now began."""
    pauses = (await ledger(desk, ticket)).pauses
    return pauses[-1][0] if pauses else desk.now


def begun_after_pause(desk: Desk, ticket: Ticket, stopped: datetime) -> datetime:
    """From when the deadline after 恢复 counts: its old start, later by the length of the pause;
    the old start itself where the deadline had passed before."""
    begun, calendar = escalation.begun(ticket), desk.house.calendar
    if was_late(ticket, stopped):
        return begun
    if not desk.terms(ticket).finish.working:
        return begun + (desk.now - stopped)
    return calendar.advance(begun, calendar.work_between(stopped, desk.now))


def was_late(ticket: Ticket, stopped: datetime) -> bool:
    """Whether the deadline had passed when the clock was stopped."""
    return ticket.due_at is not None and ticket.due_at <= stopped
