"""Text that both engines can hold, whatever people and platforms send.

Applied to every text in one place, storage/engine.py; nothing else changes a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def clean(text: str) -> str:
    """Text that both engines can hold: NUL and lone surrogates become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def is_clean(rows: Iterable[Sequence[Any]]) -> bool:
    """Would `clean` leave every text of these rows alone? One look at all of them."""
    joined = "".join([value for row in rows for value in row if type(value) is str])
    if "\0" in joined:
        return False
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return True
