"""挂账 and 恢复: what a pause does to a deadline, from the ticket's own events.

Suspending and resuming are handlers/handling.py; working time is routing/calendar.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import escalation
from bot.desk import Desk
from routing.deadlines import due_at
from routing.ticket import Action, State, Ticket


async def paused_since(desk: Desk, ticket: Ticket) -> list[tuple[datetime, datetime | None]]:
    """The ledger of pauses from the ticket's own events: [挂账, 恢复) stretches."""
    pauses: list[tuple[datetime, datetime | None]] = []
    for event in await desk.tx.tickets.events(ticket.id):
        state = event.changes.get("state")
        if event.action is Action.SUSPEND:
            pauses.append((event.at, None))
        elif pauses and pauses[-1][1] is None and state not in (None, State.SUSPENDED):
            pauses[-1] = (pauses[-1][0], event.at)
    return pauses


async def deadline_now(desk: Desk, ticket: Ticket, code: str) -> datetime | None:
    """The deadline that the class of `code` gives, counted from the report, pauses left out."""
    span = desk.terms(ticket, code).finish
    pauses = await paused_since(desk, ticket)
    return due_at(ticket.created_at, span, desk.house.calendar, pauses)


async def due_after_pause(desk: Desk, ticket: Ticket) -> datetime | None:
    """The deadline after 恢复: what was left when it was suspended, counted from now."""
    pauses = await paused_since(desk, ticket)
    stopped = pauses[-1][0] if pauses else desk.now
    span = desk.terms(ticket).finish
    calendar = desk.house.calendar
    if ticket.due_at is None:
        over = [(start, end or desk.now) for start, end in pauses]
        return due_at(ticket.created_at, span, calendar, over)
    if not span.working:
        return desk.now + max(ticket.due_at - stopped, timedelta())
    return calendar.advance(desk.now, calendar.work_between(stopped, ticket.due_at))


async def begun_after_pause(desk: Desk, ticket: Ticket) -> datetime:
    """From when the deadline after 恢复 counts: its old start, later by the length of the pause."""
    pauses = await paused_since(desk, ticket)
    stopped, begun = pauses[-1][0] if pauses else desk.now, escalation.begun(ticket)
    if not desk.terms(ticket).finish.working:
        return begun + (desk.now - stopped)
    calendar = desk.house.calendar
    return calendar.advance(begun, calendar.work_between(stopped, desk.now))
