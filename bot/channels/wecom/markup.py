"""Posts as the markdown of WeCom: mentions, words made harmless, a digest's head and figures.

What is said is decided elsewhere; a text without any of this stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_HEAD: Final = re.compile(r"【([^】\n]+)】(.*)")
_FIGURE: Final = re.compile(r"(?<![\d#*])([1-9]\d*)(?=件)")
_ITEM: Final = "· "


def with_mentions(text: str, users: Iterable[str]) -> str:
    """Markdown led by an @ of each user id."""
    marks = [f"<@{user}>" for user in dict.fromkeys(users)]
    return " ".join([*marks, text]) if marks else text


def harmless(text: str) -> str:
    """Markdown in which a resident's words cannot make links, tags or mentions."""
    return text.replace("<", "＜").replace("](", "]（")


def set_apart(text: str) -> str:
    """A digest with its head as a heading, its figures in bold, its items as quotes."""
    first, *rest = harmless(text).split("\n")
    head = _HEAD.fullmatch(first)
    lines = [f"### {head[1]}", head[2]] if head else [first]
    lines += [f"> {line[len(_ITEM) :]}" if line.startswith(_ITEM) else line for line in rest]
    return "\n".join(_FIGURE.sub(r"**\1**", line) for line in lines if line)
