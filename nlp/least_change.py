"""The least change of a model's columns that brings the scores of some texts where they belong.

Numbers only: which texts, and which scores are right, is said by adapt.py. Needs only numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features
from nlp.model import Floats, Model, starts_of
from nlp.sheet import MEANING_SHARE

MARGIN = 1.0
TOGETHER = 8
"""Columns solved side by side: the texts are gone through once for all of them."""
NEWTON = 4
STEPS = 30
"""Newton steps of one column and conjugate-gradient steps of each; fewer do as a rule."""
CLOSE = 1e-3
"""How close to the solution is close enough, as a share of the goal's squared length."""
PORTION = 400
"""Texts scored at once."""


class Rows:
    """Texts over a model's vocabulary: features of length 1, then the meaning, then a one.

    Kept by text and, for the transpose, by feature: both products are one gather and one sum."""

    def __init__(self, model: Model, documents: Sequence[Features], meanings: Floats) -> None:
        rows = [model.rows(document) for document in documents]
        self.count, self._size, self.meanings = len(rows), len(model.weights), meanings
        self.starts = np.array(starts_of(rows) if rows else [], np.intp)
        self.indices = np.array([row for own in rows for row in own], np.intp)
        squares = model.weights[self.indices, -1]
        owner = np.repeat(np.arange(len(rows)), [len(own) for own in rows]).astype(np.intp)
        lengths = np.sqrt(np.bincount(owner, squares, minlength=len(rows))).astype(np.float32)
        self._values = np.sqrt(squares) / lengths[owner]
        order = np.argsort(self.indices, kind="stable")
        self._owners, self._shares = owner[order], self._values[order]
        self._features, self._firsts = np.unique(self.indices[order], return_index=True)

    def scores(self, model: Model) -> Floats:
        """What the model's columns score for every text."""
        parts = []
        for first in range(0, self.count, PORTION):
            starts = self.starts[first : first + PORTION]
            end = self.starts[first + PORTION] if first + PORTION < self.count else None
            gathered = model.weights[self.indices[starts[0] : end]]
            totals = np.add.reduceat(gathered, starts - starts[0], axis=0)
            parts.append(totals[:, :-1] / np.sqrt(totals[:, -1:]))
        scores: Floats = np.vstack(parts) + self.meanings @ model.dense + model.bias
        return scores

    def times(self, changes: Floats) -> Floats:
        """By how much changes of some columns, one beside the other, move every text's scores."""
        if not self.count:
            return np.zeros((0, changes.shape[1]), np.float32)
        shares = changes.take(self.indices, axis=0)
        shares *= self._values[:, None]
        moved = np.add.reduceat(shares, self.starts, axis=0)
        moved += self.meanings @ changes[self._size : -1] * MEANING_SHARE + changes[-1]
        return np.asarray(moved, np.float32)

    def back(self, pulls: Floats) -> Floats:
        """The transpose of `times`: pulls on the texts as pulls on the columns."""
        return self._gathered(self._shares, self.meanings, pulls)

    def diagonal(self, pulls: Floats) -> Floats:
        """The diagonals of `back(pulls * times(…))`."""
        return self._gathered(self._shares**2, self.meanings**2 * MEANING_SHARE, pulls)

    def _gathered(self, shares: Floats, meanings: Floats, pulls: Floats) -> Floats:
        size = self._size
        whole = np.zeros((size + meanings.shape[1] + 1, pulls.shape[1]), np.float32)
        if self.count:
            spread = pulls.take(self._owners, axis=0)
            spread *= shares[:, None]
            whole[self._features] = np.add.reduceat(spread, self._firsts, axis=0)
            whole[size:-1] = meanings.T @ pulls * MEANING_SHARE
            whole[-1] = pulls.sum(axis=0)
        return whole


@dataclass(frozen=True)
class Task:
    """The texts to hold and how firmly, the lessons, their first scores, what is right in which
    column, how much each lesson counts. firmness, weights: a number a text, as a column."""

    anchors: Rows
    firmness: Floats
    rows: Rows
    prior: Floats
    targets: dict[int, Floats]
    weights: Floats

    @cached_property
    def held(self) -> Floats:
        """How firmly the texts hold every feature."""
        return self.anchors.diagonal(self.firmness)


def corrections(task: Task, margins: Floats, before: dict[int, Floats]) -> dict[int, Floats]:
    """The change of every column that some lesson is not content with; `before` to start from."""
    wanted = {
        column: _goals(signs, margins)
        for column, signs in task.targets.items()
        if column in before or _below(signs, task.prior[:, column], _goals(signs, margins)).any()
    }
    changes: dict[int, Floats] = {}
    blank = np.zeros(len(task.held), np.float32)
    for columns in _portions(list(wanted)):
        first = np.stack([before.get(column, blank) for column in columns], axis=1)
        goals = np.stack([wanted[column] for column in columns], axis=1)
        signs = np.stack([task.targets[column] for column in columns], axis=1)
        solved = _solve(task, task.prior[:, columns], signs, goals, first)
        changes.update((column, solved[:, i]) for i, column in enumerate(columns))
    return changes


def _portions(columns: list[int]) -> list[list[int]]:
    return [columns[i : i + TOGETHER] for i in range(0, len(columns), TOGETHER)]


def _goals(signs: Floats, margins: Floats) -> Floats:
    """The score that the right label must reach, and how far the others must stay below zero."""
    goals: Floats = np.where(signs > 0, margins, margins - MARGIN)
    return goals


def _below(signs: Floats, scores: Floats, goals: Floats) -> NDArray[np.bool_]:
    """Where a score does not reach its goal."""
    below: NDArray[np.bool_] = (signs != 0) & (signs * scores < goals)
    return below


def _solve(task: Task, start: Floats, signs: Floats, goals: Floats, change: Floats) -> Floats:
    """argmin |d|² + Σ corpus firmness·(x·d)² + Σ lessons weight·max(0, goal - sign·score)² for some
    columns, by Newton steps: the lessons below their goal are a quadratic problem of their own."""
    below = _below(signs, start + task.rows.times(change), goals)
    for _ in range(NEWTON):
        pull = np.where(below, task.weights, np.float32(0))

        def curve(d: Floats, pull: Floats = pull) -> Floats:
            held = task.anchors.back(task.firmness * task.anchors.times(d))
            return d + held + task.rows.back(pull * task.rows.times(d))

        aim = task.rows.back(pull * (signs * goals - start))
        steep = 1 + task.held + task.rows.diagonal(pull)
        change = _conjugate(curve, aim, change, steep)
        active = below
        below = _below(signs, start + task.rows.times(change), goals)
        if (below == active).all():
            break
    return change


def _conjugate(
    curve: Callable[[Floats], Floats], aim: Floats, start: Floats, steep: Floats
) -> Floats:
    """Solve curve(x) = aim, column by column, by conjugate gradients preconditioned by `steep`."""
    x, rest = start.copy(), aim - curve(start)
    eased = rest / steep
    way, size = eased, (rest * eased).sum(axis=0)
    enough = CLOSE * (aim * aim / steep).sum(axis=0)
    for _ in range(STEPS):
        open_ = size > enough
        if not open_.any():
            break
        bent = curve(way)
        step = _ratio(size, (way * bent).sum(axis=0), open_)
        x += step * way
        rest -= step * bent
        eased = rest / steep
        fresh = (rest * eased).sum(axis=0)
        way, size = eased + _ratio(fresh, size, open_) * way, fresh
    return x


def _ratio(above: Floats, under: Floats, where: NDArray[np.bool_]) -> Floats:
    """above ÷ under, 0 where a column is solved."""
    result: Floats = np.divide(above, under, out=np.zeros_like(above), where=where & (under > 0))
    return result
