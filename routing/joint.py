"""Several units on one ticket: who was called, who has arrived (报到), what each has done.

吹哨报到 and 双向派单 both are a list of shares with one lead; the ticket itself is ticket.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's part. unit: unit id. words: what it did, "" until finished."""

    unit: str
    lead: bool = False
    arrived_at: datetime | None = None
    words: str = ""
    finished_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.finished_at is None


Shares = tuple[Share, ...]


def called(units: Sequence[str], present: Shares = ()) -> Shares:
    """The shares of a call: the first unit leads; who is there already keeps what it has done."""
    known = {share.unit: share for share in present}
    names = tuple(dict.fromkeys(units))
    return tuple(
        replace(known.get(unit, Share(unit)), lead=place == 0) for place, unit in enumerate(names)
    )


def arrive(shares: Shares, unit: str, at: datetime) -> Shares:
    """The unit reports for duty; a second time changes nothing."""
    return tuple(
        replace(s, arrived_at=at) if s.unit == unit and s.arrived_at is None else s for s in shares
    )


def finish(shares: Shares, unit: str, words: str, at: datetime) -> Shares:
    """The unit's part is done; finishing implies having been there."""
    return tuple(
        replace(s, words=words, finished_at=at, arrived_at=s.arrived_at or at)
        if s.unit == unit
        else s
        for s in shares
    )


def drop(shares: Shares, unit: str) -> Shares:
    """Without a unit that has nothing to do with it (退单); a lost lead passes to the next."""
    left = tuple(s for s in shares if s.unit != unit)
    if left and not any(s.lead for s in left):
        left = (replace(left[0], lead=True), *left[1:])
    return left


def again(shares: Shares) -> Shares:
    """After 不满意 the lead answers for the rest: its part is open again."""
    return tuple(replace(s, words="", finished_at=None) if s.lead else s for s in shares)


def missing(shares: Shares) -> tuple[str, ...]:
    """Units that have not reported for duty."""
    return tuple(s.unit for s in shares if s.arrived_at is None)


def unfinished(shares: Shares) -> tuple[str, ...]:
    """Units whose part is still open; a ticket is finished only when there are none."""
    return tuple(s.unit for s in shares if s.open)


def lead(shares: Shares) -> str:
    """The unit that answers for the whole, "" without shares."""
    return next((s.unit for s in shares if s.lead), "")


def share_row(share: Share) -> list[Any]:
    """One share as JSON carries it."""
    arrived, finished = share.arrived_at, share.finished_at
    return [
        share.unit,
        share.lead,
        arrived.isoformat() if arrived else None,
        share.words,
        finished.isoformat() if finished else None,
    ]


def plain(shares: Shares) -> list[list[Any]]:
    """As JSON carries them."""
    return [share_row(share) for share in shares]


def revive(rows: Sequence[Any]) -> Shares:
    """Back from JSON; shares pass through, so that it may be applied twice."""
    return tuple(row if isinstance(row, Share) else _share(*row) for row in rows)


def _share(unit: str, leads: bool, arrived: str | None, words: str, finished: str | None) -> Share:
    return Share(unit, bool(leads), _time(arrived), words, _time(finished))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
