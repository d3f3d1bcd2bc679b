"""Single cells as a spreadsheet and an input method leave them, and what they were meant to be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.cells import (
    clean_cell,
    count_of,
    day_of,
    guarded,
    hour_of,
    key_of,
    narrow,
    spoilt,
)


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("990101001001001-07", "990101001001001-07"),
        ("９９０１０１－０７", "990101-07"),
        ("990101 001 001", "990101001001"),
        ("９９０１　０１", "990101"),
        ("990101.0", "990101"),
        ("990101.00", "990101"),
        ("990101.5", "990101.5"),
        ("'990101", "990101"),
        ("‘990101", "990101"),
        ("Ｐ００１", "P001"),
        ("示范社区", "示范社区"),
        ("", ""),
    ],
)
def test_codes_are_compared_without_what_a_spreadsheet_adds(cell: str, key: str) -> None:
    assert key_of(cell) == key


@pytest.mark.parametrize(
    ("cell", "cut"),
    [
        ("1.10101E+14", True), ("1.1E14", True), ("3E+10", True), ("1.10101e+14", True),
        ("110101001001001", False), ("E14", False), ("P1E5x", False), ("", False),
    ],
)  # fmt: skip
def test_numbers_that_were_cut(cell: str, cut: bool) -> None:
    assert spoilt(cell) is cut


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("45658", date(2025, 1, 1)),
        ("45658.0", date(2025, 1, 1)),
        ("20000", date(1954, 10, 3)),
        ("2025-1-1", date(2025, 1, 1)),
        ("２０２５年１月１日", date(2025, 1, 1)),
        ("2025/1/1 0:00", date(2025, 1, 1)),
        ("2025/1/1 00:00:00", date(2025, 1, 1)),
        ("2025-01-01T00:00:00", date(2025, 1, 1)),
        ("2025-01-01 08:30", None),
        ("19999", None),
        ("80000", None),
        ("2025", None),
        ("2025-13-01", None),
        ("昨天", None),
    ],
)
def test_days(cell: str, day: date | None) -> None:
    assert day_of(cell) == day


@given(st.dates(date(1955, 1, 1), date(2119, 1, 1)))
def test_a_day_is_the_same_however_it_is_kept(day: date) -> None:
    serial = str((day - date(1899, 12, 30)) // timedelta(days=1))
    assert day_of(serial) == day_of(day.isoformat()) == day_of(f"{day:%Y%m%d}") == day


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("8", 8), ("８点", 8), ("8:00:00", 8), ("08：00", 8), ("0", 0), ("24", 24), ("24:00", 24),
        ("0.333333333333333", 8), ("0.75", 18), ("1.0", 24), (".5", 12), ("8点钟", 8),
        ("0.34", None), ("8:30", None), ("25", None), ("-1", None), ("早上", None),
    ],
)  # fmt: skip
def test_hours(cell: str, hour: int | None) -> None:
    assert hour_of(cell) == hour


@given(st.integers(1, 24))
def test_an_hour_is_the_same_as_a_share_of_the_day(hour: int) -> None:
    assert hour_of(f"{hour / 24:.12f}") == hour_of(str(hour)) == hour


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("320", 320), ("1,320", 1320), ("1，320", 1320), ("320.0", 320), ("约320户", 320),
        ("３２０人", 320), ("3 20", 320), ("三百", None), ("320.5", None), ("-3", None),
        ("12345678", None),
    ],
)  # fmt: skip
def test_counts(cell: str, count: int | None) -> None:
    assert count_of(cell) == count


@given(st.text(max_size=12))
def test_a_guarded_cell_comes_back(cell: str) -> None:
    bare = clean_cell(cell)
    assert clean_cell(guarded(bare)) == bare or bare.startswith("'")


@given(st.text(max_size=12))
def test_reading_never_fails_and_settles_at_once(cell: str) -> None:
    assert narrow(narrow(cell)) == narrow(cell)
    for read in (day_of, hour_of, count_of, spoilt):
        read(cell)
