"""Which ways of saying it a pattern could lose without any example noticing.

Every alternative of every group is left out once; an alternative that no example needs is either
one that another alternative covers, or one that nothing protects."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P?<\w+>|<?[=!:]|P=\w+))?|[|)]")
"""What is escaped, a class of characters, the beginning of a group, a bar, the end of a group."""
Seen = Callable[[re.Pattern[str], str], Any]


def found(rule: re.Pattern[str], text: str) -> bool:
    """Whether the text holds what the rule looks for."""
    return rule.search(text) is not None


def unproved(pattern: str, texts: Iterable[str], seen: Seen = found) -> list[str]:
    """The alternatives without which the pattern would see the same in every text."""
    whole, texts = re.compile(pattern), list(texts)
    before = [seen(whole, text) for text in texts]
    return [
        word
        for word, rest in without_one(pattern)
        if [seen(re.compile(rest), text) for text in texts] == before
    ]


def without_one(pattern: str) -> Iterator[tuple[str, str]]:
    """(an alternative, the pattern without it), for each alternative of each group with more."""
    for start, bars, end in _groups(pattern):
        edges = [start, *(bar + 1 for bar in bars), end + 1]
        words = [(a, b - 1) for a, b in itertools.pairwise(edges)]
        for place, (a, b) in enumerate(words if bars else ()):
            cut = (a, b + 1) if place < len(words) - 1 else (a - 1, b)
            yield pattern[a:b], pattern[: cut[0]] + pattern[cut[1] :]


def _groups(pattern: str) -> Iterator[tuple[int, list[int], int]]:
    """(start, places of its bars, end) of the pattern and of each group in it."""
    open_groups: list[tuple[int, list[int]]] = [(0, [])]
    signs = re.finditer(
        r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P?<\w+>|<?[=!:]|P=\w+))?|[|)]", pattern
    )
    for sign in signs:
        if sign[0] == "|":
            open_groups[-1][1].append(sign.start())
        elif sign[0] == ")":
            yield (*open_groups.pop(), sign.start())
        elif sign[0][0] == "(":
            open_groups.append((sign.end(), []))
    yield (*open_groups.pop(), len(pattern))
