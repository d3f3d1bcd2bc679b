"""Sending a post step by step, and what the bot has posted lately.

Kept in memory only; after a restart a quote of an old post is recognised by its ticket number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

import structlog

from bot.channels.wecom.mentions import fingerprint
from bot.errors import NotConfigured, Rejected
from bot.media import MediaStore, kind_of
from routing.message import Outbound

log = structlog.get_logger(__name__)

KEPT: Final = 5_000

Step = Callable[[], Awaitable[str]]
"""Sends one part of a post; returns the platform's id, "" where it gives none."""
PushPicture = Callable[[bytes, str], Awaitable[str]]
"""Sends the bytes of a picture of this kind (jpg, png, gif, webp)."""


def place_in(message: Outbound, channel: str) -> str:
    """What stands behind the channel's name; raises Rejected for a post to another channel."""
    name, _, place = message.conversation.partition(":")
    if name != channel or not place:
        raise Rejected(f"{message.conversation!r} is no conversation of this channel")
    return place


class Posts:
    """Bounded memory of own posts, so that a quote without an id is still understood, and of how
    far a post got that goes out in several steps."""

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._done: OrderedDict[int, int] = OrderedDict()

    def keep(self, conversation: str, text: str, sent_id: str) -> None:
        self._ids[conversation, fingerprint(text)] = sent_id
        while len(self._ids) > KEPT:
            self._ids.popitem(last=False)

    def id_of(self, conversation: str, text: str) -> str:
        """The sent id of the post with this text, "" if it is not one of ours."""
        return self._ids.get((conversation, fingerprint(text)), "")

    async def deliver(self, message: Outbound, steps: Sequence[Step]) -> str:
        """Take the steps that an earlier try has not taken; the first id that one of them gave,
        else one of ours. Raises what a step raises."""
        sent = ""
        for step in steps[self._done.get(message.id, 0) :]:
            number = await step()
            sent = sent or number
            self._done[message.id] = self._done.get(message.id, 0) + 1
            while len(self._done) > KEPT:
                self._done.popitem(last=False)
        self._done.pop(message.id, None)
        return sent or f"o{message.id}"


def picture_steps(
    message: Outbound, media: MediaStore, push: PushPicture, kinds: Collection[str]
) -> list[Step]:
    """A step for each picture of the post. kinds: what the platform takes.

    One that cannot be shown is left away: the words have gone out, and are worth more."""

    def step(reference: str) -> Step:
        async def show() -> str:
            try:
                data = await media.read(reference)
                if (kind := kind_of(data)) in kinds:
                    return await push(data, kind)
                error: Exception = Rejected(f"{kind!r} is not among {sorted(kinds)}")
            except (Rejected, NotConfigured, OSError) as refused:
                error = refused
            log.warning("picture not sent", action="picture_not_sent", error=str(error))
            return ""

        return show

    return [step(reference) for reference in message.images]
