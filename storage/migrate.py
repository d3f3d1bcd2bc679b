"""Brings a database to the tables this code expects, and refuses where it must not.

The steps themselves are under migrations/versions; queries live elsewhere."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import driver_url, lock_schema, make_engine
from storage.errors import StorageError

_FOLDER = Path(__file__).parent / "migrations"
logging.getLogger("alembic").setLevel(logging.WARNING)


class SchemaBehind(StorageError):
    """The database is older than this code and is not upgraded unasked."""


class SchemaAhead(StorageError):
    """The database is newer than this code; running would damage it."""


async def ensure(url: str) -> None:
    """At start-up: a SQLite file behind this code is upgraded, PostgreSQL raises SchemaBehind
    with the command to run. A newer database always raises SchemaAhead."""
    if driver_url(url).get_backend_name() == "sqlite":
        await upgrade(url)
        return
    stored = await revision(url)
    if stored != head():
        _refuse_newer(stored)
        raise SchemaBehind(
            f"the database is at revision {stored or 'none'}, this version needs {head()}; "
            "make a backup and run: run_bot.py migrate"
        )


async def upgrade(url: str) -> None:
    """Run every missing step, in one transaction; processes that start together take turns.

    Raises SchemaAhead, or StorageError if a step fails (nothing is changed then)."""
    await _on(url, _upgrade)


async def revision(url: str) -> str:
    """The stored revision, "" for an empty database."""
    found: str = await _on(url, _stored)
    return found


def head() -> str:
    """The revision that this code needs."""
    return _script().get_current_head() or ""


def config() -> Config:
    """Alembic's settings, silent; also for drafting a new step (see CONTRIBUTING)."""
    made = Config(stdout=io.StringIO(), output_buffer=io.StringIO())
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


async def _on(url: str, work: Any) -> Any:
    engine: AsyncEngine = make_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    except DBAPIError as error:
        raise StorageError(f"{type(error.orig).__name__}: {error.orig}") from error
    finally:
        await engine.dispose()


def _stored(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _upgrade(connection: Connection) -> None:
    lock_schema(connection)
    stored = _stored(connection)
    if stored == head():
        return
    _refuse_newer(stored)
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def _refuse_newer(stored: str) -> None:
    known = {step.revision for step in _script().walk_revisions()}
    if stored and stored not in known:
        raise SchemaAhead(
            f"the database is at revision {stored}, which this version does not know; "
            "install the version that wrote it, or a newer one"
        )
