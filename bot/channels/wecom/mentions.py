"""Mentions of the bot as WeCom spells them, and text made fit for a database.

Whether a mention means anything is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

SPACES: Final = " \t\r\n\u2005\u2002\u2003\u3000\xa0\u200b"
AFTER: Final = SPACES + ",，:：、"
MAX_TEXT: Final = 10_000
"""Characters of a message that are kept."""
AT: Final = ("@", "＠")


def clean(text: str) -> str:
    """Without NUL and halves of surrogate pairs, which no database takes; cut at MAX_TEXT."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode().replace("\0", "")


def strip_mention(text: str, names: Sequence[str]) -> str:
    """The text without one mention of the bot, wherever it stands.

    A mention that ends in a space or mark goes first, so that "@小格格 @小格" keeps 小格格."""
    plain = text.strip(SPACES)
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    if not words or not any(at in plain for at in AT):
        return plain
    found = re.search(rf"[@＠](?:{words})(?=[{AFTER}]|$)", plain)
    found = found or re.match(rf"[@＠](?:{words})", plain)
    if found is None:
        return plain
    before, after = plain[: found.start()].rstrip(SPACES), plain[found.end() :].lstrip(AFTER)
    return f"{before} {after}".strip(SPACES)


def fingerprint(text: str, most: int = 80) -> str:
    """What is left of a post when a client quotes it: its first letters, no marks or mentions."""
    bare = re.sub(r"<@[^>]*>|@\S+", "", text)
    return "".join(char for char in bare if char.isalnum())[:most]
