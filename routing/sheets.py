"""One sheet of the imported lists: its columns, its cells, and how a mistake in it is told.

What the rows mean together is checked in workbook.py; nothing here knows the roster."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

REMARK = "备注"
"""Columns whose name starts so are the clerk's own and are not read."""

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_HOUR = re.compile(r"(\d{1,2})(?:[:：]00|点|时)?")
_LIST = re.compile(r"[;；、,，]")
_FORMULA = re.compile(r"'*[=+@-]")
_COUNT = re.compile(r"约?(\d{1,7})[户人]?")
_SPOILT = re.compile(r"[\d.]+[Ee]\+?\d+")
_YES = {"是": True, "代理": True, "1": True, "否": False, "": False, "0": False}


class ImportProblems(Exception):
    """The folder cannot be imported; `lines` names every mistake and what to do about it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file and its columns; those in `optional` may be empty or left out altogether.

    needed: the file itself must exist. example: rows for the template, one cell a column."""

    file: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed: bool = False
    example: tuple[tuple[str, ...], ...] = ()

    @property
    def title(self) -> str:
        """The name of the list: of the file without .csv, of the tab in a workbook."""
        return self.file.removesuffix(".csv")

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c for c in self.columns if c not in self.optional)


class Problem(NamedTuple):
    """One mistake and where it stands: the row as a spreadsheet counts, 0 for the whole file."""

    sheet: Sheet
    row: int
    column: int
    line: str


class Row:
    """One line of a sheet; its methods read a cell, or note a problem and give a harmless value.

    number: as a spreadsheet counts, the header being 1."""

    __slots__ = ("_cells", "_problems", "_sheet", "number")

    def __init__(
        self, sheet: Sheet, number: int, cells: Mapping[str, str], problems: list[Problem]
    ) -> None:
        self._sheet, self.number, self._cells, self._problems = sheet, number, cells, problems

    def fail(self, column: str, advice: str) -> None:
        """Note a problem: file, row, column, value, what to do."""
        value = self._cells.get(column, "")
        shown = f"“{value}”" if value else "没有填"
        line = f"{self._sheet.file} 第{self.number}行 “{column}”列：{shown}，{advice}"
        place = self._sheet.columns.index(column)
        self._problems.append(Problem(self._sheet, self.number, place, line))

    def option(self, column: str) -> str:
        """The cell without surrounding space; "" if empty."""
        return self._cells.get(column, "")

    def text(self, column: str) -> str:
        """A cell that must be filled."""
        value = self._cells.get(column, "")
        if not value:
            self.fail(column, "这一格必须填写")
        return value

    def code(self, column: str) -> str:
        """A required code; catches long numbers that a spreadsheet turned into 1.1E+14."""
        value = self.text(column)
        if _SPOILT.fullmatch(value):
            self.fail(column, "编码被表格软件改成了科学计数，请把这一列设成“文本”格式后重新填写")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """A list separated by ; 、 or a comma, each word once."""
        value = self._cells.get(column, "")
        parts = (w.strip() for w in _LIST.split(value)) if value else ()
        return tuple(dict.fromkeys(w for w in parts if w))

    def day(self, column: str) -> date | None:
        """A date or None if empty: 2025-01-31, 2025/1/31, 2025年1月31日, 20250131."""
        value = self.option(column)
        found = _DATE.fullmatch(value)
        try:
            if found:
                year, month, day = (int(p) for p in found.groups() if p)
                return date(year, month, day)
        except ValueError:
            found = None
        if value and not found:
            self.fail(column, "不是日期，请写成 2025-01-31 的样子")
        return None

    def hour(self, column: str, default: int) -> int:
        """A full hour from 0 to 24: 8, 8:00, 8点; the default if empty."""
        value = self.option(column)
        found = _HOUR.fullmatch(value)
        if found and int(found[1]) <= 24:  # noqa: PLR2004
            return int(found[1])
        if value:
            self.fail(column, "要写 0 到 24 的整点，例如 8 或 8:00")
        return default

    def number_of(self, column: str) -> int:
        """A whole number that must be filled; 0 with a problem otherwise."""
        value = self.text(column)
        if value.isdecimal():
            return int(value)
        if value:
            self.fail(column, "要写数字，例如 1")
        return 0

    def count(self, column: str) -> int:
        """A whole number such as 320, 320户 or 约320; 0, which means unknown, if empty."""
        value = self.option(column)
        found = _COUNT.fullmatch(value)
        if value and not found:
            self.fail(column, "要写整数，例如 320；不知道可以空着")
        return int(found[1]) if found else 0

    def choice(self, column: str, known: Mapping[str, str]) -> str:
        """What one of the known words stands for; "" with a problem otherwise."""
        value = self.option(column)
        if value not in known:
            self.fail(column, f"可以写：{'、'.join(filter(None, known))}")
        return known.get(value, "")

    def yes(self, column: str) -> bool:
        """是 or 否; empty means 否."""
        value = self.option(column)
        if value not in _YES:
            self.fail(column, "请写“是”或“否”，不是代理可以空着")
        return _YES.get(value, False)


def read_sheet(folder: Path, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    """The filled rows of one file; whatever is wrong with the file is added to `problems`."""
    path = folder / sheet.file
    if not path.is_file():
        if sheet.needed:
            line = f"{sheet.file}：没有找到这个文件，请放进 {folder.name} 文件夹"
            problems.append(Problem(sheet, 0, 0, line))
        return []
    text = _decode(path.read_bytes())
    if text is None:
        line = f"{sheet.file}：文字编码不认识，请另存为“CSV UTF-8”后再导入"
        problems.append(Problem(sheet, 0, 0, line))
        return []
    return rows_of(sheet, _records(sheet, text, problems), problems)


def rows_of(sheet: Sheet, records: list[list[str]], problems: list[Problem]) -> list[Row]:
    """The filled rows of a sheet whose cells are known, the header first; `file` of the sheet
    is the place that the problems name."""
    header, *lines = records or [[]]
    while header and not header[-1]:
        header.pop()
    if faults := list(_header_faults(sheet, header)):
        problems += [Problem(sheet, 1, 0, f"{sheet.file} 第1行：{fault}") for fault in faults]
        return []
    return list(_rows(sheet, header, lines, problems))


def _records(sheet: Sheet, text: str, problems: list[Problem]) -> list[list[str]]:
    """The cells line by line, the header first; stops at a quotation mark that never closes."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[list[str]] = []
    try:
        found.extend([clean_cell(cell) for cell in cells] for cells in reader)
    except csv.Error:
        number = len(found) + 1
        line = f"{sheet.file} 第{number}行：双引号没有成对，请补上另一半或删掉"
        problems.append(Problem(sheet, number, 0, line))
    return found


def _decode(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _header_faults(sheet: Sheet, header: list[str]) -> Iterator[str]:
    whole = f"表头应为 {','.join(sheet.columns)}"
    for column in sheet.required:
        if column not in header:
            yield f"缺少“{column}”列，{whole}"
    for column in dict.fromkeys(c for c in header if c):
        if header.count(column) > 1:
            yield f"“{column}”列出现了两次，请删去一列"
        elif column not in sheet.columns and not column.startswith(REMARK):
            yield f"不认识“{column}”列，{whole}；自己的说明请用“{REMARK}”开头"


def _rows(
    sheet: Sheet, header: list[str], lines: list[list[str]], problems: list[Problem]
) -> Iterator[Row]:
    for number, filled in enumerate(lines, start=2):
        if any(filled[len(header) :]):
            advice = "请检查是否多了逗号；内容里有逗号时请整格加双引号"
            line = f"{sheet.file} 第{number}行：比表头多出一格，{advice}"
            problems.append(Problem(sheet, number, 0, line))
        elif any(filled):
            yield Row(sheet, number, dict(zip(header, filled, strict=False)), problems)


def clean_cell(cell: str) -> str:
    """Without surrounding space and without the apostrophe that `guarded` put before it."""
    cell = cell.strip(" \t\r\n\u3000\ufeff")
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `clean_cell` gives the text back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
