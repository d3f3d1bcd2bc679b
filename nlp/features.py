"""What the linear models see of a message: characters, words, sounds and shapes.

Only strings are made here; which of them count, and for what, is the model's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from nlp.normalise import NEW_LINE

_DIGITS = re.compile(r"\d+")
_KEPT_NUMBERS = frozenset({"119", "110", "120", "122", "12345", "95598", "12"})
_ENTRY = re.compile(r"^\s*\d{1,3}\s*[.,、:)）．]")
_LISTED = re.compile(r"(?:^|¶)\s*\d{1,3}\s*[.,、:)）．]")
_UNIT = re.compile(r"\d\s*(?:号楼|栋|幢|单元|室|楼|层|座|号院)|\d+-\d+(?:-\d+)?")
_AMOUNT = re.compile(r"[\d一两二三四五六七八九十半]\s*(?:份|斤|盒|箱|包|只|袋|瓶|件|人|板|桶|提)")
_CLOCK = re.compile(r"\d\s*(?:点|:\d\d|时|月|日|号(?!楼|院))")
_MONEY = re.compile(r"\d\s*(?:元|块|万|%|折)|[¥￥]")
_ASKS = re.compile(r"[吗么呢不没否嘛]\s*[?.!~]*$|\?")
_LENGTHS = (4, 7, 11, 16, 24, 36, 60, 100)


class Features(NamedTuple):
    """The feature strings of one text by family; a family has its own vocabulary."""

    chars: list[str]
    words: list[str]
    sounds: list[str]
    shapes: list[str]


def fold_digits(text: str) -> str:
    """Every number becomes 0 (one figure), 00 (more), except emergency and hot-line numbers."""
    return _DIGITS.sub(_folded, text)


def _folded(match: re.Match[str]) -> str:
    number = match[0]
    if number in _KEPT_NUMBERS:
        return number
    return "0" if len(number) == 1 else "00"


def extract(text: str, words: list[str], sounds: Mapping[int, str]) -> Features:
    """Features of a normalised text, its words, and a table code point → sound sign."""
    folded = f"^{fold_digits(text)}$"
    return Features(_grams(folded), words, _sounds(folded, sounds), shapes(text))


def _grams(text: str) -> list[str]:
    """Single characters and pairs, in order."""
    return [*text, *(a + b for a, b in pairwise(text))]


def _sounds(text: str, table: Mapping[int, str]) -> list[str]:
    text = text.translate(table)
    return [a + b for a, b in pairwise(text)]


def shapes(text: str) -> list[str]:
    """Names of the forms that a text has: its length, list entries, amounts, questions."""
    size = len(text)
    found = [f"len{sum(size > edge for edge in _LENGTHS)}"]
    if text[:1].isdigit() and _ENTRY.match(text):
        found.append("entry")
    if NEW_LINE in text and len(_LISTED.findall(text)) > 1:
        found.append("list")
    if text.isdigit():
        found.append("number")
    if _DIGITS.search(text):
        found += [name for name, rule in _NUMBERED if rule.search(text)]
    found += [name for sign, name in _SIGNS if sign in text]
    if _ASKS.search(text):
        found.append("asks")
    return found


_NUMBERED = (("unit", _UNIT), ("amount", _AMOUNT), ("clock", _CLOCK), ("money", _MONEY))
_SIGNS = (
    ("@", "at"),
    ("#", "hash"),
    ("!", "bang"),
    ("?", "question"),
    ("我", "me"),
    ("你", "you"),
    ("[", "bracket"),
    (NEW_LINE, "lines"),
    (":", "colon"),
    (",", "comma"),
    ("通知", "notice"),
    ("昨", "past"),
    ("刚", "now"),
    ("现在", "now"),
    ("大家", "everyone"),
    ("各位", "everyone"),
)
