"""One thing that came in over WeCom, already authentic and read, before it becomes an Inbound.

Both the aibot and the app readers produce it; nothing here knows XML, JSON or a socket."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.channels.wecom.mentions import clean, strip_mention
from routing.message import Inbound, Quote

TICKET: Final = re.compile(r"#\d")


class Malformed(ValueError):
    """Authentic, or seemingly so, but not of the shape that the platform documents."""


class Kind(StrEnum):
    """What has to be done with it."""

    MESSAGE = "message"
    CLICK = "click"
    ENTER = "enter"
    REFRESH = "refresh"
    EVICTED = "evicted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture can be fetched: a short-lived URL, or the media_id of an app.

    key: its own AES key (WebSocket), "" for the bot's."""

    url: str = ""
    key: str = ""
    media_id: str = ""

    def __repr__(self) -> str:
        return "Picture(…)"


@dataclass(frozen=True, slots=True)
class Received:
    """chat: group id, "" one-to-one. quote: text of the quoted message, None without one.

    For a click `text` is the button's key and `task_id` the card's; platform_id is unique."""

    kind: Kind
    platform_id: str = ""
    sender: str = ""
    chat: str = ""
    text: str = ""
    quote: str | None = None
    pictures: tuple[Picture, ...] = ()
    task_id: str = ""
    stream_id: str = ""
    response_url: str = ""

    def __repr__(self) -> str:
        return f"Received({self.kind}, {self.platform_id})"


def event_id(*parts: str) -> str:
    """A key for an event, which has none of its own: sender, time, event, key, task."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return f"event-{hashlib.sha256(joined).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Maker:
    """Builds Inbounds of one channel. names: how the bot is called; now: aware UTC."""

    channel: str
    names: Sequence[str]
    new_id: Callable[[], int]
    now: Callable[[], datetime]
    post_of: Callable[[str, str], str] | None = None
    """The sent id of the bot's own post with that text in the conversation, "" if none."""

    def inbound(self, got: Received, text: str = "", images: Sequence[str] = ()) -> Inbound:
        """The message for `accept`; `text` replaces the received one (a click's command).

        Where somebody only quotes a neighbour and mentions the bot, the quoted words are the
        text: they are what is to be registered."""
        conversation = f"{self.channel}:{got.chat or got.sender}"
        quote = self._quote(conversation, got.quote)
        words = text or strip_mention(clean(got.text), self.names)
        if not words and not images and quote is not None and not quote.of_bot:
            words = quote.text
        return Inbound(
            id=self.new_id(),
            channel=self.channel,
            platform_id=got.platform_id,
            conversation=conversation,
            is_group=bool(got.chat),
            sender=f"{self.channel}:{got.sender}",
            sender_name=got.sender,
            text=words,
            received_at=self.now(),
            to_me=True,
            quote=quote,
            images=tuple(images),
        )

    def _quote(self, conversation: str, text: str | None) -> Quote | None:
        if text is None:
            return None
        words = strip_mention(clean(text), self.names)
        post = self.post_of(conversation, words) if self.post_of else ""
        # a quote without an id that names a ticket as we do is taken for one of our own posts
        return Quote(post, words, of_bot=bool(post) or bool(TICKET.search(words)))
