"""What a batch of messages or jobs works with and does not change: roster, settings, calendar.

What is done with it is decided elsewhere; a changed roster or model makes a new house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.ports import Capabilities
from bot.settings import Settings
from nlp.reading import Reading
from nlp.taxonomy import Taxonomy
from routing.calendar import WorkCalendar
from routing.roster import Roster
from routing.rules import Rule


class Read(Protocol):
    """Text to meaning, with the group's own names of places."""

    def __call__(self, text: str, words: Sequence[str] = ()) -> Reading: ...


@dataclass(frozen=True)
class House:
    """What stays the same during a batch."""

    settings: Settings
    taxonomy: Taxonomy
    roster: Roster
    calendar: WorkCalendar
    rules: tuple[Rule, ...]
    new_id: Callable[[], int]
    capabilities: Mapping[str, Capabilities]
    read: Read

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.calendar.timezone)

    @cached_property
    def public_numbers(self) -> frozenset[str]:
        """Phones that a group may read: the units' own and the emergency lines."""
        units = (unit.phone for unit in self.roster.parts.units)
        lines = self.settings.urgent.model_dump().values()
        return frozenset(number for number in (*units, *lines) if number)
