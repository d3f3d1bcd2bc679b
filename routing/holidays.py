"""The local list of holidays and make-up workdays, read from a file that a clerk keeps.

What working time follows from it is calendar.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from routing.sheets import ImportProblems, Problem, Row, Sheet
from routing.workbook_folder import read_sheet

SHEET = Sheet(
    "节假日.csv", ("开始", "结束", "安排", "说明"), optional=("结束", "说明"), needed=True
)
_WORKED = {"休": "", "放假": "", "班": "1", "上班": "1"}
_LONGEST = timedelta(days=60)


def read_holidays(path: Path) -> dict[date, bool]:
    """Day → worked or not, from a CSV file with the columns of SHEET; a later row wins.

    Raises ImportProblems that lists every bad line."""
    sheet = replace(SHEET, file=path.name)
    found: dict[date, bool] = {}
    notes: list[Problem] = []
    for row in read_sheet(path.parent, sheet, notes):
        worked = bool(row.choice("安排", _WORKED))
        found.update(dict.fromkeys(_days(row), worked))
    if notes:
        raise ImportProblems([problem.line for problem in notes])
    return found


def _days(row: Row) -> Iterator[date]:
    """Every day from the first to the last; without a last one the first alone."""
    row.text("开始")
    first, last = row.day("开始"), row.day("结束")
    if first is None:
        return
    last = last or first
    if not first <= last <= first + _LONGEST:
        row.fail("结束", "要在开始那天之后，最多60天")
        return
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
