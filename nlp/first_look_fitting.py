"""Fits the first look of first_look.py: what tells plain talk from the rest, and where its line is.

Needs scikit-learn (a development dependency); the running bot never imports this module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.corpus import Example
from nlp.features import is_turn
from nlp.first_look import FirstLook
from nlp.fitting import FOLDS, LEXICON
from nlp.reading import KINDS
from nlp.sheet import Sheet

COST = 0.3
LOST = 0.002
"""Share of the lines read in full as something else than talk that may end at the first look."""
LEAST = 0.15
"""Weights nearer to 0 are not kept: the table shall stay small."""
FEWEST = 50
"""With fewer lines of talk or of the rest there is nothing to learn from."""


def fitted(examples: Sequence[Example], sheet: Sheet, chances: NDArray[Any]) -> FirstLook:
    """The first look fitted to these lines; empty where they are too few.

    chances: of every kind, from reading each line in full by a model that has not seen it."""
    lines = np.array([i for i, e in enumerate(examples) if e.source != LEXICON])
    rest = np.array([examples[i].kind != "chat" for i in lines])
    if min(rest.sum(), (~rest).sum()) < FEWEST:
        return FirstLook()
    shapes = {x: row for x, row in sheet.vocabularies["shapes"].items() if not is_turn(x)}
    families = (sheet.vocabularies["chars"], shapes)
    columns = np.array([row for family in families for row in family.values()])
    marks = (sheet.matrix[lines][:, columns] > 0).astype(np.float32)
    margins = _out_of_fold(marks, rest)
    kinds = chances[lines]
    kept = kinds.argmax(axis=1) != KINDS.index("chat")
    line = float(np.quantile(margins[kept], LOST))
    weights, bias = _fit(marks, rest)
    names = [name for family in families for name in family]
    strong = [
        {name: round(float(w), 4) for name, w in part if w}
        for part in _halves(names, weights, len(families[0]))
    ]
    return FirstLook(strong[0], strong[1], bias, line)


def _halves(names: Sequence[str], weights: Any, size: int) -> tuple[Any, Any]:
    pairs = list(zip(names, weights, strict=True))
    return pairs[:size], pairs[size:]


def _fit(marks: Any, rest: NDArray[np.bool_]) -> tuple[NDArray[Any], float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training only

    machine = LogisticRegression(C=COST, class_weight="balanced", max_iter=300)
    machine.fit(marks, rest)
    weights = np.where(np.abs(machine.coef_[0]) >= LEAST, machine.coef_[0], 0)
    return weights, float(machine.intercept_[0])


def _out_of_fold(marks: Any, rest: NDArray[np.bool_]) -> NDArray[Any]:
    order = np.random.default_rng(0).permutation(len(rest)) % FOLDS
    margins = np.zeros(len(rest))
    for fold in range(FOLDS):
        weights, bias = _fit(marks[order != fold], rest[order != fold])
        margins[order == fold] = marks[order == fold] @ weights + bias
    return margins
