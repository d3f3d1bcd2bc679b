"""Connections, transactions and the differences between SQLite and PostgreSQL.

The only file that knows the dialect and the driver; no table and no rule of the domain is here."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.clean import clean, is_clean
from storage.errors import Busy, StorageError, Taken, Unreachable
from storage.lockfile import hold
from storage.statement import Statement

__all__ = ["Busy", "Database", "Link", "StorageError", "Taken", "Unreachable", "make_engine"]

_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "cache_size=-16000")
_LOCK_CLASS = 0x67726964
_BEGIN_READ = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
_BEGIN_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}


class Link:
    """One open transaction: runs compiled statements straight on the driver.

    Values are plain (int, bool, str, None, list for `among`); every text passes `clean` here.
    Going past SQLAlchemy's cursor layer saves three of four thread hops a statement."""

    def __init__(self, dialect: str, driver: Any, *, writes: bool) -> None:
        self.dialect = dialect
        self.writes = writes
        self._driver = driver
        self._lite = dialect == "sqlite"

    async def rows(self, statement: Statement, *values: Any) -> Sequence[Any]:
        """Run one statement and return all its rows as sequences.

        Raises Busy, Taken or StorageError."""
        sql, pick = statement.on(self.dialect)
        plain = self.plain(values)
        args = plain if pick is None else pick(plain)
        with _translated():
            if self._lite:
                return list(await self._driver.execute_fetchall(sql, args))
            found: Sequence[Any] = await self._driver.fetch(sql, *args)
            return found

    async def many(self, statement: Statement, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for every row of values; nothing for no rows.

        Returns how many rows it changed, -1 where the driver does not say. Raises as `rows`."""
        plain = list(rows)
        if not plain:
            return 0
        if not is_clean(plain):
            plain = [self.plain(row) for row in plain]
        sql, pick = statement.on(self.dialect)
        args = plain if pick is None else [pick(row) for row in plain]
        with _translated():
            done = await self._driver.executemany(sql, args)
        return int(done.rowcount) if self._lite else -1

    async def line_up(self, queue: int) -> None:
        """Wait for the other claimants of a queue until this transaction ends.

        PostgreSQL needs an advisory lock; on SQLite BEGIN IMMEDIATE has done it."""
        if not self._lite:
            with _translated():
                await self._driver.execute(f"SELECT pg_advisory_xact_lock({_LOCK_CLASS}, {queue})")

    def plain(self, values: Sequence[Any]) -> list[Any]:
        """The values as the database will hold them."""
        return [clean(v) if type(v) is str else self._odd(v) for v in values]

    def _odd(self, value: Any) -> Any:
        if type(value) is not list:
            return value
        items = [clean(v) if type(v) is str else v for v in value]
        return json.dumps(items) if self._lite else items


class _translated:  # noqa: N801
    """Turns the drivers' errors into ours; a class because it sits on the hot path."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, _DRIVER_ERRORS):
            raise _ours(error) from error


_DRIVER_ERRORS = (
    sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, OSError,
)  # fmt: skip


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


def driver_url(url: str) -> URL:
    """The asynchronous driver's form of a plain database URL. ValueError for other engines."""
    parsed = make_url(url)
    engine = parsed.drivername.partition("+")[0]
    if engine == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("sqlite needs a file, for example sqlite:///data/gridbot.db")
        return parsed.set(drivername="sqlite+aiosqlite")
    if engine in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise ValueError(f"{engine}: only sqlite:/// and postgresql:// are supported")


def make_engine(url: str, *, read_only: bool = False) -> AsyncEngine:
    """A pool of connections set up for us; on SQLite SQLAlchemy's own BEGIN is BEGIN IMMEDIATE."""
    parsed = driver_url(url)
    if parsed.get_backend_name() == "postgresql":
        settings = {"application_name": "gridbot", "jit": "off"}
        args: dict[str, Any] = {"server_settings": settings, "statement_cache_size": 256}
        return create_async_engine(
            parsed, pool_size=8, max_overflow=8, pool_pre_ping=False, connect_args=args
        )
    path = Path(parsed.database or "").absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = create_async_engine(parsed, pool_size=4, connect_args={"isolation_level": None})
    pragmas = (*_PRAGMAS, f"query_only={int(read_only)}")

    @event.listens_for(engine.sync_engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def lock_schema(connection: Connection) -> None:
    """Let one process at a time change the tables; on SQLite BEGIN IMMEDIATE has done it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_CLASS}, 0)")


class Database:
    """One database: its pool, its single SQLite writer, its way to begin and end."""

    def __init__(self, url: str, *, sole: bool = False) -> None:
        self.dialect = driver_url(url).get_backend_name()
        self._lock_file = (
            hold(driver_url(url).database or "") if sole and self.dialect == "sqlite" else None
        )
        self._engine = make_engine(url)
        self._readers = self._engine
        self._writing = asyncio.Lock()
        self._writer: AsyncConnection | None = None
        if self.dialect == "sqlite":
            self._readers = make_engine(url, read_only=True)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Link]:
        """A write transaction: commits when left without error, else rolls back."""
        if self.dialect != "sqlite":
            async with (
                _connected(self._engine) as connection,
                self._transaction(connection, writes=True) as link,
            ):
                yield link
            return
        async with self._writing:
            if self._writer is None:
                with _translated():
                    self._writer = await self._engine.connect()
            async with self._transaction(self._writer, writes=True) as link:
                yield link

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Link]:
        """A snapshot that never waits for the writer."""
        async with (
            _connected(self._readers) as connection,
            self._transaction(connection, writes=False) as link,
        ):
            yield link

    @asynccontextmanager
    async def _transaction(
        self, connection: AsyncConnection, *, writes: bool
    ) -> AsyncIterator[Link]:
        raw = await self._driver(connection)
        begin = _BEGIN_WRITE if writes else _BEGIN_READ
        try:
            with _translated():
                await _run(raw, begin[self.dialect])
            yield Link(self.dialect, raw, writes=writes)
            with _translated():
                await _run(raw, "COMMIT")
        except BaseException:
            await _surely(self._roll_back(connection, raw))
            raise

    async def _driver(self, connection: AsyncConnection) -> Any:
        """The driver's connection; a new one if the server has closed it while it was idle."""
        raw: Any = (await connection.get_raw_connection()).driver_connection
        if self.dialect == "postgresql" and raw.is_closed():
            await connection.invalidate()
            with _translated():
                raw = (await connection.get_raw_connection()).driver_connection
        return raw

    async def _roll_back(self, connection: AsyncConnection, raw: Any) -> None:
        lite = self.dialect == "sqlite"
        try:
            if lite:
                await raw.rollback()
            elif raw.is_in_transaction():
                await raw.execute("ROLLBACK")
        except (*_DRIVER_ERRORS, ValueError):
            await connection.invalidate()
            if connection is self._writer:
                self._writer = None

    async def aclose(self) -> None:
        """Close every connection and let go of the lock file."""
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        await self._engine.dispose()
        if self._readers is not self._engine:
            await self._readers.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    with _translated():
        connection = await engine.connect()
    try:
        yield connection
    finally:
        await connection.close()


async def _run(raw: Any, sql: str) -> None:
    if hasattr(raw, "execute_fetchall"):
        await raw.execute_fetchall(sql)
    else:
        await raw.execute(sql)


async def _surely(work: Awaitable[None]) -> None:
    """Finish `work` although the caller is being cancelled."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
