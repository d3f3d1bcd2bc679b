"""Migrations: what they build, when a database is upgraded, and when it is refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from storage import migrate
from storage.engine import make_engine
from storage.errors import StorageError
from storage.store import Store
from storage.tables import metadata

CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid), col.collname, a.attidentity
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation col ON col.oid = a.attcollation
        WHERE n.nspname = 'public' AND c.relkind = 'r'""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
}


async def _build_from_metadata(url: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


def _sqlite_catalogue(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found = {name: " ".join(re.sub(r'["()]', " ", sql).split()) for name, sql in rows}
    connection.close()
    found.pop("alembic_version")
    return found


async def _postgres_catalogue(url: str) -> dict[str, list[tuple[object, ...]]]:
    connection = await asyncpg.connect(url)
    found = {}
    for name, query in CATALOGUE.items():
        rows = [tuple(row.values()) for row in await connection.fetch(query)]
        found[name] = sorted((r for r in rows if r[0] != "alembic_version"), key=repr)
    await connection.close()
    return found


@pytest.fixture
def postgres_url(fresh_postgres_url: str) -> str:
    return fresh_postgres_url


@pytest.fixture
async def empty_postgres(postgres_url: str) -> str:
    await _run(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgres_url


async def _run(url: str, *statements: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_sqlite_by_migrations_is_what_the_tables_say(tmp_path: Path) -> None:
    await migrate.ensure(f"sqlite:///{tmp_path}/steps.db")
    await _build_from_metadata(f"sqlite:///{tmp_path}/tables.db")
    built = tmp_path / "tables.db"
    connection = sqlite3.connect(built)
    connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.close()
    assert _sqlite_catalogue(tmp_path / "steps.db") == _sqlite_catalogue(built)
    assert len(_sqlite_catalogue(built)) > 25


async def test_postgresql_by_migrations_is_what_the_tables_say(
    postgres_url: str, empty_postgres: str
) -> None:
    await migrate.upgrade(empty_postgres)
    by_steps = await _postgres_catalogue(empty_postgres)
    await _run(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    await _build_from_metadata(postgres_url)
    assert by_steps == await _postgres_catalogue(postgres_url)
    assert len(by_steps["columns"]) > 100
    assert len(by_steps["indexes"]) > 30
    assert by_steps["sequences"] == []


async def test_sqlite_makes_its_folder_and_upgrades_itself(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/data/gridbot.db"
    await migrate.ensure(url)
    await migrate.ensure(url)
    assert await migrate.revision(url) == migrate.head()
    assert (tmp_path / "new/data/gridbot.db").stat().st_mode & 0o077 == 0
    store = await Store.open(url, sole=True)
    async with store.read() as tx:
        assert await tx.inbox.count_by_state() == {}
    await store.aclose()


async def test_postgresql_is_not_upgraded_unasked(empty_postgres: str) -> None:
    assert await migrate.revision(empty_postgres) == ""
    with pytest.raises(migrate.SchemaBehind, match=r"run: run_bot\.py migrate"):
        await migrate.ensure(empty_postgres)
    await migrate.upgrade(empty_postgres)
    await migrate.ensure(empty_postgres)
    assert await migrate.revision(empty_postgres) == migrate.head()


async def test_a_newer_database_is_always_refused(database_url: str) -> None:
    await _run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    for step in (migrate.ensure, migrate.upgrade):
        with pytest.raises(migrate.SchemaAhead, match="9999"):
            await step(database_url)
    assert await migrate.revision(database_url) == "9999"


async def test_processes_that_start_together_upgrade_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/together.db"
    await asyncio.gather(*(migrate.ensure(url) for _ in range(4)))
    assert await migrate.revision(url) == migrate.head()


async def test_servers_that_start_together_upgrade_once(empty_postgres: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_postgres) for _ in range(4)))
    assert await migrate.revision(empty_postgres) == migrate.head()


async def test_a_failed_step_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/half.db"
    await _run(url, "CREATE TABLE ticket (something TEXT)")
    with pytest.raises(StorageError, match="ticket"):
        await migrate.ensure(url)
    connection = sqlite3.connect(tmp_path / "half.db")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert names == ["ticket"]


async def test_alembic_is_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        await migrate.ensure(f"sqlite:///{tmp_path}/quiet.db")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
