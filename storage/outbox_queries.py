"""Every question and every write of posts, as statements.

Who asks them, and what is staged meanwhile, is outbox.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, func, insert, not_, null, or_, select, update

from storage.out_rows import OUT_COLUMNS
from storage.statement import Statement, among, word
from storage.tables import outbox, outbox_ticket

_FIELDS = [outbox.c[name] for name in OUT_COLUMNS]
PUBLIC = ("receipt", "update", "ask", "close", "remind")
"""Kinds of posts about a ticket that a whole group sees and that are counted against noise."""


def _claim() -> Any:
    due, other = outbox.alias("due"), outbox.alias("other")
    now = bindparam("now", type_=outbox.c.due_at.type)
    in_the_way = exists().where(
        other.c.conversation == due.c.conversation,
        or_(
            other.c.state == word("sending"),
            (other.c.state == word("pending"))
            & (other.c.error != word(""))
            & (other.c.due_at > now)
            & (other.c.id < due.c.id),
        ),
    )
    heads = (
        select(func.min(due.c.id))
        .where(
            due.c.state == word("pending"),
            due.c.due_at <= now,
            not_(among(due.c.channel, "without")),
            ~in_the_way,
        )
        .group_by(due.c.conversation)
        .order_by(func.min(due.c.id))
        .limit(bindparam("most"))
    )
    return (
        update(outbox)
        .where(outbox.c.id.in_(heads))
        .values(state=word("sending"), claimed_at=now)
        .returning(*_FIELDS, outbox.c.attempts)
    )


def _change(**values: Any) -> Any:
    return update(outbox).where(outbox.c.id == bindparam("id_")).values(values)


CLAIM = Statement(_claim(), "now", "most", "without")
PUT = Statement(insert(outbox), *OUT_COLUMNS, "state", "created_at", "channel")
LINK = Statement(insert(outbox_ticket), "ticket_id", "outbox_id")
SUPERSEDE = Statement(
    update(outbox)
    .where(
        outbox.c.slot == bindparam("the_slot"),
        outbox.c.slot != word(""),
        outbox.c.state == word("pending"),
    )
    .values(state=word("superseded")),
    "the_slot",
)
SENT = Statement(
    _change(
        state=word("sent"), sent_id=bindparam("post"), sent_at=bindparam("when"), error=word("")
    ),
    "post", "when", "id_",
)  # fmt: skip
RETRY = Statement(
    _change(
        state=word("pending"), due_at=bindparam("when"), error=bindparam("why"),
        attempts=outbox.c.attempts + word(1), claimed_at=null(),
    ),
    "when", "why", "id_",
)  # fmt: skip
POSTPONE = Statement(
    _change(
        state=word("pending"), due_at=bindparam("when"), error=bindparam("why"), claimed_at=null()
    ),
    "when", "why", "id_",
)  # fmt: skip
HOLD = Statement(_change(state=word("awaiting_human")), "id_")
BURY = Statement(_change(state=word("dead"), error=bindparam("why")), "why", "id_")
FREE_ALL = Statement(
    update(outbox)
    .where(
        outbox.c.state == word("sending"),
        outbox.c.claimed_at < bindparam("before"),
        not_(among(outbox.c.id, "but")),
    )
    .values(state=word("pending"), claimed_at=null())
    .returning(outbox.c.id),
    "before", "but",
)  # fmt: skip
RESEND = Statement(
    update(outbox)
    .where(
        outbox.c.id == bindparam("id_"), outbox.c.state.in_([word("dead"), word("awaiting_human")])
    )
    .values(state=word("pending"), attempts=word(0), error=word(""))
    .returning(outbox.c.id),
    "id_",
)
NEXT = Statement(select(func.min(outbox.c.due_at)).where(outbox.c.state == word("pending")))
OF_POST = Statement(
    select(outbox.c.ticket_ids)
    .where(
        outbox.c.conversation == bindparam("where_"),
        outbox.c.sent_id == bindparam("post"),
        outbox.c.sent_id != word(""),
    )
    .order_by(outbox.c.id.desc()),
    "where_", "post",
)  # fmt: skip
POSTS = Statement(
    select(outbox.c.id, outbox.c.slot, outbox.c.state)
    .join(outbox_ticket, outbox_ticket.c.outbox_id == outbox.c.id)
    .where(
        outbox_ticket.c.ticket_id == bindparam("ticket"),
        outbox.c.in_group == bindparam("public"),
        outbox.c.kind.in_([word(kind) for kind in PUBLIC]),
        outbox.c.state.not_in([word("superseded"), word("dead")]),
    ),
    "ticket", "public",
)  # fmt: skip
BY_STATE = Statement(
    select(*_FIELDS, outbox.c.attempts, outbox.c.error)
    .where(outbox.c.state == bindparam("stand"))
    .order_by(outbox.c.id)
    .limit(bindparam("most")),
    "stand", "most",
)  # fmt: skip
LATEST = Statement(
    select(*_FIELDS)
    .where(outbox.c.state == word("sent"), outbox.c.conversation.like(bindparam("those")))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most")),
    "those", "most",
)  # fmt: skip
_OLD = outbox.alias("old")
PURGE = Statement(
    update(outbox)
    .where(
        outbox.c.id.in_(
            select(_OLD.c.id)
            .where(
                _OLD.c.state.in_([word("sent"), word("superseded")]),
                _OLD.c.created_at < bindparam("before"),
                _OLD.c.text != word(""),
            )
            .limit(bindparam("most"))
        )
    )
    .values(text=word(""), mentions=bindparam("none"), images=bindparam("none"))
    .returning(outbox.c.id),
    "before", "most", "none",
)  # fmt: skip
COUNT = Statement(select(outbox.c.state, func.count()).group_by(outbox.c.state))
