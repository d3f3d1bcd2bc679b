"""Tickets as lines for the tests of the texts: one lamp, in whatever state a sentence needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.texts import Line
from routing.ticket import Ticket

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE = "11月25日18:00前"
LAMP = Ticket(
    7, "local:g1", 12, "990101001001001-07", "0403", "楼道灯坏了", "local:wang", AT,
    place="7幢2单元楼道",
)  # fmt: skip


def line(number: int = 12, category: str = "楼道灯", due: str = DUE, **changes: Any) -> Line:
    """A ticket of that number as residents read it, with these of its fields changed."""
    return Line(replace(LAMP, number=number, **changes), category, due)
