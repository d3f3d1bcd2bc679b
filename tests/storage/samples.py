"""Messages, posts and tickets to store; real values, nothing that speaks to a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from routing.message import Inbound, Outbound
from routing.ticket import Action, Ticket, TicketEvent, open_ticket
from storage.ids import Ids
from storage.outbox import OutRow

NOW = datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC)
GROUP = "local:g-7-1"
IDS = Ids()


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def inbound(platform_id: str, conversation: str = GROUP, **changes: Any) -> Inbound:
    message = Inbound(
        IDS.new(), "local", platform_id, conversation, True, "local:wang", "王老师",
        "3号楼2单元的楼道灯坏了", NOW,
    )  # fmt: skip
    return replace(message, **changes)


def inbounds(count: int, conversations: int = 1) -> list[Inbound]:
    return [inbound(f"m{n}", f"local:g-{n % conversations}") for n in range(count)]


def post(conversation: str = GROUP, text: str = "已登记", **changes: Any) -> OutRow:
    row = OutRow(Outbound(IDS.new(), conversation, text), "receipt", (), "", NOW, True)
    return replace(row, **changes)


def opened(number: int = 1, group: str = GROUP, **changes: Any) -> tuple[Ticket, TicketEvent]:
    first = Ticket(
        id=IDS.new(), group=group, number=number, grid="7-1", code="0103", text="楼道灯坏了",
        reporter="local:wang", created_at=NOW,
    )  # fmt: skip
    return open_ticket(replace(first, **changes), event_id=IDS.new(), message_id=77)


def moved(
    ticket: Ticket, action: Action = Action.URGE, by: str = "local:li", **changes: Any
) -> tuple[Ticket, TicketEvent]:
    return ticket.move(action, by, later(60), event_id=IDS.new(), **changes)
