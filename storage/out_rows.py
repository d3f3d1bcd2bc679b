"""A post on its way, and how it sits in its row.

Statements live in outbox.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from routing.message import Outbound
from storage.columns import micros, moment, to_json, to_tuple
from storage.ids import made_at

OUT_COLUMNS = (
    "id", "conversation", "text", "quote_id", "mentions", "kind", "ticket_ids", "slot", "due_at",
    "in_group", "rich", "images",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutRow:
    """A post on its way. kind: receipt | update | ask | close | urgent | direct | digest | answer…

    ticket_ids: what it speaks of. slot: a newer pending post in the same slot replaces an older
    one, "" for none. due_at: not before. in_group: a group sees it."""

    message: Outbound
    kind: str
    ticket_ids: tuple[int, ...]
    slot: str
    due_at: datetime
    in_group: bool


def out_row(row: OutRow, *, old: bool) -> tuple[Any, ...]:
    """The values of OUT_COLUMNS, then state, created_at and channel."""
    message = row.message
    return (
        message.id, message.conversation, message.text, message.quote_id,
        to_json(message.mentions), row.kind, to_json(row.ticket_ids), row.slot,
        micros(row.due_at), row.in_group, message.rich, to_json(message.images),
        "superseded" if old else "pending", micros(made_at(message.id)),
        message.conversation.partition(":")[0],
    )  # fmt: skip


def out_of(row: Sequence[Any]) -> OutRow:
    """The post of a row that starts with OUT_COLUMNS."""
    message = Outbound(
        row[0], row[1], row[2], row[3], to_tuple(row[4]), bool(row[10]), to_tuple(row[11])
    )
    return OutRow(message, row[5], to_tuple(row[6]), row[7], moment(row[8]), bool(row[9]))
