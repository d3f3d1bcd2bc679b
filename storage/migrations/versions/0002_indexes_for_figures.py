"""Indexes that the figures of a period are read by.

Revision 0002, after 0001."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def where(condition: str) -> Any:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.drop_index("ix_ticket_event_at", "ticket_event")
    op.create_index("ix_ticket_event_at", "ticket_event", ["at", "ticket_id"])
    op.create_index("ix_ticket_due", "ticket", ["due_at"], **where("due_at IS NOT NULL"))
