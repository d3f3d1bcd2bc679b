"""One .xlsx workbook with a tab a list: its cells as the text that a clerk sees, and back.

What the rows mean is checked in workbook.py; CSV files are sheets.py. The libraries are imported
where a workbook is opened: a bot that only runs saves their time and memory."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from routing import folder_form as form
from routing.sheets import REMARK, ImportProblems, Problem, Row, Sheet, clean_cell, guarded, rows_of

SUFFIX = ".xlsx"
HELP = "填写说明"
_EXACT = 10**15
"""A spreadsheet keeps 15 digits; longer numbers have lost their end."""
_WIDTH = 18
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that the format cannot hold."""
_FAULTS = (BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError)
_FAILED = re.compile(rb"""\bt=["']e["']""")
"""How a sheet's XML marks a cell whose formula failed."""


def tab_name(sheet: Sheet) -> str:
    """How a tab is named to whoever must correct it."""
    return f"工作表“{sheet.title}”"


class Tabs:
    """An open workbook. Raises ImportProblems if it cannot be opened, FileNotFoundError."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError  # noqa: PLC0415 - see above

        self._name = path.name
        data = path.read_bytes()
        try:
            self._cells, self._failed = _cells(data), _failed_cells(data)
        except (*_FAULTS, CalamineError) as error:
            line = f"{path.name}：打不开，请用表格软件另存为 .xlsx（不加密）后再导入"
            raise ImportProblems([line]) from error

    def problems(self) -> list[str]:
        """Tabs that nobody will read: a misspelt one must not be passed over in silence."""
        known = {sheet.title for sheet in form.SHEETS}
        wrong = (t for t in self._cells if t not in known and not t.startswith((REMARK, HELP)))
        names = "、".join(sheet.title for sheet in form.SHEETS)
        return [
            f"{self._name}：不认识工作表“{title}”，应为 {names}；自己的说明请用“{REMARK}”开头"
            for title in wrong
        ]

    def read(self, sheet: Sheet, problems: list[Problem]) -> list[Row]:
        """The filled rows of one tab; whatever is wrong with it is added to `problems`."""
        tab = replace(sheet, file=tab_name(sheet))
        cells = self._cells.get(sheet.title)
        if cells is None:
            if sheet.needed:
                line = f"{self._name}：没有找到{tab.file}，请补上"
                problems.append(Problem(tab, 0, 0, line))
            return []
        records = [_texts(row) for row in cells]
        _note_failed(tab, records, self._failed[sheet.title], problems)
        return rows_of(tab, records, problems)


def _cells(data: bytes) -> dict[str, list[list[Any]]]:
    """Every tab that has cells by its title, from A1 on, with the values of formulas."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415 - see above

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    tabs = (tab.name for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet)
    return {
        name.strip(): book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in tabs
    }


Failed = defaultdict[str, list[tuple[int, int, str]]]
"""Title of a tab → row, column (both from 0) and what stands in each cell that failed."""


def _failed_cells(data: bytes) -> Failed:
    """The cells whose formula failed; the quick reader gives them as empty, so the thorough one
    is asked where there are any."""
    found: Failed = defaultdict(list)
    with ZipFile(BytesIO(data)) as parts:
        pages = (name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        if not any(_FAILED.search(parts.read(name)) for name in pages):
            return found
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for page in load_workbook(BytesIO(data), data_only=True).worksheets:
            for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "e"):
                found[page.title.strip()].append((cell.row - 1, cell.column - 1, str(cell.value)))
    return found


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


def _note_failed(
    tab: Sheet,
    records: list[list[str]],
    failed: list[tuple[int, int, str]],
    problems: list[Problem],
) -> None:
    for row, place, cell in failed:
        title = records[0][place] or str(place + 1)
        line = f"{tab.file} 第{row + 1}行 “{title}”列：“{cell}”，公式出错，请改成文字"
        problems.append(Problem(tab, row + 1, place, line))


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
