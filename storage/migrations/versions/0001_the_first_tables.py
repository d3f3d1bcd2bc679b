"""The first tables.

Revision 0001, after nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Key = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def where(condition: str) -> Any:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_account")),
    )
    op.create_table(
        "chat_group",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="[]", nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_chat_group")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", Big, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "duty",
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("line", Big, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("from_hour", Big, nullable=False),
        sa.Column("to_hour", Big, nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint(
            "grid_code", "line", "person_id", "from_hour", name=op.f("pk_duty")
        ),
    )
    op.create_table(
        "grid",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.Column("households", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("persons", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("is_group", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", Big, nullable=False),
        sa.Column("to_me", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("images", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("ticket_id", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "platform_id", name=op.f("uq_inbox_channel_platform_id")),
    )
    op.create_index("ix_inbox_dead", "inbox", ["id"], **where("state = 'dead'"))
    op.create_index(
        "ix_inbox_doing", "inbox", ["conversation", "owner"], **where("state = 'doing'")
    )
    op.create_index("ix_inbox_open", "inbox", ["id"], **where("state IN ('new', 'doing')"))
    op.create_index(
        "ix_inbox_resting", "inbox", ["conversation"], **where("state = 'new' AND due_at > 0")
    )

    op.create_table(
        "job",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", Big, nullable=False),
        sa.Column("data", sa.Text(), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_waiting", "job", ["due_at"], **where("state = 'waiting'"))

    op.create_table(
        "knowledge",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("grid_code", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="[]", nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_until", sa.Text(), server_default="", nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge")),
    )
    op.create_table(
        "lesson",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("at", Big, nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("ticket_id", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("was_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("was_code", sa.Text(), server_default="", nullable=False),
        sa.Column("was_nature", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("nature", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint(
            "ticket_id", "source", "action", name=op.f("uq_lesson_ticket_id_source_action")
        ),
    )
    op.create_index("ix_lesson_source", "lesson", ["source"])
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("beat", Big, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), server_default="", nullable=False),
        sa.Column("mentions", sa.Text(), server_default="[]", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_ids", sa.Text(), server_default="[]", nullable=False),
        sa.Column("slot", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", Big, nullable=False),
        sa.Column("in_group", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rich", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("images", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", Big, nullable=True),
        sa.Column("sent_id", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", Big, nullable=True),
        sa.Column("created_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_pending", "outbox", ["due_at"], **where("state = 'pending'"))
    op.create_index(
        "ix_outbox_retrying",
        "outbox",
        ["conversation"],
        **where("state = 'pending' AND error <> ''"),
    )
    op.create_index("ix_outbox_sending", "outbox", ["conversation"], **where("state = 'sending'"))
    op.create_index(
        "ix_outbox_sent", "outbox", ["conversation", "sent_id"], **where("sent_id <> ''")
    )
    op.create_index(
        "ix_outbox_slot", "outbox", ["slot"], **where("state = 'pending' AND slot <> ''")
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["state"], **where("state IN ('awaiting_human', 'dead')")
    )

    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "role",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("acting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("since", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Text(), server_default="", nullable=False),
        sa.Column("full_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "grid_code", "role", "since", name=op.f("pk_role")),
    )
    op.create_table(
        "talk",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("ticket_ids", sa.Text(), server_default="[]", nullable=False),
        sa.Column("asks", sa.Text(), server_default="", nullable=False),
        sa.Column("data", sa.Text(), server_default="{}", nullable=False),
        sa.Column("until", Big, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "person", name=op.f("pk_talk")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), server_default="", nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("place_normal", Key, server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("handler", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", Big, nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_text", sa.Text(), server_default="", nullable=False),
        sa.Column("resolved_by", sa.Text(), server_default="", nullable=False),
        sa.Column("resolved_at", Big, nullable=True),
        sa.Column("closed_at", Big, nullable=True),
        sa.Column("verdict", sa.Text(), server_default="", nullable=False),
        sa.Column("hands", sa.Text(), server_default="[]", nullable=False),
        sa.Column("supporters", sa.Text(), server_default="[]", nullable=False),
        sa.Column("unhappy", sa.Text(), server_default="[]", nullable=False),
        sa.Column("images", sa.Text(), server_default="[]", nullable=False),
        sa.Column("parent", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("recurs", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("reopened", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("version", Big, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("shares", sa.Text(), server_default="[]", nullable=False),
        sa.Column("holding", sa.Text(), server_default="", nullable=False),
        sa.Column("crowd", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("runs_from", Big, nullable=True),
        sa.Column("extended", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_ticket_group_id_number")),
    )
    alive = "('confirmed', 'dispatched', 'in_progress', 'reported', 'resolved', 'suspended')"
    living = where(f"state IN {alive}")
    op.create_index("ix_ticket_alive", "ticket", ["group_id", "state"], **living)
    op.create_index("ix_ticket_alike", "ticket", ["group_id", "code", "id"], **living)
    op.create_index(
        "ix_ticket_closed", "ticket", ["group_id", "closed_at"], **where("closed_at IS NOT NULL")
    )
    op.create_index("ix_ticket_created", "ticket", ["group_id", "created_at"])
    spot = ["group_id", "code", "place_normal"]
    op.create_index("ix_ticket_place", "ticket", spot, **where("place_normal <> ''"))
    heard = where("supporters <> '[]'")
    op.create_index("ix_ticket_supported", "ticket", ["group_id", "state"], **heard)
    op.create_index("ix_ticket_joint", "ticket", ["state"], **where("shares <> '[]'"))
    op.create_index("ix_ticket_reporter", "ticket", ["reporter"])

    op.create_table(
        "unit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="[]", nullable=False),
        sa.Column("grid_code", sa.Text(), server_default="", nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "unit_member",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("ord", Big, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "person_id", name=op.f("pk_unit_member")),
    )
    op.create_table(
        "outbox_ticket",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("outbox_id", Big, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "outbox_id", name=op.f("pk_outbox_ticket")),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_ticket_outbox_id")
        ),
    )
    op.create_table(
        "ticket_event",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("seq", Big, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Big, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", Big, server_default=sa.text("0"), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
        sa.UniqueConstraint("ticket_id", "seq", name=op.f("uq_ticket_event_ticket_id_seq")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id")
        ),
    )
    op.create_table(
        "ticket_fact",
        sa.Column("ticket_id", Big, autoincrement=False, nullable=False),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("moved_at", Big, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_fact")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_fact_ticket_id")
        ),
    )
    op.create_index("ix_ticket_event_at", "ticket_event", ["at", "ticket_id"])
