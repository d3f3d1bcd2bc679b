"""The roster in the database: read whole, replaced by an import, with a version that grows.

What the rows mean is said in routing/parts.py; questions are answered by routing/roster.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from routing.parts import (
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
from routing.roster import Roster
from storage.columns import to_json, to_tuple
from storage.engine import Link
from storage.statement import Statement, among, bump, insert_or_update, word
from storage.tables_people import (
    account,
    chat_group,
    counter,
    duty,
    grid,
    knowledge,
    person,
    role,
    unit,
    unit_member,
)

Rows = Iterable[tuple[Any, ...]]


class _Sheet:
    """The statements of one table, whose rows are read in their imported order."""

    def __init__(self, table: Table) -> None:
        names = tuple(table.c.keys())
        key = tuple(table.primary_key.columns.keys())
        self.all = Statement(select(*table.c).order_by(table.c.ord, *table.primary_key.columns))
        self.put = insert_or_update(table, names, key)
        self.clear = Statement(delete(table))


_GRIDS, _PEOPLE, _ACCOUNTS, _POSTS, _UNITS = map(_Sheet, (grid, person, account, role, unit))
_MEMBERS, _GROUPS, _DUTIES, _KNOWLEDGE = map(_Sheet, (unit_member, chat_group, duty, knowledge))

_CLEAR_STAFF = Statement(delete(role).where(role.c.role != word(Role.RESIDENT.value)))
_CLEAR_ACCOUNTS = Statement(delete(account).where(among(account.c.person_id, "people")), "people")
_MODES = Statement(select(chat_group.c.conversation, chat_group.c.mode))
_SET_MODE = Statement(
    update(chat_group)
    .where(chat_group.c.conversation == bindparam("where_"))
    .values(mode=bindparam("how"))
    .returning(chat_group.c.conversation),
    "how", "where_",
)  # fmt: skip
_VERSION = Statement(select(counter.c.value).where(counter.c.name == word("roster")))
_BUMP = bump(counter, "roster")


class People:
    """The roster of one transaction; its writes are not staged but done at once."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def load(self, levels: Mapping[str, str] = LEVELS) -> Roster:
        """The whole roster; `levels` is what the levels are called here."""
        return Roster(await self.parts(), levels)

    async def tree(self, levels: Mapping[str, str] = LEVELS) -> Roster:
        """The grids and units alone, a fraction of it: figures name no persons."""
        return Roster(Parts(grids=await self._grids(), units=await self._units()), levels)

    async def parts(self) -> Parts:
        """Every row of it, in the order of the last import."""
        rows = self._link.rows
        accounts: dict[str, list[str]] = {}
        for ref, owner, _ in await rows(_ACCOUNTS.all):
            accounts.setdefault(owner, []).append(ref)
        return Parts(
            grids=await self._grids(),
            people=tuple(
                Person(r[0], r[1], tuple(accounts.get(r[0], ()))) for r in await rows(_PEOPLE.all)
            ),
            posts=tuple(_post(r) for r in await rows(_POSTS.all)),
            units=await self._units(),
            members=tuple(Member(*r[:2]) for r in await rows(_MEMBERS.all)),
            groups=tuple(
                Group(r[0], r[1], r[2], r[3], to_tuple(r[4])) for r in await rows(_GROUPS.all)
            ),
            duties=tuple(Duty(*r[:5]) for r in await rows(_DUTIES.all)),
            knowledge=tuple(_answer(r) for r in await rows(_KNOWLEDGE.all)),
        )

    async def _grids(self) -> tuple[Grid, ...]:
        return tuple(Grid(*row[:-1]) for row in await self._link.rows(_GRIDS.all))

    async def _units(self) -> tuple[Unit, ...]:
        rows = await self._link.rows(_UNITS.all)
        return tuple(Unit(r[0], r[1], r[2], to_tuple(r[3]), r[4]) for r in rows)

    async def replace(self, parts: Parts) -> None:
        """Take over an import: grids, staff posts, units, groups, duty lists and answers become
        exactly what it says, and so do the accounts of the people it names.

        People and residents it does not name stay known, without a staff post. A group whose
        imported mode is "" keeps the one that was set in the running bot."""
        link = self._link
        modes = dict(list(await link.rows(_MODES)))
        for sheet in (_GRIDS, _UNITS, _MEMBERS, _GROUPS, _DUTIES, _KNOWLEDGE):
            await link.rows(sheet.clear)
        await link.rows(_CLEAR_STAFF)
        await link.rows(_CLEAR_ACCOUNTS, [p.id for p in parts.people])
        await self._write(parts, modes)

    async def add(self, parts: Parts) -> None:
        """Add or change these rows and leave the others, e.g. a resident who binds an account."""
        await self._write(parts, {})

    async def _write(self, parts: Parts, modes: dict[str, str]) -> None:
        many = self._link.many
        await many(_GRIDS.put, _in_order(map(astuple, parts.grids)))
        await many(_PEOPLE.put, _in_order((p.id, p.name) for p in parts.people))
        await many(_ACCOUNTS.put, _in_order((a, p.id) for p in parts.people for a in p.accounts))
        await many(_POSTS.put, _in_order(map(_post_row, parts.posts)))
        await many(
            _UNITS.put,
            _in_order((u.id, u.name, u.phone, to_json(u.words), u.grid) for u in parts.units),
        )
        await many(_MEMBERS.put, _in_order((m.unit, m.person) for m in parts.members))
        await many(_GROUPS.put, _in_order(_group_row(g, modes) for g in parts.groups))
        await many(
            _DUTIES.put,
            _in_order((d.grid, d.order, d.person, d.from_hour, d.to_hour) for d in parts.duties),
        )
        await many(_KNOWLEDGE.put, _in_order(map(_answer_row, parts.knowledge)))
        await self._link.rows(_BUMP)

    async def set_mode(self, conversation: str, mode: str) -> bool:
        """How the bot speaks in a group: "" default, quiet, hint, auto; False if unknown."""
        found = await self._link.rows(_SET_MODE, mode, conversation)
        if found:
            await self._link.rows(_BUMP)
        return bool(found)

    async def version(self) -> int:
        """Grows with every change, so that a running bot knows when to load again; 0 at first."""
        found = await self._link.rows(_VERSION)
        return int(found[0][0]) if found else 0


def _in_order(rows: Rows) -> Rows:
    return ((*row, place) for place, row in enumerate(rows))


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _date(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _post_row(post: Post) -> tuple[Any, ...]:
    return (
        post.person, post.grid, post.role.value, post.acting, _day(post.since), _day(post.until),
        post.full_time,
    )  # fmt: skip


def _post(row: Sequence[Any]) -> Post:
    return Post(
        row[0], row[1], Role(row[2]), bool(row[3]), _date(row[4]), _date(row[5]), bool(row[6])
    )


def _group_row(group: Group, modes: dict[str, str]) -> tuple[Any, ...]:
    mode = group.mode or modes.get(group.conversation, "")
    return (group.conversation, group.grid, group.name, mode, to_json(group.words))


def _answer_row(entry: Knowledge) -> tuple[Any, ...]:
    return (
        entry.id, entry.grid, entry.code, to_json(entry.words), entry.answer, entry.source,
        _day(entry.valid_until),
    )  # fmt: skip


def _answer(row: Sequence[Any]) -> Knowledge:
    return Knowledge(row[0], row[1], row[2], to_tuple(row[3]), row[4], row[5], _date(row[6]))
