"""Statements: values reach their places, and the hot ones use their indexes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import bindparam, column, insert, select, table, update

from storage import inbox_queries, jobs, outbox_queries, talks
from storage import ticket_queries as tickets
from storage.statement import Statement, among, word
from storage.tables import job

HOT = {
    "claim messages": (inbox_queries.CLAIM, "ix_inbox_open"),
    "others' work": (inbox_queries.CLAIM, "ix_inbox_doing"),
    "free messages": (inbox_queries.FREE_ALL, "ix_inbox_"),
    "claim posts": (outbox_queries.CLAIM, "ix_outbox_pending"),
    "next post": (outbox_queries.NEXT, "ix_outbox_pending"),
    "slots": (outbox_queries.SUPERSEDE, "ix_outbox_slot"),
    "post to tickets": (outbox_queries.OF_POST, "ix_outbox_sent"),
    "dead posts": (outbox_queries.POSTS, "sqlite_autoindex_outbox_ticket_1"),
    "due jobs": (jobs._DUE, "ix_job_waiting"),
    "next job": (jobs._NEXT, "ix_job_waiting"),
    "cancel": (jobs._CANCEL, "sqlite_autoindex_job_1"),
    "windows": (talks._OF, "sqlite_autoindex_talk_1"),
    "alive": (tickets.ALIVE_IN, "ix_ticket_alive"),
    "recent, created": (tickets.RECENT_IN, "ix_ticket_created"),
    "recent, closed": (tickets.RECENT_IN, "ix_ticket_closed"),
    "closed": (tickets.CLOSED_IN, "ix_ticket_closed"),
    "supported": (tickets.SUPPORTED, "ix_ticket_supported"),
    "alike, alive": (tickets.ALIKE, "ix_ticket_alike"),
    "alike, there": (tickets.ALIKE, "ix_ticket_place"),
    "numbers": (tickets.TOPS, "sqlite_autoindex_ticket_1"),
    "reporter": (tickets.OF_REPORTER, "ix_ticket_reporter"),
    "number": (tickets.TOP, "sqlite_autoindex_ticket_1"),
    "history": (tickets.EVENTS, "sqlite_autoindex_ticket_event_1"),
    "digest": (tickets.ALL_EVENTS, "ix_ticket_event_at"),
}


@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_uses_its_index(name: str, sqlite_template: Path) -> None:
    statement, index = HOT[name]
    sql, _ = statement.on("sqlite")
    connection = sqlite3.connect(f"file:{sqlite_template}?mode=ro", uri=True)
    nothing = [None] * sql.count("?")
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", nothing)]
    connection.close()
    assert any(index in step for step in plan), plan


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_values_are_put_in_the_order_of_the_text(dialect: str) -> None:
    change = update(job).where(job.c.id == bindparam("id_")).values(kind=bindparam("what"))
    sql, pick = Statement(change, "id_", "what").on(dialect)
    assert sql.index("kind") < sql.index("id =")
    assert pick
    assert pick([7, "remind"]) == ["remind", 7]
    assert Statement(change, "what", "id_").on(dialect)[1] is None


def test_a_value_used_twice_is_given_once() -> None:
    at = bindparam("at", type_=job.c.due_at.type)
    query = select(job.c.id).where((job.c.due_at < at) | (job.c.attempts == at))
    _, pick = Statement(query, "at").on("sqlite")
    assert pick
    assert pick([5]) == [5, 5]
    assert Statement(query, "at").on("postgresql")[1] is None


@pytest.mark.parametrize("keys", [(), ("id_", "more")])
def test_a_statement_and_its_keys_must_agree(keys: tuple[str, ...]) -> None:
    statement = Statement(select(job.c.key).where(job.c.id == bindparam("id_")), *keys)
    with pytest.raises(ValueError, match="disagree"):
        statement.on("sqlite")


def test_a_statement_is_compiled_once() -> None:
    statement = Statement(insert(table("t", column("a"), column("b"))), "a", "b")
    assert statement.on("sqlite") is statement.on("sqlite")


@pytest.mark.parametrize("text", ["new'", "a b", "x;--"])
def test_only_plain_words_are_written_into_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        word(text)


def test_a_list_has_the_same_text_for_any_length() -> None:
    statement = Statement(select(job.c.key).where(among(job.c.id, "ids")), "ids")
    assert "json_each(?)" in statement.on("sqlite")[0]
    assert "ANY($1::BIGINT[])" in statement.on("postgresql")[0]


def test_a_claim_looks_once_for_busy_conversations(sqlite_template: Path) -> None:
    sql, _ = inbox_queries.CLAIM.on("sqlite")
    connection = sqlite3.connect(f"file:{sqlite_template}?mode=ro", uri=True)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?"))]
    connection.close()
    assert not any("CORRELATED" in step for step in plan), plan
