"""Shares as they are printed: half up, never 0 % or 100 % of nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.ratios import NOTHING, Ratio, centile, number, rounded, total

counts = st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(lambda p: (min(p), max(p)))


@pytest.mark.parametrize(
    ("part", "whole", "places", "shown"),
    [
        (911, 972, 2, "93.72%"), (1, 3, 2, "33.33%"), (2, 3, 2, "66.67%"), (1, 8, 1, "12.5%"),
        (1, 8, 0, "13%"), (1, 16, 1, "6.3%"), (0, 7, 2, "0.00%"), (7, 7, 2, "100.00%"),
        (0.5, 4, 1, "12.5%"), (1, 200, 0, "1%"), (1, 201, 0, "0%"), (2.5, 1000, 1, "0.3%"),
    ],
)  # fmt: skip
def test_printed_shares(part: float, whole: int, places: int, shown: str) -> None:
    assert Ratio(part, whole).shown(places) == shown


@pytest.mark.parametrize(
    ("whole", "least", "told"),
    [(0, 1, False), (0, 0, False), (1, 1, True), (4, 5, False), (5, 5, True)],
)
def test_too_few_cases_show_nothing(whole: int, least: int, told: bool) -> None:
    assert (Ratio(0, whole).shown(least=least) != NOTHING) is told


def test_an_empty_denominator_has_no_share() -> None:
    assert Ratio(0, 0).percent is None
    assert total([]).percent is None
    assert Ratio(0, 0).inputs() == "0/0"


@given(counts)
def test_a_share_lies_between_none_and_all(count: tuple[int, int]) -> None:
    percent = Ratio(*count).percent
    assert (percent is None) is (count[1] == 0)
    assert percent is None or 0 <= percent <= 100


@given(counts, st.integers(0, 4))
def test_rounding_is_half_up_of_the_exact_share(count: tuple[int, int], places: int) -> None:
    part, whole = count
    if whole:
        exact = Fraction(part * 100, whole) * 10**places
        expected = int(exact + Fraction(1, 2))
        assert Ratio(part, whole).shown(places) == f"{Decimal(expected).scaleb(-places)}%"


@given(st.lists(counts, max_size=8))
def test_the_total_is_the_ratio_of_sums_not_the_mean_of_shares(rows: list[tuple[int, int]]) -> None:
    summed = total(Ratio(*row) for row in rows)
    assert (summed.part, summed.whole) == (sum(p for p, _ in rows), sum(w for _, w in rows))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (3, "3"), (3.0, "3"), (2.5, "2.5"), (0.5, "0.5"), (120000, "120000")],
)
def test_counts_without_needless_figures(value: float, shown: str) -> None:
    assert number(value) == shown
    assert Ratio(value, 9).inputs() == f"{shown}/9"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("0.005", 2, "0.01"), ("2.5", 0, "3"), ("3.5", 0, "4"), ("-0.005", 2, "-0.01"),
     ("1.0049", 2, "1.00")],
)  # fmt: skip
def test_halves_go_up_as_on_paper(value: str, places: int, shown: str) -> None:
    assert str(rounded(Decimal(value), places)) == shown


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=30), st.integers(0, 100))
def test_a_centile_is_the_smallest_value_that_reaches_the_share(
    values: list[int], percent: int
) -> None:
    found = centile(values, percent / 100)
    assert found in values
    assert sum(v <= found for v in values) * 100 >= percent * len(values)
    below = [v for v in values if v < found]
    assert not below or len(below) * 100 < percent * len(values)


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 2), (0.75, 3), (0.76, 4), (1, 4)])
def test_centiles_of_four(share: float, value: int) -> None:
    assert centile([4, 1, 3, 2], share) == value
    assert centile([], share) is None
