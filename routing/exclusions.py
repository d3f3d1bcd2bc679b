"""剔除: taking a ticket out of the figures, with a reason and a second person, never silently.

Read from a file that whoever answers for the report signs; what is counted is breakdown.py."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from routing.fact import Fact
from routing.sheets import ImportProblems
from routing.worktime import WorkClock

COLUMNS = ("会话", "编号", "理由", "申请人", "复核人")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One ticket, by the number its group knows it by; two different accounts answer for it."""

    group: str
    number: int
    reason: str
    by: str
    second: str


def read_exclusions(path: Path) -> tuple[Exclusion, ...]:
    """Read a CSV file with COLUMNS. Raises ImportProblems that lists every bad line."""
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    missing = [c for c in COLUMNS if rows and c not in rows[0]]
    if missing:
        raise ImportProblems([f"{path.name}：缺少“{'、'.join(missing)}”列"])
    problems: list[str] = []
    found = [_exclusion(path.name, n, row, problems) for n, row in enumerate(rows, start=2)]
    if problems:
        raise ImportProblems(problems)
    return tuple(found)


def _exclusion(file: str, line: int, row: Mapping[str, str], problems: list[str]) -> Exclusion:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    where = f"{file} 第{line}行"
    for column in COLUMNS:
        if not cells[column]:
            problems.append(f"{where}：“{column}”没有填，剔除要写明理由和两个人")
    if cells["申请人"] and cells["申请人"] == cells["复核人"]:
        problems.append(f"{where}：申请人和复核人是同一个人，要由第二个人复核")
    number = cells["编号"].lstrip("#＃")
    if cells["编号"] and not number.isdecimal():
        problems.append(f"{where}：“编号”要写数字，例如 12")
    count = int(number) if number.isdecimal() else 0
    return Exclusion(cells["会话"], count, cells["理由"], cells["申请人"], cells["复核人"])


def refusals(
    exclusions: Mapping[int, Exclusion], facts: Iterable[Fact], clock: WorkClock
) -> list[str]:
    """Why some may not be left out, one line each: 紧急 always counts, and who worked on a
    ticket cannot be the second person."""
    lines = []
    for fact in facts:
        asked = exclusions.get(fact.id)
        if asked is None:
            continue
        name = f"{asked.group} #{asked.number}"
        if clock.urgent(fact.code, fact.urgent):
            lines.append(f"{name}：紧急事项不能剔除")
        if asked.second in {fact.handler, fact.reporter, *fact.hands}:
            lines.append(f"{name}：复核人参与过这件事的办理，要换一个人")
    return lines
