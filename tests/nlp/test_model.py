"""The model file: what is written is read back, and nothing else is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlp.features import Features
from nlp.model import FORMAT, BadModelError, Model, load, save, starts_of


def small() -> Model:
    return Model(
        vocabularies={
            "chars": {"灯": 0, "水": 1},
            "words": {"路灯": 2},
            "sounds": {"登": 3},
            "shapes": {"len0": 4},
        },
        weights=np.arange(15, dtype=np.float32).reshape(5, 3) + 1,
        dense=np.ones((4, 2), np.float32),
        bias=np.array([0.5, -0.5], np.float32),
        judge=np.zeros((3, 2), np.float32),
        judge_bias=np.zeros(2, np.float32),
        blocks={"kind": (0, ("report", "chat"))},
        sounds={ord("灯"): "登"},
        meta={"version": 1, "knobs": {"line": 0.5}},
    )


def found(*chars: str) -> Features:
    return Features(list(chars), ["路灯"], [], ["len0"])


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "model.npz"
    model = small()
    save(model, path)
    again = load(path)
    assert again.vocabularies == model.vocabularies
    assert again.blocks == model.blocks
    assert again.sounds == model.sounds
    assert again.meta == model.meta
    steps = np.abs(model.weights[:, :-1]).max(axis=0) / 127
    assert (np.abs(again.weights - model.weights)[:, :-1] <= steps / 2 + 1e-6).all()
    np.testing.assert_array_equal(again.weights[:, -1], model.weights[:, -1])
    np.testing.assert_array_equal(again.bias, model.bias)
    assert again.names[2] == "路灯"


def test_rows_are_those_known_each_once() -> None:
    assert small().rows(found("灯", "灯", "火")) == [0, 2, 4]
    assert small().rows(Features([], [], [], [])) == [0]


def test_scores_follow_the_formula() -> None:
    model = small()
    meaning = np.array([1, 0, 0, 0], np.float32)
    scores = model.score_many([[0, 1], [2]], np.stack([meaning, meaning * 0]))
    total = model.weights[0] + model.weights[1]
    expected = total[:2] / np.sqrt(total[2]) + 1 + model.bias
    np.testing.assert_allclose(scores[0], expected, rtol=1e-5)
    alone = model.weights[2][:2] / np.sqrt(model.weights[2][2]) + model.bias
    np.testing.assert_allclose(scores[1], alone, rtol=1e-5)


@pytest.mark.parametrize(
    ("rows", "starts"), [([[1, 2], [3]], [0, 2]), ([[5]], [0]), ([[1], [2, 3], [4]], [0, 1, 3])]
)
def test_where_rows_begin(rows: list[list[int]], starts: list[int]) -> None:
    assert starts_of(rows) == starts


def test_columns_are_named() -> None:
    assert small().column("kind", "chat") == 1
    with pytest.raises(ValueError, match="tuple"):
        small().column("kind", "poem")


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    head = json.dumps({"format": FORMAT + 1}).encode()
    np.savez_compressed(path, head=np.frombuffer(head, np.uint8))
    with pytest.raises(BadModelError, match=str(FORMAT + 1)):
        load(path)


def test_nothing_that_runs_is_ever_read(tmp_path: Path) -> None:
    path = tmp_path / "pickled.npz"
    np.savez(path, head=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadModelError):
        load(path)


def test_other_arrays_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, x=np.zeros(3))
    with pytest.raises(BadModelError, match="head"):
        load(path)
