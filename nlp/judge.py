"""The second look: kind, nature and urgency decided over all first scores together.

What a report is about says a lot about whether it is one, and what its sender wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp import urgency
from nlp.danger_signs import SIGNS
from nlp.features import DOING, turns, written
from nlp.normalise import normalise
from nlp.urgency import DANGERS

Floats = NDArray[np.float32]
_BACK = 2 + len(DOING)
_COLUMNS = {name: column for column, name in enumerate((*DOING, "", *SIGNS), 2)}


def flags(spotted: Sequence[Set[str]], forms: Sequence[Iterable[str]]) -> Floats:
    """A row a text: a word of danger stands in it; one that its surroundings take back; what
    its sentences do, by the forms that features.py found in it; something would take a danger
    back; the signs of danger by family. spotted: what urgency.py saw in it."""
    rows = np.zeros((len(spotted), _BACK + 1 + len(SIGNS)), np.float32)
    for row, seen, own in zip(rows, spotted, forms, strict=True):
        alarmed, back = not DANGERS.keys().isdisjoint(seen), urgency.taken_back(seen)
        row[0], row[1], row[_BACK] = alarmed, alarmed and back, back
        columns = [column for column in map(_COLUMNS.get, (*own, *seen)) if column]
        if columns:
            row[columns] = 1
    return rows


def flags_of(texts: Sequence[str]) -> Floats:
    """The same from texts alone."""
    normal = [normalise(text) for text in texts]
    seen = [written(text) for text in normal]
    forms = [one.forms + turns(text, one) for text, one in zip(normal, seen, strict=True)]
    return flags([urgency.spotted(text) for text in texts], forms)


def chances(scores: Floats) -> Floats:
    """Softmax of every row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


class Evidence(NamedTuple):
    """inputs: what the second look sees, a row a text. order: the best 小类 columns, best
    first. sure: the chance of the best one."""

    inputs: Floats
    order: NDArray[np.intp]
    sure: Floats


BEST = 5
"""How many 小类 are ranked."""


def evidence(first: Mapping[str, Floats], warned: Floats, heat: float) -> Evidence:
    """All first scores, how sure the 小类 is, the flags, side by side.

    first: block → scores (texts, labels); warned: rows of `flags`; heat: factor on 小类."""
    codes = first["code"]
    order = codes.argsort(axis=1)[:, : -BEST - 1 : -1]
    best = codes[np.arange(len(codes))[:, None], order]
    share = chances(codes * heat)
    lead = best[:, :1] - best[:, 1:2]
    parts = (first["kind"], first["nature"], first["urgent"], warned, best[:, :3], lead, share)
    return Evidence(np.concatenate(parts, axis=1), order, share.max(axis=1))
