"""Where the header of a clerk's sheet stands, and what its columns are called there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import folder_form as form
from routing import headers
from routing.sheets import Sheet

COLUMNS = form.GRIDS.columns
RIGHT = list(COLUMNS)


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ([], 0),
        ([[]], 1),
        ([["网格台账"], []], 2),
        ([["网格台账"] * 7, ["填表人：张三", "日期"]], 2),
        ([["编码", "名称", "层级", "上级", "规模", "规模", ""]], 1),
        ([[""]] * 9, 9),
    ],
)
def test_the_header_is_the_row_that_names_most_columns(above: list[list[str]], place: int) -> None:
    records = [*above, RIGHT, ["990101", "示例区", "区县", "", "", "", ""]]
    assert headers.place_of(records, COLUMNS) == place


def test_a_title_may_take_nine_rows_and_no_more() -> None:
    assert headers.place_of([["台账"], *[[""]] * 9, RIGHT], COLUMNS) == 0


@pytest.mark.parametrize(
    ("records", "place"),
    [([], 0), ([[], []], 0), ([[], ["", ""], ["甲", "乙"]], 2), ([["1", "2"]], 0)],
)
def test_without_any_column_it_is_the_first_row_that_says_something(
    records: list[list[str]], place: int
) -> None:
    assert headers.place_of(records, COLUMNS) == place


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("编码", "编码"), ("编 码", "编码"), ("编\n码", "编码"), ("网格编码", "编码"),
        ("网格\n编码（15位）", "编码"), ("编码*", "编码"), ("编码(必填)", "编码"),
        ("编码：", "编码"), ("户数（户）", "户数"), ("人口数", "人数"), ("级别", "层级"),
        ("上级网格编码", "上级"), ("备注：家庭", "备注：家庭"), ("序号", "序号"),
        ("面积", "面积"), ("（）", "（）"), ("", ""),
    ],
)  # fmt: skip
def test_columns_by_the_names_that_clerks_give_them(written: str, name: str) -> None:
    assert headers.named([written], COLUMNS) == [name]


def test_another_name_gives_way_where_the_sheet_has_that_very_column() -> None:
    assert headers.named(["网格编码", "单位编号"], form.UNITS.columns) == ["网格编码", "编号"]


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (RIGHT, []),
        (["序号", "备注一", "备注一", *RIGHT], []),
        ([*reversed(RIGHT)], []),
        (["名称", "层级"], ["缺少“编码”列"]),
        ([*RIGHT, "面积"], ["不认识“面积”列"]),
        ([*RIGHT, "户数"], ["“户数”列出现了两次"]),
        (["甲", "乙"], ["缺少“编码”列", "缺少“名称”列", "缺少“层级”列"]),
    ],
)
def test_faults_of_a_header(names: list[str], lines: list[str]) -> None:
    found = list(headers.faults(names, COLUMNS, form.GRIDS.required))
    assert [line.partition("列")[0] + "列" for line in found if "两次" not in line] == [
        line for line in lines if "两次" not in line
    ]
    assert len(found) == len(lines)


@given(st.permutations(RIGHT))
def test_the_order_of_the_columns_does_not_matter(order: list[str]) -> None:
    assert headers.place_of([["台账"], order], COLUMNS) == 1
    assert list(headers.faults(order, COLUMNS, form.GRIDS.required)) == []


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("网格", "网格"), ("网格表", "网格"), (" 网格 台账 ", "网格"), ("网格信息表", "网格"),
        ("人员名单", "人员"), ("微信群", "群"), ("群聊", "群"), ("值班安排表", "值班"),
        ("承办人名单", "单位人员"), ("部门", "单位"), ("知识库", "知识"),
        ("Sheet1", ""), ("值斑", ""), ("网格2", ""), ("表", ""), ("", ""),
    ],
)  # fmt: skip
def test_lists_by_the_names_that_clerks_give_them(written: str, title: str) -> None:
    assert form.title_of(written) == title


@pytest.mark.parametrize("sheet", form.SHEETS, ids=lambda sheet: sheet.title)
def test_every_list_is_found_by_its_own_name(sheet: Sheet) -> None:
    assert form.title_of(sheet.title) == sheet.title
    assert form.title_of(f"{sheet.title}表") == sheet.title
