"""Short lives of tickets through the real moves, and the bare steps that figures are made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from nlp import taxonomy
from routing import closing
from routing.breakdown import Period, Table
from routing.calendar import WorkCalendar
from routing.fact import Fact
from routing.facts import Step, fold, micros
from routing.indicators import Measure, Rules
from routing.ticket import Action, Result, Ticket, TicketEvent, Verdict, open_ticket
from routing.worktime import WorkClock

START = datetime(2025, 11, 3, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Shanghai."""
NOVEMBER = Period.of(
    datetime(2025, 10, 31, 16, tzinfo=UTC), datetime(2025, 11, 30, 16, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
CLOCK = WorkClock(WorkCalendar(), taxonomy.load())
_IDS = count(1)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def us(hours: float) -> int:
    """The moment so many hours after the start, as facts carry it."""
    return micros(at(hours))


class Life:
    """One ticket; every step happens at a number of hours after the start."""

    def __init__(self, hours: float = 0, **changes: Any) -> None:
        values: dict[str, Any] = {
            "group": "local:g", "number": 1, "grid": "G", "code": "0103", "text": "x",
            "reporter": "local:r", "due_at": at(hours + 48), **changes,
        }  # fmt: skip
        first = Ticket(id=next(_IDS), created_at=at(hours), **values)
        self.ticket, event = open_ticket(first, event_id=next(_IDS))
        self.events: list[TicketEvent] = [event]

    def _keep(self, moved: tuple[Ticket, TicketEvent]) -> Life:
        self.ticket = moved[0]
        self.events.append(moved[1])
        return self

    def do(self, action: Action, hours: float, by: str = "local:w", **changes: Any) -> Life:
        return self._keep(self.ticket.move(action, by, at(hours), event_id=next(_IDS), **changes))

    def finish(self, hours: float, result: Result = Result.SOLVED, by: str = "local:w") -> Life:
        return self._keep(
            closing.finish(self.ticket, result, by, at(hours), text="好了", event_id=next(_IDS))
        )

    def rate(
        self, verdict: Verdict, hours: float, by: str = "local:r", reason: str = "没好"
    ) -> Life:
        return self._keep(
            closing.rate(self.ticket, verdict, by, at(hours), reason=reason, event_id=next(_IDS))
        )

    def reopen(self, hours: float, due: float | None = None) -> Life:
        self._keep(
            closing.send_back(
                self.ticket, Action.REOPEN, "local:r", at(hours), reason="又坏了",
                event_id=next(_IDS),
            )
        )  # fmt: skip
        return self if due is None else self.do(Action.EXTEND, hours, "", due_at=at(due))

    def lapse(self, hours: float) -> Life:
        return self._keep(closing.lapse(self.ticket, at(hours), event_id=next(_IDS)))

    def sign(self, hours: float) -> Life:
        return self._keep(
            closing.sign_exception(
                self.ticket, "local:second", at(hours), reason="上门核实", event_id=next(_IDS)
            )
        )

    @property
    def steps(self) -> list[Step]:
        return [
            (e.ticket_id, str(e.action), e.by, micros(e.at), json.dumps(dict(e.changes)))
            for e in self.events
        ]

    def fact(self, as_of: int | None = None) -> Fact:
        return fold(self.ticket.id, self.steps, as_of)


def table(facts: Sequence[Fact], *by: Any, period: Period = NOVEMBER, partly: float = 0.5) -> Table:
    """The finished table of some facts."""
    found = Table(period, CLOCK, Measure(CLOCK, period.as_of, Rules(partly)), by)
    for fact in facts:
        found.take(fact)
    return found.finish()
