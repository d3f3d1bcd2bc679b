"""The ladder of a deadline: at which share of the time who is told, and the mark a ticket carries.

Telling them is the scheduler's work; working time comes from the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.calendar import WorkCalendar
from routing.deadlines import Span
from routing.roster import Role


@dataclass(frozen=True, slots=True)
class Step:
    """At `percent` of the time: the handler always, the leaders and these roles besides."""

    percent: int
    leaders: bool
    roles: tuple[Role, ...]


LADDER = (
    Step(50, leaders=False, roles=()),
    Step(80, leaders=True, roles=()),
    Step(100, leaders=True, roles=(Role.COMMUNITY, Role.SECRETARY)),
    Step(150, leaders=True, roles=(Role.STREET, Role.DISTRICT)),
)
"""Handler → leader → community → street and district (domain: 50 / 80 / 100 / 150 %)."""

YELLOW, RED = 80, 100


def moments(
    start: datetime, due: datetime, span: Span, calendar: WorkCalendar
) -> tuple[tuple[Step, datetime], ...]:
    """When each step of a deadline that runs from `start` to `due` is reached (aware UTC).

    A span in working time is divided in working time; 100 % is the deadline itself."""
    if due <= start:
        return ()
    if not span.working:
        whole = due - start
        return tuple((step, start + whole * step.percent / 100) for step in LADDER)
    whole = calendar.work_between(start, due)
    return tuple(
        (step, due if step.percent == RED else _reached(start, whole, step, calendar))
        for step in LADDER
    )


def _reached(start: datetime, whole: timedelta, step: Step, calendar: WorkCalendar) -> datetime:
    return calendar.advance(start, whole * step.percent / 100)


def mark(start: datetime, due: datetime, now: datetime, span: Span, calendar: WorkCalendar) -> str:
    """The mark that staff see: 红 after the deadline, 黄 from 80 % of the time, else ""."""
    if now > due:
        return "红"
    yellow = next((at for s, at in moments(start, due, span, calendar) if s.percent == YELLOW), due)
    return "黄" if now >= yellow else ""
