"""Made-up personal data of every shape is hidden whole; made-up public figures stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.privacy import mask, mask_door

figures = st.text(st.sampled_from("0123456789"), min_size=9, max_size=9)
mobiles = st.builds("1{}{}".format, st.integers(3, 9), figures)
gaps = st.sampled_from(["", " ", "-", "—", ".", "·"])
before = st.sampled_from(["", "打", "我的电话", "联系 ", "（", "，"])
after = st.sampled_from(["", "，谢谢", "）", "。", " 王老师", "找我"])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(mobiles, gaps, before, after, st.booleans())
def test_a_mobile_number_leaves_no_figure(
    number: str, gap: str, ahead: str, behind: str, wide: bool
) -> None:
    typed = gap.join((number[:3], number[3:7], number[7:]))
    shown = mask(ahead + (typed.translate(WIDE) if wide else typed) + behind)
    assert shown == f"{ahead}[电话]{behind}"


@given(mobiles, gaps)
def test_a_public_number_is_kept_however_it_is_spelt(number: str, gap: str) -> None:
    typed = gap.join((number[:3], number[3:7], number[7:]))
    assert mask(f"热线{typed}", keep=[number]) == f"热线{typed}"
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert mask(f"热线{typed}", keep=[other]) == "热线[电话]"


@given(
    st.integers(110000, 659999),
    st.dates().filter(lambda d: 1900 <= d.year < 2100),
    st.integers(100, 999),
    st.sampled_from("0123456789Xx"),
    before,
)
def test_an_identity_number_leaves_no_figure(
    region: int, born: object, order: int, check: str, ahead: str
) -> None:
    number = f"{region}{str(born).replace('-', '')}{order}{check}"
    assert mask(f"{ahead}{number}") == f"{ahead}[证件号]"


@given(st.sampled_from("京津沪鲁苏浙粤"), st.sampled_from("ABCDEFGHJK"), st.integers(10000, 99999))
def test_a_plate_leaves_no_figure(province: str, city: str, number: int) -> None:
    for typed in (f"{province}{city}{number}", f"{province}{city}·{number}"):
        assert mask(f"{typed}堵门了") == "[车牌]堵门了"


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 33), st.integers(1, 9))
def test_building_and_unit_stay_and_the_door_goes(
    building: int, unit: int, floor: int, room: int
) -> None:
    door = f"{floor}{room:02}"
    assert mask_door(f"{building}-{unit}-{door}漏水") == f"{building}-{unit}漏水"
    assert mask_door(f"{building}号楼{unit}单元{door}室漏水") == f"{building}号楼{unit}单元漏水"
    assert mask_door(f"{building}幢{unit}单元{door}漏水") == f"{building}幢{unit}单元漏水"


@pytest.mark.parametrize(
    "text",
    [
        "一共1200元", "2026年3月2日", "8:30-17:30", "打12345", "拨打110", "#302 收到", "3号楼2单元",
        "96盏灯坏了", "停电至18:00", "12.5平米", "3-5天", "第3-12条",
    ],
)  # fmt: skip
def test_public_figures_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text(st.sampled_from("138王老师3-2-501室 电话:，"), max_size=40))
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    once = mask(text)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", once)


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("王小明家漏水", ["王小明"], "[姓名]家漏水"),
        ("王小明和王小", ["王小", "王小明"], "[姓名]和[姓名]"),
        ("王家漏水", ["王"], "王家漏水"),
        ("王小明", [" 王小明 "], "[姓名]"),
        ("漏水", ["", " "], "漏水"),
    ],
)
def test_names_are_hidden_the_longest_first(text: str, names: list[str], shown: str) -> None:
    assert mask(text, names) == shown
