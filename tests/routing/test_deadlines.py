"""Deadlines against hand-counted cases and against a simulator that walks minute by minute."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.taxonomy import load
from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import Pause, Span, deadline_of, due_at, lateness, spoken
from tests.routing.minutes import CASES, Case, random_case, simulate

CALENDAR = WorkCalendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, span: str, *pauses: tuple[str, str | None]) -> datetime | None:
    ledger = [(local(begin), local(end) if end else None) for begin, end in pauses]
    return due_at(local(start), Span.parse(span), CALENDAR, ledger)


# ── spans


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("10s", timedelta(seconds=10), "10秒"),
        ("5m", timedelta(minutes=5), "5分钟"),
        ("2h", timedelta(hours=2), "2小时"),
        ("15d", timedelta(days=15), "15天"),
        ("1d", timedelta(days=1), "1天"),
        ("4wh", timedelta(hours=4), "4个工作小时"),
        ("3wd", timedelta(hours=22.5), "3个工作日"),
    ],
)
def test_spans(text: str, length: timedelta, said: str) -> None:
    span = Span.parse(f" {text} ")
    assert span.length(CALENDAR) == length
    assert span.spoken == said
    assert str(span) == text
    assert span.working == ("w" in text)


@pytest.mark.parametrize("text", ["", "5", "wd", "-1h", "1.5h", "3w", "3WD", "1 h", "九天"])
def test_refuses_other_spans(text: str) -> None:
    with pytest.raises(ValueError, match="not a span of time"):
        Span.parse(text)


def test_a_working_day_is_as_long_as_the_calendar_says() -> None:
    short = WorkCalendar([("09:00", "11:00")])
    assert due_at(local("2025-11-20T10:00"), Span.parse("2wd"), short) == local("2025-11-24T10:00")


# ── one clock, without pauses


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2025-11-20T23:59:55", "10s", "2025-11-21T00:00:05"),
        ("2025-11-22T03:00", "2h", "2025-11-22T05:00"),  # class E at night on a Saturday
        ("2025-11-20T10:00", "1wd", "2025-11-21T10:00"),
        ("2025-11-20T10:00", "3wd", "2025-11-25T10:00"),
        ("2025-11-20T22:00", "1wd", "2025-11-21T17:30"),
        ("2025-11-20T12:30", "1wd", "2025-11-21T12:00"),  # noon is reached when the morning ends
        ("2025-11-20T10:00", "4wh", "2025-11-20T15:30"),
        ("2025-09-30T10:00", "5wd", "2025-10-14T10:00"),  # holiday and a worked Saturday
        ("2025-11-20T10:00", "15d", "2025-12-05T10:00"),
    ],
)
def test_due_at(start: str, span: str, end: str) -> None:
    assert due(start, span) == local(end)


# ── the pause ledger


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([], "2025-11-21T10:00"),
        ([("2025-11-20T14:00", "2025-11-20T15:00")], "2025-11-21T11:00"),
        ([("2025-11-20T12:00", "2025-11-20T13:30")], "2025-11-21T10:00"),  # lunch costs nothing
        ([("2025-11-20T11:00", "2025-11-24T11:00")], "2025-11-25T10:00"),
        ([("2025-11-19T09:00", "2025-11-20T11:00")], "2025-11-21T11:00"),  # began before
        ([("2025-11-18T09:00", "2025-11-19T11:00")], "2025-11-21T10:00"),  # wholly before
        ([("2025-11-21T10:00", "2025-11-21T12:00")], "2025-11-21T10:00"),  # due when it began
        ([("2025-11-20T15:00", "2025-11-20T14:00")], "2025-11-21T10:00"),  # reversed
        ([("2025-11-20T14:00", "2025-11-20T15:00")] * 2, "2025-11-21T11:00"),  # twice the same
        (
            [("2025-11-20T14:30", "2025-11-20T16:00"), ("2025-11-20T14:00", "2025-11-20T15:00")],
            "2025-11-21T12:00",
        ),
        (
            [("2025-11-20T14:00", "2025-11-20T16:00"), ("2025-11-20T14:30", "2025-11-20T15:00")],
            "2025-11-21T12:00",
        ),
        ([("2025-11-20T14:00", None)], None),
        ([("2025-11-20T14:00", None), ("2025-11-20T14:00", "2025-11-20T15:00")], None),
        ([("2025-11-20T14:00", "2025-11-20T15:00"), ("2025-11-20T14:30", None)], None),
        ([("2025-11-21T10:00", None)], "2025-11-21T10:00"),  # stood still only after it was due
    ],
)
def test_pauses(pauses: list[tuple[str, str | None]], end: str | None) -> None:
    assert due("2025-11-20T10:00", "1wd", *pauses) == (local(end) if end else None)


def test_pauses_stop_natural_time_too() -> None:
    pause = ("2025-11-22T03:30", "2025-11-22T04:00")
    assert due("2025-11-22T03:00", "2h", pause) == local("2025-11-22T05:30")


def test_another_policy_is_recomputed_from_the_same_ledger() -> None:
    pause = ("2025-11-20T14:00", "2025-11-20T15:00")
    assert due("2025-11-20T10:00", "4wh", pause) == local("2025-11-20T16:30")
    assert due("2025-11-20T10:00", "24h", pause) == local("2025-11-21T11:00")
    assert due("2025-11-20T10:00", "2h", pause) == local("2025-11-20T12:00")


# ── classes


@pytest.mark.parametrize(
    ("code", "urgent", "sla", "finish"),
    [
        ("0403", False, "O", "1wd"),  # its own figure
        ("0403", True, "E", "2h"),  # urgent wins over its own figure
        ("0301", False, "U", "24h"),
        ("0801", False, "E", "2h"),
        ("1001", False, "C", "15d"),
        ("1401", False, "Q", "1wd"),
        ("0101", False, "O", "4wh"),
        ("no such code", False, "O", "5wd"),
        ("no such code", True, "E", "2h"),
    ],
)
def test_deadline_of(code: str, urgent: bool, sla: str, finish: str) -> None:
    deadline = deadline_of(load(), code, urgent)
    assert (deadline.sla, str(deadline.finish)) == (sla, finish)


def test_every_category_has_spans_and_class_e_never_waits_for_office_hours() -> None:
    for code in load().minors:
        assert deadline_of(load(), code, False).finish.amount > 0
        urgent = deadline_of(load(), code, True)
        spans = (urgent.receipt, urgent.confirm, urgent.accept, urgent.contact, urgent.finish)
        assert not any(span.working for span in spans)


# ── how it is said


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("2025-11-20T18:00", "今天18:00前"),
        ("2025-11-20T09:00", "今天09:00前"),
        ("2025-11-21T10:30", "明天10:30前"),
        ("2025-11-25T17:30", "11月25日17:30前"),
        ("2025-11-19T17:30", "11月19日17:30前"),
        ("2026-01-04T09:00", "2026年1月4日09:00前"),
    ],
)
def test_spoken(end: str, said: str) -> None:
    assert spoken(local(end).astimezone(UTC), local("2025-11-20T10:00")) == said


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(0), "不到1小时"), (timedelta(minutes=59), "不到1小时"),
        (timedelta(hours=1), "1小时"), (timedelta(hours=23, minutes=59), "23小时"),
        (timedelta(days=1), "1天"), (timedelta(days=9, hours=23), "9天"),
    ],
)  # fmt: skip
def test_lateness(late: timedelta, said: str) -> None:
    assert lateness(late) == said


def test_spoken_uses_the_local_day() -> None:
    now = datetime(2025, 11, 20, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    assert spoken(now + timedelta(hours=1), now) == "明天00:30前"


# ── against the simulator of minutes.py


def check_against_simulator(seed: int, cases: int) -> int:
    """Compare so many random cases; returns how many of them never come due."""
    dice, never = random.Random(seed), 0
    for number in range(cases):
        case = random_case(dice)
        ours = due_at(case.start, case.span, case.calendar(), case.pauses)
        theirs = simulate(case)
        assert ours == theirs, f"seed {seed}, case {number}: {case}"
        never += ours is None
    return never


@pytest.mark.timeout(3600)
def test_agrees_with_the_simulator() -> None:
    never = check_against_simulator(20251120, CASES)
    assert 0 < never < CASES / 2  # open pauses did occur and did not swallow everything


def test_the_simulator_itself_counts_a_known_case() -> None:
    start = local("2025-09-30T10:00").astimezone(UTC)
    case = Case(((510, 720), (810, 1050)), {}, start, Span.parse("5wd"), [])
    assert simulate(case) == local("2025-10-14T10:00")


spans = st.builds(Span, st.integers(1, 40), st.sampled_from(["m", "h", "d", "wh", "wd"]))
starts = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1))  # noqa: DTZ001
minutes = st.integers(-2000, 30_000)
ledgers = st.lists(st.tuples(minutes, minutes), max_size=5)


@given(starts, spans, ledgers, st.randoms())
def test_order_and_overlap_of_pauses_do_not_matter(
    naive: datetime, span: Span, ledger: list[tuple[int, int]], dice: random.Random
) -> None:
    start = naive.replace(tzinfo=UTC)
    pauses = _ledger(start, ledger)
    shuffled = pauses + pauses[:2]
    dice.shuffle(shuffled)
    expected = due_at(start, span, CALENDAR, pauses)
    assert due_at(start, span, CALENDAR, shuffled) == expected
    assert expected is not None


@given(starts, spans, ledgers)
def test_a_pause_never_brings_a_deadline_forward(
    naive: datetime, span: Span, ledger: list[tuple[int, int]]
) -> None:
    start = naive.replace(tzinfo=UTC)
    paused = due_at(start, span, CALENDAR, _ledger(start, ledger))
    plain = due_at(start, span, CALENDAR)
    assert paused is not None
    assert plain is not None
    assert paused >= plain


def _ledger(start: datetime, rows: Sequence[tuple[int, int]]) -> list[Pause]:
    return [(start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in rows]


def test_is_fast_enough_for_every_message() -> None:
    start, span = local("2025-11-20T10:00"), Span.parse("5wd")
    due_at(start, span, CALENDAR)
    rounds = 2000
    best = min(_seconds(start, span, rounds) for _ in range(3))
    assert best / rounds < 200e-6  # measured: about 10 µs; the limit leaves room for a busy machine


def _seconds(start: datetime, span: Span, rounds: int) -> float:
    before = time.perf_counter()
    for _ in range(rounds):
        due_at(start, span, CALENDAR)
    return time.perf_counter() - before
