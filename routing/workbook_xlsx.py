"""One .xlsx workbook with a tab a list: its cells as the text that a clerk sees, and back.

What the rows mean is checked in workbook.py; CSV files are sheets.py. openpyxl is imported where
a workbook is opened: a bot that only runs saves its time and memory."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from routing import folder_form as form
from routing.sheets import REMARK, ImportProblems, Problem, Row, Sheet, clean_cell, guarded, rows_of

SUFFIX = ".xlsx"
HELP = "填写说明"
_EXACT = 10**15
"""A spreadsheet keeps 15 digits; longer numbers have lost their end."""
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
_WIDTH = 18
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that the format cannot hold."""
_FAULTS = (BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError)


def tab_name(sheet: Sheet) -> str:
    """How a tab is named to whoever must correct it."""
    return f"工作表“{sheet.title}”"


class Tabs:
    """An open workbook. Raises ImportProblems if it cannot be opened, FileNotFoundError."""

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415 - see above
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

        self._name = path.name
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = load_workbook(path, read_only=True, data_only=True)
        except FileNotFoundError:
            raise
        except (*_FAULTS, InvalidFileException) as error:
            line = f"{path.name}：打不开，请用表格软件另存为 .xlsx（不加密）后再导入"
            raise ImportProblems([line]) from error
        self._titles = {title.strip(): title for title in self._book.sheetnames}

    def problems(self) -> list[str]:
        """Tabs that nobody will read: a misspelt one must not be passed over in silence."""
        known = {sheet.title for sheet in form.SHEETS}
        wrong = (t for t in self._titles if t not in known and not t.startswith((REMARK, HELP)))
        names = "、".join(sheet.title for sheet in form.SHEETS)
        return [
            f"{self._name}：不认识工作表“{title}”，应为 {names}；自己的说明请用“{REMARK}”开头"
            for title in wrong
        ]

    def read(self, sheet: Sheet, problems: list[Problem]) -> list[Row]:
        """The filled rows of one tab; whatever is wrong with it is added to `problems`."""
        tab = replace(sheet, file=tab_name(sheet))
        title = self._titles.get(sheet.title)
        if title is None:
            if sheet.needed:
                line = f"{self._name}：没有找到{tab.file}，请补上"
                problems.append(Problem(tab, 0, 0, line))
            return []
        page = self._book[title]
        page.reset_dimensions()
        records = [_texts(cells) for cells in page.iter_rows(values_only=True)]
        _note_errors(tab, records, problems)
        return rows_of(tab, records, problems)


def _texts(cells: Iterable[Any]) -> list[str]:
    return [value if type(value) is str and value.isalnum() else as_text(value) for value in cells]


def as_text(value: object) -> str:
    """A cell as the clerk sees it; a number too long to be exact looks spoilt, as it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_cell(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    return _moment(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)


def _moment(value: object) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _note_errors(tab: Sheet, records: list[list[str]], problems: list[Problem]) -> None:
    for number, cells in enumerate(records, start=1):
        for place, cell in enumerate(cells):
            if cell[:1] == "#" and cell in _ERRORS:
                column = records[0][place] if place < len(records[0]) else str(place + 1)
                line = f"{tab.file} 第{number}行 “{column}”列：“{cell}”，公式出错，请改成文字"
                problems.append(Problem(tab, number, place, line))


Rows = Mapping[str, Iterable[tuple[str, ...]]]
"""The rows of each list by its title, without the header."""


def write_xlsx(path: Path, rows: Rows, notes: str = "") -> None:
    """Write a workbook with every list, the columns kept as text. Raises OSError."""
    from openpyxl import Workbook  # noqa: PLC0415 - see above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    for sheet in form.SHEETS:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place in range(1, len(sheet.columns) + 1):
            column = page.column_dimensions[get_column_letter(place)]
            column.width, column.number_format = _WIDTH, "@"
        page.append(sheet.columns)
        for row in rows.get(sheet.title, ()):
            page.append([_cell(value) for value in row])
    if notes:
        page = book.create_sheet(HELP)
        page.column_dimensions["A"].width = 5 * _WIDTH
        for line in _lines(notes):
            page.append([line])
    book.save(path)


def _lines(notes: str) -> Iterator[str | None]:
    return (_cell(line) for line in notes.splitlines())


def _cell(value: str) -> str | None:
    """None for an empty cell, which then takes neither room nor time."""
    return guarded(_NO_TEXT.sub("", value)) if value else None
