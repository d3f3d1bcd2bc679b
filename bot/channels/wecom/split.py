"""Long posts cut to a platform's byte limit, on character boundaries, with numbered parts.

Only text is handled here; how many parts may be sent a minute is the channel's business."""

from __future__ import annotations

from typing import Final

from bot.errors import Rejected

MOST_BYTES: Final = 20_000
"""What a channel takes as one post; it goes out in as many parts as the platform's limit asks."""
NUMBER_BYTES: Final = len("（999/999）\n".encode())
WIDEST: Final = 4
"""Bytes of the longest UTF-8 character."""
SEAMS: Final = ("\n", "。", "；", "！", "？", "，", " ")
"""Where a cut hurts least, best first."""


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` UTF-8 bytes; several parts begin with （1/3）.

    Nothing is lost: the parts without their numbers joined together are the text."""
    if len(text.encode()) <= limit:
        return [text]
    pieces = cut(text, limit - NUMBER_BYTES)
    return [f"（{n}/{len(pieces)}）\n{piece}" for n, piece in enumerate(pieces, 1)]


def check_length(text: str) -> None:
    """Raises Rejected for a post over MOST_BYTES."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Rejected(f"text over {MOST_BYTES} bytes; shorten it before sending")


def cut(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` bytes, which must allow one character."""
    if limit < WIDEST:
        raise ValueError(f"limit {limit} bytes is less than one character")
    pieces = []
    while text:
        head = text.encode()[:limit].decode(errors="ignore")
        if len(head) < len(text):
            head = head[: _seam(head)]
        pieces.append(head)
        text = text[len(head) :]
    return pieces


def _seam(head: str) -> int:
    """Just behind the last good place to cut in the second half, else the end."""
    for mark in SEAMS:
        at = head.rfind(mark, len(head) // 2)
        if at >= 0:
            return at + 1
    return len(head)


def shorten(text: str, characters: int) -> str:
    """At most so many characters, with … where something was left out."""
    return text if len(text) <= characters else text[: characters - 1] + "…"
