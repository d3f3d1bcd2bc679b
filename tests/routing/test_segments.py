"""The ledger of a ticket's clock: whole random histories against a walk along the minutes.

The moves are real ones, so what the ledger reads is what the ticket remembers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from routing import closing
from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import Span, due_at
from routing.segments import Ledger, ledger_of
from routing.ticket import Action, Result, State, Ticket, TicketEvent, open_ticket
from tests.routing.minutes import CASES, Case, random_case, random_span, simulate

CALENDAR = WorkCalendar()
_IDS = count(1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-11-{text}").replace(tzinfo=SHANGHAI)


class Past:
    """One ticket living through real moves; what the simulator needs is written down apart."""

    def __init__(self, case: Case) -> None:
        self.case = replace(case, pauses=[], more=[])
        self.calendar, self.now = case.calendar(), case.start
        self.pauses: list[list[datetime | None]] = []
        first = Ticket(
            id=next(_IDS), group="g", number=1, grid="G", code="0103", text="x",
            reporter="local:r", created_at=case.start,
        )  # fmt: skip
        self.ticket, event = open_ticket(first, event_id=next(_IDS))
        self.events = [event]
        self.do(Action.CONFIRM)

    @property
    def due(self) -> datetime | None:
        return ledger_of(self.events).due(self.case.span, self.calendar)

    def do(self, action: Action, **changes: Any) -> None:
        by = changes.pop("by", "local:w")
        self._keep(self.ticket.move(action, by, self.now, event_id=next(_IDS), **changes))

    def _keep(self, moved: tuple[Ticket, TicketEvent]) -> None:
        self.ticket = moved[0]
        self.events.append(moved[1])

    # ── what may happen next

    def suspend(self) -> None:
        self.do(Action.SUSPEND)
        self.pauses.append([self.now, None])

    def resume(self) -> None:
        self.do(Action.RESUME, runs_from=self.now)
        self.pauses[-1][1] = self.now

    def extend(self, span: Span) -> None:
        self.do(Action.EXTEND, extended=(*self.ticket.extended, str(span)))
        self.case = replace(self.case, more=[*self.case.more, (self.now, span)])

    def reclassify(self, span: Span) -> None:
        self.do(Action.RECLASSIFY, code="0203")
        self.case = replace(self.case, span=span)

    def rework(self) -> None:
        """Finished, not to the reporter's liking, and begun anew with a fresh deadline."""
        meta = {"event_id": next(_IDS)}
        self._keep(
            closing.finish(self.ticket, Result.SOLVED, "local:w", self.now, text="好了", **meta)
        )
        if self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1][1] = self.now
        self._keep(
            closing.send_back(
                self.ticket, Action.DISSATISFY, "local:r", self.now, reason="没好", **meta
            )
        )
        self.do(Action.EXTEND, by="", runs_from=self.now, extended=())
        self.case = replace(self.case, start=self.now, more=[])

    def by_minutes(self) -> datetime | None:
        """What the simulator makes of everything that was written down."""
        case = replace(self.case, pauses=[(begin, end) for begin, end in self.pauses if begin])
        return simulate(case)


def lived(dice: random.Random) -> Past:
    past = Past(random_case(dice))
    for _ in range(dice.randint(1, 6)):
        past.now += timedelta(
            minutes=dice.choice([0, 1, dice.randint(1, 300), dice.randint(1, 9999)])
        )
        resting = past.ticket.state is State.SUSPENDED
        what = dice.choices(["pause", "extend", "reclassify", "rework"], [5, 3, 3, 1])[0]
        if what == "pause":
            (past.resume if resting else past.suspend)()
        elif what == "extend" and not resting:
            past.extend(random_span(dice))
        elif what == "reclassify":
            past.reclassify(random_span(dice))
        elif what == "rework":
            past.rework()
    return past


@pytest.mark.timeout(3600)
def test_every_history_is_due_when_its_minutes_say() -> None:
    dice, never, reworked, extended = random.Random(20261122), 0, 0, 0
    for number in range(CASES):
        past = lived(dice)
        ours, theirs = past.due, past.by_minutes()
        assert ours == theirs, f"history {number}: {past.case} {past.pauses}"
        never += ours is None
        reworked += past.ticket.reopened > 0
        extended += bool(past.case.more)
    assert min(never, reworked, extended) > CASES / 20, "every kind of history occurred"


# ── by example; Monday 24 November 2025, 5wd are a week


def history(*steps: tuple[str, str, str]) -> Ledger:
    """A ledger after some (when, what, span) since Monday at ten."""
    past = Past(Case(((510, 720), (810, 1050)), {}, local("24T10:00"), Span.parse("1wd"), []))
    for when, what, span in steps:
        past.now = local(when)
        getattr(past, what)(*((Span.parse(span),) if span else ()))
    return ledger_of(past.events)


@pytest.mark.parametrize(
    ("steps", "span", "due"),
    [
        ([], "1wd", "25T10:00"),
        ([("24T14:00", "suspend", ""), ("24T15:00", "resume", "")], "1wd", "25T11:00"),
        ([("24T14:00", "suspend", "")], "1wd", None),
        ([("24T14:00", "extend", "3d")], "1wd", "28T10:00"),
        ([("26T14:00", "extend", "3d")], "1wd", "29T14:00"),  # too late: from when it was granted
        ([("24T14:00", "extend", "3d"), ("24T15:00", "extend", "2wh")], "1wd", "28T12:00"),
        ([("24T14:00", "extend", "1d"), ("24T15:00", "reclassify", "2wd")], "2wd", "27T10:00"),
        (  # suspended when it was due already: it was late and stays late
            [("26T14:00", "suspend", ""), ("27T15:00", "resume", "")], "1wd", "25T10:00",
        ),
        (  # a pause within the extension
            [("24T14:00", "extend", "1d"), ("25T12:00", "suspend", ""), ("25T14:00", "resume", "")],
            "1wd", "26T12:00",
        ),
        ([("24T14:00", "extend", "9d"), ("25T10:00", "rework", "")], "1wd", "26T10:00"),
    ],
)  # fmt: skip
def test_what_a_history_comes_to(
    steps: list[tuple[str, str, str]], span: str, due: str | None
) -> None:
    found = history(*steps).due(Span.parse(span), CALENDAR)
    assert found == (None if due is None else local(due))


def test_an_extension_moves_the_deadline_as_far_as_it_says() -> None:
    """What is told when it is granted is what the ledger gives afterwards."""
    before = history().due(Span.parse("1wd"), CALENDAR)
    assert before is not None
    for span in ("3h", "2d", "4wh", "2wd"):
        after = history(("24T11:00", "extend", span)).due(Span.parse("1wd"), CALENDAR)
        assert after == due_at(before, Span.parse(span), CALENDAR)


def test_what_else_happens_to_a_ticket_leaves_its_clock_alone() -> None:
    past = Past(Case(((510, 720),), {}, local("24T10:00"), Span.parse("1wd"), []))
    alone = ledger_of(past.events)
    for action in (Action.URGE, Action.PROGRESS, Action.SUPERVISE, Action.ATTACH, Action.SUPPORT):
        past.now += timedelta(hours=1)
        past.do(action)
    past.do(Action.DISPATCH, unit="wuye")
    past.do(Action.RETURN)
    assert ledger_of(past.events) == alone


def test_progress_while_suspended_does_not_start_the_clock() -> None:
    past = Past(Case(((510, 720),), {}, local("24T10:00"), Span.parse("1wd"), []))
    past.suspend()
    past.now += timedelta(hours=1)
    past.do(Action.PROGRESS)
    assert ledger_of(past.events).pauses == ((local("24T10:00"), None),)


def test_a_finish_ends_the_pause() -> None:
    past = Past(Case(((510, 720),), {}, local("24T10:00"), Span.parse("1wd"), []))
    past.suspend()
    past.now = local("25T09:00")
    past._keep(
        closing.finish(past.ticket, Result.SOLVED, "local:w", past.now, text="好了", event_id=1)
    )
    assert ledger_of(past.events).pauses == ((local("24T10:00"), local("25T09:00")),)


def test_without_events_there_is_no_ledger() -> None:
    with pytest.raises(ValueError, match="no events"):
        ledger_of([])
