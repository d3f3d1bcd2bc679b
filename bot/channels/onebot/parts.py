"""What the channel is built of, and how it names conversations and remembers its own posts.

Groups are "onebot:group:<id>", anything else after the colon is a user id; the standard allows a
group and a user of the same number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.channels.onebot.caller import Caller
from bot.channels.onebot.dialect import Action, Dialect
from bot.media import MediaStore

NAME: Final = "onebot"
GROUP: Final = "group:"
KEPT: Final = 5_000

Call = Callable[[str, Action], Awaitable[Mapping[str, Any]]]
"""An action by way of the conversation that it is about. Raises SendError."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the channel is built of. names: how the bot is called; now: aware UTC."""

    dialect: Dialect
    caller: Caller
    token: str
    secret: str
    path: str
    names: Sequence[str]
    media: MediaStore
    media_hosts: Sequence[str]
    answer_s: float
    rate: int
    new_id: Callable[[], int]
    now: Callable[[], datetime]


@dataclass(slots=True)
class Own:
    """The newest posts of the bot by conversation and platform id."""

    _texts: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def keep(self, conversation: str, platform_id: str, text: str) -> None:
        self._texts[conversation, platform_id] = text
        while len(self._texts) > KEPT:
            self._texts.popitem(last=False)

    def text(self, conversation: str, platform_id: str) -> str | None:
        """None for what is no post of ours, as far as is remembered."""
        return self._texts.get((conversation, platform_id))


def conversation_of(group: str, user: str) -> str:
    """The name of a group's conversation, or one-to-one of the user's."""
    return f"{NAME}:{GROUP}{group}" if group else f"{NAME}:{user}"
