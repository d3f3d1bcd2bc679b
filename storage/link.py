"""One open transaction on the driver: statements in, plain rows out, as few trips as possible.

Where connections come from, and how the dialects differ otherwise, is in engine.py."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError

from storage.clean import clean, is_clean
from storage.errors import Busy, StorageError, Taken, Unreachable
from storage.statement import Statement

LOCK_CLASS = 0x67726964
"""Marks our advisory locks on a PostgreSQL server."""

Rows = Sequence[Sequence[Any]]
_Step = tuple[str, Rows | None, type[StorageError]]
"""SQL, its rows (None: run it once as it is), and what a key that is in use means here."""


class Link:
    """Runs compiled statements straight on the driver.

    Values are plain (int, bool, str, None, list for `among`); every text passes `clean` here.
    On SQLite a trip to the connection's thread costs more than most statements. So BEGIN and
    what is written by `later` wait for the next read, or the commit, and travel with it."""

    def __init__(self, dialect: str, driver: Any, begin: str, *, writes: bool) -> None:
        self.dialect = dialect
        self.writes = writes
        self._driver = driver
        self._lite = dialect == "sqlite"
        self._begin = begin
        self._begun = False
        self._waiting: list[_Step] = []

    async def begin(self) -> None:
        """Open the transaction; on SQLite only when there is something to do in it."""
        if self._lite:
            self._waiting.append((self._begin, None, Taken))
            return
        with translated():
            await self._driver.execute(self._begin)

    async def commit(self) -> None:
        """Write what waits and make it last. Raises as `rows`."""
        if self._lite and not self._begun and len(self._waiting) == 1:
            self._waiting.clear()
            return
        with translated():
            await (self._trip("COMMIT") if self._lite else self._driver.execute("COMMIT"))

    async def rows(self, statement: Statement, *values: Any) -> Sequence[Any]:
        """Run one statement and return all its rows as sequences.

        Raises Busy, Taken or StorageError, also for what had been waiting."""
        sql, pick = statement.on(self.dialect)
        plain = self.plain(values)
        args = plain if pick is None else pick(plain)
        with translated():
            cursor = self._trip(sql, args) if self._lite else self._driver.fetch(sql, *args)
            found: Sequence[Any] = await cursor
        return found

    async def many(self, statement: Statement, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for every row of values; nothing for no rows.

        Returns how many rows it changed, -1 where the driver does not say. Raises as `rows`."""
        sql, args = self._prepared(statement, rows)
        if not args:
            return 0
        with translated():
            if self._lite:
                return int(await self._trip(sql, args, many=True))
            await self._driver.executemany(sql, args)
        return -1

    async def later(
        self,
        statement: Statement,
        rows: Iterable[Sequence[Any]],
        taken: type[StorageError] = Taken,
    ) -> None:
        """As `many`, but it may wait for the next read, `drain` or commit, and fail only there.

        taken: what is raised for a unique key that is in use."""
        sql, args = self._prepared(statement, rows)
        if not args:
            return
        if self._lite:
            self._waiting.append((sql, args, taken))
            return
        try:
            with translated():
                await self._driver.executemany(sql, args)
        except Taken as error:
            raise taken(str(error)) from error

    async def drain(self) -> None:
        """Write what waits. Raises as `rows`."""
        if self._waiting:
            with translated():
                await self._trip("")

    async def line_up(self, queue: int) -> None:
        """Wait for the other claimants of a queue until this transaction ends.

        PostgreSQL needs an advisory lock; on SQLite BEGIN IMMEDIATE has done it."""
        if not self._lite:
            with translated():
                await self._driver.execute(f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, {queue})")

    async def _trip(self, sql: str, args: Any = (), *, many: bool = False) -> Any:
        steps, self._waiting, self._begun = self._waiting, [], True
        # the driver has no public way to run several statements in one trip; one by one the same
        # eight take 1.1 ms in place of 0.2 ms, so its version is held in pyproject.toml
        driver = self._driver
        return await driver._execute(_run, driver._conn, steps, sql, args, many)

    def _prepared(self, statement: Statement, rows: Iterable[Sequence[Any]]) -> tuple[str, Rows]:
        plain: Rows = list(rows)
        if not is_clean(plain):
            plain = [self.plain(row) for row in plain]
        sql, pick = statement.on(self.dialect)
        return sql, plain if pick is None else [pick(row) for row in plain]

    def plain(self, values: Sequence[Any]) -> list[Any]:
        """The values as the database will hold them."""
        return [clean(v) if type(v) is str else self._odd(v) for v in values]

    def _odd(self, value: Any) -> Any:
        if type(value) is not list:
            return value
        items = [clean(v) if type(v) is str else v for v in value]
        return json.dumps(items) if self._lite else items


def _run(raw: sqlite3.Connection, steps: Sequence[_Step], sql: str, args: Any, many: bool) -> Any:
    """On the connection's own thread: what had been waiting, in order, then one statement."""
    for text, rows, taken in steps:
        try:
            if rows is None:
                raw.execute(text)
            else:
                raw.executemany(text, rows)
        except sqlite3.IntegrityError as error:
            found = _ours(error)
            raise taken(str(error)) if type(found) is Taken else found from error
    if many:
        return raw.executemany(sql, args).rowcount
    return raw.execute(sql, args).fetchall() if sql else []


DRIVER_ERRORS = (
    sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, OSError,
)  # fmt: skip


class translated:  # noqa: N801
    """Turns the drivers' errors into ours; a class because it sits on the hot path."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, DRIVER_ERRORS):
            raise _ours(error) from error


def _ours(error: BaseException) -> StorageError:
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or ""
    for kind, codes in _MEANINGS:
        if code.startswith(codes):
            return kind(str(cause))
    if isinstance(error, asyncpg.InterfaceError | OSError):
        return Unreachable(f"{type(error).__name__}: {error}")
    return StorageError(f"{type(error).__name__}: {error}")


_MEANINGS: tuple[tuple[type[StorageError], tuple[str, ...]], ...] = (
    (Busy, ("SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "55P03")),
    (Taken, ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505")),
    (Unreachable, ("SQLITE_CANTOPEN", "08", "57P", "53300")),
)
"""Codes of SQLite, and SQLSTATEs: serialization, deadlock, lock; unique key; connection lost,
server going down, too many connections."""
