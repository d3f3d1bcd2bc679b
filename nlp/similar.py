"""Whether two reports are one matter, and where to look for others that may be.

What is done with the answer - merging, proposing, linking - is decided outside nlp/."""

from __future__ import annotations

from nlp.same_matter import Report, between, score, spot_of, traits

__all__ = ["HIGH", "LOW", "Report", "apart", "contradicts", "neighbourhood", "similarity"]

HIGH = 0.95
"""From here two reports are one matter without asking; only named, agreeing places get here."""

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


def apart(normal: str, other: str) -> bool:
    """Whether two normal forms name places that cannot be one; such reports never reach LOW."""
    a, b = spot_of(normal), spot_of(other)
    return a is not None and b is not None and between(a, b) == "apart"


def neighbourhood(normal: str) -> str:
    """How the normal forms of places near this one begin: its building, its name; "" if vague."""
    spot = spot_of(normal)
    return spot.name + spot.building if spot is not None else ""
