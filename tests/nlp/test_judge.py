"""The second look's inputs, and the word vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import judge, vectors


def first(texts: int) -> dict[str, judge.Floats]:
    rng = np.random.default_rng(0)
    sizes = {"kind": 6, "code": 102, "nature": 6, "urgent": 1}
    return {k: rng.normal(size=(texts, n)).astype(np.float32) for k, n in sizes.items()}


@pytest.mark.parametrize("texts", [1, 2, 64])
def test_a_row_a_text(texts: int) -> None:
    inputs = judge.evidence(first(texts), judge.flags(["着火了"] * texts), 5.0).inputs
    assert inputs.shape == (texts, 6 + 6 + 1 + 2 + 3 + 1 + 102)
    assert np.isfinite(inputs).all()


def test_the_best_codes_come_first() -> None:
    scores = first(3)
    inputs, order, sure = judge.evidence(scores, judge.flags(["", "", ""]), 5.0)
    best = -np.sort(-scores["code"], axis=1)
    np.testing.assert_allclose(inputs[:, 15:18], best[:, :3])
    np.testing.assert_allclose(inputs[:, 18], best[:, 0] - best[:, 1], rtol=1e-5)
    assert (order[:, 0] == scores["code"].argmax(axis=1)).all()
    assert ((sure > 0) & (sure <= 1)).all()


@pytest.mark.parametrize(
    ("text", "row"),
    [("楼道灯坏了", (0, 0)), ("厨房起火了", (1, 0)), ("去年厨房起火了", (1, 1)), ("去年", (0, 0))],
)
def test_flags(text: str, row: tuple[int, int]) -> None:
    assert tuple(judge.flags([text])[0]) == row


@given(st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=8))
def test_chances_are_chances(scores: list[float]) -> None:
    row = judge.chances(np.array([scores], np.float32))[0]
    assert row.sum() == pytest.approx(1, abs=1e-4)
    assert row[int(np.array(scores, np.float32).argmax())] == pytest.approx(row.max())


def test_vectors_of_texts_have_length_one() -> None:
    table = vectors.shared()
    meaning = table.of(["井盖", "坏"])
    assert meaning.shape == (table.size,)
    assert float(meaning @ meaning) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("words", [[], ["ʘʘʘ"], ["12", "!"]])
def test_unknown_words_mean_nothing(words: list[str]) -> None:
    assert not vectors.shared().of(words).any()


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("垃圾", "废品", "工资"),
        ("大夫", "医生", "路灯"),
        ("警察", "公安", "暖气"),
        ("小狗", "猫", "合同"),
    ],
)
def test_like_words_lie_near(one: str, near: str, far: str) -> None:
    of = vectors.shared().of
    assert float(of([one]) @ of([near])) > float(of([one]) @ of([far]))
