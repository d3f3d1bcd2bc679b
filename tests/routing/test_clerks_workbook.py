"""Workbooks and folders as a street office keeps them: understood, or refused with the place."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from routing.parts import Duty, Grid, Group, Parts, Post, Role, Unit
from routing.workbook import ImportProblems, read_lists
from tests.routing.test_workbook_xlsx import Tabs, save, tabs

VILLAGE, CELL = "990201001001", "990201001001001"
Change = Callable[[Workbook], object]


def county() -> Workbook:
    """The lists of a village, with what an office adds to them."""
    book = Workbook()
    book.active.title = "Sheet1"
    grids = book.create_sheet("网格台账")
    for row in (
        ["样板县2026年网格底数台账"],
        [],
        ["序号", "网 格\n编码（15位）", "网格名称*", "级别", "上级", "规模", None, "类型"],
        [None, None, None, None, None, "户数", "人口数", None],
        [1, "９９０２０１", "样板县", "区县", None, None, None, None],
        [2, 990201001, "示例镇", "镇", "990201", None, None, None],
        [3, 990201001001, "示例村", "行政村", 990201001, "约610", "1,890", "农村"],
        [],
        [4, 990201001001001, "示例村网格", "网格", VILLAGE, 205.0, 640, None],
        [5, f"{CELL}-01", "东片", "微网格", CELL, 64, 201, None],
        [6, f"{CELL}-02", "西片", "微网格", None, 64, 201, None],
        ["合计", None, None, None, None, 333, 3333, None],
    ):
        grids.append(row)
    for merged in ("A1:H1", "F3:G3", "E10:E11", *(f"{c}3:{c}4" for c in "ABCDEH")):
        grids.merge_cells(merged)
    _more(book)
    return book


def _more(book: Workbook) -> None:
    rows: dict[str, list[list[object]]] = {
        "人员表": [["编号", "姓名", "账号"], ["P001", "示例网格长", "local：leader"],
                ["P002", "示例村民", "local:wang"]],
        "岗位": [
            ["人员编号", "网格编码", "职务", "代理", "开始日期", "结束"],
            ["P001", int(CELL), "网格长", "×", 45658, "2030/12/31 0:00:00"],
            ["Ｐ００２", f"{CELL} -01", "村民", None, None, None],
        ],
        "单位": [["单位编号", "单位名称", "联系电话", "别名", "网格编码"],
               ["gongshui", "示例供水公司", 13900000000.0, "供水", "全部"]],
        "微信群": [["会话", "网格编码", "群名"], ["local：g1", f"{CELL}-01", "东片群"],
                ["local:g2", f"{CELL}-01", "东片二群"]],
        "值班表": [["网格编码", "顺序", "人员编号", "开始时", "结束时"],
                [int(VILLAGE), 1.0, "P001", "8:00:00", 24]],
    }  # fmt: skip
    for title, lines in rows.items():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.create_sheet("缓存").sheet_state = "hidden"
    book["缓存"].append(["由插件写入"])


def read(book: Workbook, folder: Path) -> Parts:
    book.save(folder / "台账.xlsx")
    return read_lists(folder / "台账.xlsx")


def refused(book: Workbook, folder: Path) -> list[str]:
    with pytest.raises(ImportProblems) as caught:
        read(book, folder)
    return caught.value.lines


def test_a_book_as_an_office_keeps_it_is_understood(tmp_path: Path) -> None:
    parts = read(county(), tmp_path)
    assert parts.grids == (
        Grid("990201", "样板县", "district"),
        Grid("990201001", "示例镇", "street", "990201"),
        Grid(VILLAGE, "示例村", "community", "990201001", 610, 1890, "rural"),
        Grid(CELL, "示例村网格", "grid", VILLAGE, 205, 640),
        Grid(f"{CELL}-01", "东片", "micro", CELL, 64, 201),
        Grid(f"{CELL}-02", "西片", "micro", CELL, 64, 201),
    )
    assert parts.posts == (
        Post("P001", CELL, Role.LEADER, False, date(2025, 1, 1), date(2030, 12, 31)),
        Post("P002", f"{CELL}-01", Role.RESIDENT),
    )
    assert parts.people[0].accounts == ("local:leader",)
    assert parts.units == (Unit("gongshui", "示例供水公司", "13900000000", ("供水",)),)
    assert parts.groups == (
        Group("local:g1", f"{CELL}-01", "东片群"), Group("local:g2", f"{CELL}-01", "东片二群"),
    )  # fmt: skip
    assert parts.duties == (Duty(VILLAGE, 1, "P001", 8, 24),)


def put(tab: str, cell: str, value: object) -> Change:
    return lambda book: book[tab].__setitem__(cell, value)


def add(tab: str, *cells: object) -> Change:
    return lambda book: book[tab].append(cells)


REFUSED = [
    (put("网格台账", "B9", "1.10101E+14"),
     "工作表“网格台账” 第9行 “编码”列：“1.10101E+14”，编码被表格软件改成了科学计数"),
    (put("网格台账", "E9", "9.90201E+11"),
     "工作表“网格台账” 第9行 “上级”列：“9.90201E+11”，编码被表格软件改成了科学计数"),
    (put("网格台账", "B9", 33070200100100199),
     "工作表“网格台账” 第9行 “编码”列：“3.30702E+16”，编码被表格软件改成了科学计数"),
    (add("网格台账", None, "注：以上为年末数"),
     "工作表“网格台账” 第13行 “编码”列：“注：以上为年末数”，编码要用数字和字母"),
    (add("网格台账", 7, "示例村北片", "990201001009", "网格", VILLAGE),
     "工作表“网格台账” 第13行 “编码”列：“示例村北片”，编码要用数字和字母，请看看是不是和别的"),
    (add("人员表", "示例人", "P003", None),
     "工作表“人员表” 第4行 “编号”列：“示例人”，请看看是不是和“姓名”列填反了"),
    (add("人员表", "P001", "示例网格长", "local：leader"),
     "工作表“人员表” 第4行 “编号”列：“P001”，“P001”和第2行重复，请删去其中一行"),
    (add("人员表", "P001", "另一个人", None),
     "工作表“人员表” 第4行 “编号”列：“P001”，“P001”和第2行重复，每个人一个编号"),
    (put("岗位", "E2", 19), "工作表“岗位” 第2行 “开始”列：“19”，不是日期"),
    (put("单位", "C2", "1.39E+10"),
     "工作表“单位” 第2行 “电话”列：“1.39E+10”，电话被表格软件改成了科学计数"),
    (put("值班表", "D2", "8:30"), "工作表“值班表” 第2行 “开始时”列：“8:30”，要写 0 到 24 的整点"),
    (lambda book: setattr(book["值班表"], "sheet_state", "hidden"),
     "台账.xlsx：工作表“值班表”是隐藏的，请取消隐藏核对一遍再导入，用不着就删去"),
    (lambda book: book.create_sheet("群聊"),
     "台账.xlsx：工作表“微信群”和“群聊”都是“群”表，请只留一个"),
    (lambda book: book.create_sheet("值斑").append(["网格编码"]),
     "台账.xlsx：不认识工作表“值斑”，应为 网格、人员"),
    (put("微信群", "C1", "名子"), "工作表“微信群” 第1行：缺少“名称”列，表头应为 会话,网格编码"),
    (put("网格台账", "C3", "网格面积"), "工作表“网格台账” 第4行：缺少“名称”列"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_meant_is_refused_with_its_place_and_value(
    tmp_path: Path, change: Change, line: str
) -> None:
    book = county()
    change(book)
    lines = refused(book, tmp_path)
    assert any(one.startswith(line) for one in lines), "\n".join(lines)


def test_hidden_and_empty_tabs_of_no_list_are_left_alone(tmp_path: Path) -> None:
    book = county()
    book.create_sheet("Sheet2").append([None, "", None])
    assert read(book, tmp_path) == read(county(), tmp_path)


def test_a_header_that_is_repeated_further_down_is_no_row(tmp_path: Path) -> None:
    book = county()
    add("人员表", "编号", "姓名", "账号")(book)
    add("人员表", "P009", "后来的", None)(book)
    assert [p.id for p in read(book, tmp_path).people] == ["P001", "P002", "P009"]


# ── the same in a folder


def folder_of(sheets: Tabs, folder: Path, encoding: str, comma: str = ",") -> Path:
    for title, rows in sheets.items():
        text = "\r\n".join(comma.join("" if c is None else _plain(c) for c in row) for row in rows)
        (folder / f"{title}.csv").write_bytes(text.encode(encoding))
    return folder


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.year}/{value.month}/{value.day} 0:00"
    return "是" if value is True else "否" if value is False else str(value)


def small() -> Tabs:
    sheets = tabs()
    sheets["值班"][1][3:] = ["8:00", 24]
    return sheets


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_encodings_and_separators_of_spreadsheets(
    tmp_path: Path, encoding: str, comma: str
) -> None:
    wanted = read_lists(save(tmp_path / "名册.xlsx", small()))
    own = tmp_path / "own"
    own.mkdir()
    assert read_lists(folder_of(small(), own, encoding, comma)) == wanted


def test_files_may_be_called_as_tabs_may(tmp_path: Path) -> None:
    folder_of(small(), tmp_path, "gbk")
    wanted = read_lists(tmp_path)
    (tmp_path / "网格.csv").rename(tmp_path / "网格台账.CSV")
    (tmp_path / "群.csv").rename(tmp_path / "微信群.csv")
    (tmp_path / "备注 家庭.csv").write_bytes(b"\xff\xff")
    assert read_lists(tmp_path) == wanted
    (tmp_path / "网格台账.CSV").write_text("编码,名称,层级\n1,甲,天宫\n", encoding="gbk")
    with pytest.raises(ImportProblems, match=r"网格台账\.CSV 第2行 “层级”列：“天宫”"):
        read_lists(tmp_path)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("值斑.csv", "own：不认识文件“值斑.csv”，应为 网格.csv、人员.csv"),
        ("网格表.csv", "own：“网格.csv”和“网格表.csv”都是“网格”表，请只留一个"),
    ],
)
def test_files_that_nobody_would_read_are_told(tmp_path: Path, name: str, line: str) -> None:
    own = tmp_path / "own"
    own.mkdir()
    folder_of(small(), own, "utf-8")
    (own / name).write_text("编码\n", encoding="utf-8")
    with pytest.raises(ImportProblems) as caught:
        read_lists(own)
    assert [one for one in caught.value.lines if one.startswith(line)]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        (
            "名册.xls",
            b"\xd0\xcf\x11\xe0",
            "名册.xls：不是 .xlsx 工作簿。旧格式（.xls、.et）请另存为",
        ),
        ("网格.csv", b"a", "网格.csv：不是 .xlsx 工作簿。"),
        ("名册.xlsx", b"\xd0\xcf\x11\xe0", "名册.xlsx：打不开，请用表格软件另存为 .xlsx（不加密）"),
        ("名册.xlsx", codecs.BOM_UTF8, "名册.xlsx：打不开"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, name: str, content: bytes, line: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImportProblems) as caught:
        read_lists(tmp_path / name)
    assert caught.value.lines[0].startswith(line)


def test_a_folder_with_a_workbook_only_says_to_import_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(b"PK")
    with pytest.raises(ImportProblems, match=r"有工作簿 名册\.xlsx，请直接导入工作簿"):
        read_lists(tmp_path)
