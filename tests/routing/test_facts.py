"""Milestones folded from events: lateness, pauses, answers, and tables that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import taxonomy
from routing.breakdown import Period, Table
from routing.calendar import SHANGHAI
from routing.dimensions import dimensions, handling_level
from routing.fact import pack, unpack
from routing.facts import advance, fold, micros
from routing.parts import Grid, Parts, Unit
from routing.roster import Roster
from routing.ticket import Action, Result, Verdict
from tests.routing.histories import CLOCK, NOVEMBER, Life, at, table, us

HOUR = 3_600_000_000


def test_a_whole_life() -> None:
    life = Life().do(Action.CONFIRM, 1, "local:leader").do(Action.DISPATCH, 2, unit="wuye")
    life.do(Action.ACCEPT, 3, handler="local:w").do(Action.PROGRESS, 4).finish(6)
    fact = life.rate(Verdict.SATISFIED, 8).fact()
    assert (fact.created, fact.filed, fact.dispatched) == (us(0), us(1), us(2))
    assert (fact.contacted, fact.signed, fact.finished, fact.closed) == (
        us(3), us(3), us(6), us(8),
    )  # fmt: skip
    assert (fact.first_unit, fact.units, fact.unit) == ("wuye", {"wuye"}, "wuye")
    assert fact.answers == {"local:r": ("满意", us(8))}
    assert (fact.hands, fact.late) == (["local:leader", "local:w"], False)
    assert (fact.open, fact.state) == (False, "closed")
    assert fact.result == str(Result.SOLVED)
    assert fact.rests == [(us(6), us(8))]


def test_as_of_leaves_out_what_came_later() -> None:
    life = Life().do(Action.CONFIRM, 1).finish(6).rate(Verdict.SATISFIED, 8)
    fact = life.fact(us(6))
    assert (fact.state, fact.finished, fact.closed, fact.answers) == ("confirmed", 0, 0, {})
    assert life.fact(us(0)).created == 0


@pytest.mark.parametrize(
    ("life", "late"),
    [
        (Life().finish(48), False),
        (Life().finish(48.01), True),
        (Life().do(Action.CONFIRM, 1).do(Action.EXTEND, 40, due_at=at(90)).finish(80), False),
        (Life().do(Action.CONFIRM, 1).do(Action.EXTEND, 50, due_at=at(90)).finish(80), True),
        (Life().do(Action.CONFIRM, 1).do(Action.SUSPEND, 40).finish(80), False),
        (Life().do(Action.CONFIRM, 1).do(Action.SUSPEND, 49).finish(80), True),
        (
            Life().do(Action.CONFIRM, 1).do(Action.SUSPEND, 40)
            .do(Action.RESUME, 60, due_at=at(68)).finish(67),
            False,
        ),
        (
            Life().do(Action.CONFIRM, 1).do(Action.SUSPEND, 40)
            .do(Action.RESUME, 60, due_at=at(68)).finish(69),
            True,
        ),
        (Life().finish(40).rate(Verdict.SATISFIED, 90), False),
        (Life().finish(40).reopen(90, due=140).finish(130), False),
        (Life().finish(40).reopen(90, due=140).finish(141), True),
        (Life().finish(50).reopen(90, due=140).finish(130), True),
        (Life().finish(40).reopen(90).finish(95), True),
    ],
)  # fmt: skip
def test_late_is_who_let_a_deadline_pass_while_the_clock_ran(life: Life, late: bool) -> None:
    assert life.fact().late is late


def test_an_open_ticket_is_late_once_its_deadline_has_passed() -> None:
    life = Life().do(Action.CONFIRM, 1)
    assert life.fact(us(48)).late is False
    assert life.fact(us(49)).late is True
    assert life.fact(us(49)).overdue(us(49))
    assert not life.do(Action.SUSPEND, 10).fact(us(49)).overdue(us(49))


def test_being_sent_back_takes_the_finish_back() -> None:
    life = Life().finish(4).rate(Verdict.SATISFIED, 5).reopen(20, due=60)
    fact = life.fact()
    assert (fact.finished, fact.closed, fact.first_finish, fact.first_close) == (
        0, 0, us(4), us(5),
    )  # fmt: skip
    assert (fact.reworks, fact.sent_back, fact.extensions) == (1, us(20), 0)
    assert fact.answers["local:r"] == ("不满意", us(20))


def test_silence_and_the_second_person() -> None:
    fact = Life().finish(4).lapse(80).sign(90).fact()
    assert (fact.lapsed, fact.excepted, fact.closed) == (us(80), us(90), us(90))


def test_paused_time_is_taken_off_once() -> None:
    life = Life(due_at=at(400)).do(Action.CONFIRM, 1).do(Action.SUSPEND, 10)
    life.do(Action.RESUME, 30, due_at=at(420)).finish(34).reopen(40, due=420).finish(44)
    fact = life.fact()
    assert fact.rests == [(us(10), us(30)), (us(34), us(40))]
    assert CLOCK.between(fact.created, fact.finished, False, fact.rests) == 18 * HOUR
    doubled = [*fact.rests, *fact.rests, (us(11), us(12))]
    assert CLOCK.between(fact.created, fact.finished, False, doubled) == 18 * HOUR


def test_unknown_actions_still_change_what_they_say() -> None:
    steps = Life().steps
    steps.append((1, "something_new", "local:x", us(2), '{"unit":"street","colour":"red"}'))
    fact = fold(1, steps)
    assert (fact.unit, fact.state) == ("street", "reported")


def test_a_whistle_calls_and_units_arrive() -> None:
    steps = Life().steps
    shares = '[["gongshui",true,null,"",null],["paishui",false,null,"",null]]'
    changes = f'{{"shares":{shares},"unit":"gongshui","state":"dispatched"}}'
    steps.append((1, "whistle", "local:street", us(2), changes))
    there = f'"{at(3).isoformat()}"'
    arrived = shares.replace('"paishui",false,null', f'"paishui",false,{there}')
    steps.append((1, "arrive", "local:p", us(3), f'{{"shares":{arrived}}}'))
    fact = fold(1, steps)
    assert fact.called == {"gongshui": us(2), "paishui": us(2)}
    assert fact.arrived == {"paishui": us(3)}
    assert (fact.dispatched, fact.signed) == (us(2), us(3))


# ── working time


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 40 * 24 * 60))
def test_working_time_is_that_of_the_calendar(start: int, length: int) -> None:
    low, high = us(start / 60), us((start + length) / 60)
    calendar = CLOCK._calendar
    expected = calendar.work_between(at(start / 60), at((start + length) / 60))
    assert abs(CLOCK.between(low, high, True) - expected // timedelta(microseconds=1)) <= 1
    assert CLOCK.between(high, low, True) == 0
    assert CLOCK.between(low, high, False) == high - low


# ── tables


def test_a_period_that_is_over_is_seen_as_it_was_at_its_end() -> None:
    now = at(24 * 90)
    period = Period.of(at(0), at(24), now)
    assert period.as_of == us(24)
    assert Period.of(at(0), at(24 * 365), now).as_of == micros(now)
    assert period.holds(us(0))
    assert not period.holds(us(24))


def test_duplicates_count_once_and_withdrawn_ones_not_at_all() -> None:
    lives = [Life(), Life().do(Action.MERGE, 1, parent=1), Life().do(Action.WITHDRAW, 1)]
    lives += [Life().do(Action.REJECT, 1), Life(urgent=True)]
    counts = table([life.fact() for life in lives]).total.counts
    assert (counts["reported"], counts["merged"], counts["withdrawn"]) == (3, 1, 1)
    assert (counts["rejected"], counts["urgent"]) == (1, 1)


def test_what_is_excluded_is_shown_and_class_e_stays() -> None:
    lives = [Life(), Life(urgent=True), Life(code="0801")]
    found = Table(NOVEMBER, CLOCK, table([])._measure)
    found.excluded = frozenset(life.ticket.id for life in lives)
    for life in lives:
        found.take(life.fact())
    counts = found.finish().total.counts
    kept = sum(CLOCK.urgent(x.ticket.code, x.ticket.urgent) for x in lives)
    assert (counts["excluded"], counts["reported"]) == (3 - kept, kept)
    assert kept >= 1


def test_standing_is_counted_whenever_it_was_reported() -> None:
    lives = [Life(-24 * 40, due_at=at(-24 * 30)), Life(-24 * 40, due_at=at(24 * 60)), Life()]
    lives[1].do(Action.CONFIRM, -900).do(Action.SUSPEND, -800)
    lives.append(Life(code="0802", due_at=at(24 * 60)))
    lives.append(Life(code="0902", due_at=at(24 * 60)))
    counts = table([life.fact(NOVEMBER.as_of) for life in lives]).total.counts
    assert (counts["reported"], counts["open"], counts["overdue"]) == (3, 5, 2)
    assert (counts["paused"], counts["hazards"], counts["disputes"]) == (1, 1, 1)


def test_three_at_one_place_are_a_crowd_across_rows_too() -> None:
    lives = [Life(n, place_normal="3幢") for n in range(2)]
    lives += [Life(9, place_normal="3幢", nature="咨询"), Life(3), Life(4), Life(5)]
    found = table([x.fact() for x in lives], lambda fact, _at: fact.nature)
    assert found.total.ratio("repeat").inputs() == "3/6"
    assert found.cells["咨询",].ratio("repeat").inputs() == "0/1"


def test_recurrence_is_a_new_report_soon_after_the_close() -> None:
    first = Life(place_normal="3幢").finish(3).rate(Verdict.SATISFIED, 4)
    second = Life(48, recurs=first.ticket.id).finish(50).rate(Verdict.SATISFIED, 51)
    found = table([first.fact(), second.fact()]).total
    assert found.ratio("recur").inputs() == "1/2"
    assert found.counts["recurrences"] == 1
    assert table([first.fact()]).total.ratio("recur").inputs() == "0/1"


def test_durations_are_kept_by_class_in_the_time_the_class_counts_in() -> None:
    found = table([Life(code="0103").do(Action.ACCEPT, 2).finish(30).fact()]).total
    sla = CLOCK.deadline("0103", False)
    assert list(found.handling) == [sla.sla]
    expected = CLOCK.between(us(0), us(30), sla.finish.working)
    assert found.handling[sla.sla] == [expected]
    assert len(found.answering[sla.sla]) == 1


ROSTER = Roster(
    Parts(
        grids=(
            Grid("D", "区", "district"), Grid("S", "北街道", "street", "D"),
            Grid("C", "社区", "community", "S"), Grid("G", "一网格", "grid", "C"),
        ),
        units=(Unit("wuye-2", "乙物业"),),
    )
)  # fmt: skip
DIMENSIONS = dimensions(ROSTER, taxonomy.load(), SHANGHAI)


@pytest.mark.parametrize(
    ("key", "life", "row", "label"),
    [
        ("level", Life(), "grid", "网格"),
        ("level", Life().do(Action.DISPATCH, 1, unit="wuye-2"), "grid", "网格"),
        ("level", Life().do(Action.DISPATCH, 1, unit="community"), "community", "社区"),
        ("level", Life().do(Action.DISPATCH, 1, unit="gongshui"), "district", "区县部门"),
        ("grid", Life(), "S", "北街道"),
        ("grid", Life(grid="X"), "", "（名册里没有）"),
        ("category", Life(code="0403"), "04", taxonomy.load().name("04")),
        ("minor", Life(code="0403"), "0403", taxonomy.load().name("0403")),
        ("unit", Life(unit="wuye-2"), "", "（未派遣，网格自办）"),
        ("unit", Life().do(Action.DISPATCH, 1, unit="wuye-2"), "wuye-2", "乙物业"),
        ("unit", Life().do(Action.DISPATCH, 1, unit="gongdian"), "gongdian", "供电企业"),
        ("class", Life(urgent=True), "E", "E 紧急"),
        ("class", Life(code="0000"), "O", "O 一般"),
        ("month", Life(), "2025-11", "2025-11"),
    ],
)
def test_rows_of_each_dimension(key: str, life: Life, row: str, label: str) -> None:
    one = DIMENSIONS[key]
    fact = life.fact()
    assert one.split(fact, fact.created) == row
    assert one.label(row) == label
    assert one.title


def test_a_month_is_a_local_one_and_each_term_has_its_own() -> None:
    month = DIMENSIONS["month"]
    assert month.moving
    assert month.split(Life().fact(), NOVEMBER.end - 1) == "2025-11"
    assert month.split(Life().fact(), NOVEMBER.end) == "2025-12"
    year = Period(NOVEMBER.start, us(24 * 90), us(24 * 90))
    life = Life(24 * 26).do(Action.CONFIRM, 24 * 26 + 1).finish(24 * 29)
    found = table([life.fact()], month.split, period=year)
    assert found.cells["2025-11",].counts["reported"] == 1
    assert found.cells["2025-12",].counts["finished"] == 1
    assert found.total.counts["finished"] == 1


def test_rows_add_up_to_the_total() -> None:
    lives = [Life(n, code=code).finish(n + 3) for n in range(5) for code in ("0103", "0902")]
    by = (DIMENSIONS["category"].split, DIMENSIONS["month"].split)
    found = table([x.fact() for x in lives], *by)
    assert set(found.cells) == {("01", "2025-11"), ("09", "2025-11")}
    for key in found.total.cases:
        assert found.total.cases[key] == sum(c.cases[key] for c in found.cells.values())


def test_the_level_of_a_unit() -> None:
    assert [handling_level(u) for u in ("", "grid", "wuye-3", "street", "jiaojing")] == [
        "grid", "grid", "grid", "street", "district",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "life",
    [
        Life(),
        Life(place_normal="3幢\x00", reporter="local:\ud83d").do(Action.DISPATCH, 1, unit="wuye"),
        Life().do(Action.CONFIRM, 1).do(Action.DISPATCH, 2, unit="wuye").do(Action.RETURN, 3)
        .do(Action.DISPATCH, 4, unit="street").do(Action.SUSPEND, 5).do(Action.RESUME, 9)
        .finish(12).rate(Verdict.DISSATISFIED, 13).finish(20).rate(Verdict.SATISFIED, 30),
    ],
)  # fmt: skip
def test_a_fact_comes_back_from_its_text_and_can_go_on(life: Life) -> None:
    steps = life.steps
    for cut in range(1, len(steps) + 1):
        half = fold(life.ticket.id, steps[:cut])
        back = unpack(life.ticket.id, pack(half))
        assert back == half
        assert pack(back) == pack(half)
        for step in steps[cut:]:
            back = advance(back, step)
        assert back == life.fact()
