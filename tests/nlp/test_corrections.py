"""A correction of a place is heard where it is unmistakable, and what it leaves unsaid stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.corrections import LONGEST, corrected, corrects
from nlp.places import normalise_place
from nlp.reading import Place

WORDS = ("小广场", "东门", "7幢", "健身角")

RIGHT = """
打错了，是8幢 | 7幢2单元楼道 | 8幢2单元楼道 | 8幢2单元
打错字了是8栋 | 七栋二单元楼道 | 8栋二单元楼道 | 8幢2单元
打错了，是5号楼不是3号楼 | 3号楼楼道 | 5号楼楼道 | 5幢
不是3单元是5单元 | 7幢3单元 | 7幢5单元 | 7幢5单元
不是3单元，是5单元 | 7幢3单元 | 7幢5单元 | 7幢5单元
刚才说错了是南门 | 东门 | 南门 | 南门
不是东门，是西门 | 东门 | 西门 | 西门
说错了，8幢 | 7幢 | 8幢 | 8幢
是8幢不是7幢 | 7幢 | 8幢 | 8幢
不是7幢，是8幢楼道 | 7幢楼道 | 8幢楼道 | 8幢
7幢打错了，应该是8幢2单元 | 7幢1单元 | 8幢2单元 | 8幢2单元
哦不对，是5楼 | 7幢2单元3楼 | 7幢2单元5层 | 7幢2单元5层
不对，是8幢 | 7幢 | 8幢 | 8幢
错了，应该是8幢 | 7幢 | 8幢 | 8幢
改一下，是8幢 | 7幢 | 8幢 | 8幢
更正：8号楼3单元 | 7幢 | 8幢3单元 | 8幢3单元
位置错了，是小广场 | 东门 | 小广场 | 广场
把7幢改成8幢 | 7幢 | 8幢 | 8幢
刚才打错了是8幢的楼道灯 | 7幢 | 8幢的楼道 | 8幢
对不起说错了应该是二单元 | 7幢1单元 | 7幢2单元 | 7幢2单元
我打错了，不是2楼是3楼 | 7幢2楼 | 7幢3层 | 7幢3层
打错了，是501 | 7幢2单元401 | 7幢2单元501室 | 7幢2单元501室
口误，8幢，谢谢 | 7幢 | 8幢 | 8幢
"""

NOTHING = """
打错了，是电梯 | 7幢
打错了是7幢 | 7幢
打错了，是8幢吗？ | 7幢
打错了 | 7幢
发错群了 | 7幢
说错了，是昨天 | 7幢
是8幢吗 | 7幢
是8幢 | 7幢
8幢 | 7幢
8幢也是 | 7幢
8幢也坏了 | 7幢
不对，8幢也没有 | 7幢
不对，8幢的路灯是好的 | 7幢
说错了，8幢没停 | 7幢
不对 是8幢坏了吗 | 7幢
你打错了，是8幢 | 7幢
是8幢不是7幢 | 6幢
不是3单元是5单元 | 7幢2单元
不是东门，是西门 | 7幢
不是我家，是楼上 | 7幢
不是7幢坏了是8幢坏了 | 7幢
7幢8幢都坏了 | 7幢
"""


@pytest.mark.parametrize("row", RIGHT.strip().splitlines())
def test_put_right(row: str) -> None:
    text, old, place, normal = row.split(" | ")
    now = corrected(text, Place(old, normalise_place(old)), WORDS)
    assert now is not None
    assert (now.text, now.normal) == (place, normal)
    assert corrects(text, WORDS)


@pytest.mark.parametrize("row", NOTHING.strip().splitlines())
def test_no_correction(row: str) -> None:
    text, old = row.split(" | ")
    assert corrected(text, Place(old, normalise_place(old)), WORDS) is None


def test_a_long_message_tells_something_of_its_own() -> None:
    text = "打错了，是8幢" + "，谢谢" * LONGEST
    assert not corrects(text)
    assert corrected(text, Place("7幢", "7幢")) is None


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 6), st.integers(1, 6))
def test_any_building_and_any_unit(old: int, new: int, unit: int, other: int) -> None:
    told = Place(f"{old}幢{unit}单元", f"{old}幢{unit}单元")
    building = corrected(f"打错了，是{new}号楼", told)
    assert building == (None if old == new else Place(f"{new}号楼{unit}单元", f"{new}幢{unit}单元"))
    side = corrected(f"不是{unit}单元是{other}单元", told)
    assert (side.normal if side else told.normal) == f"{old}幢{other}单元"


@given(st.text(st.sampled_from("打错了是不，78幢单元门的吗"), max_size=20))
def test_whatever_is_taken_for_one_changes_the_place(text: str) -> None:
    told = Place("7幢1单元", "7幢1单元")
    now = corrected(text, told)
    assert now is None or (now.normal and now.normal != told.normal)
