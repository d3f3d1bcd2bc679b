"""Fits the linear blocks and the second look: which lines teach what, and at what cost.

Needs scikit-learn (a development dependency); the running bot never imports this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import augment, corpus, judge
from nlp.corpus import Example
from nlp.reading import KINDS, NATURES
from nlp.sheet import Matrix
from nlp.taxonomy import load as load_taxonomy

FOLDS = 4
TRAINED_SOURCES = ("lccc", "kdconv", "crosswoz", "chatterbot")
"""Sources of ordinary talk whose licences let derived weights be shipped."""


@dataclass(frozen=True, slots=True)
class Task:
    """One block of columns: which examples teach it and their labels (several allowed)."""

    name: str
    labels: tuple[str, ...]
    members: NDArray[np.int64]
    targets: NDArray[np.int8]
    cost: float
    balanced: bool
    counts: NDArray[np.float64]


LEXICON = "lexicon"
"""`source` of the small documents made of lexicon entries: they teach 小类 and 大类 only."""
LEXICON_COUNT = 0.75
"""How much such a document counts beside a written line."""
VARIANT_COUNT = 0.5
"""The same for a variation of a line."""


def lexicon_examples() -> list[Example]:
    """Every entry of the domain lexicon as a document of its category."""
    entries = corpus.lexicon()
    return [Example(word, "report", (code,), source=LEXICON) for code, word in entries]


def tasks(examples: Sequence[Example]) -> list[Task]:
    """kind and urgent over all lines; nature over reports; code also over the lexicon."""
    lines = np.array([i for i, e in enumerate(examples) if e.source != LEXICON])
    coded = np.array([i for i, e in enumerate(examples) if e.codes])
    wishes = np.array([i for i, e in enumerate(examples) if e.natures])
    codes, majors = tuple(load_taxonomy().minors), tuple(load_taxonomy().majors)

    def task(
        name: str,
        labels: tuple[str, ...],
        members: NDArray[np.int64],
        values: Callable[[Example], Sequence[str]],
        cost: float,
        balanced: bool,
    ) -> Task:
        own = [examples[i] for i in members]
        counts = np.array([_count(e) for e in own])
        hot = _hot([values(e) for e in own], labels)
        return Task(name, labels, members, hot, cost, balanced, counts)

    return [
        task("kind", KINDS, lines, lambda e: (e.kind,), 1.0, True),
        task("code", codes, coded, lambda e: e.codes[:1], 0.5, False),
        task("major", majors, coded, lambda e: (e.codes[0][:2],), 0.3, False),
        task("nature", NATURES, wishes, lambda e: e.natures, 0.3, False),
        task("urgent", ("urgent",), lines, lambda e: ("urgent",) if e.urgent else (), 0.5, True),
    ]


def _count(example: Example) -> float:
    if example.source == LEXICON:
        return LEXICON_COUNT
    return VARIANT_COUNT if example.note == augment.NOTE else 1.0


def _hot(values: Sequence[Sequence[str]], labels: Sequence[str]) -> NDArray[np.int8]:
    hot = np.zeros((len(values), len(labels)), np.int8)
    for i, own in enumerate(values):
        for value in own:
            hot[i, labels.index(value)] = 1
    return hot


def fit(task: Task, rows: Matrix, chosen: NDArray[np.bool_]) -> tuple[Any, Any]:
    """(weights, bias) of a block from its members that are chosen."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - training only

    inside = chosen[task.members]
    x, y = rows[task.members[inside]], task.targets[inside]
    weights = np.zeros((x.shape[1], len(task.labels)), np.float32)
    bias = np.full(len(task.labels), -1.5, np.float32)
    for j in range(len(task.labels)):
        if y[:, j].any():
            how = "balanced" if task.balanced else None
            machine = LinearSVC(C=task.cost, class_weight=how, random_state=0)
            machine.fit(x, y[:, j], sample_weight=task.counts[inside])
            weights[:, j], bias[j] = machine.coef_[0], machine.intercept_[0]
    return weights, bias


MAJOR_SHARE = 0.5
"""How much of its 大类's score a 小类 gets."""


def scored(all_tasks: Sequence[Task], rows: Matrix, chosen: Any) -> dict[str, tuple[Any, Any]]:
    """Every block fitted; the 大类 block is folded into the 小类 block."""
    fitted = {task.name: fit(task, rows, chosen) for task in all_tasks}
    (weights, bias), (major_weights, major_bias) = fitted["code"], fitted.pop("major")
    labels = {task.name: task.labels for task in all_tasks}
    parent = [labels["major"].index(code[:2]) for code in labels["code"]]
    fitted["code"] = (
        weights + MAJOR_SHARE * major_weights[:, parent],
        bias + MAJOR_SHARE * major_bias[parent],
    )
    return fitted


def out_of_fold(
    all_tasks: Sequence[Task],
    rows: Matrix,
    examples: Sequence[Example],
    sources: Sequence[int] = (),
) -> dict[str, Any]:
    """Scores of every line by a model that has not seen it, a matrix a block.

    The lexicon is never left out; what is scored there means nothing. sources: of the last
    examples, which are variants, the lines that they vary and whose fold they share."""
    order = np.random.default_rng(0).permutation(len(examples) - len(sources)) % FOLDS
    order = np.concatenate([order, order[list(sources)]])
    order[[e.source == LEXICON for e in examples]] = FOLDS
    sizes = {task.name: len(task.labels) for task in all_tasks if task.name != "major"}
    scores = {name: np.zeros((rows.shape[0], size), np.float32) for name, size in sizes.items()}
    for fold in range(FOLDS):
        fitted = scored(all_tasks, rows, order != fold)
        for name, (weights, bias) in fitted.items():
            scores[name][order == fold] = rows[order == fold] @ weights + bias
    return scores


def heat(scores: Any, right: Any) -> float:
    """The factor on scores that makes their softmax best calibrated (least log loss)."""

    def loss(factor: float) -> float:
        heated = scores * factor
        heated = heated - heated.max(axis=1, keepdims=True)
        chances = np.exp(heated) / np.exp(heated).sum(axis=1, keepdims=True)
        return float(-np.log((chances * right).sum(axis=1) + 1e-9).mean())

    return float(min(np.arange(0.5, 12, 0.1), key=loss))


def knobs(all_tasks: Sequence[Task], scores: Mapping[str, Any]) -> dict[str, Any]:
    """The temperature of the 小类 from out-of-fold scores, and the decision lines."""
    code = next(task for task in all_tasks if task.name == "code")
    lines = code.counts == 1
    warm = heat(scores["code"][code.members[lines]], code.targets[lines])
    return {"code_heat": warm, **LINES}


LINES: dict[str, Any] = {
    "report_line": 0.5,
    "quoted_line": 0.8,
    "part_line": 0.7,
    "whole_line": 0.9,
    "urgent_line": 0.05,
    "urgent": [0.2, 0.0, -2.2, 0.5],
}
"""Decision lines: least P(report) for a report, the same when something is quoted, least
confidence of a part with its own matter, the 小类 chance from which on a message is not
divided, least P(report) for class E, and urgency.Lines: each where about four calls of five are
right out of fold, on a corpus full of look-alikes; two of three after grave words."""
TALK_COUNT = 3.0
"""How much a line of licensed chit-chat counts in the second look."""
URGENT_COUNT = 4.0
"""How many lines that are not urgent weigh as much as one that is."""


def judged(
    examples: Sequence[Example], scores: Mapping[str, Any], warm: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(weights, bias) of the second look, learned from out-of-fold first scores."""
    own = np.array([i for i, e in enumerate(examples) if e.source != LEXICON])
    lines = [examples[i] for i in own]
    first = {name: values[own] for name, values in scores.items()}
    inputs = judge.evidence(first, judge.flags_of([e.text for e in lines]), warm).inputs
    talk = np.array([TALK_COUNT if e.source in TRAINED_SOURCES else 1.0 for e in lines])
    wishes = np.array([i for i, e in enumerate(lines) if e.natures])
    danger = np.array([URGENT_COUNT if e.urgent else 1.0 for e in lines])
    kinds = np.array([KINDS.index(e.kind) for e in lines])
    wished = _hot([lines[i].natures for i in wishes], NATURES)
    urgent = np.array([int(e.urgent) for e in lines])
    parts = (
        _logistic(inputs, kinds, talk, len(KINDS)),
        *(_logistic(inputs[wishes], column, np.ones(len(wishes)), 1) for column in wished.T),
        _logistic(inputs, urgent, danger, 1),
    )
    return np.hstack([w for w, _ in parts]), np.concatenate([b for _, b in parts])


NEVER = -20.0
"""Bias of a label that no line teaches."""


def _logistic(inputs: Any, labels: Any, counts: Any, size: int) -> tuple[Any, Any]:
    """(weights, bias) with a column a label; size 1: the margin of label 1 alone."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training only

    weights = np.zeros((inputs.shape[1], size), np.float32)
    bias = np.full(size, NEVER, np.float32)
    present = np.unique(labels)
    if len(present) < 2:  # noqa: PLR2004 - nothing to tell apart
        if size > 1 or present.any():
            bias[present if size > 1 else 0] = 0.0
        return weights, bias
    machine = LogisticRegression(C=1.0, max_iter=400)
    machine.fit(inputs, labels, sample_weight=counts)
    if size == 1:
        return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)
    slopes, offsets = machine.coef_.T, machine.intercept_
    if len(present) < 3:  # noqa: PLR2004 - two labels share one margin
        slopes, offsets = np.hstack([-slopes, slopes]) / 2, np.r_[-offsets, offsets] / 2
    weights[:, present], bias[present] = slopes, offsets
    return weights, bias
