"""One sheet of the imported lists: its columns, its cells, and how a mistake in it is told.

What the rows mean together is checked in workbook.py; nothing here knows the roster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from routing import headers
from routing.cells import count_of, day_of, hour_of, key_of, spoilt

_LIST = re.compile(r"[;；、,，]")
_LIKE_AN_ID = re.compile(r"[A-Za-z]{0,3}[-_]?\d+")
_YES = {
    **dict.fromkeys(("是", "代理", "1", "√", "✓"), True),
    **dict.fromkeys(("否", "", "0", "无", "×"), False),
}
_SUMS = frozenset({"合计", "总计", "小计", "共计"})
_SPOILT = "被表格软件改成了科学计数，请把这一列设成“文本”格式后重新填写"


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

    def key(self, column: str) -> str:
        """The cell as a code or number is compared; a long one that was cut is a problem."""
        value = self._cells.get(column, "")
        if spoilt(value):
            self.fail(column, f"编码{_SPOILT}")
        return key_of(value)

    def code(self, column: str) -> str:
        """A required code of letters and digits."""
        key = self.key(column) if self.text(column) else ""
        if not key.isascii():
            self.fail(column, "编码要用数字和字母，请看看是不是和别的列填反了，或者是表外的说明")
        return key

    def id(self, column: str, name: str) -> str:
        """A required id of somebody; one that has changed places with the name is a problem."""
        value = self.text(column)
        if not value.isascii() and _LIKE_AN_ID.fullmatch(self.option(name)):
            self.fail(column, f"请看看是不是和“{name}”列填反了")
        return key_of(value)

    def phone(self, column: str) -> str:
        """A phone number, of which a spreadsheet may have made 13900000000.0; "" if empty."""
        value = self.option(column)
        if spoilt(value):
            self.fail(column, f"电话{_SPOILT}")
        return key_of(value) if value.replace(".", "").isdecimal() else value

    def same(self, other: Row) -> bool:
        """Whether every cell is the other row's."""
        return self._cells == other._cells

    def words(self, column: str) -> tuple[str, ...]:
        """A list separated by ; 、 or a comma, each word once."""
        value = self._cells.get(column, "")
        parts = (w.strip() for w in _LIST.split(value)) if value else ()
        return tuple(dict.fromkeys(w for w in parts if w))

    def day(self, column: str) -> date | None:
        """A date as cells.day_of reads it, or None if empty."""
        value = self.option(column)
        found = day_of(value) if value else None
        if value and not found:
            self.fail(column, "不是日期，请写成 2025-01-31 的样子")
        return found

    def hour(self, column: str, default: int) -> int:
        """A full hour from 0 to 24: 8, 8:00, 8点; the default if empty."""
        value = self.option(column)
        found = hour_of(value) if value else default
        if found is None:
            self.fail(column, "要写 0 到 24 的整点，例如 8 或 8:00")
        return default if found is None else found

    def number_of(self, column: str) -> int:
        """A whole number that must be filled; 0 with a problem otherwise."""
        value = key_of(self.text(column))
        if value.isdecimal():
            return int(value)
        if value:
            self.fail(column, "要写数字，例如 1")
        return 0

    def count(self, column: str) -> int:
        """A whole number such as 320, 320户 or 约320; 0, which means unknown, if empty."""
        value = self.option(column)
        found = count_of(value) if value else 0
        if found is None:
            self.fail(column, "要写整数，例如 320；不知道可以空着")
        return found or 0

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


def rows_of(sheet: Sheet, records: list[list[str]], problems: list[Problem]) -> list[Row]:
    """The filled rows of a sheet whose cells are known, below the header; `file` of the sheet
    is the place that the problems name."""
    place = headers.place_of(records, sheet.columns)
    names = headers.named(records[place] if records else [], sheet.columns)
    while names and not names[-1]:
        names.pop()
    if faults := list(headers.faults(names, sheet.columns, sheet.required)):
        row = place + 1
        problems += [Problem(sheet, row, 0, f"{sheet.file} 第{row}行：{f}") for f in faults]
        return []
    return list(_rows(sheet, names, records[place:], place + 1, problems))


def _rows(
    sheet: Sheet, names: list[str], lines: list[list[str]], first: int, problems: list[Problem]
) -> Iterator[Row]:
    """The rows below `lines[0]`, the header in row `first`; empty ones, sums and headers that
    are repeated further down hold nothing to read."""
    header = lines[0]
    known = [place for place, name in enumerate(names) if name in sheet.columns]
    for number, filled in enumerate(lines[1:], start=first + 1):
        if any(filled[len(names) :]):
            advice = "请检查是否多了逗号；内容里有逗号时请整格加双引号"
            line = f"{sheet.file} 第{number}行：比表头多出一格，{advice}"
            problems.append(Problem(sheet, number, 0, line))
        elif filled != header and _speaks(filled, known):
            yield Row(sheet, number, dict(zip(names, filled, strict=False)), problems)


def _speaks(filled: list[str], known: list[int]) -> bool:
    """Whether a row is more than blank, the clerk's own columns or a sum."""
    last = len(filled)
    for place in known:
        if place < last and filled[place]:
            return _SUMS.isdisjoint(filled)
    return False
