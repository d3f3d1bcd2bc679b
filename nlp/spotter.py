"""Many regular expressions over one text in one pass: each is tried only where two characters
stand that it can begin with.

What the expressions mean is the business of whoever has them; nothing here knows a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from operator import add

Try = Callable[[str, int], re.Match[str] | None]
Opening = tuple[str, bool]
"""Up to two characters that something begins with, and whether it can end right after them."""

_SIZE = 2
_TOKEN = re.compile(r"\\.|\[[^\]]*\]|\(\?<?[:=!]|[?*+]|\{\d*,?\d*\}|.", re.DOTALL)
_MAY_LACK = re.compile(r"[?*]|\{0?,\d*\}")
_RANGE = re.compile("(.)-(.)")


class Spotter:
    """rules: name → regular expression. Of several ways that fit at one place the first is taken,
    as `re` does. Raises ValueError for a rule that could begin with anything or be empty."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._forms = [
            (name, form, starts_of(form)) for name, rule in rules.items() for form in ways(rule)
        ]
        self._known = frozenset().union(*(keys for _, _, keys in self._forms))
        self._tries: dict[str, tuple[tuple[str, Try], ...]] = {}

    def found(self, text: str, signs: Set[str] | None = None) -> set[str]:
        """The names of all rules that fit somewhere in the text. signs: its `signs_of` where they
        are known already; more than these do no harm."""
        return {
            name
            for at, key in self._places(text, signs)
            for name, fits in self._tries.get(key) or self._learned(key)
            if fits(text, at)
        }

    def each(self, text: str, signs: Set[str] | None = None) -> list[str]:
        """The names of what fits, from left to right and not overlapping; signs as in `found`."""
        found, end = [], 0
        for at, key in self._places(text, signs):
            if at >= end:
                for name, fits in self._tries.get(key) or self._learned(key):
                    if match := fits(text, at):
                        end = match.end()
                        found.append(name)
                        break
        return found

    def _places(self, text: str, signs: Set[str] | None) -> list[tuple[int, str]]:
        """Where something may begin, in order, with what it begins with there."""
        keys = self._known & (signs_of(text) if signs is None else signs)
        if not keys:
            return []
        places: dict[int, str] = {}
        for key in sorted(keys, key=len):
            at = text.find(key)
            while at >= 0:
                places[at] = key
                at = text.find(key, at + 1)
        return sorted(places.items())

    def _learned(self, key: str) -> tuple[tuple[str, Try], ...]:
        """Compiled when first met: most texts never need most of the expressions."""
        own: dict[str, list[str]] = {}
        for name, form, keys in self._forms:
            if key in keys or key[0] in keys:
                own.setdefault(name, []).append(form)
        tries = tuple((name, re.compile("|".join(forms)).match) for name, forms in own.items())
        self._tries[key] = tries
        return tries


def signs_of(text: str) -> set[str]:
    """The characters of a text and the pairs of neighbours."""
    return {*text, *map(add, text, text[1:])}


def ways(rule: str) -> list[str]:
    """The alternatives of an expression: "a|(?:b|c)d" → ["a", "(?:b|c)d"]."""
    found, depth = [""], 0
    for piece in _TOKEN.findall(rule):
        depth += piece.startswith("(") - (piece == ")")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return found


def openings(form: str) -> set[Opening]:
    """What the texts that fit a form without alternatives can begin with."""
    found: set[Opening] = {("", True)}
    for atom in _atoms(form):
        growing = [start for start, ends in found if ends and len(start) < _SIZE]
        if not growing:
            break
        own = _openings_of(atom)
        found -= {(start, True) for start in growing}
        found |= {
            ((start + more)[:_SIZE], ends and len(start + more) <= _SIZE)
            for start in growing
            for more, ends in own
        }
    return found


def starts_of(form: str) -> frozenset[str]:
    """The character or the two that what fits a form without alternatives begins with.

    Raises ValueError if that could be anything, or nothing."""
    keys = frozenset(start for start, _ in openings(form))
    if "" in keys:
        raise ValueError(f"{form!r} can be empty or begin with anything")
    return keys


def _atoms(form: str) -> Iterator[str]:
    """The pieces of a form with their quantifiers: "(?:a|b)?c" → "(?:a|b)?", "c"."""
    atom, depth = "", 0
    for piece in _TOKEN.findall(form):
        if atom and not depth and not _counts(piece):
            yield atom
            atom = ""
        atom += piece
        depth += piece.startswith("(") - (piece == ")")
    if atom:
        yield atom


def _counts(piece: str) -> bool:
    return piece in "?*+" or (piece[0] == "{" and len(piece) > 1)


def _openings_of(atom: str) -> set[Opening]:
    pieces = _TOKEN.findall(atom)
    count = pieces.pop() if len(pieces) > 1 and _counts(pieces[-1]) else ""
    own = _once(pieces)
    if count not in {"", "?"}:
        own = {(start, False) for start, _ in own}
    return own | {("", True)} if _MAY_LACK.fullmatch(count) else own


def _once(pieces: list[str]) -> set[Opening]:
    first = pieces[0]
    if first == "(?:":
        return set().union(*map(openings, ways("".join(pieces[1:-1]))))
    if first[0] == "(" or first in "^$":
        return {("", True)}
    if first[0] == "[" and first[1] != "^" and "\\" not in first:
        spans = _RANGE.findall(first[1:-1])
        signs = {*_RANGE.sub("", first[1:-1])}
        signs.update(*(map(chr, range(ord(a), ord(b) + 1)) for a, b in spans))
        return {(sign, True) for sign in signs}
    if len(first) == 1 and first != ".":
        return {(first, True)}
    return {("", False)}
