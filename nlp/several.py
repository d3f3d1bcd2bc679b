"""Places of one matter that a message names side by side: 9栋和7栋, 2单元、3单元, 东门和西门.

Where a single place is said to be is places.py; here only what is beyond doubt is joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from nlp.place_forms import normalise_place
from nlp.reading import Place

JOINT = "、"
"""Stands between the normal forms of several places of one matter, and is in none of them."""

MOST = 6
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_BUILDING = rf"[A-Z]?{_NUMBER}(?:号楼|栋楼?|幢楼?|座楼?|[#＃]楼?)"
_UNIT = rf"{_NUMBER}单元"
_FLOOR = rf"{_NUMBER}(?:楼(?![道梯上下房板顶门栋])|层(?!楼))"
_ADDRESS = re.compile(
    rf"(?<![\d.:\-第一二三四五六七八九十A-Z])"
    rf"(?P<b>{_BUILDING})?(?P<u>(?(b)的?){_UNIT})?(?P<f>(?(u)的?){_FLOOR})?"
)
_BARE = re.compile(r"(?<![\d.])(?P<bare>(?:\d{1,2}[、,，和]){1,5})(?=\d{1,2}(?:号楼|栋|幢|座))")
_WITH = r"(?:和|跟|与|及|以及|还有|、)"
_PLAIN = re.compile(rf"\s*{_WITH}\s*$")
_COMMA = re.compile(r"[,，]\s*$")
_THING = re.compile(rf"的?(?P<thing>[^\s,，。、\d]{{1,4}}?){_WITH}$")
_CLAUSE = re.compile(r"的?[^\d。!！?？;；]{1,9}[,，\s、]$")
_ALSO = re.compile(r"的?[^\s,，。\d]{0,5}?(?:也|都|同样|一样)(?!是)")
_BETWEEN = re.compile(r"\s*(?:之间|中间|当中|交界|交叉|路口|那段|两栋)")
_GATE = re.compile(r"^[东南西北前后侧正大]{1,2}门$")


class _Atom(NamedTuple):
    start: int
    end: int
    kind: str
    text: str
    home: str


def parts_of(normal: str) -> tuple[str, ...]:
    """The normal forms of single places that a ticket's form holds; () for ""."""
    return tuple(part for part in normal.split(JOINT) if part)


def covers(normal: str, other: str) -> bool:
    """Whether every place of `other` is one of those of `normal`; no place is covered by none."""
    wanted = parts_of(other)
    return bool(wanted) and {*wanted} <= {*parts_of(normal)}


def together(text: str, places: Sequence[Place] = ()) -> tuple[Place, ...]:
    """The places that the text names side by side, in its order; () where it names no two.

    places: those found in the text; of them gates are looked at, numbers are found here. The
    normal form of a bare unit or floor wants its building (see normalise_place)."""
    text = _spelt_out(text)
    best: tuple[_Atom, ...] = ()
    for group in _groups(text, _atoms(text, places)):
        if len(group) > len(best):
            best = group
    found = {normalise_place(a.home + a.text): Place(a.home + a.text, "") for a in best[:MOST]}
    if len(found) < 2:  # noqa: PLR2004 - side by side are two
        return ()
    return tuple(Place(place.text, normal) for normal, place in found.items())


def _spelt_out(text: str) -> str:
    """7、8、9栋 as 7栋、8栋、9栋; what only numbers the matters of a message stays."""

    def spell(match: re.Match[str]) -> str:
        ahead = text[: match.start()]
        first = not ahead.strip() and match["bare"].startswith("1、")
        if first or re.search(r"\d、", ahead):
            return match[0]
        return re.sub(r"(\d+)", r"\1栋", match["bare"])

    return _BARE.sub(spell, text)


def _atoms(text: str, places: Sequence[Place]) -> list[_Atom]:
    found = []
    building, unit = "", ""
    for match in (m for m in _ADDRESS.finditer(text) if m[0]):
        building, unit = match["b"] or building, match["u"] or ("" if match["b"] else unit)
        kind = "floor" if match["f"] else "unit" if match["u"] else "building"
        above = {"floor": building + unit, "unit": building, "building": ""}[kind]
        said = match["b"] or (match["u"] if kind == "floor" else "")
        home = "" if match["b"] else (building if said else above)
        found.append(_Atom(*match.span(), kind, match[0], home))
    for place in places:
        at = text.find(place.text)
        if at >= 0 and _GATE.match(place.normal):
            found.append(_Atom(at, at + len(place.text), "gate", place.text, ""))
    return sorted(found)


def _groups(text: str, atoms: Sequence[_Atom]) -> Iterator[tuple[_Atom, ...]]:
    for kind in ("building", "unit", "floor", "gate"):
        group: list[_Atom] = []
        for one, two in pairwise([a for a in atoms if a.kind == kind]):
            if _joined(text, one, two):
                group = [*group, two] if group and group[-1] == one else [one, two]
                yield tuple(group)


def _joined(text: str, one: _Atom, two: _Atom) -> bool:
    """Whether two places stand side by side for one matter."""
    gap, rest = text[one.end : two.start], text[two.end :]
    if _BETWEEN.match(rest):
        return False
    if _PLAIN.match(gap) or (one.kind == "building" and _COMMA.match(gap)):
        return True
    thing = _THING.match(gap)
    if thing is not None and re.match(rf"的?{re.escape(thing['thing'])}", rest):
        return True
    return _CLAUSE.match(gap) is not None and _ALSO.match(rest) is not None
