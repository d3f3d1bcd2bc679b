"""Spans of a message that may be matters of their own."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.issues import _BREAK, LEAST, MOST, announces_more, parts


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("楼道灯坏了", ["楼道灯坏了"]),
        ("路灯不亮了。垃圾桶也满了", ["路灯不亮了", "垃圾桶也满了"]),
        ("路灯不亮，另外垃圾桶也满了", ["路灯不亮", "另外垃圾桶也满了"]),
        ("电梯坏了好几天 楼道灯也不亮", ["电梯坏了好几天", "楼道灯也不亮"]),
        ("电梯坏了好几天还有就是楼道灯也不亮", ["电梯坏了好几天", "还有就是楼道灯也不亮"]),
        ("电梯坏了。急", ["电梯坏了"]),
        ("楼道灯坏了，还漏水", ["楼道灯坏了", "还漏水"]),
        ("垃圾没人清，有味儿", ["垃圾没人清", "有味儿"]),
        ("路灯不亮，又停电。", ["路灯不亮", "又停电。"]),
        ("停水，路灯也不亮了", ["停水，路灯也不亮了"]),
        ("停水了，停电了", ["停水了，停电了"]),
        ("停水了", ["停水了"]),
        ("楼上漏水!楼下堵了下水道", ["楼上漏水", "楼下堵了下水道"]),
    ],
)
def test_where_matters_divide(text: str, pieces: list[str]) -> None:
    found = [text[p.start : p.end] for p in parts(text)]
    assert found == pieces


@given(st.text(alphabet="路灯不亮，。！另外还有 12、\n", max_size=60))
def test_spans_are_ordered_and_inside(text: str) -> None:
    found = parts(text)
    assert found
    assert all(0 <= p.start <= p.end <= len(text) for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.text("楼道灯不亮坏了", min_size=LEAST, max_size=9), st.text("还又漏水停电", min_size=2))
def test_no_last_clause_is_lost(first: str, last: str) -> None:
    text = f"{first}，{last}"
    assert parts(text)[-1] == (len(first) + 1, len(text))


def test_short_texts_are_one() -> None:
    assert len(parts("停水" * LEAST)) == 1
    assert parts("") == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("路灯坏了，另外垃圾没收", True),
        ("还有就是井盖", True),
        ("问两件事", True),
        ("1、灯坏 2、水停", True),
        ("路灯坏了", False),
        ("3号楼2单元", False),
    ],
)
def test_a_further_matter_is_announced(text: str, more: bool) -> None:
    assert announces_more(text) is more


@pytest.mark.parametrize(
    "text", [" " * 20_000, "\n" * 20_000, "，" * 20_000, f"坏{20_000 * chr(32)}水"]
)
def test_a_run_of_blanks_is_one_break(text: str) -> None:
    assert len(list(_BREAK.finditer(text))) == 1
    assert len(parts(text)) == 1


def test_however_long_a_message_its_clauses_are_few() -> None:
    text = "路灯不亮了。" * 5000
    found = parts(text)
    assert len(found) == MOST
    assert found[-1].end == len(text)
