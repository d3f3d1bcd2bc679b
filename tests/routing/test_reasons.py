"""Grounds of dissatisfaction: what people say, and how it is counted without their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.reasons import GROUNDS, OTHER, UNSAID, counted, ground_of

SAID = [
    ("修好两天又漏了", "又出现了"),
    ("没几天老毛病就来了", "又出现了"),
    ("来的人态度很差", "态度不好"),
    ("物业跟我踢皮球", "态度不好"),
    ("等了三个月才来", "太慢了"),
    ("拖拖拉拉的", "太慢了"),
    ("没人告诉我结果", "没说清楚"),
    ("到底怎么处理的不清楚", "没说清楚"),
    ("只修了一边", "只办了一半"),
    ("垃圾没清干净", "只办了一半"),
    ("还是不亮", "没有解决"),
    ("根本没来修", "没有解决"),
    ("反正心里不舒服", OTHER),
    ("", UNSAID),
    ("   ", UNSAID),
    ("反映人未说明原因", UNSAID),
]


@pytest.mark.parametrize(("words", "ground"), SAID)
def test_words_give_their_most_telling_ground(words: str, ground: str) -> None:
    assert ground_of(words, unsaid="反映人未说明原因") == ground


def test_grounds_are_counted_in_their_order_and_without_zeros() -> None:
    found = counted(["还是不亮", "态度很差", "没修", ""])
    assert found == {"态度不好": 1, "没有解决": 2, UNSAID: 1}
    assert list(found) == [name for name in GROUNDS if name in found]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_every_word_counts_once_and_none_is_repeated(notes: list[str]) -> None:
    found = counted(notes)
    assert sum(found.values()) == len(notes)
    assert set(found) <= set(GROUNDS)
