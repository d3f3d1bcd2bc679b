"""Units that are called to a matter from elsewhere: how they are named, and who acts for them.

A street calls any unit of its own, the county any unit of its streets (吹哨报到); units that serve
the grid itself are found by the roster alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from routing.roster import EVERYWHERE, Role, Roster, Unit

CALLERS = frozenset({Role.STREET, Role.DISTRICT, Role.ADMIN})
"""Who may whistle; others ask the street to."""


_NAMED = ("street", "community")


def reach(roster: Roster, account: str, grid: str, at: datetime) -> str:
    """The highest grid over `grid` in which the account may whistle; `grid` itself for others."""
    held = {p.grid for p in roster.posts_of(account, at) if p.role in CALLERS}
    return next((code for code in reversed(roster.scopes(grid)) if code in held), grid)


def units_meant(roster: Roster, words: str, grid: str, under: str) -> tuple[Unit, ...]:
    """The units that a caller may mean: those serving the grid before the others below `under`,
    and of either the whole name before a part of it."""
    asked = "".join(words.split())
    near = roster.unit_named(asked, grid)
    if not asked or any(asked in _names(unit) for unit in near):
        return near
    others = list(_elsewhere(roster, grid, under))
    exact = tuple(unit for unit in others if asked in _names(unit))
    partly = tuple(u for u in others if any(asked in n or n in asked for n in _names(u)))
    return exact or near or partly


def acts_for(roster: Roster, account: str, grid: str, at: datetime) -> frozenset[str]:
    """Ids of the units that the account may act for in this grid: those serving it, and its own
    ones of other grids, which may have been called to it."""
    serving = roster.units_of(account, at, grid)
    own = (roster.unit(unit_id) for unit_id in roster.units_of(account, at))
    scopes = roster.scopes(grid)
    return serving | {unit.id for unit in own if unit is not None and unit.grid not in scopes}


def address(roster: Roster, grid: str) -> str:
    """Where a grid lies, for whoever serves more than one street: 样板街道示范社区7幢微网格."""
    path, found = roster.ancestors(grid), ""
    for one in reversed(path):
        if one.level in _NAMED or one is path[0]:
            found = found.removesuffix(_shared(found, one.name)) + one.name
    return found


def _shared(before: str, name: str) -> str:
    """The longest end of what stands before that the name begins with: 示范社区 of 示范社区一格."""
    ends = (before[start:] for start in range(len(before)))
    return next((end for end in ends if name.startswith(end)), "")


def works_within(roster: Roster, account: str, at: datetime) -> bool:
    """Whether a unit of the account serves a part of the tree only, so that it may be called out
    of it."""
    units = (roster.unit(unit_id) for unit_id in roster.units_of(account, at))
    return any(unit is not None and unit.grid != EVERYWHERE for unit in units)


def _elsewhere(roster: Roster, grid: str, under: str) -> Iterator[Unit]:
    """Units of grids below `under` that do not serve the grid."""
    below = {g.code for g in roster.grids_under(under)} - set(roster.scopes(grid))
    return (unit for unit in roster.parts.units if unit.grid in below)


def _names(unit: Unit) -> tuple[str, ...]:
    return tuple(name for name in (unit.id, unit.name, *unit.words) if name)
