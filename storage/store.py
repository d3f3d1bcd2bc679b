"""The store and its transactions: what the rest of the bot knows of the database.

Statements live with their aggregates, the dialects in engine.py."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from storage.budget import Budget
from storage.engine import Database, Link
from storage.errors import Busy, InUse, StorageError, Unreachable
from storage.facts import Facts
from storage.inbox import Inbox
from storage.jobs import Jobs
from storage.journal import Journal
from storage.leases import Leases
from storage.lessons import Lessons
from storage.outbox import Outbox
from storage.people import People
from storage.pictures import Pictures
from storage.quality import Quality
from storage.replays import Replays
from storage.talks import Talks
from storage.tickets import StaleTicket, Tickets

__all__ = [
    "Busy", "InUse", "StaleTicket", "StorageError", "Store", "Transaction", "Unreachable",
]  # fmt: skip

T = TypeVar("T")
_TRIES = 5
_PAUSE_MS = 20


class Transaction:
    """Everything within runs in one database transaction, one attribute an aggregate.

    Writes without `await` are staged and written at commit, or by `flush`."""

    def __init__(self, link: Link) -> None:
        self._journal = journal = Journal()
        self._link = link
        self.inbox = Inbox(link, journal)
        self.outbox = Outbox(link, journal)
        self.tickets = Tickets(link, journal)
        self.jobs = Jobs(link, journal)
        self.talks = Talks(link, journal)
        self.pictures = Pictures(link)
        self.lessons = Lessons(link, journal)
        self.people = People(link)
        self.budget = Budget(link)
        self.facts = Facts(link)
        self.quality = Quality(link)
        self.replays = Replays(link)
        self.leases = Leases(link)

    def mark(self) -> int:
        """The present point, for `back_to`."""
        return self._journal.mark()

    def back_to(self, mark: int) -> None:
        """Undo everything staged since `mark`. ValueError if it was flushed meanwhile."""
        self._journal.back_to(mark)

    async def flush(self) -> None:
        """Write what is staged. Raises StaleTicket, LeaseLost, Busy or StorageError."""
        await self.hand_over()
        await self._link.drain()

    async def hand_over(self) -> None:
        """Give what is staged to the driver, to be written at the commit at the latest."""
        if not self._journal.dirty:
            return
        if not self._link.writes:
            raise StorageError("a read transaction cannot write")
        await self.tickets.flush()
        await self.outbox.flush()
        await self.talks.flush()
        await self.lessons.flush()
        await self.jobs.flush()
        await self.inbox.flush()
        self._journal.forget()


class Store:
    """One open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, url: str, *, sole: bool = False) -> Store:
        """Open "sqlite:///data/gridbot.db" or "postgresql://user@host/db", migrated already.

        sole: hold the SQLite file for this process alone. Raises InUse, ValueError (bad URL)."""
        return cls(Database(url, sole=sole))

    @property
    def dialect(self) -> str:
        """sqlite | postgresql."""
        return self._database.dialect

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A write transaction, committed when left without error; one at a time on SQLite."""
        async with self._database.writing() as link:
            transaction = Transaction(link)
            yield transaction
            await transaction.hand_over()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A snapshot that neither waits for writers nor holds them up."""
        async with self._database.reading() as link:
            transaction = Transaction(link)
            yield transaction
            await transaction.hand_over()

    async def run(self, fn: Callable[[Transaction], Awaitable[T]]) -> T:
        """`fn` in a write transaction; all of it again, at most five times, when Busy or
        StaleTicket says that somebody was in the way."""
        for attempt in range(1, _TRIES):
            try:
                async with self.write() as transaction:
                    return await fn(transaction)
            except Busy:
                await asyncio.sleep((_PAUSE_MS + secrets.randbelow(_PAUSE_MS)) * attempt / 1000)
        async with self.write() as transaction:
            return await fn(transaction)

    async def aclose(self) -> None:
        """Close every connection; lets go of the file held by `sole`."""
        await self._database.aclose()
