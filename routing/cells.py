"""One cell of a clerk's list: what a spreadsheet made of it, and what was meant.

Whole sheets are sheets.py; nothing here knows rows or columns."""

from __future__ import annotations

import re
from datetime import date, timedelta

_FORMULA = re.compile(r"'*[=+@-]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2014: "-"}
_PLAIN = re.compile(r"[A-Za-z0-9_-]*")
_APOSTROPHES = "'‘’`＇"
_WHOLE = re.compile(r"(\d+)\.0+")
_SPOILT = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_MIDNIGHT = r"(?:[T ]?0{1,2}:00(?::00)?)?"
_DATE = re.compile(
    r"(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2}))" + _MIDNIGHT
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.0+)?")
_FIRST_DAY = date(1899, 12, 30)
_HOUR = re.compile(r"(\d{1,2})(?:[:：]00(?:[:：]00)?|点钟?|时)?")
_OF_A_DAY = re.compile(r"0?\.\d+|1\.0+")
_COUNT = re.compile(r"约?(\d{1,7})[户人]?")
DAY = 24


def clean_cell(cell: str) -> str:
    """Without surrounding space and without the apostrophe that `guarded` put before it."""
    cell = cell.strip(" \t\r\n\u3000\ufeff")
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `clean_cell` gives the text back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def narrow(cell: str) -> str:
    """Full-width digits, letters and signs as half-width ones: ９９ｘ： → 99x:."""
    return cell if cell.isascii() else cell.translate(_WIDE)


def key_of(cell: str) -> str:
    """A code or number as it is compared: no spaces, no apostrophe before it, no .0 behind it."""
    if _PLAIN.fullmatch(cell):
        return cell
    bare = "".join(narrow(cell).split()).lstrip(_APOSTROPHES)
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare


def spoilt(cell: str) -> bool:
    """Whether a spreadsheet has cut a long number to 1.10101E+14."""
    return _SPOILT.fullmatch(cell) is not None


def day_of(cell: str) -> date | None:
    """2025-01-31, 2025/1/31, 2025年1月31日, 20250131, with a midnight behind it, or the number of
    days that a spreadsheet keeps (45688); None for anything else."""
    bare = narrow(cell)
    if serial := _SERIAL.fullmatch(bare):
        return _FIRST_DAY + timedelta(days=int(serial[1]))
    found = _DATE.fullmatch(bare)
    try:
        year, month, day = (int(p) for p in found.groups() if p) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        return None


def hour_of(cell: str) -> int | None:
    """A full hour from 0 to 24: 8, 8:00, 8点, or the share of a day that a spreadsheet keeps."""
    bare = narrow(cell)
    if _OF_A_DAY.fullmatch(bare):
        hours = float(bare) * DAY
        return round(hours) if abs(hours - round(hours)) < 1 / 60 else None
    found = _HOUR.fullmatch(bare)
    return int(found[1]) if found and int(found[1]) <= DAY else None


def count_of(cell: str) -> int | None:
    """A whole number such as 320, 1,320, 320.0, 320户 or 约320; None for anything else."""
    bare = key_of(cell).replace(",", "")
    found = _COUNT.fullmatch(bare)
    return int(found[1]) if found else None
