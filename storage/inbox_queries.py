"""Every question and every write of received messages, as statements.

Who asks them, and what is staged meanwhile, is inbox.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, null, or_, select, update

from storage.statement import Statement, among, insert_new, word
from storage.tables import inbox

_COLUMNS = (
    "id", "channel", "platform_id", "conversation", "is_group", "sender", "sender_name", "text",
    "received_at", "to_me", "quote", "images",
)  # fmt: skip
_FIELDS = [inbox.c[name] for name in _COLUMNS]


def _claim() -> Any:
    """`busy` and `resting` are found once a statement, not once a row: with a long backlog behind
    another owner that is 0.1 s instead of many."""
    row, other = inbox.alias("row"), inbox.alias("other")
    now = bindparam("now", type_=inbox.c.lease_until.type)
    busy = select(other.c.conversation).where(
        other.c.state == word("doing"),
        other.c.owner != bindparam("me"),
        other.c.lease_until >= now,
    )
    resting = select(other.c.conversation).where(
        other.c.state == word("new"),
        other.c.due_at > word(0),
        other.c.due_at > now,
        other.c.due_at < bindparam("latest", type_=inbox.c.due_at.type),
    )
    free = (
        select(row.c.id)
        .where(
            row.c.state.in_([word("new"), word("doing")]),
            or_(row.c.state == word("new"), row.c.lease_until < now),
            row.c.conversation.not_in(busy),
            row.c.conversation.not_in(resting),
        )
        .order_by(row.c.id)
        .limit(bindparam("most"))
    )
    taken = {
        "owner": bindparam("me"),
        "lease_until": bindparam("until_"),
        "state": word("doing"),
        "attempts": inbox.c.attempts + word(1),
    }
    return update(inbox).where(inbox.c.id.in_(free)).values(taken).returning(
        *_FIELDS, inbox.c.attempts
    )  # fmt: skip


def _free_where(*conditions: Any) -> Any:
    return (
        update(inbox)
        .where(inbox.c.state == word("doing"), *conditions)
        .values(state=word("new"), owner=word(""), lease_until=word(0))
    )


ADD = insert_new(inbox, _COLUMNS, ("channel", "platform_id"))
KNOWN = Statement(select(inbox.c.id).where(among(inbox.c.id, "ids")), "ids")
CLAIM = Statement(_claim(), "me", "now", "until_", "most", "latest")
LOCK = Statement(
    select(inbox.c.id)
    .where(among(inbox.c.id, "ids"), inbox.c.state.in_([word("new"), word("doing")]))
    .with_for_update(),
    "ids",
)
END = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("id_"))
    .values(state=bindparam("end"), outcome=bindparam("why"), ticket_id=bindparam("ticket")),
    "end", "why", "ticket", "id_",
)  # fmt: skip
LINK = Statement(
    update(inbox).where(inbox.c.id == bindparam("id_")).values(ticket_id=bindparam("ticket")),
    "ticket", "id_",
)  # fmt: skip
RELEASE = Statement(
    _free_where(among(inbox.c.id, "ids")).values(due_at=bindparam("again")), "again", "ids"
)
UNTRIED = Statement(
    _free_where(among(inbox.c.id, "ids")).values(attempts=inbox.c.attempts - word(1)), "ids"
)
FREE_ALL = Statement(_free_where())
_SAME_POST = and_(inbox.c.channel == bindparam("on"), inbox.c.platform_id == bindparam("post"))
BY_POST = Statement(select(*_FIELDS).where(_SAME_POST), "on", "post")
TICKET_OF = Statement(select(inbox.c.id, inbox.c.ticket_id).where(_SAME_POST), "on", "post")
WAITS = Statement(
    select(inbox.c.id).where(_SAME_POST, inbox.c.state.in_([word("new"), word("doing")])),
    "on", "post",
)  # fmt: skip
COUNT = Statement(select(inbox.c.state, func.count()).group_by(inbox.c.state))
DEAD = Statement(
    select(*_FIELDS, inbox.c.outcome)
    .where(inbox.c.state == word("dead"))
    .order_by(inbox.c.id)
    .limit(bindparam("most")),
    "most",
)
LATEST = Statement(
    select(*_FIELDS)
    .where(inbox.c.channel == bindparam("on"))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("most")),
    "on", "most",
)  # fmt: skip
FORGET = Statement(
    update(inbox)
    .where(_SAME_POST)
    .values(
        text=word(""), sender_name=word(""), quote=null(), images=bindparam("none")
    )
    .returning(inbox.c.ticket_id),
    "on", "post", "none",
)  # fmt: skip
REVIVE = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("id_"), inbox.c.state == word("dead"))
    .values(state=word("new"), owner=word(""), attempts=word(0), due_at=word(0), outcome=word(""))
    .returning(inbox.c.id),
    "id_",
)


def _purge() -> Any:
    old = inbox.alias("old")
    full = or_(
        old.c.text != word(""), old.c.sender_name != word(""), old.c.quote.is_not(None),
        old.c.images != bindparam("none"),
    )  # fmt: skip
    chosen = (
        select(old.c.id)
        .where(old.c.state == word("done"), old.c.received_at < bindparam("before"), full)
        .limit(bindparam("most"))
    )
    empty = {
        "text": word(""),
        "sender_name": word(""),
        "quote": null(),
        "images": bindparam("none"),
    }
    return update(inbox).where(inbox.c.id.in_(chosen)).values(empty).returning(inbox.c.id)


PURGE = Statement(_purge(), "before", "most", "none")
