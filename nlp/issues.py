"""Cuts a message where one matter may end and another begin.

Only finds candidate spans of the original text; what each is about is classify.py's."""

from __future__ import annotations

import re
from typing import NamedTuple

_BREAK = re.compile(
    r"[。;；!！?？\n]+|[,，、\s]+(?=(?:还有|另外|再一个|再就是|顺便|对了|而且|同时|以及|第?[二三四五]|\d+[、.)]))"
    r"|(?<=\S)(?=(?:还有就是|还有一个|另外|再一个|再就是|顺便问))"
    r"|(?:^|\n)\s*\d{1,2}\s*[、.)）．]"
)
_MORE = re.compile(r"另外|还有|再一个|再就是|顺便|同时|[两俩三几]件事|2[、.)）．]")
LEAST = 5
"""A part with fewer characters belongs to its neighbour."""


class Part(NamedTuple):
    """A span [start, end) of the text."""

    start: int
    end: int


def announces_more(text: str) -> bool:
    """True if the text says that a further matter comes."""
    return _MORE.search(text) is not None


def parts(text: str) -> list[Part]:
    """Spans that may be matters of their own, in order; one span if nothing divides it."""
    if len(text) < 2 * LEAST:
        return [Part(0, len(text))]
    found, start = [], 0
    for cut in _BREAK.finditer(text):
        if cut.start() - start >= LEAST:
            found.append(Part(start, cut.start()))
            start = cut.end()
        elif cut.end() > cut.start() and start == cut.start():
            start = cut.end()
    if len(text) - start >= LEAST or not found:
        found.append(Part(start, len(text)))
    return found
