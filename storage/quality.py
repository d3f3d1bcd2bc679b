"""What the figures about the bot itself read: how tickets were opened, their receipts, messages.

Nothing is counted here but rows; what they mean is routing/quality.py."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, func, select

from routing.states import Action
from storage.columns import Big
from storage.engine import Link
from storage.statement import Statement, word
from storage.tables import inbox, outbox, outbox_ticket, ticket, ticket_event

_START, _END = bindparam("start", type_=Big), bindparam("end_", type_=Big)
_TO_REPORTER = outbox.c.conversation.in_([ticket.c.group_id, ticket.c.reporter])
_POST = outbox.c.in_group & (outbox.c.kind != word("digest"))
_OPENED = Statement(
    select(
        ticket_event.c.ticket_id,
        ticket_event.c.note,
        func.max(inbox.c.received_at),
        func.min(case((_TO_REPORTER, outbox.c.sent_at))),
        func.sum(case((_POST, word(1)), else_=word(0))),
    )
    .join(ticket, ticket.c.id == ticket_event.c.ticket_id)
    .outerjoin(inbox, inbox.c.id == ticket_event.c.message_id)
    .outerjoin(outbox_ticket, outbox_ticket.c.ticket_id == ticket_event.c.ticket_id)
    .outerjoin(
        outbox, (outbox.c.id == outbox_ticket.c.outbox_id) & (outbox.c.state == word("sent"))
    )
    .where(
        ticket_event.c.action == word(Action.REPORT.value),
        ticket_event.c.at >= _START, ticket_event.c.at < _END,
    )
    .group_by(ticket_event.c.ticket_id, ticket_event.c.note),
    "start", "end_",
)  # fmt: skip
_SAID = Statement(
    select(inbox.c.conversation, func.count())
    .where(inbox.c.received_at >= _START, inbox.c.received_at < _END, inbox.c.is_group)
    .group_by(inbox.c.conversation),
    "start", "end_",
)  # fmt: skip

Opening = tuple[int, str, int | None, int | None, int]
"""ticket, how it was opened, when its message arrived and its reporter or group was first
answered (µs, None without), how many posts its group read about it."""


class Quality:
    """Reads for the figures about the bot within one transaction."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def opened(self, start: int, end: int) -> Sequence[Opening]:
        """Every ticket that was reported at start ≤ at < end (µs)."""
        found: Sequence[Opening] = await self._link.rows(_OPENED, start, end)
        return found

    async def said(self, start: int, end: int) -> dict[str, int]:
        """Group → how many messages came in there at start ≤ at < end (µs)."""
        return dict(list(await self._link.rows(_SAID, start, end)))
