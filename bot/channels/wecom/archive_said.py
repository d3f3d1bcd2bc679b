"""Posts of the bot that staff copy by hand, so that they are not read as staff's own words.

Kept in memory; after a restart the outbox says which they were."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from bot.channels.wecom.mentions import clean, fingerprint

KEPT: Final = 5_000
SHORT: Final = 8
"""So few letters may well stand in somebody's own sentence."""


class Said:
    """What was to be said where, the newest posts of all places."""

    def __init__(self) -> None:
        self._marks: OrderedDict[tuple[str, str], None] = OrderedDict()

    def keep(self, place: str, text: str) -> None:
        """A person is to say it in this conversation."""
        if mark := fingerprint(text):
            self._marks[place, mark] = None
            self._marks.move_to_end((place, mark))
        while len(self._marks) > KEPT:
            self._marks.popitem(last=False)

    def knows(self, place: str, text: str) -> bool:
        """Whether the text is one of the posts, or several of them pasted together."""
        said = fingerprint(clean(text), most=len(text))
        return any(where == place and _within(mark, said) for where, mark in self._marks)


def _within(mark: str, said: str) -> bool:
    return mark == said if len(mark) < SHORT else mark in said
