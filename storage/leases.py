"""Who of several processes does what only one may do: a row with a counter that its holder beats.

No clock is asked here: machines disagree about the time, but all see whether a counter moves.
How long a counter must stand still is decided in bot/leader.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from storage.engine import Link
from storage.statement import Statement, word
from storage.tables import lease

_MINE = (lease.c.name == bindparam("what"), lease.c.owner == bindparam("me"))


def _insert(insert: Callable[[Table], Any]) -> Any:
    new = insert(lease).values(name=bindparam("what"), owner=bindparam("me"), beat=word(1))
    return new.on_conflict_do_nothing(index_elements=["name"]).returning(lease.c.name)


_SEEN = Statement(
    select(lease.c.owner, lease.c.beat).where(lease.c.name == bindparam("what")), "what"
)
_FIRST = Statement(_insert, "what", "me")
_TAKE = Statement(
    update(lease)
    .where(
        lease.c.name == bindparam("what"),
        lease.c.owner == bindparam("their"),
        lease.c.beat == bindparam("stood"),
    )
    .values(owner=bindparam("me"), beat=lease.c.beat + word(1))
    .returning(lease.c.name),
    "me", "what", "their", "stood",
)  # fmt: skip
_BEAT = Statement(
    update(lease).where(*_MINE).values(beat=lease.c.beat + word(1)).returning(lease.c.name),
    "what", "me",
)  # fmt: skip
_RELEASE = Statement(delete(lease).where(*_MINE), "what", "me")
_CLEAR = Statement(delete(lease))


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as somebody holds it. beat: grows while the holder lives."""

    owner: str
    beat: int


class Leases:
    """Leases by name; every call is written at once, within the transaction."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def seen(self, name: str) -> Held | None:
        """Who holds it now; None if nobody does."""
        found = await self._link.rows(_SEEN, name)
        return Held(found[0][0], int(found[0][1])) if found else None

    async def take(self, name: str, owner: str, instead_of: Held | None) -> bool:
        """Hold it, if it still is as it was seen; False if somebody was quicker."""
        if instead_of is None:
            return bool(await self._link.rows(_FIRST, name, owner))
        values = (owner, name, instead_of.owner, instead_of.beat)
        return bool(await self._link.rows(_TAKE, *values))

    async def beat(self, name: str, owner: str) -> bool:
        """Show that the owner lives; False if it holds the lease no more."""
        return bool(await self._link.rows(_BEAT, name, owner))

    async def release(self, name: str, owner: str) -> None:
        """Let go of it, if the owner still holds it."""
        await self._link.rows(_RELEASE, name, owner)

    async def clear(self) -> None:
        """At the start of a sole process: nobody else can hold any."""
        await self._link.rows(_CLEAR)
