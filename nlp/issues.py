"""Cuts a message into clauses, each of which may be a matter of its own.

Only finds candidate spans of the original text; what each is about is classify.py's."""

from __future__ import annotations

import re
from typing import NamedTuple

_BREAK = re.compile(r"[。;；!！?？,，、\s]+|(?<=\S)(?=还有就是|还有一个|另外|再一个|再就是|顺便问)")
_MORE = re.compile(
    r"另外|还有|再一个|再就是|顺便|同时|[两俩三几]件事|2[、.)）．]|[,，。;；\s][^,，。;；]{0,8}(?:也|还|又)"
)
LEAST = 4
"""A clause with fewer characters belongs to the one after it."""
LAST = 2
"""Nothing comes after the last clause: it stands for itself from this length on (…，还漏水)."""
MOST = 12
"""A message is divided into no more clauses; the last one holds all the rest."""


class Part(NamedTuple):
    """A span [start, end) of the text."""

    start: int
    end: int


def announces_more(text: str) -> bool:
    """True if the text says that a further matter comes."""
    return _MORE.search(text) is not None


def parts(text: str) -> list[Part]:
    """Spans that may be matters of their own, in order; one span if nothing divides it."""
    found: list[Part] = []
    start = 0
    for cut in _BREAK.finditer(text):
        if len(found) == MOST - 1:
            break
        if cut.start() - start >= LEAST:
            found.append(Part(start, cut.start()))
            start = cut.end()
    if not found or len(_BREAK.sub("", text[start:])) >= LAST:
        found.append(Part(start, len(text)))
    return found
