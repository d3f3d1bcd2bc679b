"""The kinds of columns there are, and how times, lists and objects sit in them.

Which tables have which columns is said in tables.py and tables_people.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Text,
    text,
)
from sqlalchemy.dialects import postgresql

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

Big = BigInteger().with_variant(Integer, "sqlite")
"""Identifiers and times: on SQLite INTEGER, so that a primary key is the row id itself."""
Key = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text compared byte by byte, so that ranges of it mean the same on both engines."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime | None) -> int | None:
    """An aware time as microseconds since 1970, as the columns hold it."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def micros(at: datetime) -> int:
    """As `to_micros`, for a time that is always there."""
    return (at - _EPOCH) // _MICROSECOND


def to_time(value: int | None) -> datetime | None:
    """The inverse of `to_micros`; aware UTC."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def moment(value: int) -> datetime:
    """The inverse of `micros`; aware UTC."""
    return _EPOCH + timedelta(microseconds=value)


def to_json(value: Any) -> str:
    """JSON text, readable where it can be and escaped where it holds lone surrogates."""
    if not value and isinstance(value, list | tuple):
        return "[]"
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        plain.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return plain


def to_tuple(value: str) -> tuple[Any, ...]:
    """A JSON array back as a tuple."""
    return () if value == "[]" else tuple(json.loads(value))


def id_column() -> Column[int]:
    """The primary key, made by the application."""
    return Column("id", Big, primary_key=True, autoincrement=False)


def text_column(name: str, default: str | None = "") -> Column[str]:
    """Text that is always there; `default` None means that a row must bring it."""
    return Column(name, Text, nullable=False, server_default=default)


def number_column(name: str, default: int | None = 0) -> Column[int]:
    """An integer that is always there."""
    start = None if default is None else text(str(default))
    return Column(name, Big, nullable=False, server_default=start)


def time_column(name: str, *, optional: bool = False) -> Column[int]:
    """Microseconds since 1970, UTC."""
    return Column(name, Big, nullable=optional)


def flag_column(name: str) -> Column[bool]:
    """True or false."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def list_column(name: str) -> Column[str]:
    """A JSON array."""
    return text_column(name, "[]")


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, on both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
