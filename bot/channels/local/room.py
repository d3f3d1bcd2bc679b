"""What a conversation looks like to its members: people, posts in order, mentions.

No network and no waiting live here; channel.py moves messages, page.py shows them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from routing.message import Quote

KEPT = 500
"""Posts remembered per conversation."""

SPACES = " \t\n\u2005\u2002\u2003\u3000\xa0"
AFTER_NAME = SPACES + ",，:：、"


class Person(NamedTuple):
    """Somebody the page can speak as; `label` is the role shown beside the name."""

    account: str
    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One line of a conversation as its members see it.

    order: place in the history, grows with arrival. sender: account, "" for the bot.
    at: aware UTC. images: media references. quote_name: who wrote the quoted line."""

    order: int
    platform_id: str
    conversation: str
    sender: str
    name: str
    text: str
    at: datetime
    of_bot: bool = False
    quote: Quote | None = None
    quote_name: str = ""
    images: tuple[str, ...] = ()


@dataclass(slots=True)
class Room:
    """The newest posts of one conversation, kept in order of arrival."""

    posts: list[Post] = field(default_factory=list)
    by_id: dict[str, Post] = field(default_factory=dict)

    def add(self, post: Post) -> bool:
        """Put a post at its place; False when its platform id is already shown."""
        if post.platform_id in self.by_id:
            return False
        insort(self.posts, post, key=lambda kept: kept.order)
        self.by_id[post.platform_id] = post
        while len(self.posts) > KEPT:
            del self.by_id[self.posts.pop(0).platform_id]
        return True


def split_mention(text: str, names: Sequence[str], others: Iterable[str] = ()) -> tuple[str, bool]:
    """The text without the bot's mention at its start or end, and whether there was one.

    `others` are names of people: "@小格格" is a mention of 小格格 where she is a member."""
    whole = text.strip(SPACES).replace("＠", "@")
    plain = text.strip(SPACES)
    if "@" not in whole:
        return plain, False
    taken = tuple(f"@{other}" for other in others)
    for name in sorted(names, key=len, reverse=True):
        mark = f"@{name}"
        longer = tuple(other for other in taken if other.startswith(mark) and other != mark)
        if whole.startswith(mark) and not (longer and whole.startswith(longer)):
            return plain[len(mark) :].lstrip(AFTER_NAME), True
        if whole.endswith(mark):
            return plain[: -len(mark)].rstrip(SPACES), True
    return plain, False


def with_mentions(text: str, names: Iterable[str]) -> str:
    """The bot's text led by "@name" for everybody it does not already address."""
    missing = [f"@{name}" for name in dict.fromkeys(names) if f"@{name}" not in text]
    return " ".join([*missing, text]) if missing else text
