"""Plans what happens when nobody moves: a deadline's ladder, confirmation, acceptance, arrival.

Each plan is one job row, checked again when its time has come; what is done then is overdue.py."""

from __future__ import annotations

from datetime import datetime

from bot.desk import Desk
from routing import joint
from routing.deadlines import Span
from routing.ladder import Step, mark, moments
from routing.ticket import OPEN, State, Ticket


def watch(desk: Desk, ticket: Ticket) -> None:
    """Plan the next step of the ladder (50, 80, 100, 150 % of the time); it plans the one after.

    A plan made for an older deadline finds that the deadline has moved and does nothing."""
    if ticket.due_at is None:
        return
    _watch_year(desk, ticket, ticket.due_at)
    run = run_of(ticket)
    for step, at in _steps(desk, ticket):
        if at > desk.now:
            data = {"ticket": ticket.id, "percent": step.percent, "run": run}
            desk.tx.jobs.put(f"ladder:{ticket.id}:{step.percent}:{run}", "ladder", at, data)
            return


def watch_late(desk: Desk, ticket: Ticket, stopped: datetime) -> None:
    """After a pause that began when the deadline had passed: what was still to come, later by the
    length of the pause."""
    run, calendar = run_of(ticket), desk.house.calendar
    desk.tx.jobs.cancel(f"ladder:{ticket.id}:")
    for step, at in _steps(desk, ticket):
        if at > stopped:
            left = calendar.work_between(stopped, at)
            working = span_of(desk, ticket).working
            due = calendar.advance(desk.now, left) if working else desk.now + (at - stopped)
            key = f"ladder:{ticket.id}:{step.percent}:{run}:{desk.now:%Y%m%d%H%M%S}"
            data = {"ticket": ticket.id, "percent": step.percent, "run": run}
            desk.tx.jobs.put(key, "ladder", due, data)
            return


def run_of(ticket: Ticket) -> str:
    """From when to when the present deadline runs: another one has a ladder of its own."""
    ends = (begun(ticket), ticket.due_at or begun(ticket))
    return "-".join(f"{at:%Y%m%d%H%M%S}" for at in ends)


def _watch_year(desk: Desk, ticket: Ticket, due: datetime) -> None:
    """Once for a year whose holidays nobody has told us: somebody must, or its deadlines lie."""
    year = due.astimezone(desk.house.zone).year
    if not desk.house.calendar.covers(year):
        data = {"ticket": ticket.id, "year": year}
        desk.tx.jobs.put(f"holidays:{year}", "holidays", desk.now, data)


def reached(desk: Desk, ticket: Ticket) -> tuple[Step, ...]:
    """The steps of the ladder that lie behind us, lowest first."""
    return tuple(step for step, at in _steps(desk, ticket) if at <= desk.now)


def _steps(desk: Desk, ticket: Ticket) -> tuple[tuple[Step, datetime], ...]:
    if ticket.due_at is None:
        return ()
    return moments(begun(ticket), ticket.due_at, span_of(desk, ticket), desk.house.calendar)


def begun(ticket: Ticket) -> datetime:
    """From when the present deadline counts: the report, or its last return to work."""
    return ticket.runs_from or ticket.created_at


def span_of(desk: Desk, ticket: Ticket) -> Span:
    """The span that the category gives to finish."""
    return desk.terms(ticket).finish


def watch_confirm(desk: Desk, ticket: Ticket, turn: int = 1) -> None:
    """The leader owes a word within the class's time; later the community is told."""
    span = desk.terms(ticket).confirm
    data = {"ticket": ticket.id, "turn": turn}
    desk.tx.jobs.put(f"confirm:{ticket.id}:{turn}", "confirm", desk.after(span), data)


def watch_accept(desk: Desk, ticket: Ticket, turn: int = 1) -> None:
    """The unit owes its 签收 within the class's time after the last dispatch."""
    span = desk.terms(ticket).accept
    data = {"ticket": ticket.id, "unit": ticket.unit, "turn": turn}
    key = f"accept:{ticket.id}:{ticket.version}" + (f":{turn}" if turn > 1 else "")
    if turn == 1:
        desk.tx.jobs.cancel(f"accept:{ticket.id}:")
    desk.tx.jobs.put(key, "accept", desk.after(span), data)


def watch_arrival(desk: Desk, ticket: Ticket, turn: int = 1) -> None:
    """Every unit that was whistled for owes its 报到 within the class's time; then called again."""
    if joint.missing(ticket.shares):
        span = desk.terms(ticket).accept
        data = {"ticket": ticket.id, "turn": turn}
        desk.tx.jobs.put(f"arrive:{ticket.id}:{turn}", "arrive", desk.after(span), data)


SUPERVISED = Span.parse("1wd")
"""A 督办 is to be answered by 进展 within so much time."""


def watch_supervised(desk: Desk, ticket: Ticket) -> None:
    data = {"ticket": ticket.id, "version": ticket.version}
    key = f"supervise:{ticket.id}:{ticket.version}"
    desk.tx.jobs.put(key, "supervise", desk.after(SUPERVISED), data)


def colour(desk: Desk, ticket: Ticket) -> str:
    """红 overdue, 黄 from 80 % of the time, else "": for staff only."""
    if ticket.due_at is None or ticket.state not in OPEN or ticket.state is State.SUSPENDED:
        return ""
    span = span_of(desk, ticket)
    return mark(begun(ticket), ticket.due_at, desk.now, span, desk.house.calendar)
