"""The ledger of a ticket's clock: from when it runs, 挂账 and 恢复, each 延期 that was granted.

It is read from the ticket's events; from it the deadline of any class is computed afresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from routing.calendar import WorkCalendar
from routing.deadlines import Pause, Span, due_at
from routing.states import Action, State
from routing.ticket import TicketEvent


@dataclass(frozen=True, slots=True)
class Ledger:
    """start: the report, or the return to work after 不满意. pauses: when it stood still.

    granted: (when, how much) of each 延期 since the start."""

    start: datetime
    pauses: tuple[Pause, ...] = ()
    granted: tuple[tuple[datetime, Span], ...] = ()

    def due(self, span: Span, calendar: WorkCalendar) -> datetime | None:
        """When a class that gives so much time is due (UTC); None while the clock stands still.

        An extension runs from the deadline before it or, where that had passed, from when it was
        granted."""
        due = due_at(self.start, span, calendar, self.pauses)
        for at, more in self.granted:
            if due is None:
                return None
            due = due_at(max(due, at), more, calendar, self.pauses)
        return due

    def resumed(self, at: datetime) -> Ledger:
        """The same with its clock running again."""
        return replace(self, pauses=tuple((begin, end or at) for begin, end in self.pauses))


def ledger_of(events: Iterable[TicketEvent]) -> Ledger:
    """The ledger that a ticket's events, in order, add up to. ValueError without any."""
    found: Ledger | None = None
    for event in events:
        found = Ledger(event.at) if found is None else _further(found, event)
    if found is None:
        raise ValueError("no events to read a ledger from")
    return found


def _further(ledger: Ledger, event: TicketEvent) -> Ledger:
    if event.changes.get("state") != State.SUSPENDED:
        ledger = ledger.resumed(event.at)
    elif event.action is Action.SUSPEND:
        ledger = replace(ledger, pauses=(*ledger.pauses, (event.at, None)))
    if event.action is not Action.EXTEND:
        return ledger
    if "runs_from" in event.changes:  # 退回重办: what was granted before is spent
        return Ledger(event.at, ledger.pauses)
    spans = event.changes.get("extended", ())
    return replace(
        ledger, granted=(*ledger.granted, *((event.at, Span.parse(s)) for s in spans[-1:]))
    )
