"""Every table, index and constraint, as one metadata object.

No query lives here; a change here needs a migration beside it."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from storage import tables_people
from storage.columns import (
    Big,
    Key,
    flag_column,
    id_column,
    list_column,
    metadata,
    number_column,
    text_column,
    time_column,
    where,
)

__all__ = ["metadata", "tables_people"]

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    text_column("channel", None),
    text_column("platform_id", None),
    text_column("conversation", None),
    flag_column("is_group"),
    text_column("sender", None),
    text_column("sender_name"),
    text_column("text"),
    time_column("received_at"),
    flag_column("to_me"),
    Column("quote", Text),
    list_column("images"),
    text_column("state", "new"),
    text_column("owner"),
    number_column("lease_until"),
    number_column("attempts"),
    number_column("due_at"),
    text_column("outcome"),
    number_column("ticket_id"),
    UniqueConstraint("channel", "platform_id"),
)
Index("ix_inbox_open", inbox.c.id, **where("state IN ('new', 'doing')"))
Index("ix_inbox_doing", inbox.c.conversation, inbox.c.owner, **where("state = 'doing'"))
Index("ix_inbox_resting", inbox.c.conversation, **where("state = 'new' AND due_at > 0"))
Index("ix_inbox_dead", inbox.c.id, **where("state = 'dead'"))

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    text_column("channel", None),
    text_column("conversation", None),
    text_column("text", None),
    text_column("quote_id"),
    list_column("mentions"),
    text_column("kind", None),
    list_column("ticket_ids"),
    text_column("slot"),
    time_column("due_at"),
    flag_column("in_group"),
    flag_column("rich"),
    list_column("images"),
    text_column("state", "pending"),
    number_column("attempts"),
    time_column("claimed_at", optional=True),
    text_column("sent_id"),
    text_column("error"),
    time_column("sent_at", optional=True),
    time_column("created_at"),
)
Index("ix_outbox_pending", outbox.c.due_at, **where("state = 'pending'"))
Index("ix_outbox_retrying", outbox.c.conversation, **where("state = 'pending' AND error <> ''"))
Index("ix_outbox_sending", outbox.c.conversation, **where("state = 'sending'"))
Index("ix_outbox_slot", outbox.c.slot, **where("state = 'pending' AND slot <> ''"))
Index("ix_outbox_sent", outbox.c.conversation, outbox.c.sent_id, **where("sent_id <> ''"))
Index("ix_outbox_waiting", outbox.c.state, **where("state IN ('awaiting_human', 'dead')"))

outbox_ticket = Table(
    "outbox_ticket",
    metadata,
    Column("ticket_id", Big, nullable=False),
    Column("outbox_id", Big, ForeignKey("outbox.id"), nullable=False),
    PrimaryKeyConstraint("ticket_id", "outbox_id"),
)

ticket = Table(
    "ticket",
    metadata,
    id_column(),
    text_column("group_id", None),
    number_column("number", None),
    text_column("grid", None),
    text_column("code", None),
    text_column("text", None),
    text_column("reporter", None),
    time_column("created_at"),
    text_column("state", None),
    text_column("nature"),
    flag_column("urgent"),
    flag_column("private"),
    text_column("place"),
    Column("place_normal", Key, nullable=False, server_default=""),
    text_column("source"),
    text_column("origin"),
    text_column("unit"),
    text_column("handler"),
    time_column("due_at", optional=True),
    Column("result", Text),
    text_column("result_text"),
    text_column("resolved_by"),
    time_column("resolved_at", optional=True),
    time_column("closed_at", optional=True),
    text_column("verdict"),
    list_column("hands"),
    list_column("supporters"),
    list_column("unhappy"),
    list_column("images"),
    number_column("parent"),
    number_column("recurs"),
    number_column("reopened"),
    number_column("version", None),
    text_column("hash", None),
    list_column("shares"),
    text_column("holding"),
    number_column("crowd"),
    time_column("runs_from", optional=True),
    list_column("extended"),
    UniqueConstraint("group_id", "number"),
)
_ALIVE = "state IN ('confirmed', 'dispatched', 'in_progress', 'reported', 'resolved', 'suspended')"
Index("ix_ticket_alive", ticket.c.group_id, ticket.c.state, **where(_ALIVE))
Index("ix_ticket_alike", ticket.c.group_id, ticket.c.code, ticket.c.id, **where(_ALIVE))
Index(
    "ix_ticket_place",
    ticket.c.group_id,
    ticket.c.code,
    ticket.c.place_normal,
    **where("place_normal <> ''"),
)
Index("ix_ticket_supported", ticket.c.group_id, ticket.c.state, **where("supporters <> '[]'"))
Index("ix_ticket_joint", ticket.c.state, **where("shares <> '[]'"))
Index("ix_ticket_created", ticket.c.group_id, ticket.c.created_at)
Index("ix_ticket_closed", ticket.c.group_id, ticket.c.closed_at, **where("closed_at IS NOT NULL"))
Index("ix_ticket_reporter", ticket.c.reporter)
Index("ix_ticket_due", ticket.c.due_at, **where("due_at IS NOT NULL"))

ticket_event = Table(
    "ticket_event",
    metadata,
    id_column(),
    Column("ticket_id", Big, ForeignKey("ticket.id"), nullable=False),
    number_column("seq", None),
    text_column("action", None),
    text_column("by"),
    time_column("at"),
    text_column("note"),
    number_column("message_id"),
    text_column("changes", None),
    text_column("hash", None),
    UniqueConstraint("ticket_id", "seq"),
)
Index("ix_ticket_event_at", ticket_event.c.at, ticket_event.c.ticket_id)

ticket_fact = Table(
    "ticket_fact",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    time_column("created_at"),
    time_column("moved_at"),
    text_column("data", None),
)

job = Table(
    "job",
    metadata,
    id_column(),
    Column("key", Key, nullable=False),
    text_column("kind", None),
    time_column("due_at"),
    text_column("data", "{}"),
    text_column("state", "waiting"),
    number_column("attempts"),
    text_column("error"),
    UniqueConstraint("key"),
)
Index("ix_job_waiting", job.c.due_at, **where("state = 'waiting'"))

talk = Table(
    "talk",
    metadata,
    text_column("conversation", None),
    text_column("person", None),
    list_column("ticket_ids"),
    text_column("asks"),
    text_column("data", "{}"),
    time_column("until"),
    PrimaryKeyConstraint("conversation", "person"),
)

lesson = Table(
    "lesson",
    metadata,
    id_column(),
    time_column("at"),
    text_column("grid", None),
    text_column("text", None),
    text_column("action", None),
    number_column("ticket_id"),
    text_column("source"),
    text_column("was_kind"),
    text_column("was_code"),
    text_column("was_nature"),
    text_column("kind", None),
    text_column("code"),
    text_column("nature"),
    UniqueConstraint("ticket_id", "source", "action"),
)
Index("ix_lesson_source", lesson.c.source)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, nullable=False),
    text_column("owner", None),
    number_column("beat", None),
    PrimaryKeyConstraint("name"),
)
