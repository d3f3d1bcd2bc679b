"""Every published worked example through real counting, and what each indicator counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.breakdown import COUNTS
from routing.fact import Fact
from routing.indicators import COHORTS, INDICATORS, NAMES
from routing.indices import Curve
from routing.ratios import NOTHING, Ratio, centile, number, total
from routing.ticket import Action, Result, Verdict
from tests.routing.histories import CLOCK, NOVEMBER, Life, table, us


def plain(**changes: Any) -> Fact:
    """A ticket reported and filed in November, still in hand."""
    first = Fact(
        1, created=us(0), group="local:g", grid="G", code="0103", reporter="local:r",
        state="in_progress", filed=us(1),
    )  # fmt: skip
    return replace(first, **changes)


DONE = {"state": "closed", "finished": us(5), "first_finish": us(5), "result": "solved"}
SENT = {"dispatched": us(1), "units": {"wuye"}, "first_unit": "wuye", "unit": "wuye"}
YES = {"answers": {"local:r": ("满意", us(9))}}
NO = {"answers": {"local:r": ("不满意", us(9))}}

WORKED = [
    # key, hit, miss, part, whole, as published
    ("closing", {**DONE, "due": us(48)}, {"due": us(48)}, 911, 972, "93.72%"),
    ("closing", {**DONE, "due": us(48)}, {"due": us(48)}, 902, 956, "94.35%"),
    ("closing", {**DONE, "due": us(48)}, {"due": us(48)}, 9, 16, "56.25%"),
    ("on_time", {**DONE, "due": us(48)}, {**DONE, "due": us(48), "late": True}, 737, 972, "75.82%"),
    ("filed", {}, {"filed": 0, "state": "reported"}, 996, 1_054, "94.50%"),
    ("settled", {**DONE, "code": "0902"}, {"code": "0902"}, 996, 1_013, "98.32%"),
    ("errands", {**DONE, "code": "1201"}, {"code": "1201"}, 309, 324, "95.37%"),
    ("errands", {**DONE, "code": "1201"}, {"code": "1201"}, 309, 325, "95.08%"),
    ("satisfied", YES, NO, 64, 65, "98.46%"),
    ("rework", {**DONE, "reworks": 1}, DONE, 18, 1_200, "1.50%"),
]


@pytest.mark.parametrize(("key", "hit", "miss", "part", "whole", "shown"), WORKED)
def test_counts_the_published_examples(
    key: str, hit: dict[str, Any], miss: dict[str, Any], part: int, whole: int, shown: str
) -> None:
    facts = [plain(**hit)] * part + [plain(**miss)] * (whole - part)
    ratio = table(facts).total.ratio(key)
    assert (ratio.part, ratio.whole) == (part, whole)
    assert ratio.shown() == shown


@pytest.mark.parametrize(
    ("part", "whole", "places", "shown"),
    [
        (241_636, 243_880, 2, "99.08%"),  # 金开通, 办结 ÷ 上报
        (100_645, 105_184, 2, "95.68%"),  # 海区e家; published with one place as 95.7
        (100_645, 105_184, 1, "95.7%"),
        (996, 1_013, 1, "98.3%"),  # 矛调中心, 化解 ÷ 受理
        (309, 324, 1, "95.4%"),  # 代办 of villages and towns
        (309, 325, 1, "95.1%"),  # 代办 with the district's one
        (41_579, 41_729, 2, "99.64%"),  # 连云港 2020-09, 及时签收 of the dispatched
        (4_778, 16_475, 2, "29.00%"),  # tickets in groups of three and more
        (1, 3, 2, "33.33%"),
        (1, 800, 2, "0.13%"),  # half goes up
        (2, 3, 0, "67%"),
    ],
)
def test_shows_a_share_rounded_half_up(part: int, whole: int, places: int, shown: str) -> None:
    assert Ratio(part, whole).shown(places) == shown


def test_lianyungang_counts_direct_and_dispatched_together() -> None:
    assert 41_489 + 41_729 == 83_218
    for percent in ("96.27", "95.38"):
        nearest = round(float(percent) / 100 * 83_218)
        assert Ratio(nearest, 83_218).shown() == f"{percent}%"


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.key)
def test_an_empty_denominator_is_neither_nothing_nor_everything(one: Any) -> None:
    ratio = table([]).total.ratio(one.key)
    assert (ratio.whole, ratio.percent, ratio.shown()) == (0, None, NOTHING)
    assert one.cohort in COHORTS
    assert "÷" in one.formula


def test_a_person_with_few_cases_gets_no_rate() -> None:
    assert Ratio(3, 4).shown(least=5) == NOTHING
    assert Ratio(4, 5).shown(least=5) == "80.00%"


@pytest.mark.parametrize(
    ("target", "rate", "points"),
    [
        (98, "87.5", "19.75"), (98, "83.33", "17.665"), (98, "75", "13.5"), (98, "71.43", "12.5"),
        (98, "50", "12.5"), (95, "70.59", "12.795"), (95, "66.67", "12.5"), (95, "50", "12.5"),
        (98, "99", "25"), (98, "98", "25"),
    ],
)  # fmt: skip
def test_the_curve_of_lianyungang(target: int, rate: str, points: str) -> None:
    curve = Curve(Decimal(25), Decimal(target), Decimal("0.5"), Decimal("12.5"))
    assert curve.points(Decimal(rate)) == Decimal(points)


def test_curves_without_a_floor() -> None:
    whole = Curve(Decimal(25), Decimal(100), Decimal(1))
    other = Curve(Decimal(20), Decimal(95), Decimal(1))
    assert whole.points(Decimal("89.82")) == other.points(Decimal("89.82")) == Decimal("14.82")
    assert Curve(Decimal(10), Decimal(95), Decimal(1)).points(Decimal(80)) == 0
    assert whole.score(Ratio(0, 0)) is None
    assert whole.score(Ratio(9, 10)) == 15


# ── what one ticket adds


def rates(*lives: Life) -> dict[str, str]:
    cell = table([life.fact(NOVEMBER.as_of) for life in lives]).total
    return {key: cell.ratio(key).inputs() for key in NAMES if cell.ratio(key).whole}


def done(hours: float = 5, **changes: Any) -> Life:
    return Life(**changes).do(Action.CONFIRM, 1).do(Action.ACCEPT, 2).finish(hours)


def sent(**changes: Any) -> Life:
    return Life(**changes).do(Action.CONFIRM, 1).do(Action.DISPATCH, 1, unit="wuye")


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Life(), {"filed": "0/1", "done": "0/1", "closing": "0/1", "on_time": "0/1"}),
        (done(), {"filed": "1/1", "done": "1/1", "closing": "1/1", "on_time": "1/1"}),
        (done(), {"spot": "1/1", "in_grid": "1/1", "response": "1/1"}),
        (done(49), {"closing": "1/1", "on_time": "0/1", "spot": "0/1"}),
        (done(48), {"on_time": "1/1"}),
        (done().rate(Verdict.SATISFIED, 9), {"once": "1/1"}),
        (done().rate(Verdict.SATISFIED, 9), {"satisfied": "1/1", "solved": "1/1"}),
        (done().rate(Verdict.PARTLY, 9), {"satisfied": "0/1", "solved": "0.5/1"}),
        (done().rate(Verdict.PARTLY, 9), {"content": "1/1", "unrated": "0/1"}),
        (done().rate(Verdict.DISSATISFIED, 9), {"content": "0/1", "rework": "1/1"}),
        (done().rate(Verdict.DISSATISFIED, 9), {"done": "0/1", "solved": "0/1"}),
        (done().lapse(80), {"unrated": "1/1"}),
        (done().rate(Verdict.SATISFIED, 9).reopen(30), {"once": "0/1", "rework": "1/1"}),
        (sent().do(Action.ACCEPT, 2).finish(9), {"signed": "1/1", "first_unit": "1/1"}),
        (sent().do(Action.ACCEPT, 2).finish(9), {"in_grid": "0/1", "spot": "0/1"}),
        (sent().do(Action.ACCEPT, 200).finish(210), {"signed": "0/1", "contact": "0/1"}),
        (sent(), {"signed": "0/1", "first_unit": "0/1"}),
        (
            sent().do(Action.RETURN, 2, unit="").do(Action.DISPATCH, 3, unit="street").finish(9),
            {"returned": "1/1", "first_unit": "0/1"},
        ),
        (sent().do(Action.EXTEND, 2, due_at=None), {"extended": "1/1"}),
        (sent().do(Action.EXTEND, 2, "", due_at=None), {"extended": "0/1"}),
        (sent().do(Action.SUSPEND, 2), {"suspended": "1/1"}),
        (Life().do(Action.RECLASSIFY, 1, code="0201"), {"corrected": "1/1"}),
        (
            Life().do(Action.RECLASSIFY, 1, code="0201").do(Action.RECLASSIFY, 2, code="0103"),
            {"corrected": "0/1"},
        ),
        (
            Life().do(Action.RECLASSIFY, 1, code="0201").do(Action.RECLASSIFY, 2, code="0301"),
            {"corrected": "1/1"},
        ),
        (Life(code="0902").do(Action.CONFIRM, 1).finish(3), {"settled": "1/1"}),
        (Life(code="0902").finish(3, Result.EXPLAINED), {"settled": "0/1", "explained": "1/1"}),
        (Life(code="1201").finish(3), {"errands": "1/1"}),
        (Life().finish(3, Result.UNABLE), {"unable": "1/1", "explained": "0/1"}),
        (Life().finish(3, Result.EXTERNAL), {"unable": "1/1"}),
    ],
)
def test_what_one_ticket_adds(life: Life, expected: dict[str, str]) -> None:
    found = rates(life)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("life", "missing"),
    [
        (Life(), {"signed", "satisfied", "rework", "settled", "errands", "once", "check_in"}),
        (done(), {"satisfied", "unrated", "once"}),
        (Life().do(Action.REJECT, 1), {"closing", "on_time"}),
        (sent().do(Action.SUSPEND, 2), {"closing"}),
        (Life().do(Action.WITHDRAW, 1), set(NAMES)),
        (Life().do(Action.MERGE, 1, parent=9), set(NAMES)),
    ],
)
def test_which_denominators_a_ticket_is_not_in(life: Life, missing: set[str]) -> None:
    assert not missing & rates(life).keys()


def test_suspending_a_late_ticket_does_not_hide_that_it_was_late() -> None:
    life = sent().do(Action.SUSPEND, 60)
    assert rates(life)["on_time"] == "0/1"


def test_a_limit_that_still_runs_is_judged_neither_way() -> None:
    cell = table([sent().fact(us(2))], period=replace(NOVEMBER, as_of=us(2))).total
    assert cell.ratio("signed").whole == 0
    assert cell.ratio("first_unit").whole == 1
    assert cell.ratio("closing").whole == 0


def test_every_voice_is_asked_and_the_last_word_counts() -> None:
    life = Life(supporters=("local:s",)).finish(3)
    life.rate(Verdict.DISSATISFIED, 5, "local:s").finish(8)
    life.rate(Verdict.SATISFIED, 9, "local:s").rate(Verdict.PARTLY, 10)
    found = rates(life)
    assert (found["satisfied"], found["content"], found["unrated"]) == ("1/2", "2/2", "0/2")


@pytest.mark.parametrize(
    ("result", "nature", "verdict", "solved"),
    [
        (Result.SOLVED, "求助", Verdict.SATISFIED, "1/1"),
        (Result.PARTIAL, "求助", Verdict.SATISFIED, "0.5/1"),
        (Result.PARTIAL, "求助", Verdict.PARTLY, "0.5/1"),
        (Result.EXPLAINED, "求助", Verdict.SATISFIED, "0/1"),
        (Result.EXPLAINED, "咨询", Verdict.SATISFIED, "1/1"),
        (Result.EXPLAINED, "咨询", Verdict.PARTLY, "0.5/1"),
        (Result.UNABLE, "求助", Verdict.SATISFIED, "0/1"),
    ],
)
def test_a_kind_word_does_not_make_it_solved(
    result: Result, nature: str, verdict: Verdict, solved: str
) -> None:
    life = Life(nature=nature).finish(3, result).rate(verdict, 5)
    assert rates(life)["solved"] == solved


def test_the_weight_of_partly_is_a_rule() -> None:
    facts = [done().rate(Verdict.PARTLY, 9).fact()]
    assert table(facts, partly=0.7).total.ratio("solved").inputs() == "0.7/1"


def test_each_unit_of_a_whistle_answers_for_itself() -> None:
    shares = [["gongshui", True, None, "", None], ["paishui", False, None, "", None]]
    fact = Life().do(Action.CONFIRM, 1).fact()
    fact = replace(
        fact, dispatched=us(1), called={"gongshui": us(1), "paishui": us(1)},
        arrived={"gongshui": us(2)}, shares=shares,
    )  # fmt: skip
    assert table([fact]).total.ratio("check_in").inputs() == "1/2"


def test_urgent_time_runs_through_the_night() -> None:
    assert CLOCK.deadline("0103", True).sla == "E"
    slow = Life(code="0802", urgent=True).do(Action.ACCEPT, 3).finish(4)
    assert rates(slow)["response"] == "0/1"


# ── small sums


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8))
def test_the_total_is_the_ratio_of_the_sums(pairs: list[tuple[int, int]]) -> None:
    rows = [Ratio(min(a, b), max(a, b)) for a, b in pairs]
    found = total(rows)
    assert (found.part, found.whole) == (sum(r.part for r in rows), sum(r.whole for r in rows))
    assert found.percent is None or 0 <= found.percent <= 100


@given(st.lists(st.integers(0, 1000), min_size=1), st.floats(0.01, 1))
def test_a_centile_leaves_its_share_below(values: list[int], share: float) -> None:
    found = centile(values, share)
    assert found is not None
    assert sum(v <= found for v in values) >= share * len(values) - 1e-5
    assert found in values


def test_centiles_of_nothing_and_of_few() -> None:
    assert centile([], 0.5) is None
    assert (centile([3, 1, 2], 0.5), centile([3, 1, 2, 4], 0.5)) == (2, 2)
    assert centile(range(1, 11), 0.9) == 9


def test_names_are_distinct_and_counts_are_shown_without_needless_digits() -> None:
    names = [*COUNTS.values(), *(one.name for one in INDICATORS)]
    assert len(set(names)) == len(names)
    assert (number(2.0), number(2.5), number(0)) == ("2", "2.5", "0")


@pytest.mark.parametrize(("again", "part"), [("gongshui", 1), ("paishui", 0), ("", 0)])
def test_a_return_is_void_if_the_same_unit_gets_the_matter_again(again: str, part: int) -> None:
    life = Life(0).do(Action.CONFIRM, 1).do(Action.DISPATCH, 2, unit="gongshui")
    life.do(Action.RETURN, 3, unit="", note="不归我们管")
    if again:
        life.do(Action.DISPATCH, 4, unit=again)
    assert table([life.fact()]).total.ratio("bounced") == Ratio(part, 1)


def test_refusals_are_a_share_of_what_was_reported() -> None:
    refused = Life(0).do(Action.REJECT, 1, note="不属实").fact()
    assert table([refused, Life(0).fact()]).total.ratio("refused") == Ratio(1, 2)
    assert table([]).total.ratio("refused").shown() == "—"
