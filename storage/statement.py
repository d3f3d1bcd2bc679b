"""SQL statements written once in SQLAlchemy Core and compiled once a dialect.

Building and compiling lives here; running them, and every other difference, in engine.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, String, Table, literal_column
from sqlalchemy import bindparam as bind
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as aiosqlite_dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

Pick = Callable[[Sequence[Any]], Sequence[Any]]
_DIALECTS = {
    "sqlite": aiosqlite_dialect(paramstyle="qmark"),
    "postgresql": asyncpg_dialect(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]
}
_INSERTS: dict[str, Callable[[Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class Statement:
    """One statement with the order in which its values are handed over.

    `build` is the statement, or a function from the dialect's own insert() to it."""

    def __init__(self, build: Any, *keys: str) -> None:
        self.keys = keys
        self._build = build
        self._compiled: dict[str, tuple[str, Pick | None]] = {}

    def on(self, dialect: str) -> tuple[str, Pick | None]:
        """The SQL text and, where the driver wants another order, how to reorder the values."""
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(dialect)
        return found

    def _compile(self, dialect: str) -> tuple[str, Pick | None]:
        clause: Executable = self._build
        if not isinstance(clause, Executable):
            clause = self._build(_INSERTS[dialect])
        keys = list(self.keys) if self.keys and getattr(clause, "is_insert", False) else None
        compiled: Any = clause.compile(dialect=_DIALECTS[dialect], column_keys=keys)  # type: ignore[attr-defined]
        order = compiled.positiontup or ()
        fixed = {name: compiled.params[name] for name in order if name not in self.keys}
        if None in fixed.values() or not set(self.keys) <= set(order):
            raise ValueError(f"statement and keys disagree: {order} against {self.keys}")
        return str(compiled), _picker([*self.keys, *fixed], list(fixed.values()), order)


def _picker(names: list[str], fixed: list[Any], order: Sequence[str]) -> Pick | None:
    places = [names.index(name) for name in order]
    if not fixed and places == list(range(len(names))):
        return None

    def pick(values: Sequence[Any]) -> Sequence[Any]:
        full = [*values, *fixed]
        return [full[place] for place in places]

    return pick


def insert_new(table: Table, columns: Sequence[str], key: Sequence[str]) -> Statement:
    """INSERT that leaves an existing row with the same `key` alone."""
    return Statement(
        lambda insert: insert(table).on_conflict_do_nothing(index_elements=list(key)), *columns
    )


def insert_or_update(table: Table, columns: Sequence[str], key: Sequence[str]) -> Statement:
    """INSERT that overwrites an existing row with the same `key`."""

    def build(insert: Callable[[Table], Any]) -> Any:
        new = insert(table)
        rest = {name: new.excluded[name] for name in columns if name not in key}
        if not rest:
            return new.on_conflict_do_nothing(index_elements=list(key))
        return new.on_conflict_do_update(index_elements=list(key), set_=rest)

    return Statement(build, *columns)


def bump(table: Table, name: str) -> Statement:
    """Add one to the counter `name` of a table (name, value), starting at one."""

    def build(insert: Callable[[Table], Any]) -> Any:
        new = insert(table).values(name=word(name), value=word(1))
        more = {"value": table.c.value + word(1)}
        return new.on_conflict_do_update(index_elements=["name"], set_=more)

    return Statement(build)


def word(value: str | int) -> ColumnElement[Any]:
    """A constant written into the SQL itself, so that partial indexes are recognised."""
    if isinstance(value, int):
        return literal_column(str(value), Integer)
    if value and not value.replace("_", "").isalnum():
        raise ValueError(f"not a plain word: {value!r}")
    return literal_column(f"'{value}'", String)


class _Among(FunctionElement[Any]):
    """column = any value of a list, with a fixed text for any length of the list."""

    type = NullType()
    inherit_cache = False


def among(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Is `column` one of the values of the list bound as `name`?"""
    items: Any = BigInteger if isinstance(column.type, BigInteger) else String
    array = String().with_variant(postgresql.ARRAY(items), "postgresql")
    return _Among(column, bind(name, type_=array))


@compiles(_Among, "sqlite")
def _among_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - our own columns


@compiles(_Among, "postgresql")
def _among_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY({values})"
