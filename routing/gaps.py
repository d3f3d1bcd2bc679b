"""What is missing in a roster: grids without a leader, people out of reach, answers out of date.

Only looks and tells, in lines for whoever keeps the lists; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from routing.parts import Role

if TYPE_CHECKING:
    from routing.roster import Roster

_LOCAL = ZoneInfo("Asia/Shanghai")
_LEADING = (Role.MICRO_LEADER, Role.LEADER)
_BY_POST = ("grid", "community", "street")


def find_gaps(roster: Roster, at: datetime) -> list[str]:
    """One Chinese line a gap, in the order of the lists; [] when nothing is missing."""
    day = at.astimezone(_LOCAL).date()
    return [
        *_unled(roster, at),
        *_unreachable(roster, day),
        *_unstaffed(roster),
        *_stale(roster, day),
    ]


def _unled(roster: Roster, at: datetime) -> Iterator[str]:
    talking = {g.grid for g in roster.parts.groups}
    for grid in roster.parts.grids:
        if grid.level not in ("grid", "micro") and grid.code not in talking:
            continue
        who = f"{grid.name}（{grid.code}）"
        if not roster.leaders(grid.code, at):
            yield f"{who}没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
        elif grid.level == "grid" and not roster.holders_on(grid.code, Role.LEADER, at):
            yield f"{who}没有自己的网格长，暂由上级代管。"


def _unreachable(roster: Roster, day: date) -> Iterator[str]:
    posts = (p for p in roster.parts.posts if p.role in _LEADING and p.valid(day))
    for person_id in dict.fromkeys(p.person for p in posts):
        person = roster.person(person_id)
        if person and not person.accounts:
            yield f"{person.name}（{person.id}）是网格长，但没有登记账号，机器人提醒不到。"


def _unstaffed(roster: Roster) -> Iterator[str]:
    staffed = {m.unit for m in roster.parts.members}
    for unit in roster.parts.units:
        if unit.id not in staffed and unit.department not in _BY_POST:
            way = f"只能打电话 {unit.phone}" if unit.phone else "也没有登记电话"
            yield f"{unit.name}没有登记承办人，{way}。"


def _stale(roster: Roster, day: date) -> Iterator[str]:
    for entry in roster.parts.knowledge:
        if entry.valid_until is not None and entry.valid_until < day:
            words = "、".join(entry.words)
            yield f"知识“{words}”已于{entry.valid_until:%Y-%m-%d}过期，不再使用。"
