"""Conversation windows: what the bot last asked a person and which tickets they speak of.

How an answer is understood is decided in bot/handlers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from storage.columns import micros, moment, to_json, to_tuple
from storage.engine import Link
from storage.journal import Journal
from storage.statement import Statement, among, insert_or_update
from storage.tables import talk

Key = tuple[str, str]
_COLUMNS = ("conversation", "person", "ticket_ids", "asks", "data", "until")


@dataclass(frozen=True, slots=True)
class Talk:
    """The window of one person in one conversation, open until `until`.

    asks: what the bot waits to hear ("" | "place" | "reason" | "pick" …)."""

    conversation: str
    person: str
    until: datetime
    ticket_ids: tuple[int, ...] = ()
    asks: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


_OF = Statement(
    select(*(talk.c[name] for name in _COLUMNS)).where(among(talk.c.conversation, "places")),
    "places",
)
_PUT = insert_or_update(talk, _COLUMNS, ("conversation", "person"))
_DROP = Statement(
    delete(talk).where(
        talk.c.conversation == bindparam("where_"), talk.c.person == bindparam("who")
    ),
    "where_", "who",
)  # fmt: skip
_EXPIRE = Statement(delete(talk).where(talk.c.until < bindparam("now")), "now")


class Talks:
    """Windows of one transaction."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._stored: dict[str, dict[Key, Talk]] = {}
        self._staged: dict[Key, Talk | None] = {}

    async def of(self, conversations: Iterable[str]) -> dict[Key, Talk]:
        """Windows by (conversation, person), one query for all; staged seen.

        Those past their time are included until `expire`."""
        wanted = dict.fromkeys(conversations)
        new = [name for name in wanted if name not in self._stored]
        rows = await self._link.rows(_OF, new) if new else ()
        self._stored.update((name, {}) for name in new)
        for row in rows:
            self._stored.setdefault(row[0], {})[row[0], row[1]] = _talk(row)
        found: dict[Key, Talk | None] = {}
        for name in wanted:
            found.update(self._stored[name])
        found.update((key, window) for key, window in self._staged.items() if key[0] in wanted)
        return {key: window for key, window in found.items() if window is not None}

    def window(self, conversation: str, person: str) -> Talk | None:
        """One window of a conversation that `of` has read in this transaction; staged seen."""
        key = (conversation, person)
        if key in self._staged:
            return self._staged[key]
        return self._stored.get(conversation, {}).get(key)

    def put(self, window: Talk) -> None:
        """Staged: open the window or replace it."""
        self._journal.set(self._staged, (window.conversation, window.person), window)

    def drop(self, conversation: str, person: str) -> None:
        """Staged: close the window, if there is one."""
        self._journal.set(self._staged, (conversation, person), None)

    async def expire(self, now: datetime) -> None:
        """Delete stored windows whose time is over."""
        await self._link.rows(_EXPIRE, micros(now))

    async def flush(self) -> None:
        """Write what is staged."""
        staged = sorted(self._staged.items())
        await self._link.later(_DROP, [key for key, window in staged if window is None])
        await self._link.later(_PUT, [_row(window) for _, window in staged if window])
        self._staged.clear()
        self._stored.clear()


def _row(window: Talk) -> tuple[Any, ...]:
    return (
        window.conversation, window.person, to_json(window.ticket_ids), window.asks,
        to_json(dict(window.data)), micros(window.until),
    )  # fmt: skip


def _talk(row: Any) -> Talk:
    return Talk(row[0], row[1], moment(row[5]), to_tuple(row[2]), row[3], json.loads(row[4]))
