"""What the two versions of OneBot have in common: something heard, and an action to take.

The versions themselves are v11.py and v12.py; transports are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.onebot.segments import Segment
from bot.errors import SendError


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person, as the bridge told it; group is "" one-to-one."""

    self_id: str
    message_id: str
    group: str
    user: str
    name: str
    segments: tuple[Segment, ...]

    def __repr__(self) -> str:
        return f"Heard({self.message_id})"


@dataclass(frozen=True, slots=True)
class Action:
    """A call of the bridge's API."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Original:
    """A quoted message that was asked for: who said it, and its words as segments."""

    user: str
    segments: tuple[Segment, ...]


class Dialect(Protocol):
    """One version of the standard."""

    version: int
    who: str
    """The action that tells the bot's own account."""

    def read(self, event: Any) -> Heard | None:
        """A message, or None for what is no message of somebody else. Raises Malformed."""
        ...

    def post(
        self, place: str, group: bool, text: str, quote: str, mentions: tuple[str, ...]
    ) -> Action: ...

    def ask_original(self, message_id: str) -> Action | None:
        """How to ask for a quoted message; None where the standard has no such call."""
        ...

    def read_original(self, data: Any) -> Original:
        """Raises Malformed."""
        ...

    def error(self, action: str, answer: Mapping[str, Any]) -> SendError | None:
        """What a refused action means; None when it was carried out."""
        ...
