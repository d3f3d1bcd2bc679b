"""What is missing in a roster or too much: vacancies, grids too large, people out of reach.

Only looks and tells, in lines for whoever keeps the lists; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from routing.parts import FULL_TIME, Grid, Role

if TYPE_CHECKING:
    from routing.roster import Roster

_LOCAL = ZoneInfo("Asia/Shanghai")
_LEADING = (Role.MICRO_LEADER, Role.LEADER)
_BY_POST = ("grid", "community", "street")
_CODE_DIGITS = 15
VACANT, STEWARD, NO_WORKER = "没有网格长", "网格长空缺由上级代管", f"城镇网格没有{FULL_TIME}"
TOO_LARGE, TOO_MANY, CODES = "网格太大", "一人兼管网格过多", "编码不统一"
UNREACHABLE, UNSTAFFED, STALE = "网格长没有账号", "单位没有承办人", "知识过期"


class Gap(NamedTuple):
    """One thing to put right: its kind, one of the names above, and the line that tells it."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class Limits:
    """From where a grid is too large and a leader has too many; 0 means no limit."""

    households: int = 500
    persons: int = 1_000
    grids: int = 3


USUAL = Limits()
"""An urban grid has 300 to 500 households or about 1,000 persons."""


def find_gaps(roster: Roster, at: datetime, limits: Limits = USUAL) -> list[Gap]:
    """One line a gap, in the order of the lists; [] when nothing is missing."""
    day = at.astimezone(_LOCAL).date()
    return [
        *_unled(roster, at),
        *_without_worker(roster, day),
        *_too_large(roster, limits),
        *_codes(roster),
        *_unreachable(roster, day),
        *_burdened(roster, day, limits),
        *_unstaffed(roster),
        *_stale(roster, day),
    ]


def vacancies(roster: Roster, under: str, at: datetime) -> tuple[int, int]:
    """How many grids lie under a code, and how many of them have no leader of their own."""
    grids = [g for g in roster.grids_under(under) if g.level == "grid"]
    return len(grids), sum(not roster.holders_on(g.code, Role.LEADER, at) for g in grids)


def _unled(roster: Roster, at: datetime) -> Iterator[Gap]:
    talking = {g.grid for g in roster.parts.groups}
    for grid in roster.parts.grids:
        if grid.level not in ("grid", "micro") and grid.code not in talking:
            continue
        if not roster.leaders(grid.code, at):
            line = f"{_named(grid)}没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
            yield Gap(VACANT, line)
        elif grid.level == "grid" and not roster.holders_on(grid.code, Role.LEADER, at):
            yield Gap(STEWARD, f"{_named(grid)}没有自己的网格长，暂由上级代管。")


def _without_worker(roster: Roster, day: date) -> Iterator[Gap]:
    staffed = {p.grid for p in roster.parts.posts if p.full_time and p.valid(day)}
    for grid in roster.parts.grids:
        urban = grid.level == "grid" and roster.kind(grid.code) == "urban"
        if urban and grid.code not in staffed:
            yield Gap(NO_WORKER, f"{_named(grid)}没有{FULL_TIME}，城镇网格至少要有一名。")


def _too_large(roster: Roster, limits: Limits) -> Iterator[Gap]:
    """Villages are grids as they grew; everywhere else a grid should stay small."""
    for grid in roster.parts.grids:
        if grid.level not in ("grid", "micro") or roster.kind(grid.code) == "rural":
            continue
        for count, limit, unit in (
            (grid.households, limits.households, "户"),
            (grid.persons, limits.persons, "人"),
        ):
            if limit and count > limit:
                line = f"{_named(grid)}有{count}{unit}，超过{limit}{unit}，请考虑拆分。"
                yield Gap(TOO_LARGE, line)


def _codes(roster: Roster) -> Iterator[Gap]:
    """15 digits for a unit grid, and its code before that of each of its micro-grids."""
    grids = [g for g in roster.parts.grids if g.level in ("grid", "micro")]
    odd = [g for g in grids if not _uniform(roster, g)]
    if odd:
        line = (
            f"{len(odd)}个网格的编码不是统一编码（15位数字，微网格加后缀），例如{_named(odd[0])}。"
        )
        yield Gap(CODES, line)


def _uniform(roster: Roster, grid: Grid) -> bool:
    if grid.level == "grid":
        return len(grid.code) == _CODE_DIGITS and grid.code.isdecimal()
    above = roster.at_level(grid.code, "grid")
    return above is None or grid.code.startswith(above.code)


def _unreachable(roster: Roster, day: date) -> Iterator[Gap]:
    posts = (p for p in roster.parts.posts if p.role in _LEADING and p.valid(day))
    for person_id in dict.fromkeys(p.person for p in posts):
        person = roster.person(person_id)
        if person and not person.accounts:
            line = f"{person.name}（{person.id}）是网格长，但没有登记账号，机器人提醒不到。"
            yield Gap(UNREACHABLE, line)


def _burdened(roster: Roster, day: date, limits: Limits) -> Iterator[Gap]:
    """Who leads too many; a grid below another that the same person leads is not counted."""
    led: dict[str, dict[str, None]] = {}
    for post in roster.parts.posts:
        if post.role in _LEADING and post.valid(day):
            led.setdefault(post.person, {})[post.grid] = None
    for person_id, codes in led.items():
        own = [c for c in codes if not any(g.code in codes for g in roster.ancestors(c)[1:])]
        person = roster.person(person_id)
        if person and limits.grids and len(own) > limits.grids:
            line = f"{person.name}（{person.id}）一人管{len(own)}个网格，超过{limits.grids}个。"
            yield Gap(TOO_MANY, line)


def _unstaffed(roster: Roster) -> Iterator[Gap]:
    staffed = {m.unit for m in roster.parts.members}
    for unit in roster.parts.units:
        if unit.id not in staffed and unit.department not in _BY_POST:
            way = f"只能打电话 {unit.phone}" if unit.phone else "也没有登记电话"
            yield Gap(UNSTAFFED, f"{unit.name}没有登记承办人，{way}。")


def _stale(roster: Roster, day: date) -> Iterator[Gap]:
    for entry in roster.parts.knowledge:
        if entry.valid_until is not None and entry.valid_until < day:
            words = "、".join(entry.words)
            line = f"知识“{words}”已于{entry.valid_until:%Y-%m-%d}过期，不再使用。"
            yield Gap(STALE, line)


def _named(grid: Grid) -> str:
    return f"{grid.name}（{grid.code}）"
