"""Every question and every write of tickets and their events, as statements.

Who asks them, and what is staged meanwhile, is tickets.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, or_, select, union_all, update

from routing.ticket import ALIVE
from storage.statement import Statement, among, insert_or_update, word
from storage.tables import ticket, ticket_event, ticket_fact
from storage.tables_people import chat_group
from storage.ticket_facts import FACT_COLUMNS
from storage.ticket_rows import EVENT_COLUMNS, TICKET_COLUMNS

_FIELDS = [ticket.c[name] for name in TICKET_COLUMNS]
_EVENT_FIELDS = [ticket_event.c[name] for name in EVENT_COLUMNS]
_ALIVE = ticket.c.state.in_([word(state.value) for state in sorted(ALIVE)])
_GROUP = ticket.c.group_id == bindparam("grp")
_MOST_ALIKE = 16


def _read(*conditions: Any) -> Any:
    return select(*_FIELDS).where(*conditions).order_by(ticket.c.id)


ALIVE_IN = Statement(_read(among(ticket.c.group_id, "groups"), _ALIVE), "groups")
JOINT = Statement(_read(_ALIVE, ticket.c.shares != literal_column("'[]'")))
_SINCE = bindparam("since", type_=ticket.c.created_at.type)
RECENT_IN = Statement(
    _read(_GROUP, or_(ticket.c.created_at >= _SINCE, ticket.c.closed_at >= _SINCE)),
    "grp", "since",
)  # fmt: skip
CLOSED_IN = Statement(_read(_GROUP, ticket.c.closed_at >= _SINCE), "grp", "since")
SUPPORTED = Statement(
    _read(
        among(ticket.c.group_id, "groups"),
        _ALIVE,
        ticket.c.supporters != literal_column("'[]'"),
        ticket.c.supporters.contains(bindparam("who")),
    ),
    "groups", "who",
)  # fmt: skip
SUPPORTED_ANYWHERE = Statement(
    _read(
        _ALIVE,
        ticket.c.supporters != literal_column("'[]'"),
        ticket.c.supporters.contains(bindparam("who")),
    ),
    "who",
)
BY_NUMBER = Statement(_read(_GROUP, ticket.c.number == bindparam("num")), "grp", "num")
BY_IDS = Statement(_read(among(ticket.c.id, "ids")), "ids")
OF_REPORTER = Statement(
    select(*_FIELDS)
    .where(ticket.c.reporter == bindparam("who"))
    .order_by(ticket.c.id.desc())
    .limit(bindparam("most")),
    "who", "most",
)  # fmt: skip
TOP = Statement(select(func.max(ticket.c.number)).where(_GROUP), "grp")
_TOP_HERE = select(func.max(ticket.c.number)).where(ticket.c.group_id == chat_group.c.conversation)
TOPS = Statement(
    select(chat_group.c.conversation, _TOP_HERE.scalar_subquery()).where(
        among(chat_group.c.conversation, "groups")
    ),
    "groups",
)
_SAME_CODE = (_GROUP, ticket.c.code == bindparam("code_"))
_INSIDE = (ticket.c.place_normal >= bindparam("from_"), ticket.c.place_normal < bindparam("upto"))


def _newest(*conditions: Any) -> Any:
    """The ids of the newest so many, as a query that a union takes."""
    some = select(ticket.c.id).where(*_SAME_CODE, *conditions)
    return select(some.order_by(ticket.c.id.desc()).limit(word(_MOST_ALIKE)).subquery().c.id)


ALIKE = Statement(
    _read(
        ticket.c.id.in_(
            union_all(_newest(_ALIVE), _newest(ticket.c.place_normal != word(""), *_INSIDE))
        )
    ),
    "grp", "code_", "from_", "upto",
)  # fmt: skip
INSERT = Statement(insert(ticket), *TICKET_COLUMNS)
UPDATE = Statement(
    update(ticket)
    .where(ticket.c.id == bindparam("id_"), ticket.c.version == bindparam("base"))
    .values({name: bindparam(f"new_{name}") for name in TICKET_COLUMNS if name != "id"}),
    "id_", *(f"new_{name}" for name in TICKET_COLUMNS if name != "id"), "base",
)  # fmt: skip
HASHES = Statement(
    select(ticket.c.id, ticket.c.hash, ticket_fact.c.data)
    .outerjoin(ticket_fact, ticket_fact.c.ticket_id == ticket.c.id)
    .where(among(ticket.c.id, "ids")),
    "ids",
)
INSERT_EVENT = Statement(insert(ticket_event), *EVENT_COLUMNS)
KEEP_FACT = insert_or_update(ticket_fact, FACT_COLUMNS, ["ticket_id"])
EVENTS = Statement(
    select(*_EVENT_FIELDS)
    .where(ticket_event.c.ticket_id == bindparam("ticket_"))
    .order_by(ticket_event.c.seq),
    "ticket_",
)
HISTORIES = Statement(
    select(*_EVENT_FIELDS)
    .where(among(ticket_event.c.ticket_id, "ids"))
    .order_by(ticket_event.c.ticket_id, ticket_event.c.seq),
    "ids",
)
_BETWEEN = (ticket_event.c.at >= bindparam("start"), ticket_event.c.at < bindparam("stop"))
ALL_EVENTS = Statement(
    select(*_EVENT_FIELDS).where(*_BETWEEN).order_by(ticket_event.c.id), "start", "stop"
)
GROUP_EVENTS = Statement(
    select(*_EVENT_FIELDS)
    .join(ticket, ticket.c.id == ticket_event.c.ticket_id)
    .where(*_BETWEEN, among(ticket.c.group_id, "groups"))
    .order_by(ticket_event.c.id),
    "start", "stop", "groups",
)  # fmt: skip
