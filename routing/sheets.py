"""One CSV sheet of the import folder: its columns, its cells, and how a mistake in it is told.

What the rows mean together is checked in workbook.py; nothing here knows the roster."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

REMARK = "备注"
"""Columns whose name starts so are the clerk's own and are not read."""

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_HOUR = re.compile(r"(\d{1,2})(?:[:：]00|点|时)?")
_LIST = re.compile(r"[;；、,，]")
_SPOILT = re.compile(r"[\d.]+[Ee]\+?\d+")
_YES = {"是": True, "代理": True, "1": True, "否": False, "": False, "0": False}


class ImportProblems(Exception):  # noqa: N818 - several at once is the point
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
    def required(self) -> tuple[str, ...]:
        return tuple(c for c in self.columns if c not in self.optional)


class Row:
    """One line of a sheet; its methods read a cell, or note a problem and give a harmless value.

    number: as a spreadsheet counts, the header being 1."""

    __slots__ = ("_cells", "_problems", "file", "number")

    def __init__(
        self, file: str, number: int, cells: Mapping[str, str], problems: list[str]
    ) -> None:
        self.file, self.number, self._cells, self._problems = file, number, cells, problems

    def fail(self, column: str, advice: str) -> None:
        """Note a problem: file, row, column, value, what to do."""
        value = self._cells.get(column, "")
        shown = f"“{value}”" if value else "没有填"
        self._problems.append(f"{self.file} 第{self.number}行 “{column}”列：{shown}，{advice}")

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

    def yes(self, column: str) -> bool:
        """是 or 否; empty means 否."""
        value = self.option(column)
        if value not in _YES:
            self.fail(column, "请写“是”或“否”，不是代理可以空着")
        return _YES.get(value, False)


def read_sheet(folder: Path, sheet: Sheet, problems: list[str]) -> list[Row]:
    """The filled rows of one file; whatever is wrong with the file is added to `problems`."""
    path = folder / sheet.file
    if not path.is_file():
        if sheet.needed:
            problems.append(f"{sheet.file}：没有找到这个文件，请放进 {folder.name} 文件夹")
        return []
    text = _decode(path, problems)
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [_clean(name) for name in next(lines, [])]
    if not _check_header(sheet, header, problems):
        return []
    return list(_rows(sheet, header, lines, problems))


def _decode(path: Path, problems: list[str]) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    problems.append(f"{path.name}：文字编码不认识，请另存为“CSV UTF-8”后再导入")
    return ""


def _check_header(sheet: Sheet, header: list[str], problems: list[str]) -> bool:
    missing = [c for c in sheet.required if c not in header]
    extra = [c for c in header if c and c not in sheet.columns and not c.startswith(REMARK)]
    whole = f"表头应为 {','.join(sheet.columns)}"
    problems += [f"{sheet.file} 第1行：缺少“{c}”列，{whole}" for c in missing]
    problems += [
        f"{sheet.file} 第1行：不认识“{c}”列，{whole}；自己的说明请用“{REMARK}”开头" for c in extra
    ]
    twice = {c for c in header if c and header.count(c) > 1}
    problems += [f"{sheet.file} 第1行：“{c}”列出现了两次，请删去一列" for c in sorted(twice)]
    return not (missing or extra or twice)


def _rows(
    sheet: Sheet, header: list[str], lines: Iterator[list[str]], problems: list[str]
) -> Iterator[Row]:
    for number, cells in enumerate(lines, start=2):
        filled = [_clean(cell) for cell in cells]
        if not any(filled):
            continue
        if any(filled[len(header) :]):
            problems.append(
                f"{sheet.file} 第{number}行：比表头多出一格，请检查是否多了逗号；"
                "内容里有逗号时请整格加双引号"
            )
            continue
        yield Row(sheet.file, number, dict(zip(header, filled, strict=False)), problems)


def _clean(cell: str) -> str:
    return cell.strip(" \t\r\n\u3000\ufeff")
