"""Places side by side are all kept, and what only stands near each other is not joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import find_places
from nlp.several import JOINT, MOST, covers, parts_of, together
from nlp.similar import apart, neighbourhood

SIDE_BY_SIDE = """
9栋和7栋路灯都不亮 | 9幢 7幢
9栋、7栋路灯都不亮 | 9幢 7幢
9栋跟7栋的路灯不亮 | 9幢 7幢
9栋路灯不亮，7栋的也不亮 | 9幢 7幢
9栋路灯和7栋路灯都不亮 | 9幢 7幢
9栋的路灯和7栋的路灯不亮 | 9幢 7幢
7栋，9栋都没水 | 7幢 9幢
三号楼和五号楼电梯坏了 | 3幢 5幢
7、8、9栋都停水了 | 7幢 8幢 9幢
7幢和8幢、9幢的楼道灯都坏了 | 7幢 8幢 9幢
2单元和3单元楼道灯都坏了 | 2单元 3单元
7幢2单元和3单元灯坏了 | 7幢2单元 7幢3单元
7幢3楼和5楼楼道灯坏了 | 7幢3层 7幢5层
7幢2单元3楼和5楼灯坏了 | 7幢2单元3层 7幢2单元5层
7幢2单元、8幢1单元漏水 | 7幢2单元 8幢1单元
东门和西门的路灯都不亮 | 东门 西门
"""

APART = """
7栋9栋之间的路灯不亮
9栋和7栋中间的路灯不亮
2楼和3楼之间的灯
7幢楼道灯坏了，在3楼
7幢楼道灯不亮，楼下垃圾也没人收
1号楼到3号楼停水了
1、7栋路灯不亮 2、8栋垃圾没收
7栋灯坏了，8栋垃圾没人收
从东门进来到7栋
9栋和物业都说过了
7栋7栋灯坏了
7栋2单元灯坏了
3楼灯坏了
我家3楼，5楼漏水到我家
7栋路灯亮了，9栋还没亮
东门进来右边，西门那里没问题
8栋停水，9栋停电

"""


@pytest.mark.parametrize("row", SIDE_BY_SIDE.strip().splitlines())
def test_all_of_them_in_order(row: str) -> None:
    text, normals = row.split(" | ")
    assert [place.normal for place in together(text, find_places(text))] == normals.split()


@pytest.mark.parametrize("text", APART.splitlines())
def test_not_joined(text: str) -> None:
    assert together(text, find_places(text)) == ()


@given(st.lists(st.integers(1, 99), min_size=2, max_size=8, unique=True), st.sampled_from("和、跟"))
def test_any_buildings(numbers: list[int], link: str) -> None:
    text = link.join(f"{number}栋" for number in numbers) + "路灯都不亮"
    found = [place.normal for place in together(text)]
    assert found == [f"{number}幢" for number in numbers][:MOST]


@given(st.text(st.sampled_from("79栋和、，2单元楼灯不亮 也1"), max_size=24))
def test_never_one_alone_and_none_twice(text: str) -> None:
    found = [place.normal for place in together(text, find_places(text))]
    assert len(found) != 1
    assert len({*found}) == len(found)
    assert all(normal and JOINT not in normal for normal in found)


@pytest.mark.parametrize(
    ("normal", "other", "found"),
    [
        ("9幢、7幢", "7幢", True),
        ("9幢、7幢", "7幢、9幢", True),
        ("7幢", "9幢、7幢", False),
        ("7幢", "7幢", True),
        ("7幢", "", False),
        ("", "", False),
        ("9幢、17幢", "7幢", False),
    ],
)
def test_what_covers_what(normal: str, other: str, *, found: bool) -> None:
    assert covers(normal, other) is found


def test_one_of_several_is_not_apart() -> None:
    assert parts_of("9幢、7幢") == ("9幢", "7幢")
    assert not apart("9幢、7幢", "7幢")
    assert not apart("7幢2单元", "9幢、7幢")
    assert apart("9幢、7幢", "8幢")
    assert not apart("", "9幢、7幢")
    assert neighbourhood("9幢、7幢") == ""
