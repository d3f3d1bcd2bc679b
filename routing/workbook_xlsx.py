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
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from routing import folder_form as form
from routing.cells import clean_cell, guarded
from routing.headers import REMARK
from routing.sheets import ImportProblems, Problem, Row, Sheet, rows_of

SUFFIX = ".xlsx"
_EXACT = 10**15
"""A spreadsheet keeps 15 digits; longer numbers have lost their end."""
_WIDTH = 18
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that the format cannot hold."""
_FAULTS = (BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError)
_Spot = tuple[int, int]
"""Row and column, both from 0."""
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
            self._pages, self._failed = _pages(data), _failed_cells(data)
        except (*_FAULTS, CalamineError) as error:
            line = f"{path.name}：打不开，请用表格软件另存为 .xlsx（不加密）后再导入"
            raise ImportProblems([line]) from error

    def problems(self) -> list[str]:
        """Tabs that nobody will read: a misspelt one must not be passed over in silence."""
        names = "、".join(sheet.title for sheet in form.SHEETS)
        lines = [
            f"{self._name}：不认识工作表“{page.name}”，应为 {names}；自己的说明请用“{REMARK}”开头"
            for page in self._pages
            if not page.title and not page.hidden and any(map(any, page.cells))
        ]
        for sheet in form.SHEETS:
            pages = [page for page in self._pages if page.title == sheet.title]
            lines += [f"{self._name}：{fault}" for fault in _page_faults(sheet, pages)]
        return lines

    def read(self, sheet: Sheet, problems: list[Problem]) -> list[Row]:
        """The filled rows of one tab; whatever is wrong with it is added to `problems`."""
        tab = replace(sheet, file=tab_name(sheet))
        page = next((one for one in self._pages if one.title == sheet.title), None)
        if page is None:
            if sheet.needed:
                line = f"{self._name}：没有找到{tab.file}，请补上"
                problems.append(Problem(tab, 0, 0, line))
            return []
        tab = replace(sheet, file=f"工作表“{page.name}”")
        records = [_texts(row) for row in page.cells]
        _note_failed(tab, records, self._failed[page.name], problems)
        return rows_of(tab, records, problems)


class _Page(NamedTuple):
    """A tab from A1 on, with the values of formulas. title: of the list that it is, or ""."""

    name: str
    title: str
    hidden: bool
    cells: list[list[Any]]


def _pages(data: bytes) -> list[_Page]:
    from python_calamine import (  # noqa: PLC0415 - see above
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = []
    for tab in book.sheets_metadata:
        title, name = form.title_of(tab.name), tab.name.strip()
        if tab.typ == SheetTypeEnum.WorkSheet and not form.nobodys(name):
            page = book.get_sheet_by_name(tab.name)
            cells = page.to_python(skip_empty_area=False)
            _fill_down(cells, page.merged_cell_ranges or ())
            found.append(_Page(name, title, tab.visible != SheetVisibleEnum.Visible, cells))
    return found


def _fill_down(cells: list[list[Any]], merged: Iterable[tuple[_Spot, _Spot]]) -> None:
    """What stands in cells merged downwards is meant for each of their rows."""
    for (top, left), (bottom, _) in merged:
        for row in cells[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = cells[top][left]


def _page_faults(sheet: Sheet, pages: list[_Page]) -> Iterator[str]:
    """Two tabs of one list, or one that nobody sees, would be read without the clerk's knowing."""
    if len(pages) > 1:
        names = "和".join(f"“{page.name}”" for page in pages)
        yield f"工作表{names}都是“{sheet.title}”表，请只留一个，别的删去或改用“{REMARK}”开头"
    for page in pages:
        if page.hidden:
            yield f"工作表“{page.name}”是隐藏的，请取消隐藏核对一遍再导入，用不着就删去"


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
        page = book.create_sheet(form.HELP)
        page.column_dimensions["A"].width = 5 * _WIDTH
        for line in _lines(notes):
            page.append([line])
    book.save(path)


def _lines(notes: str) -> Iterator[str | None]:
    return (_cell(line) for line in notes.splitlines())


def _cell(value: str) -> str | None:
    """None for an empty cell, which then takes neither room nor time."""
    return guarded(_NO_TEXT.sub("", value)) if value else None
