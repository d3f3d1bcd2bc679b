"""Brings a database to the tables this code expects, and refuses where it must not.

The steps themselves are under migrations/versions; queries live elsewhere."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import driver_url, lock_schema, make_engine
from storage.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

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
    return _revisions()[-1]


def _revisions() -> list[str]:
    """All steps in order. Their files begin with the revision: a start that has nothing to do
    need not load alembic, half a second and 15 MB."""
    files = sorted((_FOLDER / "versions").glob("[0-9]*_*.py"))
    return [file.name.partition("_")[0] for file in files]


def config() -> Config:
    """Alembic's settings, silent; also for drafting a new step (see CONTRIBUTING)."""
    from alembic.config import Config  # noqa: PLC0415 - only where something is to be done

    made = Config(stdout=io.StringIO(), output_buffer=io.StringIO())
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


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
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    lock_schema(connection)
    stored = _stored(connection)
    if stored == head():
        return
    _refuse_newer(stored)
    from alembic import command  # noqa: PLC0415 - see config

    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def _refuse_newer(stored: str) -> None:
    if stored and stored not in _revisions():
        raise SchemaAhead(
            f"the database is at revision {stored}, which this version does not know; "
            "install the version that wrote it, or a newer one"
        )
