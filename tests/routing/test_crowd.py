"""How many people speak: numbers in words and digits, and what only looks like a crowd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.crowd import _COUNT, GROUP, RAISED, people
from tests.branches import unproved


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


COUNTED = """
    5村民 三住户 4员工 8兄弟 六居民 二家长 一同事 三工友 五业主 九余个人 5来位户 一几工人
    四农民工 零多名姐妹
"""
NOT_COUNTED = "3人民币 三人行道 三人次 三人均 三人字"


def test_every_word_for_people_is_needed_and_proved() -> None:
    assert unproved(_COUNT.pattern, [*COUNTED.split(), *NOT_COUNTED.split()]) == []
    assert [text for text in NOT_COUNTED.split() if people(text)] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二三个人", 0), ("三四个人", 0), ("三五户", 0), ("两个人", 0), ("一家住户", 0),
        ("4户", 4), ("五来位业主", 5), ("一百零八户居民", 108), ("2 余 名 工友", 2),
        ("三户邻居和五十名业主", 50), ("先来了二十人，又来了六人", 20), ("9999人", 9999),
    ],
)  # fmt: skip
def test_a_few_are_no_crowd_and_the_largest_number_counts(text: str, number: int) -> None:
    assert people(text) == number
