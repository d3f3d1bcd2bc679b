"""What each kind of due job does, once its time has come and if it still makes sense.

Each checks the ticket first: it may have moved on since the job was planned."""

from __future__ import annotations

from bot import casework, texts
from bot.desk import Desk
from bot.scheduler import Run
from routing import closing
from routing.roster import Role
from routing.ticket import Action, State, Ticket, Verdict
from storage.jobs import Job


async def _ticket(desk: Desk, job: Job) -> Ticket | None:
    found = await desk.tx.tickets.by_ids((int(job.data["ticket"]),))
    return found[0] if found else None


async def call_next(desk: Desk, job: Job) -> None:
    """An urgent call was not answered in time: call the next on duty, at last the street."""
    ticket = await _ticket(desk, job)
    if ticket is None or ticket.handler or ticket.state not in {State.REPORTED, State.CONFIRMED}:
        return
    called = casework.call_duty(desk, ticket, int(job.data["turn"]))
    line = desk.line(ticket)
    if not called:
        desk.tell(desk.holders(ticket, Role.STREET), texts.nobody_answers(line), ticket)
        desk.tx.jobs.cancel(f"call:{ticket.id}:")
        return
    text = texts.urgent_call(line, again=True)
    if not ticket.private:
        await desk.post(ticket, text, "urgent", mentions=called)
    desk.tell(called, text, ticket)


async def remind(desk: Desk, job: Job) -> None:
    """A day without a verdict: ask once more."""
    ticket = await _waiting(desk, job)
    if ticket is not None and ticket.verdict is Verdict.NONE:
        text = texts.remind_verdict(desk.line(ticket))
        await desk.post(ticket, text, "remind", quote=ticket.source, slot=f"status:{ticket.id}")


async def lapse(desk: Desk, job: Job) -> None:
    """Silence after the reminder: 未评价, and a second person must look."""
    ticket = await _waiting(desk, job)
    if ticket is None:
        return
    if ticket.verdict is Verdict.NONE:
        ticket = desk.keep(closing.lapse(ticket, desk.now, **desk.meta))
    desk.tell(casework.seconds(desk, ticket), texts.needs_second_person(desk.line(ticket)), ticket)


async def reason(desk: Desk, job: Job) -> None:
    """不满意 without a reason given in time: it goes back to work all the same."""
    ticket = await _waiting(desk, job)
    if ticket is not None:
        by = str(job.data["by"])
        moved = desk.keep(
            closing.send_back(
                ticket, Action.DISSATISFY, by, desk.now, reason=texts.NO_REASON, **desk.meta
            )
        )
        await casework.rework(desk, moved, texts.NO_REASON)


async def _waiting(desk: Desk, job: Job) -> Ticket | None:
    """The ticket if the very finish that the job was planned for still waits for a verdict."""
    ticket = await _ticket(desk, job)
    if ticket is None or ticket.state is not State.RESOLVED:
        return None
    planned = await casework.finished_at(desk, ticket)
    return ticket if planned == int(job.data["version"]) else None


KINDS: dict[str, Run] = {
    "call": call_next,
    "remind": remind,
    "lapse": lapse,
    "reason": reason,
}
