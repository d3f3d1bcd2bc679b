"""The roster written out as the lists it was imported from: a workbook or a folder of CSV files.

What is written can be read again to the same roster; reading is workbook.py."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from nlp import taxonomy
from routing import folder_form as form
from routing.cells import guarded
from routing.folder_form import HELP
from routing.parts import EVERYWHERE, KINDS, LEVELS, Grid, Parts, Post
from routing.sheets import Sheet
from routing.workbook_xlsx import SUFFIX, Rows, write_xlsx

ALL = "全部"
_MODES = {mode: name for name, mode in form.MODE_NAMES.items() if name} | {"": ""}


def write_lists(path: Path, parts: Parts, levels: Mapping[str, str] = LEVELS) -> list[Path]:
    """Write the roster to a new .xlsx file or into a folder; returns the files written.

    Raises FileExistsError, overwriting nothing. `levels` is what the levels are called here."""
    return write_sheets(path, _rows(parts, levels))


def write_template(path: Path, levels: Mapping[str, str] = LEVELS) -> list[Path]:
    """Write an example workbook (.xlsx) or folder with a page of instructions; returns the files.

    Raises FileExistsError, overwriting nothing."""
    own = {LEVELS[level]: name for level, name in levels.items()}
    examples = {sheet.title: sheet.example for sheet in form.SHEETS}
    examples[form.GRIDS.title] = tuple(
        tuple(own.get(cell, cell) for cell in row) for row in form.GRIDS.example
    )
    return write_sheets(path, examples, form.instructions(taxonomy.load(), levels))


def write_sheets(path: Path, rows: Rows, notes: str = "") -> list[Path]:
    """As `write_lists`, for given rows; `notes` is a page for the reader. CSV is UTF-8 with BOM,
    which spreadsheets open rightly."""
    if path.suffix.lower() == SUFFIX:
        if path.exists():
            raise FileExistsError(f"{path.name} 已经有了，请换一个文件名")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(path, rows, notes)
        return [path]
    texts = {sheet.file: _as_csv(sheet, rows.get(sheet.title, ())) for sheet in form.SHEETS}
    if notes:
        texts[f"{HELP}.txt"] = notes
    if taken := [name for name in texts if (path / name).exists()]:
        raise FileExistsError(f"{path.name} 里已经有 {'、'.join(taken)}，请换一个空文件夹")
    path.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (path / name).write_text(text, encoding="utf-8-sig", newline="")
    return [path / name for name in texts]


def _as_csv(sheet: Sheet, rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _rows(parts: Parts, levels: Mapping[str, str]) -> Rows:
    """Every list by its title, in the order of the roster."""
    return {
        form.GRIDS.title: [_grid(g, levels) for g in parts.grids],
        form.PEOPLE.title: [(p.id, p.name, ";".join(p.accounts)) for p in parts.people],
        form.POSTS.title: [_post(p) for p in parts.posts],
        form.UNITS.title: [
            (u.id, u.name, u.phone, ";".join(u.words), _scope(u.grid)) for u in parts.units
        ],
        form.MEMBERS.title: [(m.unit, m.person) for m in parts.members],
        form.GROUPS.title: [
            (g.conversation, g.grid, g.name, _MODES[g.mode], ";".join(g.words))
            for g in parts.groups
        ],
        form.DUTIES.title: [
            (d.grid, str(d.order), d.person, str(d.from_hour), str(d.to_hour)) for d in parts.duties
        ],
        form.KNOWLEDGE.title: [
            (_scope(k.grid), k.code, ";".join(k.words), k.answer, k.source, _day(k.valid_until))
            for k in parts.knowledge
        ],
    }


def _grid(grid: Grid, levels: Mapping[str, str]) -> tuple[str, ...]:
    counts = (str(n) if n else "" for n in (grid.households, grid.persons))
    kind = KINDS.get(grid.kind, "")
    return (grid.code, grid.name, levels[grid.level], grid.parent, *counts, kind)


def _post(post: Post) -> tuple[str, ...]:
    return (
        post.person, _scope(post.grid), post.label, "是" if post.acting else "否",
        _day(post.since), _day(post.until),
    )  # fmt: skip


def _scope(grid: str) -> str:
    return ALL if grid == EVERYWHERE else grid


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
