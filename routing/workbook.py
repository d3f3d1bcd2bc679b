"""The lists as a street clerk keeps them, in a folder or a workbook: read into `Parts` or refused.

Cells live in sheets.py, .xlsx in workbook_xlsx.py; what is imported is stored elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from sys import intern
from typing import TypeVar

from nlp.taxonomy import Taxonomy
from nlp.taxonomy import load as load_taxonomy
from routing import folder_form as form
from routing.cells import key_of, narrow, spoilt
from routing.parts import (
    EVERYWHERE,
    FULL_TIME,
    LEVELS,
    Duty,
    Grid,
    Group,
    Knowledge,
    Member,
    Parts,
    Person,
    Post,
    Role,
    Unit,
)
from routing.sheets import ImportProblems, Problem, Row, Sheet
from routing.workbook_checks import check_tree, check_unique
from routing.workbook_export import write_template
from routing.workbook_folder import check_folder, folder_faults, read_sheet
from routing.workbook_xlsx import SUFFIX, Tabs, tab_name

__all__ = ["ImportProblems", "read_folder", "read_lists", "write_template"]

_ACCOUNT = re.compile(r"[a-z][a-z0-9_]*:\S+")
_EVERYWHERE_ROLES = (Role.ADMIN, Role.DISTRICT, Role.SUPERVISOR)
_T = TypeVar("_T")
Read = Callable[[Sheet, list[Problem]], list[Row]]
"""Gives the rows of one sheet and adds what is wrong with it."""
_TITLES = [sheet.columns for sheet in form.SHEETS]


def read_lists(
    path: Path,
    taxonomy: Taxonomy | None = None,
    told: Callable[[str], object] = len,
    levels: Mapping[str, str] = LEVELS,
) -> Parts:
    """Read every sheet of an .xlsx workbook or of a folder of CSV files.

    Raises ImportProblems that lists all mistakes at once. `told` hears each title when done;
    `levels` is what the levels are called here."""
    if path.suffix.lower() != SUFFIX:
        check_folder(path)
        return read_folder(path, taxonomy, told, levels)
    tabs = Tabs(path)

    def read(sheet: Sheet, problems: list[Problem]) -> list[Row]:
        return _and_tell(tabs.read(sheet, problems), sheet, told)

    return _checked(_Reading(read, taxonomy, levels, tab_name), tabs.problems())


def read_folder(
    path: Path,
    taxonomy: Taxonomy | None = None,
    told: Callable[[str], object] = len,
    levels: Mapping[str, str] = LEVELS,
) -> Parts:
    """Read every sheet of the folder. Raises ImportProblems that lists all mistakes at once.

    UTF-8 (with or without BOM) and GB18030 are accepted, each file by itself."""

    def read(sheet: Sheet, problems: list[Problem]) -> list[Row]:
        return _and_tell(read_sheet(path, sheet, problems), sheet, told)

    before = folder_faults(path)
    return _checked(_Reading(read, taxonomy, levels, lambda sheet: sheet.file), before)


def _and_tell(rows: list[Row], sheet: Sheet, told: Callable[[str], object]) -> list[Row]:
    told(sheet.title)
    return rows


def _checked(reading: _Reading, before: list[str]) -> Parts:
    parts = reading.parts()
    if before or reading.problems:
        raise ImportProblems(before + [p.line for p in sorted(reading.problems, key=_place)])
    return parts


def _place(problem: Problem) -> tuple[int, int, int]:
    return _TITLES.index(problem.sheet.columns), problem.row, problem.column


class _Reading:
    """One pass over the lists: rows first, then what they say about each other."""

    def __init__(
        self,
        read: Read,
        taxonomy: Taxonomy | None,
        levels: Mapping[str, str],
        name: Callable[[Sheet], str],
    ) -> None:
        self.problems: list[Problem] = []
        self._taxonomy = taxonomy or load_taxonomy()
        self._levels = levels
        self._level_words = form.level_words(levels)
        self._in_grids = f"{name(form.GRIDS)} 里没有这个编码"
        self._in_people = f"{name(form.PEOPLE)} 里没有这个编号"
        self._in_units = f"{name(form.UNITS)} 里没有这个编号"
        self._rows = {s.file: read(s, self.problems) for s in form.SHEETS}
        self._codes = self._keys(form.GRIDS.file, "编码")
        self._ids = self._keys(form.PEOPLE.file, "编号")
        self._unit_ids = self._keys(form.UNITS.file, "编号")

    def _keys(self, file: str, column: str) -> dict[str, str]:
        keys = (key_of(row.option(column)) for row in self._rows[file])
        return {key: intern(key) for key in keys if key}

    def parts(self) -> Parts:
        rows = self._rows
        grids = tuple(self._grid(r) for r in rows[form.GRIDS.file])
        check_tree(rows[form.GRIDS.file], grids, self._levels)
        people = tuple(self._person(r) for r in rows[form.PEOPLE.file])
        self._check_once(form.GRIDS.file, "编码", "每个网格一个编码")
        self._check_once(form.PEOPLE.file, "编号", "每个人一个编号")
        self._check_once(form.UNITS.file, "编号", "每个单位一个编号，同一部门可写成 wuye-2")
        self._check_once(form.GROUPS.file, "会话", "一个群只能登记一次")
        self._check_accounts()
        return Parts(
            grids=grids,
            people=people,
            posts=_distinct(self._post(r) for r in rows[form.POSTS.file]),
            units=tuple(self._unit(r) for r in rows[form.UNITS.file]),
            members=_distinct(self._member(r) for r in rows[form.MEMBERS.file]),
            groups=tuple(self._group(r) for r in rows[form.GROUPS.file]),
            duties=self._duties(),
            knowledge=tuple(
                self._knowledge(n, r) for n, r in enumerate(rows[form.KNOWLEDGE.file], start=1)
            ),
        )

    # ── one row of each sheet

    def _grid(self, row: Row) -> Grid:
        level = self._level_words.get(row.text("层级"), "")
        if not level and row.option("层级"):
            row.fail("层级", f"没有这个层级，可以写：{'、'.join(self._levels.values())}")
        return Grid(
            code=self._codes.get(row.code("编码"), ""),
            name=row.text("名称"),
            level=level,
            parent=self._known(row, "上级", self._codes, self._in_grids),
            households=row.count("户数"),
            persons=row.count("人数"),
            kind=row.choice("类型", form.KIND_NAMES),
        )

    def _person(self, row: Row) -> Person:
        accounts = tuple(narrow(account) for account in row.words("账号"))
        for account in accounts:
            if not _ACCOUNT.fullmatch(account):
                row.fail("账号", f"“{account}”要写成“渠道:用户”的样子，例如 local:wang")
        return Person(self._ids.get(row.id("编号", "姓名"), ""), row.text("姓名"), accounts)

    def _post(self, row: Row) -> Post:
        written = row.text("角色")
        role = form.ROLE_NAMES.get(written)
        if role is None and row.option("角色"):
            row.fail("角色", f"没有这个角色，可以写：{'、'.join(r.label for r in Role)}")
        grid = self._scope(row)
        if grid == EVERYWHERE and not row.option("网格编码") and role not in _EVERYWHERE_ROLES:
            row.fail("网格编码", "这个角色要写明管哪个网格")
        since, until = row.day("开始"), row.day("结束")
        if since and until and until < since:
            row.fail("结束", "比开始还早，请核对")
        person = self._required(row, "人员编号", self._ids, self._in_people)
        acting, full_time = row.yes("代理"), written == FULL_TIME
        return Post(person, grid, role or Role.RESIDENT, acting, since, until, full_time)

    def _unit(self, row: Row) -> Unit:
        unit = Unit(
            id=self._unit_ids.get(row.id("编号", "名称"), ""),
            name=row.text("名称"),
            phone=row.phone("电话"),
            words=row.words("别名"),
            grid=self._scope(row),
        )
        if unit.id and unit.department not in self._taxonomy.departments:
            known = "、".join(f"{k} {v}" for k, v in self._taxonomy.departments.items())
            row.fail("编号", f"要用部门编号（同一部门有几家时写成 wuye-2），部门有：{known}")
        return unit

    def _member(self, row: Row) -> Member:
        return Member(
            unit=self._required(row, "单位编号", self._unit_ids, self._in_units),
            person=self._required(row, "人员编号", self._ids, self._in_people),
        )

    def _group(self, row: Row) -> Group:
        mode = form.MODE_NAMES.get(row.option("模式"))
        if mode is None:
            row.fail("模式", "可以写：静默、提示、自动，或者空着用默认的")
        conversation = narrow(row.text("会话"))
        if conversation and not _ACCOUNT.fullmatch(conversation):
            row.fail("会话", "要写成“渠道:群”的样子，例如 local:g1")
        return Group(
            conversation=conversation,
            grid=self._required(row, "网格编码", self._codes, self._in_grids),
            name=row.text("名称"),
            mode=mode or "",
            words=row.words("地名词"),
        )

    def _duties(self) -> tuple[Duty, ...]:
        seen: dict[tuple[str, int, int], Row] = {}
        found = []
        for row in self._rows[form.DUTIES.file]:
            duty = self._duty(row)
            first = seen.setdefault((duty.grid, duty.order, duty.from_hour), row)
            if first is not row:
                row.fail("顺序", f"和第{first.number}行重复，同一时段每个顺序只写一个人")
            found.append(duty)
        return tuple(found)

    def _duty(self, row: Row) -> Duty:
        return Duty(
            grid=self._required(row, "网格编码", self._codes, self._in_grids),
            order=row.number_of("顺序"),
            person=self._required(row, "人员编号", self._ids, self._in_people),
            from_hour=row.hour("开始时", 0),
            to_hour=row.hour("结束时", 24),
        )

    def _knowledge(self, number: int, row: Row) -> Knowledge:
        words = row.words("关键词")
        if not words:
            row.fail("关键词", "至少写一个居民会用的词")
        return Knowledge(
            id=number,
            grid=self._scope(row),
            code=self._category(row),
            words=words,
            answer=row.text("答案"),
            source=row.option("来源"),
            valid_until=row.day("有效期"),
        )

    # ── cells that point at other rows

    def _category(self, row: Row) -> str:
        value = row.key("类别")
        codes = (value, value.zfill(4), value.zfill(2)) if value else ()
        for code in codes:
            if code in self._taxonomy.minors or code in self._taxonomy.majors:
                return code
        named = [m.code for m in self._taxonomy.minors.values() if m.name == value]
        named += [code for code, name in self._taxonomy.majors.items() if name == value]
        if value and not named:
            row.fail("类别", "没有这个类别，请写四位小类编码或小类名称，例如 1401 或 疫苗防疫")
        return named[0] if named else ""

    def _scope(self, row: Row) -> str:
        if row.option("网格编码") in form.EVERYWHERE_NAMES:
            return EVERYWHERE
        return self._known(row, "网格编码", self._codes, self._in_grids)

    def _required(self, row: Row, column: str, known: dict[str, str], advice: str) -> str:
        return self._known(row, column, known, advice) if row.text(column) else ""

    def _known(self, row: Row, column: str, known: dict[str, str], advice: str) -> str:
        value = row.key(column)
        found = known.get(value, "")
        if value and not found and not spoilt(row.option(column)):
            row.fail(column, f"{advice}，请先补上或改正")
        return found

    # ── what the rows say about each other

    def _check_once(self, file: str, column: str, advice: str) -> None:
        keys = ((row, key_of(narrow(row.option(column)))) for row in self._rows[file])
        check_unique(keys, column, advice)

    def _check_accounts(self) -> None:
        rows = self._rows[form.PEOPLE.file]
        accounts = ((row, account) for row in rows for account in row.words("账号"))
        check_unique(accounts, "账号", "一个账号只能属于一个人")


def _distinct(rows: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(rows))
