"""The gate line by line: what each figure may lose, and that nothing urgent may be lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.gate import MEASURES, Count, Measure, compare, passed

TOTAL = 1000
SAME = {measure.name: Count(500, TOTAL) for measure in MEASURES}
NAMES = [measure.name for measure in MEASURES]


@pytest.mark.parametrize(
    ("share", "least", "total", "allowed"),
    [
        (0.005, 1, 0, 1), (0.005, 1, 100, 1), (0.005, 1, 399, 1), (0.005, 1, 400, 2),
        (0.005, 1, 1000, 5), (0.0, 0, 1000, 0), (0.0, 2, 1000, 2), (0.1, 1, 19, 1),
    ],
)  # fmt: skip
def test_how_many_lines_may_be_lost(share: float, least: int, total: int, allowed: int) -> None:
    assert Measure("x", "甲", share=share, least=least).allowed(total) == allowed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("better", [1, 40])
def test_any_gain_passes(name: str, better: int) -> None:
    sign = -1 if name == "false_tickets" else 1
    new = SAME | {name: Count(500 + sign * better, TOTAL)}
    assert passed(compare(SAME, new))


@pytest.mark.parametrize(
    ("name", "lost", "passes"),
    [
        *((name, 5, True) for name in NAMES if name != "urgent"),
        *((name, 6, False) for name in NAMES if name != "urgent"),
        ("urgent", 0, True), ("urgent", 1, False),
    ],
)  # fmt: skip
def test_the_first_line_too_many_fails(name: str, lost: int, passes: bool) -> None:
    sign = 1 if name == "false_tickets" else -1
    findings = compare(SAME, SAME | {name: Count(500 + sign * lost, TOTAL)})
    assert passed(findings) is passes
    assert [f.measure.name for f in findings if f.worse] == ([] if passes else [name])
    assert [f.measure.name for f in findings] == NAMES


def test_gains_elsewhere_buy_no_loss() -> None:
    new = {name: Count(900, TOTAL) for name in NAMES}
    new |= {"false_tickets": Count(0, TOTAL), "urgent": Count(499, TOTAL)}
    assert not passed(compare(SAME, new))


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_share_is_of_what_was_asked(hits: int, more: int) -> None:
    assert 0 <= Count(hits, hits + more).share <= 1
    assert Count(0, 0).share == 0
