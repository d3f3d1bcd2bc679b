"""What the two versions of OneBot have in common: what is heard, and an action to take.

The versions themselves are v11.py and v12.py; transports are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.onebot.segments import Segment, identity
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
class Recalled:
    """A message of a person was taken back; group is "" one-to-one, user its sender. by_sender:
    not somebody who runs the group."""

    self_id: str
    message_id: str
    group: str
    user: str
    by_sender: bool


Event = Heard | Recalled


def read_recall(event: Mapping[str, Any], self_id: str, in_group: bool) -> Recalled | None:
    """The fields are called the same in both versions; None for a post of the bot itself.

    Raises Malformed."""
    user, number = identity(event.get("user_id")), identity(event.get("message_id"))
    group = identity(event.get("group_id")) if in_group else ""
    by_sender = not in_group or str(event.get("operator_id")) == user
    return None if user == self_id else Recalled(self_id, number, group, user, by_sender)


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


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a version calls the id of a quoted message, a mention, and the mentioned user."""

    quoted: str
    mention: str
    user: str

    def segments(self, text: str, quote: str = "", mentions: Sequence[str] = ()) -> list[Segment]:
        """A text with what stands before it."""
        found = [Segment("reply", {self.quoted: quote})] if quote else []
        for user in mentions:
            found += [Segment(self.mention, {self.user: user}), Segment("text", {"text": " "})]
        return [*found, Segment("text", {"text": text})]


def wired(message: Sequence[Segment]) -> list[dict[str, Any]]:
    """Segments as they go over the wire."""
    return [{"type": one.kind, "data": dict(one.data)} for one in message]


class Dialect(Protocol):
    """One version of the standard."""

    version: int
    who: str
    """The action that tells the bot's own account."""

    def read(self, event: Any) -> Event | None:
        """A message of somebody else, one taken back, or None. Raises Malformed."""
        ...

    spelling: Spelling

    def post(self, place: str, group: bool, message: Sequence[Segment]) -> Action: ...

    def hand_over(self, data: bytes, kind: str) -> Action | None:
        """How a picture is uploaded before it is posted; None where it goes inline."""
        ...

    def picture(self, data: bytes, uploaded: Any) -> Segment:
        """The segment of a picture; uploaded: data of the answer to `hand_over`, or None.

        Raises Malformed."""
        ...

    def ask_original(self, message_id: str) -> Action | None:
        """How to ask for a quoted message; None where the standard has no such call."""
        ...

    def read_original(self, data: Any) -> Original:
        """Raises Malformed."""
        ...

    def error(self, action: str, answer: Mapping[str, Any]) -> SendError | None:
        """What a refused action means; None when it was carried out."""
        ...
