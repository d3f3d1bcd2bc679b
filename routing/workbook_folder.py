"""A folder with a CSV file a list: which file is which, and its cells in whatever encoding.

What the rows mean is checked in workbook.py; .xlsx is workbook_xlsx.py."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import replace
from pathlib import Path

from routing import folder_form as form
from routing.cells import clean_cell
from routing.headers import REMARK
from routing.sheets import ImportProblems, Problem, Row, Sheet, rows_of

SUFFIX = ".csv"


def check_folder(path: Path) -> None:
    """Raises ImportProblems for a single file that is no workbook."""
    if path.is_file():
        line = (
            f"{path.name}：不是 .xlsx 工作簿。旧格式（.xls、.et）请另存为 .xlsx；"
            "CSV 表格请放进一个文件夹，再导入那个文件夹"
        )
        raise ImportProblems([line])


def folder_faults(folder: Path) -> list[str]:
    """Files that nobody would read: a misspelt one must not be passed over in silence."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() == SUFFIX)
    books = sorted(path.name for path in folder.glob("*.xls*"))
    if not files and books:
        named = "、".join(books)
        return [f"{folder.name}：文件夹里没有 CSV 表格，有工作簿 {named}，请直接导入工作簿"]
    known = "、".join(sheet.file for sheet in form.SHEETS)
    lines = [
        f"{folder.name}：不认识文件“{path.name}”，应为 {known}；自己的文件请用“{REMARK}”开头"
        for path in files
        if not form.title_of(path.stem) and not form.nobodys(path.stem)
    ]
    for sheet in form.SHEETS:
        names = [path.name for path in _files_of(folder, sheet)]
        if len(names) > 1:
            both = "和".join(f"“{name}”" for name in names)
            lines.append(f"{folder.name}：{both}都是“{sheet.title}”表，请只留一个")
    return lines


def _files_of(folder: Path, sheet: Sheet) -> list[Path]:
    """The files that are this list: the one of that very name, or what it is called instead."""
    exact = folder / sheet.file
    others = (p for p in sorted(folder.glob("*")) if p.suffix.lower() == SUFFIX and p != exact)
    found = [path for path in others if form.title_of(path.stem) == sheet.title]
    return [exact, *found] if exact.is_file() else found


def read_sheet(folder: Path, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    """The filled rows of one file; whatever is wrong with the file is added to `problems`."""
    files = _files_of(folder, sheet)
    if not files:
        if sheet.needed:
            line = f"{sheet.file}：没有找到这个文件，请放进 {folder.name} 文件夹"
            problems.append(Problem(sheet, 0, 0, line))
        return []
    tab = replace(sheet, file=files[0].name)
    text = _decode(files[0].read_bytes())
    if text is None:
        line = f"{tab.file}：文字编码不认识，请另存为“CSV UTF-8”后再导入"
        problems.append(Problem(tab, 0, 0, line))
        return []
    return rows_of(tab, _records(tab, text, problems), problems)


def _records(sheet: Sheet, text: str, problems: list[Problem]) -> list[list[str]]:
    """The cells line by line; stops at a quotation mark that never closes."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    found: list[list[str]] = []
    try:
        found.extend([clean_cell(cell) for cell in cells] for cells in reader)
    except csv.Error:
        number = len(found) + 1
        line = f"{sheet.file} 第{number}行：双引号没有成对，请补上另一半或删掉"
        problems.append(Problem(sheet, number, 0, line))
    return found


def _delimiter(text: str) -> str:
    """A comma, or what a spreadsheet puts in its place where the header has none."""
    header = text[: text.find("\n")] if "\n" in text else text
    return next((sign for sign in ",\t;" if sign in header), ",")


def _decode(raw: bytes) -> str | None:
    unicode_text = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if unicode_text else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
