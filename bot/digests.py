"""The daily digest as due jobs: composed from the events, posted at each level's hour.

What a digest says is routing/digest.py."""

from __future__ import annotations

from bot.desk import Desk
from bot.scheduler import Run

KINDS: dict[str, Run] = {}


def plan(desk: Desk) -> None:
    """Plan the next digest of each level."""
