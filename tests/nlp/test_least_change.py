"""The least change: products and transposes agree, goals are met, nothing moves for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import least_change
from nlp.least_change import Rows, Task, corrections
from nlp.model import Floats
from nlp.sheet import featured
from tests.nlp import small

FIRM = 0.5
TEXTS = ["路灯不亮", "电梯停了怎么办", "早上好", "xyz", ""]


def rows(texts: list[str]) -> Rows:
    model = small.model()
    return Rows(model, *featured(texts, model.sounds))


def matrix(own: Rows, texts: int, columns: int) -> Floats:
    """`times` as a plain matrix, a column a unit vector."""
    return np.hstack([own.times(np.eye(columns, 1, -i, dtype=np.float32)) for i in range(columns)])


@pytest.fixture(scope="module")
def plain() -> tuple[Rows, Floats]:
    own, model = rows(TEXTS), small.model()
    return own, matrix(own, len(TEXTS), len(model.weights) + len(model.dense) + 1)


def test_features_have_length_one(plain: tuple[Rows, Floats]) -> None:
    _, full = plain
    size = len(small.model().weights)
    np.testing.assert_allclose(np.linalg.norm(full[:, :size], axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(full[:, -1], 1)


def test_back_is_the_transpose(plain: tuple[Rows, Floats]) -> None:
    own, full = plain
    pulls = np.random.default_rng(0).normal(size=(len(TEXTS), 3)).astype(np.float32)
    np.testing.assert_allclose(own.back(pulls), full.T @ pulls, atol=1e-5)


def test_the_diagonal_is_the_diagonal(plain: tuple[Rows, Floats]) -> None:
    own, full = plain
    pulls = np.abs(np.random.default_rng(1).normal(size=(len(TEXTS), 1))).astype(np.float32)
    wanted = np.diag(full.T @ np.diag(pulls[:, 0]) @ full)
    np.testing.assert_allclose(own.diagonal(pulls)[:, 0], wanted, atol=1e-5)


def test_scores_are_those_of_the_model() -> None:
    model = small.model()
    documents, meanings = featured(TEXTS, model.sounds)
    found = model.score_many([model.rows(d) for d in documents], meanings)
    np.testing.assert_allclose(rows(TEXTS).scores(model), found, atol=1e-4)


def task(texts: list[str], signs: list[float], anchors: list[str]) -> Task:
    model, held = small.model(), rows(anchors)
    own = rows(texts)
    firmness = np.full((held.count, 1), FIRM, np.float32)
    weights = np.full((len(texts), 1), 6, np.float32)
    target = np.array(signs, np.float32)
    return Task(held, firmness, own, own.scores(model), {0: target, 7: -target}, weights)


def solved(own: Task, margin: float = 1) -> dict[int, Floats]:
    return corrections(own, np.full(len(own.prior), margin, np.float32), {})


def test_goals_are_nearly_met_and_the_corpus_hardly_moves() -> None:
    own = task(["路灯不亮真烦", "早上好呀"], [-1, 1], small.texts())
    change = solved(own)[0][:, None]
    after = own.prior[:, :1] + own.rows.times(change)
    assert after[0] < 0.3 < own.prior[0, 0]
    assert after[1] > 0.5 > own.prior[1, 0]
    assert np.abs(own.anchors.times(change)).mean() < np.abs(own.rows.times(change)).mean() / 4


def test_the_solution_is_where_the_slope_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(least_change, "CLOSE", 1e-8)
    own = task(["路灯不亮真烦", "早上好呀"], [-1, 1], small.texts()[:20])
    change = solved(own, 2)[0][:, None]
    signs = own.targets[0][:, None]
    goals = np.where(signs > 0, 2, 1).astype(np.float32)
    missing = np.maximum(0, goals - signs * (own.prior[:, :1] + own.rows.times(change)))
    slope = change + own.anchors.back(FIRM * own.anchors.times(change))
    slope -= own.rows.back(own.weights * signs * missing)
    assert np.linalg.norm(slope) < 0.01 * np.linalg.norm(change)


def test_what_is_right_already_changes_nothing() -> None:
    own = task(["早上好", "电梯坏了"], [0, 0], small.texts())
    assert solved(own) == {}


def test_starting_from_the_solution_stays_there() -> None:
    own = task(["路灯不亮真烦"], [-1], small.texts()[:20])
    first = solved(own)
    again = corrections(own, np.ones(1, np.float32), first)
    np.testing.assert_allclose(again[0], first[0], atol=0.02)
