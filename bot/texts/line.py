"""A ticket as people read it, and words cut to a length that a phone shows.

What is said about it stands in the modules for each kind of reader."""

from __future__ import annotations

from dataclasses import dataclass

from routing.privacy import mask_door
from routing.ticket import Result, Ticket

RESULT_WORDS = {
    Result.SOLVED: "已办结",
    Result.PARTIAL: "已部分解决",
    Result.EXPLAINED: "已答复",
    Result.UNABLE: "暂时无法解决",
    Result.EXTERNAL: "已转外部单位",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as residents read it: number, category name, place and spoken deadline.

    was: once the deadline has passed, the moment it named; "" before. where: the street, the
    community and the grid, for whoever serves many of them."""

    ticket: Ticket
    category: str
    due: str
    was: str = ""
    where: str = ""

    @property
    def head(self) -> str:
        place = f"｜{mask_door(self.ticket.place)}" if self.ticket.place else ""
        return f"#{self.ticket.number} {self.category}{place}"

    @property
    def spot(self) -> str:
        """A line of its own that tells in which grid it is; "" if unknown."""
        return f"地点：{self.where}\n" if self.where else ""

    @property
    def result(self) -> str:
        """What the finish claims, such as 已解决; "" before it."""
        return self.ticket.result.label if self.ticket.result else ""


def short(words: str, limit: int = 60) -> str:
    """The words on one line, cut with an ellipsis."""
    flat = " ".join(words.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
