"""What the bot has posted lately: which text was which post, and how far a split post got.

Kept in memory only; after a restart a quote of an old post is recognised by its ticket number."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from bot.channels.wecom.mentions import fingerprint

KEPT: Final = 5_000


class Posts:
    """Bounded memory of own posts, so that a quote without an id is still understood."""

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._parts: OrderedDict[int, int] = OrderedDict()

    def keep(self, conversation: str, text: str, sent_id: str) -> None:
        self._ids[conversation, fingerprint(text)] = sent_id
        while len(self._ids) > KEPT:
            self._ids.popitem(last=False)

    def id_of(self, conversation: str, text: str) -> str:
        """The sent id of the post with this text, "" if it is not one of ours."""
        return self._ids.get((conversation, fingerprint(text)), "")

    def parts_sent(self, post: int) -> int:
        """How many parts of a post went out in an earlier try."""
        return self._parts.get(post, 0)

    def part_sent(self, post: int) -> None:
        self._parts[post] = self._parts.get(post, 0) + 1
        while len(self._parts) > KEPT:
            self._parts.popitem(last=False)

    def finished(self, post: int) -> None:
        self._parts.pop(post, None)
