"""How many people speak: numbers in words and digits, and what only looks like a crowd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.crowd import GROUP, RAISED, people


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我们二十多个人干了三个月，一分没给", 20),
        ("厂里20多个工友工资都压着", 20),
        ("我们班组十几个人，十名工人都没拿到", 10),
        ("整栋楼五十户都没水", 50),
        ("120余名业主联名", 120),
        ("一百二十户村民的地租没给", 120),
        ("我们两个人被欠薪", 0),
        ("我一个人住", 0),
        ("欠我三千人民币", 0),
        ("门口的人行道坏了", 0),
        ("这个月停水三次", 0),
        ("3号楼楼道灯坏了", 0),
        ("", 0),
    ],
)
def test_people(text: str, number: int) -> None:
    assert people(text) == number


@given(st.integers(min_value=GROUP, max_value=999))
def test_digits_are_taken_as_they_are(number: int) -> None:
    assert people(f"我们{number}个工友都没拿到工资") == number


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert people(text) >= 0


def test_only_slower_classes_are_raised() -> None:
    assert set(RAISED) == {"C", "O", "Q"}
    assert RAISED["C"] == "O"
