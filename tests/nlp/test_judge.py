"""The second look's inputs, and the word vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import judge, vectors
from nlp.danger_signs import SIGNS
from nlp.features import DOING

FLAGS = 3 + len(DOING) + len(SIGNS)


def first(texts: int) -> dict[str, judge.Floats]:
    rng = np.random.default_rng(0)
    sizes = {"kind": 6, "code": 102, "nature": 6, "urgent": 1}
    return {k: rng.normal(size=(texts, n)).astype(np.float32) for k, n in sizes.items()}


@pytest.mark.parametrize("texts", [1, 2, 64])
def test_a_row_a_text(texts: int) -> None:
    inputs = judge.evidence(first(texts), judge.flags_of(["着火了"] * texts), 5.0).inputs
    assert inputs.shape == (texts, 6 + 6 + 1 + FLAGS + 3 + 1 + 102)
    assert np.isfinite(inputs).all()


def test_the_best_codes_come_first() -> None:
    scores = first(3)
    inputs, order, sure = judge.evidence(scores, judge.flags_of(["", "", ""]), 5.0)
    best = -np.sort(-scores["code"], axis=1)
    np.testing.assert_allclose(inputs[:, 13 + FLAGS : 16 + FLAGS], best[:, :3])
    np.testing.assert_allclose(inputs[:, 16 + FLAGS], best[:, 0] - best[:, 1], rtol=1e-5)
    assert (order[:, 0] == scores["code"].argmax(axis=1)).all()
    assert ((sure > 0) & (sure <= 1)).all()


@pytest.mark.parametrize(
    ("text", "row"),
    [("楼道灯坏了", (0, 0)), ("厨房起火了", (1, 0)), ("去年厨房起火了", (1, 1)), ("去年", (0, 0))],
)
def test_flags(text: str, row: tuple[int, int]) -> None:
    assert tuple(judge.flags_of([text])[0][:2]) == row


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("高龄补贴怎么申请？", ("does how", "asks", "question")),
        ("建议装个路灯", ("does propose",)),
        ("物业天天不管", ("does blame",)),
        ("有人私自改燃气", ("does accuse",)),
        ("麻烦派人看看", ("does beg",)),
        ("上次报修过，还没好", ("does again", "does back")),
        ("楼道灯灭了", ()),
    ],
)
def test_what_sentences_do_is_flagged(text: str, does: tuple[str, ...]) -> None:
    row = judge.flags_of([text])[0][2 : 2 + len(DOING)]
    assert {name for name, on in zip(DOING, row, strict=True) if on} == set(does)


def test_what_would_take_a_danger_back_and_signs_are_flagged_by_themselves() -> None:
    calm, told, sign = judge.flags_of(["楼道灯坏了", "去年的事", "喊他没反应"])[:, 2 + len(DOING) :]
    assert not calm.any()
    assert told[0] == 1
    assert sign[0] == 0
    assert {name for name, on in zip(SIGNS, sign[1:], strict=True) if on} == {"lifeless"}


def test_forms_given_are_those_found() -> None:
    texts = ["建议装个路灯", "吃了吗"]
    given_forms = [["does propose"], ["asks", "len0"]]
    flags = judge.flags([set(), set()], given_forms)
    np.testing.assert_array_equal(flags, judge.flags_of(texts))


@given(st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=8))
def test_chances_are_chances(scores: list[float]) -> None:
    row = judge.chances(np.array([scores], np.float32))[0]
    assert row.sum() == pytest.approx(1, abs=1e-4)
    assert row[int(np.array(scores, np.float32).argmax())] == pytest.approx(row.max())


def test_vectors_of_texts_have_length_one() -> None:
    table = vectors.shared()
    meanings = table.of([["井盖", "坏"], ["路灯", "路灯", "ʘʘʘ"], ["路灯"]])
    assert meanings.shape == (3, table.size)
    np.testing.assert_allclose((meanings * meanings).sum(axis=1), 1, atol=1e-4)
    np.testing.assert_array_equal(meanings[1], meanings[2])


@pytest.mark.parametrize("words", [[], ["ʘʘʘ"], ["12", "!"]])
def test_unknown_words_mean_nothing(words: list[str]) -> None:
    meanings = vectors.shared().of([words, ["路灯"], words])
    assert not meanings[[0, 2]].any()
    assert meanings[1].any()
    assert vectors.shared().of([]).shape == (0, vectors.shared().size)


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
    own, like, other = vectors.shared().of([[one], [near], [far]])
    assert float(own @ like) > float(own @ other)
