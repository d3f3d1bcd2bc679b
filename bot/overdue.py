"""Due jobs about people who have not moved: each tells one level more, one-to-one, never the group.

When they are due is planned in escalation.py; other jobs are in duties.py."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot import casework, escalation, falling, texts
from bot.desk import Desk
from bot.scheduler import Run
from routing import joint
from routing.deadlines import lateness
from routing.ladder import LADDER
from routing.roster import Role
from routing.ticket import OPEN, Action, State, Ticket
from storage.jobs import Job

log = structlog.get_logger()

MOST_CALLS = 5


async def _open(desk: Desk, job: Job) -> Ticket | None:
    """The job's ticket while somebody still has to work on it."""
    found = await desk.tx.tickets.by_ids((int(job.data["ticket"]),))
    ticket = found[0] if found else None
    if ticket is None or ticket.state not in OPEN or ticket.state is State.SUSPENDED:
        return None
    return ticket


async def climb(desk: Desk, job: Job) -> None:
    """A step of the ladder: handler, leader, community, street and district, each once a step.

    Where nobody was there to speak of it in time, it is said as what it is by now, to whom the
    steps in between would have told."""
    ticket = await _open(desk, job)
    if ticket is None or escalation.run_of(ticket) != job.data.get("run"):
        return
    planned = int(job.data["percent"])
    latest = max([planned, *(step.percent for step in escalation.reached(desk, ticket))])
    passed = [step for step in LADDER if planned <= step.percent <= latest]
    told = [*desk.handlers(ticket), *_responsible(desk, ticket)]
    for step in passed:
        told += desk.leaders(ticket) if step.leaders else ()
        told += desk.holders(ticket, *step.roles)
    text = texts.ladder(desk.line(ticket), latest, _late(desk, ticket))
    desk.tell(told, text, ticket, slot=f"ladder:{ticket.id}")
    escalation.watch(desk, ticket)


def _late(desk: Desk, ticket: Ticket) -> str:
    """How long the deadline will have passed when the words are read, "" if it will not."""
    read_at = desk.now if ticket.urgent else desk.awake_at()
    late = read_at - ticket.due_at if ticket.due_at else timedelta()
    return lateness(late) if late > timedelta() else ""


def _responsible(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """首接负责: the unit that handed the ticket back answers until another has accepted it."""
    return desk.crew(ticket.holding, ticket)


async def unconfirmed(desk: Desk, job: Job) -> None:
    """No word from the leader in the class's time: remind him, the second time the community."""
    ticket = await _open(desk, job)
    if ticket is None or ticket.state is not State.REPORTED:
        return
    turn = int(job.data["turn"])
    told = [*desk.leaders(ticket)]
    if turn > 1:
        told += desk.holders(ticket, Role.COMMUNITY, Role.SECRETARY)
    desk.tell(told, texts.unconfirmed(desk.line(ticket)), ticket)
    if turn == 1:
        escalation.watch_confirm(desk, ticket, turn + 1)


async def unaccepted(desk: Desk, job: Job) -> None:
    """Dispatched, but nobody of the unit has taken it: the unit and the leader are told. What a
    property company leaves lying a second time goes to the next in line."""
    ticket = await _open(desk, job)
    still = ticket is not None and ticket.state is State.DISPATCHED and not ticket.handler
    if ticket is None or not still or ticket.unit != job.data["unit"] or ticket.shares:
        return
    after = falling.next_in_line(desk, ticket, ticket.unit)
    if after is not None and int(job.data["turn"]) > 1:
        await falling.fall_through(desk, ticket, texts.NEVER_SIGNED)
        return
    if after is not None:
        escalation.watch_accept(desk, ticket, 2)
    told = (*desk.handlers(ticket), *_responsible(desk, ticket), *desk.leaders(ticket))
    desk.tell(told, texts.unaccepted(desk.line(ticket), desk.unit_name(ticket)), ticket)


async def unarrived(desk: Desk, job: Job) -> None:
    """A unit that was whistled for has not reported: called again and shown to the street."""
    ticket = await _open(desk, job)
    late = joint.missing(ticket.shares) if ticket is not None else ()
    if ticket is None or not late:
        return
    line = desk.line(ticket)
    for unit in late:
        desk.tell(desk.crew(unit, ticket), texts.whistle_again(line), ticket)
    names = [desk.name_of_unit(unit) for unit in late]
    told = (*desk.holders(ticket, Role.STREET), await casework.caller(desk, ticket))
    desk.tell(told, texts.not_arrived(line, names), ticket)
    turn = int(job.data["turn"])
    if turn < MOST_CALLS:
        escalation.watch_arrival(desk, ticket, turn + 1)


async def unanswered_order(desk: Desk, job: Job) -> None:
    """A 督办 without 进展 since: street and district are told."""
    ticket = await _open(desk, job)
    if ticket is None:
        return
    since = [e for e in await desk.tx.tickets.events(ticket.id) if e.seq > int(job.data["version"])]
    if any(e.action in {Action.PROGRESS, Action.ACCEPT, Action.SHARE} for e in since):
        return
    told = desk.holders(ticket, Role.SUPERVISOR, Role.STREET, Role.DISTRICT)
    desk.tell((*told, *desk.handlers(ticket)), texts.order_unanswered(desk.line(ticket)), ticket)


async def unknown_holidays(desk: Desk, job: Job) -> None:
    """The first deadline in a year without holidays: the log and the administrators hear of it,
    without such the district, the street or the leaders."""
    year, (ticket,) = int(job.data["year"]), await desk.tx.tickets.by_ids((job.data["ticket"],))
    if desk.house.calendar.covers(year):
        return
    log.warning("no holidays of that year", action="holidays_unknown", year=year)
    levels = [desk.holders(ticket, r) for r in (Role.ADMIN, Role.DISTRICT, Role.STREET)]
    told = next(filter(None, levels), desk.leaders(ticket))
    desk.tell(told, texts.deadlines_without_holidays(year))


KINDS: dict[str, Run] = {
    "ladder": climb,
    "confirm": unconfirmed,
    "accept": unaccepted,
    "arrive": unarrived,
    "supervise": unanswered_order,
    "holidays": unknown_holidays,
}
