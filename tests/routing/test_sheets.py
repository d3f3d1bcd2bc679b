"""The cells of an import sheet: what a clerk may write in each kind of cell, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.sheets import Problem, Row, Sheet
from routing.workbook_folder import read_sheet

SHEET = Sheet("表.csv", ("甲", "乙", "丙"), optional=("丙",), needed=True)


def cell(value: str, read: Callable[[Row], object]) -> tuple[object, list[str]]:
    """What a reader makes of one cell, and the problems it noted."""
    problems: list[Problem] = []
    answer = read(Row(SHEET, 7, {"甲": value}, problems))
    return answer, [p.line for p in problems]


def sheet(raw: bytes, form: Sheet = SHEET) -> tuple[list[Row], list[Problem]]:
    problems: list[Problem] = []
    with TemporaryDirectory() as folder:
        (Path(folder) / form.file).write_bytes(raw)
        return read_sheet(Path(folder), form, problems), problems


# ── single cells


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", ()),
        ("供水", ("供水",)),
        ("供水;水司", ("供水", "水司")),
        ("供水；水司、自来水，水厂,水务", ("供水", "水司", "自来水", "水厂", "水务")),
        (" 供水 ; ;供水;水司;", ("供水", "水司")),
        (";;", ()),
    ],
)
def test_lists(value: str, words: tuple[str, ...]) -> None:
    assert cell(value, lambda row: row.words("甲")) == (words, [])


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-01-31", date(2025, 1, 31)),
        ("2025-1-1", date(2025, 1, 1)),
        ("2025/01/31", date(2025, 1, 31)),
        ("2025.1.31", date(2025, 1, 31)),
        ("2025年1月31日", date(2025, 1, 31)),
        ("2025年1月31", date(2025, 1, 31)),
        ("20250131", date(2025, 1, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("", None),
    ],
)
def test_days(value: str, day: date | None) -> None:
    assert cell(value, lambda row: row.day("甲")) == (day, [])


@pytest.mark.parametrize(
    "value", ["2025-02-29", "2025-13-01", "31/01/2025", "2025", "昨天", "0000-01-01", "2025-1"]
)
def test_no_days(value: str) -> None:
    answer, lines = cell(value, lambda row: row.day("甲"))
    assert answer is None
    assert lines == [f"表.csv 第7行 “甲”列：“{value}”，不是日期，请写成 2025-01-31 的样子"]


@pytest.mark.parametrize(
    ("value", "hour"),
    [("0", 0), ("8", 8), ("08", 8), ("8:00", 8), ("8：00", 8), ("8点", 8), ("24", 24), ("", 5)],
)
def test_hours(value: str, hour: int) -> None:
    assert cell(value, lambda row: row.hour("甲", 5)) == (hour, [])


@pytest.mark.parametrize("value", ["25", "8:30", "早上", "-1", "8.5", "100"])
def test_no_hours(value: str) -> None:
    answer, lines = cell(value, lambda row: row.hour("甲", 5))
    assert answer == 5
    assert lines == [f"表.csv 第7行 “甲”列：“{value}”，要写 0 到 24 的整点，例如 8 或 8:00"]


@pytest.mark.parametrize(
    ("value", "yes"),
    [("是", True), ("代理", True), ("1", True), ("否", False), ("0", False), ("", False)],
)
def test_yes_and_no(value: str, yes: bool) -> None:
    assert cell(value, lambda row: row.yes("甲")) == (yes, [])


def test_neither_yes_nor_no() -> None:
    answer, lines = cell("也许", lambda row: row.yes("甲"))
    assert answer is False
    assert lines == ["表.csv 第7行 “甲”列：“也许”，请写“是”或“否”，不是代理可以空着"]


@pytest.mark.parametrize(
    ("value", "number", "told"),
    [("1", 1, 0), ("012", 12, 0), ("", 0, 1), ("一", 0, 1), ("-1", 0, 1), ("1.5", 0, 1)],
)
def test_numbers(value: str, number: int, told: int) -> None:
    answer, lines = cell(value, lambda row: row.number_of("甲"))
    assert (answer, len(lines)) == (number, told)


@pytest.mark.parametrize(
    ("value", "spoilt"),
    [
        ("990101001001001", False),
        ("990101001001001-07", False),
        ("9.90101E+14", True),
        ("9.90101e14", True),
        ("1E+14", True),
        ("E1", False),
    ],
)
def test_codes_that_a_spreadsheet_spoilt(value: str, spoilt: bool) -> None:
    answer, lines = cell(value, lambda row: row.code("甲"))
    assert answer == value
    assert any("科学计数" in line for line in lines) is spoilt


def test_a_required_cell() -> None:
    assert cell("值", lambda row: row.text("甲")) == ("值", [])
    assert cell("", lambda row: row.text("甲")) == (
        "",
        ["表.csv 第7行 “甲”列：没有填，这一格必须填写"],
    )


# ── whole sheets


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    rows, problems = sheet('甲,乙\r\n1,2\r\n\r\n"3\r\n还是3",4\r\n5,6\r\n'.encode())
    assert problems == []
    assert [(r.number, r.option("甲")) for r in rows] == [(2, "1"), (4, "3\r\n还是3"), (5, "5")]


def test_short_rows_are_filled_up() -> None:
    rows, problems = sheet("甲,乙,丙\n1\n".encode())
    assert problems == []
    assert (rows[0].option("乙"), rows[0].option("丙")) == ("", "")


def test_empty_columns_at_the_end_are_ignored() -> None:
    rows, problems = sheet("甲,乙,,\n1,2,,\n".encode())
    assert problems == []
    assert rows[0].option("乙") == "2"


def test_a_column_of_remarks_is_the_clerks_own() -> None:
    rows, problems = sheet("备注,甲,备注2,乙\n随便写,1,也随便,2\n".encode())
    assert problems == []
    assert (rows[0].option("甲"), rows[0].option("乙")) == ("1", "2")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('甲,乙\n1,2\n"3,4\n5,6\n', 3),
        ('甲,乙\n"1"x,2\n', 2),
        ('"甲,乙\n1,2\n', 1),
        ('甲,乙\n1,"' + "长" * 200_000, 2),
    ],
)
def test_a_quotation_mark_that_never_closes_swallows_nothing_unsaid(text: str, row: int) -> None:
    _, problems = sheet(text.encode())
    assert f"表.csv 第{row}行：双引号没有成对，请补上另一半或删掉" in [p.line for p in problems]


def test_a_quotation_mark_within_a_cell_is_only_a_mark() -> None:
    rows, problems = sheet('甲,乙\n他说"好",2\n'.encode())
    assert problems == []
    assert rows[0].option("甲") == '他说"好"'


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("甲", ["缺少“乙”列"]),
        ("", ["缺少“甲”列", "缺少“乙”列"]),
        ("甲,乙,丁", ["不认识“丁”列"]),
        ("甲,乙,丙,丙", ["“丙”列出现了两次"]),
        ("甲,丁,丁", ["缺少“乙”列", "“丁”列出现了两次"]),
    ],
)
def test_headers(header: str, faults: list[str]) -> None:
    rows, problems = sheet(f"{header}\n1,2,3,4\n".encode())
    assert rows == []
    assert len(problems) == len(faults)
    for problem, fault in zip(problems, faults, strict=True):
        row = 1 if header else 2
        assert problem.line.startswith(f"表.csv 第{row}行：{fault}")


def test_an_empty_file_lacks_its_header() -> None:
    rows, problems = sheet(b"")
    assert rows == []
    assert problems[0].line.startswith("表.csv 第1行：缺少“甲”列")


def test_a_missing_file_matters_only_if_it_is_needed(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_sheet(tmp_path, Sheet("无.csv", ("甲",)), problems) == []
    assert problems == []
    read_sheet(tmp_path, SHEET, problems)
    assert [p.line for p in problems] == [
        f"表.csv：没有找到这个文件，请放进 {tmp_path.name} 文件夹"
    ]


cells = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8
).filter(lambda text: text.strip() == text and text.strip("\u3000\ufeff") == text)


@given(st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_is_written_is_read(rows: list[tuple[str, str]], encoding: str) -> None:
    quoted = ["甲,乙", *(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in r) for r in rows)]
    found, problems = sheet("\n".join(quoted).encode(encoding))
    assert problems == []
    assert [(r.option("甲"), r.option("乙")) for r in found] == rows


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_it_stumble(raw: bytes) -> None:
    rows, problems = sheet("甲,乙\n".encode() + raw)
    assert all(isinstance(p.line, str) for p in problems)
    assert all(r.number >= 2 for r in rows)
