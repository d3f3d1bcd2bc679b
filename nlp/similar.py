"""Whether two reports are one matter, and where to look for others that may be.

What is done with the answer - merging, proposing, linking - is decided outside nlp/."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.places import find_places
from nlp.same_matter import Report, between, score, spot_of, storey, traits
from nlp.several import JOINT, parts_of

__all__ = [
    "HIGH", "LOW", "Report", "apart", "contradicts", "elsewhere", "neighbourhood", "similarity",
]  # fmt: skip

HIGH = 0.95
"""From here two reports are one matter without asking; only named, agreeing places get here."""

_HOME = re.compile("(?:我|俺|咱|阿拉|伢|侬)们?(?:自己)?家|家里|屋里|家门口")

LOW = 0.5
"""From here the leader is asked whether they are; never reached by different 小类."""


def similarity(a: Report, b: Report) -> float:
    """The probability in 0..1 that two reports are the same matter; 0 in different grids.

    Compare with HIGH and LOW."""
    return score(traits(a), traits(b)) if a.grid == b.grid else 0.0


def contradicts(a: Report, b: Report) -> bool:
    """Whether two reports name different faults, or different sides: 水压小 and 水发黄."""
    one, two = traits(a), traits(b)
    other_fault = one.aspects and two.aspects and not one.aspects & two.aspects
    return bool(other_fault or (one.sides and two.sides and not one.sides & two.sides))


def elsewhere(a: Report, b: Report) -> bool:
    """Whether two reports of one place, by two people, name different units, floors or rooms of
    it, one a unit and the other a floor, or each the speaker's own home."""
    one, two = _inside_of(a), _inside_of(b)
    if one.units and two.units and not one.units & two.units:
        return True
    if one.doors and two.doors and not any(_meet(x, y) for x in one.doors for y in two.doors):
        return True
    crossed = {(bool(x.units), bool(x.doors)) for x in (one, two)} == {(True, False), (False, True)}
    return crossed or (_at_home(a) and _at_home(b))


class _Inside(NamedTuple):
    """The units that a report names anywhere, and its floors and rooms."""

    units: set[str]
    doors: set[str]


def _inside_of(report: Report) -> _Inside:
    places = (*report.places, *find_places(report.text))
    spots = [spot for place in places if (spot := spot_of(place.normal)) is not None]
    return _Inside({s.unit for s in spots if s.unit}, {s.door for s in spots if s.door})


def _meet(door: str, other: str) -> bool:
    return door == other or storey(door, other)


def _at_home(report: Report) -> bool:
    return _HOME.search(report.text) is not None


def apart(normal: str, other: str) -> bool:
    """Whether two normal forms name places that cannot be one; such reports never reach LOW.

    Of several places each must be apart from each of the other's."""
    pairs = [(spot_of(a), spot_of(b)) for a in parts_of(normal) for b in parts_of(other)]
    return bool(pairs) and all(
        a is not None and b is not None and between(a, b) == "apart" for a, b in pairs
    )


def neighbourhood(normal: str) -> str:
    """How the normal forms of places near this one begin: its building, its name; ""
    if vague or several."""
    spot = spot_of(normal) if JOINT not in normal else None
    return spot.name + spot.building if spot is not None else ""
