"""A ticket as people read it, and words cut to a length that a phone shows.

What is said about it stands in the modules for each kind of reader."""

from __future__ import annotations

from dataclasses import dataclass

from routing.privacy import mask_door
from routing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as residents read it: number, category name, place and spoken deadline."""

    ticket: Ticket
    category: str
    due: str

    @property
    def head(self) -> str:
        place = f"｜{mask_door(self.ticket.place)}" if self.ticket.place else ""
        return f"#{self.ticket.number} {self.category}{place}"


def short(words: str, limit: int = 60) -> str:
    """The words on one line, cut with an ellipsis."""
    flat = " ".join(words.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
