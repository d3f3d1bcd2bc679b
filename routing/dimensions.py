"""How tickets are told apart in a table: by level, grid, category, unit, deadline class or month.

A dimension names its rows for people; adding up is done in breakdown.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from nlp.taxonomy import Taxonomy
from routing.breakdown import Splitter
from routing.deadlines import deadline_of
from routing.fact import Fact
from routing.roster import Roster

_HOUR = 3_600_000_000
_OF_DEPARTMENT = {"": "grid", "grid": "grid", "wuye": "grid", "community": "community",
                  "street": "street"}  # fmt: skip
HANDLING_LEVELS = ("grid", "community", "street", "district")
"""At which level a ticket is handled, by the unit it was dispatched to."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """key: as on the command line. title: the column's head. label: row key → what people read.

    moving: the row depends on the moment, not on the ticket alone. guarded: rows are persons, of
    whom no rate is told from a handful of cases. order: row keys in their own order, where that is
    not the one of the alphabet."""

    key: str
    title: str
    split: Splitter
    label: Callable[[str], str]
    moving: bool = False
    guarded: bool = False
    order: tuple[str, ...] = ()

    def rank(self, key: str) -> tuple[int, str]:
        """Where a row stands: by its key, never by how well it did."""
        place = self.order.index(key) if key in self.order else len(self.order)
        return place, key


def dimensions(
    roster: Roster, taxonomy: Taxonomy, zone: tzinfo, grid_level: str = "street"
) -> dict[str, Dimension]:
    """Every dimension by its key; grids are added up at `grid_level`, a key of LEVELS."""
    names = {**roster.levels, "district": f"{roster.levels['district']}部门"}
    found = (
        Dimension(
            "level", "办理层级", _level, lambda key: names.get(key, key), order=HANDLING_LEVELS
        ),
        Dimension("grid", roster.levels[grid_level], _grid(roster, grid_level), _grid_name(roster)),
        Dimension("category", "大类", lambda fact, _at: fact.code[:2], taxonomy.name),
        Dimension("minor", "小类", lambda fact, _at: fact.code, taxonomy.name),
        Dimension("unit", "承办单位", _unit, _unit_name(roster, taxonomy)),
        Dimension(
            "class",
            "时限类别",
            _sla(taxonomy),
            lambda key: _sla_name(taxonomy, key),
            order=tuple(taxonomy.slas),
        ),
        Dimension(
            "person", "承办人", lambda fact, _at: fact.handler, _person(roster), guarded=True
        ),
        Dimension("month", "月份", _month(zone), lambda key: key, moving=True),
    )
    return {one.key: one for one in found}


def handling_level(unit: str) -> str:
    """The level of a unit: the grid itself, community, street, or a department of the district."""
    return _OF_DEPARTMENT.get(unit.partition("-")[0], "district")


def _level(fact: Fact, _at: int) -> str:
    return handling_level(fact.unit) if fact.dispatched else "grid"


def _grid(roster: Roster, level: str) -> Splitter:
    known: dict[str, str] = {}

    def split(fact: Fact, _at: int) -> str:
        found = known.get(fact.grid)
        if found is None:
            grid = roster.at_level(fact.grid, level)
            found = known[fact.grid] = grid.code if grid else ""
        return found

    return split


def _grid_name(roster: Roster) -> Callable[[str], str]:
    def label(code: str) -> str:
        grid = roster.grid(code)
        return grid.name if grid else code or "（名册里没有）"

    return label


def _unit(fact: Fact, _at: int) -> str:
    return fact.unit if fact.dispatched else ""


def _unit_name(roster: Roster, taxonomy: Taxonomy) -> Callable[[str], str]:
    def label(unit_id: str) -> str:
        unit = roster.unit(unit_id)
        if unit is not None:
            return unit.name
        return taxonomy.departments.get(unit_id, unit_id) or "（未派遣，网格自办）"

    return label


def _person(roster: Roster) -> Callable[[str], str]:
    def label(account: str) -> str:
        person = roster.person_of(account)
        return person.name if person else account or "（没有承办人）"

    return label


def _sla(taxonomy: Taxonomy) -> Splitter:
    def split(fact: Fact, _at: int) -> str:
        return deadline_of(taxonomy, fact.code, fact.urgent, fact.crowd).sla

    return split


def _sla_name(taxonomy: Taxonomy, key: str) -> str:
    sla = taxonomy.slas.get(key)
    return f"{key} {sla.name}" if sla else key


def _month(zone: tzinfo) -> Splitter:
    """The local month of the moment that decides the period: "2026-11"."""
    known: dict[int, str] = {}

    def split(_fact: Fact, at: int) -> str:
        hour = at // _HOUR
        found = known.get(hour)
        if found is None:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
            found = known[hour] = f"{moment.astimezone(zone):%Y-%m}"
        return found

    return split
