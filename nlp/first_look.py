"""The cheap first look: whether a message is plainly talk, told from its characters alone.

Most of a group's messages end here; what the others mean is classify.py's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class FirstLook:
    """signs, forms: how much a character, a pair of them or a form of the text (features.py)
    speaks against plain talk, as log-odds. Margins below `line` end here; an empty one lets
    everything through."""

    signs: Mapping[str, float] = field(default_factory=dict)
    forms: Mapping[str, float] = field(default_factory=dict)
    bias: float = 0.0
    line: float = -math.inf

    def margin(self, signs: Set[str], forms: Iterable[str]) -> float:
        """Log-odds that a text is anything but talk; what occurs twice counts once."""
        known = filter(None, map(self.signs.get, signs))
        return self.bias + sum(known) + sum(filter(None, map(self.forms.get, {*forms})))

    def opened(self, margins: Iterable[float]) -> FirstLook:
        """The same look with its line so low that texts of these margins are read in full."""
        return replace(self, line=min((self.line, *margins)))


def chance(margin: float) -> float:
    """The chance of plain talk at a margin."""
    return 1 / (1 + math.exp(min(margin, 50.0)))
