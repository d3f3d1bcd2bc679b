"""Clauses of a message exactly: what is cut where, and that nothing falls between two."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.issues import LAST, LEAST, MOST, parts

MARKS = re.compile(r"[。;；!！?？,，、\s]*")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("路灯不亮了。垃圾桶也满了", ["路灯不亮了", "垃圾桶也满了"]),
        ("路灯不亮了、垃圾桶也满了", ["路灯不亮了", "垃圾桶也满了"]),
        ("路灯不亮了；垃圾桶也满了！", ["路灯不亮了", "垃圾桶也满了"]),
        ("路灯不亮了\n垃圾桶也满了", ["路灯不亮了", "垃圾桶也满了"]),
        ("路灯不亮了另外垃圾桶也满了", ["路灯不亮了", "另外垃圾桶也满了"]),
        ("路灯不亮了再一个垃圾桶也满了", ["路灯不亮了", "再一个垃圾桶也满了"]),
        ("另外垃圾桶也满了", ["另外垃圾桶也满了"]),
        ("停水了，3号楼停水", ["停水了，3号楼停水"]),
        ("3号楼停水，急", ["3号楼停水"]),
        ("3号楼停水，还停电", ["3号楼停水", "还停电"]),
        ("3号楼停水，急！！！", ["3号楼停水"]),
        ("停水了", ["停水了"]),
    ],
)
def test_the_pieces_exactly(text: str, pieces: list[str]) -> None:
    assert [text[part.start : part.end] for part in parts(text)] == pieces


@given(st.text(alphabet="路灯不亮，。！另外还有 12、\n", max_size=80))
def test_between_two_pieces_are_only_marks(text: str) -> None:
    found = parts(text)
    assert found[0].start == 0
    for one, other in itertools.pairwise(found):
        assert MARKS.fullmatch(text[one.end : other.start])
    tail = MARKS.sub("", text[found[-1].end :], count=1)
    assert len(MARKS.sub("", tail)) < LAST, "only a short end may be left out"


@given(st.text(alphabet="路灯，。 ", max_size=120))
def test_pieces_are_long_enough_and_few(text: str) -> None:
    found = parts(text)
    assert len(found) <= MOST
    if len(found) > 1:
        assert all(part.end - part.start >= LEAST for part in found[:-1])
        assert found[-1].end - found[-1].start >= LAST
