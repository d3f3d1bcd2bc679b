"""Ticket numbers and spans of time as people type them, and all that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.numerals import LAST_NUMBER, duration, han_number, plain, take_numbers

_SIGNS = "零一二三四五六七八九"


def spoken(value: int) -> str:
    """1..999 as it is read aloud: 一百零五, 十二, 二十."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_SIGNS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _SIGNS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_SIGNS[ones] if ones else "")


@given(st.integers(1, 999))
def test_every_numeral_read_aloud_is_its_value(value: int) -> None:
    assert han_number(spoken(value)) == value


@given(st.integers(1, 99_999))
def test_figures_read_one_by_one_are_their_value(value: int) -> None:
    assert han_number("".join(_SIGNS[int(figure)] for figure in str(value))) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两", 2), ("两百", 200), ("百", 100), ("十", 10), ("〇", 0), ("零", 0), ("一〇五", 105),
        ("一百零五", 105), ("一百五", 105), ("九百九十九", 999), ("十人", 0), ("三x", 0), ("", 0),
        ("3", 0), ("一千", 0), ("三 十", 0),
    ],
)  # fmt: skip
def test_odd_numerals(text: str, value: int) -> None:
    assert han_number(text) == value


NUMBERS = """
#12 已修好 | 12 | 已修好
＃12 已修好 | 12 | 已修好
# 12 已修好 | 12 | 已修好
#0012 已修好 | 12 | 已修好
12号 已修好 | 12 | 已修好
12号工单 已修好 | 12 | 已修好
第12号工单 已修好 | 12 | 已修好
12单 已修好 | 12 | 已修好
第三单 已修好 | 3 | 已修好
第十二件 已修好 | 12 | 已修好
单号12 已修好 | 12 | 已修好
单12 已修好 | 12 | 已修好
12 已修好 | 12 | 已修好
#1 #2 #3 已修好 | 1 2 3 | 已修好
#1、#2和#3 已修好 | 1 2 3 | 已修好
#1,#2，#3 已修好 | 1 2 3 | 已修好
#1/#2及#3 | 1 2 3 |
第一单第二单 | 1 2 |
#123456 好 | 123456 | 好
已修好 #12 | | 已修好 #12
3号楼 | | 3号楼
3栋的灯 | | 3栋的灯
3 号楼漏水 | | 3 号楼漏水
3单元的灯 | | 3单元的灯
3单位 | | 3单位
3层没灯 | | 3层没灯
3盏灯 | | 3盏灯
3个人 | | 3个人
3天 | | 3天
3 天 | | 3 天
3个工作日 | | 3个工作日
3件事 | | 3件事
3-2-501 | | 3-2-501
3—2 | | 3—2
8:30 开会 | | 8:30 开会
8：30 开会 | | 8：30 开会
3.5元 | | 3.5元
1号院 | | 1号院
1号线 | | 1号线
5路车 | | 5路车
2号门坏了 | | 2号门坏了
12号码 | | 12号码
3A栋 | | 3A栋
1234567 | | 1234567
#1234567 | | #1234567
0 好 | | 0 好
#0 好 | | #0 好
第零单 | | 第零单
三号 | | 三号
第三单元 | | 第三单元
好 | | 好
"""


@pytest.mark.parametrize("row", NUMBERS.strip().splitlines())
def test_what_a_text_begins_with(row: str) -> None:
    text, numbers, rest = (cell.strip() for cell in row.split("|"))
    found, left = take_numbers(text)
    assert found == tuple(map(int, numbers.split()))
    assert left.strip() == rest


@given(st.lists(st.integers(1, 999_999), min_size=1, max_size=8))
def test_signed_numbers_are_all_taken(numbers: list[int]) -> None:
    text = " ".join(f"#{number}" for number in numbers)
    assert take_numbers(f"{text} 修好了") == (tuple(numbers), "修好了")


@given(st.lists(st.integers(1, 999), min_size=9, max_size=12))
def test_no_more_than_eight_at_once(numbers: list[int]) -> None:
    found, left = take_numbers(" ".join(f"#{number}" for number in numbers))
    assert found == tuple(numbers[:8])
    assert left.startswith(f"#{numbers[8]}"), "what is too many stays in the text"


@given(st.text(max_size=60))
def test_what_is_left_is_the_end_of_any_text(text: str) -> None:
    numbers, left = take_numbers(text)
    assert text.endswith(left)
    assert all(numbers)
    assert numbers or left == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("修好了 #12", "12"), ("修好了#12", "12"), ("修好了 # 12", "12"), ("修好了 #0012", "12"),
        ("修好了 #0", None), ("修好了 #1234567", None), ("修好了 12", None), ("#12 修好了", None),
    ],
)  # fmt: skip
def test_the_number_at_the_end(text: str, number: str | None) -> None:
    match = LAST_NUMBER.search(text)
    assert (match[1] if match else None) == number


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("＃１２　办结", "#12 办结"),
        ("ＡＢｃ", "ABc"),
        ("@小格 办结", "办结"),
        ("＠小格\u2005办结", "办结"),
        ("  @小格   办结  ", "办结"),
        ("办结 @小格", "办结 @小格"),
        ("@小格", "@小格"),
        ("\u200b办\ufeff结", "办结"),
        ("＋１", "+1"),
        ("好？", "好?"),
        ("一\n二", "一\n二"),
        ("好\ufe0f", "好"),
        ("\x07好", "好"),
    ],
)
def test_one_width_and_no_invisible_marks(text: str, folded: str) -> None:
    assert plain(text) == folded


SPANS = [
    ("3天", "3d", ""), ("三天", "3d", ""), ("3个工作日", "3wd", ""), ("十个工作日", "10wd", ""),
    ("3 个 工作天", "3wd", ""), ("两小时", "2h", ""), ("24个钟头", "24h", ""), ("1周", "7d", ""),
    ("两个星期", "14d", ""), ("一个礼拜", "7d", ""), ("半天", "12h", ""), ("半小时", "30m", ""),
    ("半个钟头", "30m", ""), ("半个工作日", "4wh", ""), ("半个星期", "4d", ""),
    ("两天半", "3d", ""), ("两小时半", "3h", ""), ("15日", "15d", ""),
    ("3天，等配件", "3d", "等配件"), ("等配件 3天", "3d", "等配件"), ("3天：缺料", "3d", "缺料"),
    ("180天", "180d", ""), ("999小时", "999h", ""), ("25周", "175d", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "rest"), SPANS)
def test_spans_of_time(text: str, span: str, rest: str) -> None:
    assert duration(text) == (span, rest)


@pytest.mark.parametrize(
    "text",
    [
        "", "等配件", "0天", "零天", "181天", "180天半", "26周", "1000天", "3", "天", "3年",
        "因为厂家的人一直不来我们只好再等一等大概3天",
    ],
)  # fmt: skip
def test_what_is_no_span(text: str) -> None:
    assert duration(text) is None


@given(st.integers(1, 180), st.sampled_from(["天", "日"]))
def test_days_in_figures_and_in_words_are_one_span(value: int, unit: str) -> None:
    assert duration(f"{value}{unit}") == (f"{value}d", "")
    if len(spoken(value)) <= 3:
        assert duration(f"{spoken(value)}{unit}") == (f"{value}d", "")
