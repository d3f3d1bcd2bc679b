"""Who is who, where: dictionary-fast questions about grids, people, units, groups and answers.

A roster is never changed, only replaced as a whole; it reads no file and knows no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from routing.gaps import USUAL, Gap, Limits, find_gaps
from routing.parts import (
    EVERYWHERE,
    LEVELS,
    ROLE_LABELS,
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

__all__ = [
    "EVERYWHERE", "LEVELS", "ROLE_LABELS", "Duty", "Grid", "Group", "Knowledge", "Member",
    "Parts", "Person", "Post", "Role", "Roster", "Unit",
]  # fmt: skip

LOCAL = ZoneInfo("Asia/Shanghai")
LEADING = (Role.MICRO_LEADER, Role.LEADER)
FALLBACK = (Role.WORKER, Role.COMMUNITY, Role.SECRETARY, Role.STREET)
_BY_POST = {
    Role.LEADER: "grid",
    Role.MICRO_LEADER: "grid",
    Role.WORKER: "grid",
    Role.COMMUNITY: "community",
    Role.SECRETARY: "community",
    Role.STREET: "street",
}
"""Units whose members are not listed: they are whoever holds these posts."""

_T = TypeVar("_T")
_K = TypeVar("_K", bound=Hashable)


class Roster:
    """The lookups over `Parts`; times are aware, days and hours are those of Asia/Shanghai.

    levels: what the levels are called here."""

    def __init__(self, parts: Parts, levels: Mapping[str, str] = LEVELS) -> None:
        self.parts, self.levels = parts, levels
        self._grids = {g.code: g for g in parts.grids}
        self._people = {p.id: p for p in parts.people}
        self._accounts = {a: p for p in parts.people for a in p.accounts}
        self._units = {u.id: u for u in parts.units}
        self._groups = {g.conversation: g for g in parts.groups}
        self._children = _by(parts.grids, lambda g: g.parent)
        self._groups_in = _by(parts.groups, lambda g: g.grid)
        self._units_in = _by(parts.units, lambda u: u.grid)
        self._staff = _by(parts.members, lambda m: m.unit)
        self._works_for = _by(parts.members, lambda m: m.person)
        self._knowledge = _by(parts.knowledge, lambda k: k.grid)
        self._duty = _by(sorted(parts.duties, key=lambda d: d.order), lambda d: d.grid)
        self._posts_on = _by(parts.posts, lambda p: p.grid)
        self._names: dict[str, frozenset[str]] = {}
        self._homes = {p.person: p.grid for p in parts.posts if p.role is Role.RESIDENT}
        staff = [p for p in parts.posts if p.role is not Role.RESIDENT]
        self._posts_of = _by(staff, lambda p: p.person)
        self._posts_in = _by(sorted(staff, key=lambda p: p.acting), lambda p: (p.grid, p.role))

    # ── the tree and the groups

    def grid(self, code: str) -> Grid | None:
        return self._grids.get(code)

    def group(self, conversation: str) -> Group | None:
        return self._groups.get(conversation)

    def ancestors(self, code: str) -> tuple[Grid, ...]:
        """The grid itself, then its parents up to the top; () for an unknown code."""
        found: dict[str, Grid] = {}
        while (grid := self._grids.get(code)) is not None and code not in found:
            found[code] = grid
            code = grid.parent
        return tuple(found.values())

    def at_level(self, code: str, level: str) -> Grid | None:
        """The grid itself or its nearest ancestor of that level (a key of LEVELS)."""
        return next((g for g in self.ancestors(code) if g.level == level), None)

    def grids_under(self, code: str) -> tuple[Grid, ...]:
        """The grid and everything below it, parents before children; EVERYWHERE means all."""
        if code == EVERYWHERE:
            return tuple(self._grids.values())
        found = [self._grids[code]] if code in self._grids else []
        for grid in found:
            found.extend(self._children.get(grid.code, ()))
        return tuple(found)

    def groups_under(self, code: str) -> tuple[Group, ...]:
        """The chat groups of the grid and of everything below it."""
        return tuple(g for grid in self.grids_under(code) for g in self._groups_in_grid(grid))

    def _groups_in_grid(self, grid: Grid) -> tuple[Group, ...]:
        return self._groups_in.get(grid.code, ())

    def scopes(self, code: str) -> tuple[str, ...]:
        """The codes whose posts, units and answers are valid in this grid, nearest first."""
        return (*(g.code for g in self.ancestors(code)), EVERYWHERE)

    # ── people

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def person_of(self, account: str) -> Person | None:
        return self._accounts.get(account)

    def names_in(self, grid: str) -> frozenset[str]:
        """What everybody is called who lives or has a post in the grid, above it or below it."""
        if grid not in self._names:
            codes = {*self.scopes(grid), *(g.code for g in self.grids_under(grid))}
            holders = {post.person for code in codes for post in self._posts_on.get(code, ())}
            self._names[grid] = frozenset(p.name for i, p in self._people.items() if i in holders)
        return self._names[grid]

    def account_on(self, person: Person, channel: str) -> str:
        """The person's account on that channel, "" if none."""
        start = f"{channel}:"
        return next((a for a in person.accounts if a.startswith(start)), "")

    def posts_of(self, account: str, at: datetime) -> tuple[Post, ...]:
        """Staff posts, valid on the day, of the person behind an account."""
        person = self._accounts.get(account)
        posts = self._posts_of.get(person.id, ()) if person else ()
        return tuple(p for p in posts if p.valid(_day(at)))

    def roles_in(self, account: str, grid: str, at: datetime) -> frozenset[Role]:
        """Roles held on the grid or above it, acting ones included; a resident has none.

        Who works for a unit that serves the grid is 部门承办人 (物业 for property companies)."""
        scopes = self.scopes(grid)
        roles = {p.role for p in self.posts_of(account, at) if p.grid in scopes}
        for unit in self._employers(account):
            if unit.grid in scopes:
                roles.add(Role.PROPERTY if unit.department == "wuye" else Role.DEPARTMENT)
        return frozenset(roles)

    def holders(self, grid: str, role: Role, at: datetime) -> tuple[Person, ...]:
        """Who holds the role on the grid or above, nearest level first, acting after regular."""
        return _once(p for code in self.scopes(grid) for p in self.holders_on(code, role, at))

    def holders_on(self, grid: str, role: Role, at: datetime) -> tuple[Person, ...]:
        """Who holds the role on this very grid."""
        day = _day(at)
        posts = (p for p in self._posts_in.get((grid, role), ()) if p.valid(day))
        return tuple(self._people[p.person] for p in posts if p.person in self._people)

    def leaders(self, grid: str, at: datetime) -> tuple[Person, ...]:
        """微网格长 and 网格长 of the grid, or of the nearest ancestor that has one."""
        for code in self.scopes(grid):
            found = _once(p for role in LEADING for p in self.holders_on(code, role, at))
            if found:
                return found
        return ()

    def duty_chain(self, grid: str, at: datetime) -> tuple[Person, ...]:
        """Whom to call, first to last: the nearest duty list that is valid at this hour.

        Without one: leaders, grid workers, community, street; nobody twice."""
        hour = at.astimezone(LOCAL).hour
        for code in self.scopes(grid):
            lines = [d for d in self._duty.get(code, ()) if d.covers(hour)]
            if found := _once(self._people[d.person] for d in lines if d.person in self._people):
                return found
        rest = (p for role in FALLBACK for p in self.holders(grid, role, at))
        return _once((*self.leaders(grid, at), *rest))

    def groups_of_leader(self, account: str, at: datetime) -> tuple[Group, ...]:
        """The chat groups of every grid that the account leads, and of the grids below."""
        led = (p.grid for p in self.posts_of(account, at) if p.role in LEADING)
        return _once(g for code in led for g in self.groups_under(code))

    def home_group(self, account: str) -> Group | None:
        """The group of a resident who is bound to a grid (a post 居民), else None."""
        person = self._accounts.get(account)
        code = self._homes.get(person.id, "") if person else ""
        near = (g for grid in self.ancestors(code) for g in self._groups_in_grid(grid))
        return next(near, None)

    # ── units

    def unit(self, unit_id: str) -> Unit | None:
        return self._units.get(unit_id)

    def unit_for(self, department: str, grid: str) -> Unit | None:
        """The unit that stands for a department id in this grid, nearest scope first."""
        return next((u for u in self._serving(grid) if u.department == department), None)

    def unit_named(self, words: str, grid: str) -> tuple[Unit, ...]:
        """The units serving the grid that a person may mean; exact names only, if any is.

        Of several units of one department only the nearest is named."""
        asked = "".join(words.split())
        serving = [(u, (u.id, u.name, *u.words)) for u in self._serving(grid)] if asked else []
        exact = [u for u, names in serving if asked in names]
        near = [u for u, names in serving if any(asked in n or n in asked for n in names if n)]
        nearest: dict[str, Unit] = {}
        for unit in exact or near:
            nearest.setdefault(unit.department, unit)
        return tuple(nearest.values())

    def _serving(self, grid: str) -> Iterator[Unit]:
        return (u for code in self.scopes(grid) for u in self._units_in.get(code, ()))

    def members(self, unit_id: str, grid: str, at: datetime) -> tuple[Person, ...]:
        """Who works for a unit; for 网格, 社区, 街道 also the holders of those posts, here or, for
        one that serves other grids, there."""
        listed = (m.person for m in self._staff.get(unit_id, ()))
        roles = [r for r, u in _BY_POST.items() if u == unit_id.partition("-")[0]]
        unit, scopes = self._units.get(unit_id), self.scopes(grid)
        where = scopes if unit is None or unit.grid in scopes else self.scopes(unit.grid)
        holders = (p for c in where for role in roles for p in self.holders_on(c, role, at))
        return _once((*(self._people[i] for i in listed if i in self._people), *holders))

    def units_of(self, account: str, at: datetime, grid: str = EVERYWHERE) -> frozenset[str]:
        """Ids of the units that the account works for; with `grid` only those serving it."""
        scopes = self.scopes(grid) if grid else ()
        found = {u.id for u in self._employers(account) if not grid or u.grid in scopes}
        for post in self.posts_of(account, at):
            if post.role in _BY_POST and (not grid or post.grid in scopes):
                unit = self.unit_for(_BY_POST[post.role], post.grid)
                found |= {_BY_POST[post.role], unit.id if unit else _BY_POST[post.role]}
        return frozenset(found)

    def _employers(self, account: str) -> Iterator[Unit]:
        person = self._accounts.get(account)
        rows = self._works_for.get(person.id, ()) if person else ()
        return (self._units[m.unit] for m in rows if m.unit in self._units)

    def staff_named(self, words: str, grid: str, at: datetime) -> tuple[Person, ...]:
        """Staff of the grid or above whom a leader may mean by a role (网格员) or a name."""
        asked = "".join(words.split())
        if not asked:
            return ()
        by_role = (p for r in ROLE_LABELS if r.label == asked for p in self.holders(grid, r, at))
        if found := _once(by_role):
            return found
        near = ((code, role) for code in self.scopes(grid) for role in ROLE_LABELS)
        people = (p for code, role in near for p in self.holders_on(code, role, at))
        return _once(p for p in people if asked in p.name)

    # ── answers

    def answer(self, grid: str, code: str, text: str, at: date) -> Knowledge | None:
        """A ready answer, still valid on the day, one of whose words stands in the text.

        The nearest grid wins, then the narrower code, then the entry with more words found."""
        for scope in self.scopes(grid):
            found = [
                (len(k.code), sum(w in text for w in k.words), -k.id, k)
                for k in self._knowledge.get(scope, ())
                if code.startswith(k.code) and (k.valid_until is None or at <= k.valid_until)
            ]
            if fits := [f for f in found if f[1]]:
                return max(fits, key=lambda f: f[:3])[3]
        return None

    def kind(self, code: str) -> str:
        """A key of KINDS: of the grid or the nearest above that states one; "" if none does."""
        return next((g.kind for g in self.ancestors(code) if g.kind), "")

    def checks(self, at: datetime, limits: Limits = USUAL) -> list[Gap]:
        """What is missing or too much, in the order of the tree; [] if nothing is."""
        return find_gaps(self, at, limits)


def _by(rows: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, tuple[_T, ...]]:
    found: defaultdict[_K, list[_T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {k: tuple(v) for k, v in found.items()}


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
