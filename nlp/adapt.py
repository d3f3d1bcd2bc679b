"""The shipped model corrected by lessons of a site: the least change that reads them right.

The talk that the shipped model learned from may not be shipped, so the model itself speaks for it:
on the corpus its scores must stay, on the lessons they must come right. Only numpy is needed; the
result is always made from the shipped model, never from an adapted one, so nothing drifts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.features import Features
from nlp.first_look import FirstLook
from nlp.least_change import MARGIN, Rows, Task, corrections
from nlp.lessons import Taught, Weighed, weighed
from nlp.model import FAMILIES, Floats, Model
from nlp.sheet import FAMILY_WEIGHTS, MEANING_SHARE, featured

Tell = Callable[[float], None]
"""Called with the share that is done, 0..1."""

ANCHOR, URGENT_ANCHOR = 0.5, 10.0
"""How much it costs to move the score of a corpus line, and of one about an emergency, beside
the weights' own length of 1."""
FORCE = 2.0
"""How much it costs to leave a lesson below its margin."""
ROUNDS = 3
"""How often what still reads wrong is asked for a wider margin."""
FEATURES_SHARE = 0.2
"""Share of the work that is done when all texts are taken apart."""
LEAST_LESSONS, LEAST_TICKETS = 2, 2
"""A new word is learned from at least so many lessons of so many tickets."""
_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")


@dataclass(frozen=True, slots=True)
class Adapted:
    """The corrected model, and what went into it. lessons: how many counted; words: new ones."""

    model: Model
    lessons: int
    words: tuple[str, ...]


def adapt(
    model: Model,
    corpus: Sequence[Example],
    lessons: Sequence[Taught],
    *,
    speakable: Callable[[str], bool] = lambda _word: True,
    tell: Tell = lambda _share: None,
) -> Adapted:
    """The model corrected so that it reads the lessons right and the corpus as before.

    speakable: whether a word may be learned by name (no person's, nothing private)."""
    chosen = weighed(lessons)
    if not chosen:
        return Adapted(model, 0, ())
    taught = featured([one.lesson.text for one in chosen], model.sounds, model.meant)
    texts = [e.text for e in corpus]
    known = featured(texts, model.sounds, model.meant) if texts else ([], _nothing(model))
    tell(FEATURES_SHARE)
    words = new_words(model, [one.lesson for one in chosen], taught[0], speakable)
    wider = replace(widened(model, words), first_look=_opened(model, chosen, taught[0]))
    task = _task(wider, Rows(wider, *known), corpus, Rows(wider, *taught), chosen)
    margins = np.full(len(chosen), MARGIN, np.float32)
    changes: dict[int, Floats] = {}
    for turn in range(1, ROUNDS + 1):
        changes = corrections(task, margins, changes)
        fitted = _changed(wider, changes)
        tell(FEATURES_SHARE + (1 - FEATURES_SHARE) * turn / ROUNDS)
        wrong = ~read_right(fitted, [one.lesson for one in chosen])
        if not wrong.any():
            break
        margins[wrong] *= 2
    tell(1.0)
    return Adapted(fitted, len(chosen), words)


def read_right(model: Model, lessons: Sequence[Taught]) -> NDArray[np.bool_]:
    """Which of the lessons the model reads as taught."""
    readings = LinearClassifier(model).read_batch([lesson.text for lesson in lessons])
    return np.array(
        [
            reading.kind == lesson.kind and (not lesson.code or reading.codes[0] == lesson.code)
            for lesson, reading in zip(lessons, readings, strict=True)
        ]
    )


def new_words(
    model: Model,
    lessons: Sequence[Taught],
    documents: Sequence[Features],
    speakable: Callable[[str], bool],
) -> tuple[str, ...]:
    """Words that the model does not know and that several tickets had, in order."""
    seen: dict[str, list[str]] = {}
    for lesson, document in zip(lessons, documents, strict=True):
        for word in set(document.words):
            if word not in model.vocabularies["words"] and _WORD.fullmatch(word):
                seen.setdefault(word, []).append(lesson.ticket)
    often = [
        word for word, tickets in seen.items()
        if len(tickets) >= LEAST_LESSONS and len(set(tickets)) >= LEAST_TICKETS
    ]  # fmt: skip
    return tuple(sorted(word for word in often if speakable(word)))


def widened(model: Model, words: Sequence[str]) -> Model:
    """The model with a row, still without weight, for every new word."""
    if not words:
        return model
    size = len(model.weights)
    rarity = (np.log(1 + int(model.meta.get("lines", 0))) + 1) * FAMILY_WEIGHTS["words"]
    fresh = np.zeros((len(words), model.weights.shape[1]), np.float32)
    fresh[:, -1] = rarity**2
    own = {**model.vocabularies["words"], **{w: size + i for i, w in enumerate(words)}}
    return replace(
        model,
        vocabularies={**{f: model.vocabularies[f] for f in FAMILIES}, "words": own},
        weights=np.vstack([model.weights, fresh]),
        names=(*model.names, *words),
    )


def _opened(model: Model, chosen: Sequence[Weighed], documents: Sequence[Features]) -> FirstLook:
    """The first look, which must not end what a lesson says is no talk."""
    look = model.first_look
    pairs = zip(chosen, documents, strict=True)
    said = [document for one, document in pairs if one.lesson.kind != "chat"]
    return look.opened(look.margin({*document.chars}, document.shapes) for document in said)


def _nothing(model: Model) -> Floats:
    return np.zeros((0, len(model.dense)), np.float32)


def _task(
    model: Model, anchors: Rows, corpus: Sequence[Example], rows: Rows, chosen: Sequence[Weighed]
) -> Task:
    firm = [[URGENT_ANCHOR if example.urgent else ANCHOR] for example in corpus]
    firmness = np.array(firm, np.float32).reshape(len(corpus), 1)
    weights = np.array([[one.weight * FORCE] for one in chosen], np.float32)
    return Task(anchors, firmness, rows, rows.scores(model), _targets(model, chosen), weights)


def _targets(model: Model, chosen: Sequence[Weighed]) -> dict[int, Floats]:
    """Column → +1, -1 or 0 (says nothing) for every lesson, of columns that any speaks about."""
    targets: dict[int, Floats] = {}
    for block, (first, labels) in model.blocks.items():
        wanted = [getattr(one.lesson, block, "") for one in chosen]
        speaks = np.array([label in labels for label in wanted])
        for j, label in enumerate(labels if speaks.any() else ()):
            hits = np.array([label == own for own in wanted])
            signs = np.where(speaks, np.where(hits, 1, -1), 0)
            targets[first + j] = signs.astype(np.float32)
    return targets


def _changed(model: Model, changes: Mapping[int, Floats]) -> Model:
    """The model with these changes of its columns, rarity folded in as everywhere."""
    weights, dense, bias = model.weights.copy(), model.dense.copy(), model.bias.copy()
    rarity, size = np.sqrt(model.weights[:, -1]), len(model.weights)
    for column, change in changes.items():
        weights[:, column] += (change[:size] * rarity).astype(np.float32)
        dense[:, column] += (change[size:-1] * MEANING_SHARE).astype(np.float32)
        bias[column] += np.float32(change[-1])
    return replace(model, weights=weights, dense=dense, bias=bias)
