"""The digest counts tickets once, from the events up to a moment, and names nobody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import taxonomy
from routing import closing
from routing.digest import Figures, Window, by_group, compose, figures, is_overdue, records
from routing.ticket import Action, Result, State, Ticket, TicketEvent, Verdict, open_ticket

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
DAY = Window(NINE - timedelta(hours=15), NINE + timedelta(hours=9))
ZONE = ZoneInfo("Asia/Shanghai")
WANG, LEADER, WORKER, CLERK = "local:wang", "local:leader", "local:worker", "local:clerk"


class History:
    """One ticket's life, told by methods; every step is an hour after the one before."""

    numbers = count(1)

    def __init__(self, at: datetime = NINE, **fields: Any) -> None:
        number = next(self.numbers)
        values: dict[str, Any] = {
            "code": "0403",
            "grid": "g",
            "group": "local:g1",
            "due_at": at + timedelta(days=1),
        }
        first = Ticket(
            id=number, number=number, text="灯坏了", reporter=WANG, created_at=at,
            **{**values, **fields},
        )  # fmt: skip
        self.ticket, event = open_ticket(first, event_id=number * 100)
        self.events: list[TicketEvent] = [event]

    def then(
        self, action: Action, by: str = LEADER, *, after_h: float = 1, **changes: Any
    ) -> History:
        return self._keep(
            self.ticket.move(action, by, self._at(after_h), event_id=self._id(), **changes)
        )

    def finish(self, by: str = LEADER, result: Result = Result.SOLVED) -> History:
        return self._keep(
            closing.finish(
                self.ticket, result, by, self._at(1), text="换了灯泡", event_id=self._id()
            )
        )

    def rate(self, verdict: Verdict, reason: str = "") -> History:
        moved = closing.rate(
            self.ticket, verdict, WANG, self._at(1), reason=reason, event_id=self._id()
        )
        return self._keep(moved)

    def _keep(self, moved: tuple[Ticket, TicketEvent]) -> History:
        self.ticket = moved[0]
        self.events.append(moved[1])
        return self

    def _id(self) -> int:
        return self.events[-1].id + 1

    def _at(self, after_h: float) -> datetime:
        return self.events[-1].at + timedelta(hours=after_h)


def name(account: str, grid: str) -> str:
    return {LEADER: "网格长", WORKER: "网格员"}.get(account, f"工作人员{grid and ''}")


def told(*histories: History, window: Window = DAY) -> str:
    rows = records([h.events for h in histories], window)
    return compose("7幢群 日报", rows, window, taxonomy=taxonomy.load(), zone=ZONE, name=name)


def counted(*histories: History, window: Window = DAY) -> Figures:
    return figures(records([h.events for h in histories], window), window)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (History(), Figures(new=1, open=1)),
        (History().then(Action.CONFIRM), Figures(new=1, confirmed=1, open=1)),
        (History().then(Action.REJECT), Figures(new=1)),
        (History().then(Action.WITHDRAW, WANG), Figures(new=1)),
        (History().finish(), Figures(new=1, finished=1, on_the_spot=1, waiting=1)),
        (
            History().then(Action.DISPATCH, unit="wuye").finish(),
            Figures(new=1, confirmed=1, finished=1, waiting=1),
        ),
        (
            History().finish().rate(Verdict.SATISFIED),
            Figures(new=1, finished=1, on_the_spot=1, closed=1),
        ),
        (History().finish().rate(Verdict.DISSATISFIED, "还是不亮"), Figures(new=1, open=1)),
        (History(due_at=NINE + timedelta(hours=2)), Figures(new=1, open=1, overdue=1)),
        (
            History(due_at=NINE + timedelta(hours=3)).then(Action.CONFIRM).then(Action.SUSPEND),
            Figures(new=1, confirmed=1, open=1),
        ),
        (History().then(Action.MERGE, parent=99), Figures(new=1)),
    ],
)
def test_what_is_counted(history: History, expected: Figures) -> None:
    assert counted(history) == expected


def test_a_ticket_counts_as_confirmed_only_on_its_first_day() -> None:
    history = History(NINE - timedelta(days=1)).then(Action.CONFIRM)
    history.then(Action.DISPATCH, after_h=24, unit="wuye")
    assert counted(history).confirmed == 0


def test_a_past_day_is_told_from_what_was_known_then() -> None:
    history = History().then(Action.CONFIRM)
    before = told(history)
    history.then(Action.PROGRESS, after_h=40).finish().rate(Verdict.SATISFIED)
    assert told(history) == before


def test_tickets_of_later_days_are_not_there_yet() -> None:
    assert records([History(NINE + timedelta(days=2)).events], DAY) == []


def test_an_empty_day_is_one_line() -> None:
    assert told() == "【7幢群 日报 11月25日】今天没有新的诉求，没有在办的事项。"


@pytest.mark.parametrize(
    ("sums", "quiet", "idle"),
    [
        (Figures(), True, True),
        (Figures(open=1), True, False),
        (Figures(new=1), False, False),
        (Figures(closed=1), False, False),
        (Figures(waiting=1), False, False),
        (Figures(overdue=1, open=1), False, False),
    ],
)
def test_on_an_idle_day_there_is_nothing_to_say(sums: Figures, quiet: bool, idle: bool) -> None:
    assert (sums.quiet, sums.idle) == (quiet, idle)


def test_a_quiet_day_says_what_is_being_worked_on() -> None:
    old = History(NINE - timedelta(days=1), due_at=NINE + timedelta(days=5)).then(Action.CONFIRM)
    text = told(old)
    assert "今天没有新的诉求，在办1件" in text
    assert "\n" not in text


def test_the_three_most_supported_open_issues_are_listed() -> None:
    def backed(voices: int, **fields: Any) -> History:
        people = tuple(f"local:p{n}" for n in range(voices))
        return History(**fields).then(Action.SUPPORT, supporters=people)

    text = told(backed(1), backed(4, place="3幢2单元501室李阿姨家"), backed(2), backed(3))
    lines = [line for line in text.splitlines() if line[:1].isdigit()]
    assert [re.search(r"(\d)位居民关心，待确认", line)[1] for line in lines] == ["5", "4", "3"]  # type: ignore[index]
    assert "3幢2单元" in lines[0]
    assert "501" not in text
    assert "李阿姨" not in text


def test_private_matters_are_counted_without_a_word_about_them() -> None:
    people = tuple(f"local:p{n}" for n in range(9))
    secret = History(code="1001", private=True, place="示例电子厂").then(
        Action.SUPPORT, supporters=people
    )
    text = told(secret)
    assert "新增1件" in text
    assert "工资" not in text
    assert "电子厂" not in text
    assert "关心" not in text


def test_thanks_go_to_roles_in_a_fixed_order() -> None:
    text = told(History().finish(), History().finish(WORKER), History().finish())
    assert text.endswith("感谢网格员（1件）、网格长（2件）。")
    assert "wang" not in text


def test_groups_with_nothing_to_say_have_no_line_of_their_own() -> None:
    busy = History(group="local:g1").then(Action.CONFIRM)
    calm = History(NINE - timedelta(days=2), group="local:g2", due_at=NINE + timedelta(days=9))
    rows = records([busy.events, calm.events], DAY)
    lines = by_group(rows, {"local:g1": "一群", "local:g2": "二群"}, DAY)
    assert lines == ["· 一群：新增1，办结0，超期0，待评价0"]


@given(st.lists(st.integers(min_value=0, max_value=60), max_size=12), st.randoms())
def test_the_text_does_not_depend_on_the_order_of_the_histories(
    hours: list[int], random: Any
) -> None:
    histories = [History(NINE + timedelta(hours=h / 10)) for h in hours]
    for index, history in enumerate(histories):
        if index % 2:
            history.finish()
    text = told(*histories)
    random.shuffle(histories)
    assert told(*histories) == text


@given(st.integers(min_value=-100, max_value=100))
def test_overdue_begins_after_the_deadline(minutes: int) -> None:
    history = History(due_at=NINE)
    late = is_overdue(history.ticket, NINE + timedelta(minutes=minutes))
    assert late == (minutes > 0)
    assert history.ticket.state is State.REPORTED
