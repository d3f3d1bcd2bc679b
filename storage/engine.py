"""Connections, transactions and the differences between SQLite and PostgreSQL.

The only file that knows the dialect and the driver; no table and no rule of the domain is here."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import Busy, StorageError, Taken, Unreachable
from storage.link import DRIVER_ERRORS, LOCK_CLASS, Link, translated
from storage.lockfile import hold

__all__ = ["Busy", "Database", "Link", "StorageError", "Taken", "Unreachable", "make_engine"]

_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "cache_size=-16000")
_BEGIN_READ = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
_BEGIN_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}


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
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, 0)")


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
        self._idle: list[AsyncConnection] = []
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
                with translated():
                    self._writer = await self._engine.connect()
            async with self._transaction(self._writer, writes=True) as link:
                yield link

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Link]:
        """A snapshot that never waits for the writer."""
        async with (
            self._reader() as connection,
            self._transaction(connection, writes=False) as link,
        ):
            yield link

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[AsyncConnection]:
        """On SQLite readers are kept here: the pool's way in and out costs more than a query."""
        if self.dialect != "sqlite":
            async with _connected(self._readers) as connection:
                yield connection
            return
        with translated():
            connection = self._idle.pop() if self._idle else await self._readers.connect()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    @asynccontextmanager
    async def _transaction(
        self, connection: AsyncConnection, *, writes: bool
    ) -> AsyncIterator[Link]:
        raw = await self._driver(connection)
        begin = _BEGIN_WRITE if writes else _BEGIN_READ
        link = Link(self.dialect, raw, begin[self.dialect], writes=writes)
        try:
            await link.begin()
            yield link
            await link.commit()
        except BaseException:
            await _surely(self._roll_back(connection, raw))
            raise

    async def _driver(self, connection: AsyncConnection) -> Any:
        """The driver's connection; a new one if the server has closed it while it was idle."""
        known = connection.sync_connection
        if known is not None and not known.invalidated:
            raw: Any = known.connection.driver_connection
            if self.dialect == "sqlite" or not raw.is_closed():
                return raw
            await connection.invalidate()
        with translated():
            return (await connection.get_raw_connection()).driver_connection

    async def _roll_back(self, connection: AsyncConnection, raw: Any) -> None:
        lite = self.dialect == "sqlite"
        try:
            if lite:
                await raw.rollback()
            elif raw.is_in_transaction():
                await raw.execute("ROLLBACK")
        except (*DRIVER_ERRORS, ValueError):
            await connection.invalidate()
            if connection is self._writer:
                self._writer = None

    async def aclose(self) -> None:
        """Close every connection and let go of the lock file."""
        for connection in (*self._idle, *filter(None, (self._writer,))):
            await connection.close()
        self._idle, self._writer = [], None
        await self._engine.dispose()
        if self._readers is not self._engine:
            await self._readers.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    with translated():
        connection = await engine.connect()
    try:
        yield connection
    finally:
        await connection.close()


async def _surely(work: Awaitable[None]) -> None:
    """Finish `work` although the caller is being cancelled."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
