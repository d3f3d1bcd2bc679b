"""The tables of the roster: grids, people, posts, units, groups, duty lists, answers.

`ord` keeps the order of the imported files; the other tables are in tables.py."""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, Table

from storage.columns import (
    flag_column,
    id_column,
    list_column,
    metadata,
    number_column,
    text_column,
)

grid = Table(
    "grid",
    metadata,
    text_column("code", None),
    text_column("name", None),
    text_column("level", None),
    text_column("parent"),
    number_column("households"),
    number_column("persons"),
    text_column("kind"),
    number_column("ord"),
    PrimaryKeyConstraint("code"),
)

person = Table(
    "person",
    metadata,
    text_column("id", None),
    text_column("name", None),
    number_column("ord"),
    PrimaryKeyConstraint("id"),
)

account = Table(
    "account",
    metadata,
    text_column("ref", None),
    text_column("person_id", None),
    number_column("ord"),
    PrimaryKeyConstraint("ref"),
)

role = Table(
    "role",
    metadata,
    text_column("person_id", None),
    text_column("grid_code", None),
    text_column("role", None),
    flag_column("acting"),
    text_column("since"),
    text_column("until"),
    flag_column("full_time"),
    number_column("ord"),
    PrimaryKeyConstraint("person_id", "grid_code", "role", "since"),
)

unit = Table(
    "unit",
    metadata,
    text_column("id", None),
    text_column("name", None),
    text_column("phone"),
    list_column("words"),
    text_column("grid_code"),
    number_column("ord"),
    PrimaryKeyConstraint("id"),
)

unit_member = Table(
    "unit_member",
    metadata,
    text_column("unit_id", None),
    text_column("person_id", None),
    number_column("ord"),
    PrimaryKeyConstraint("unit_id", "person_id"),
)

chat_group = Table(
    "chat_group",
    metadata,
    text_column("conversation", None),
    text_column("grid_code", None),
    text_column("name", None),
    text_column("mode"),
    list_column("words"),
    number_column("ord"),
    PrimaryKeyConstraint("conversation"),
)

duty = Table(
    "duty",
    metadata,
    text_column("grid_code", None),
    number_column("line", None),
    text_column("person_id", None),
    number_column("from_hour", None),
    number_column("to_hour", None),
    number_column("ord"),
    PrimaryKeyConstraint("grid_code", "line", "person_id", "from_hour"),
)

knowledge = Table(
    "knowledge",
    metadata,
    id_column(),
    text_column("grid_code"),
    text_column("code"),
    list_column("words"),
    text_column("answer", None),
    text_column("source"),
    text_column("valid_until"),
    number_column("ord"),
)

counter = Table(
    "counter",
    metadata,
    text_column("name", None),
    number_column("value", None),
    PrimaryKeyConstraint("name"),
)
