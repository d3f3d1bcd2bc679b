"""Adapting: lessons come right, their kind of sentence too, the rest stays; which words are new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp import adapt
from nlp.adapt import adapt as fitted
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.features import Features
from nlp.least_change import Rows
from nlp.lessons import Taught
from nlp.model import load, save
from nlp.sheet import featured
from tests.nlp import small
from tests.nlp.small import lesson

IRON = [
    lesson("门口铁疙瘩罢工了", "report", "0404"),
    lesson("铁疙瘩又罢工", "report", "0404"),
    lesson("二单元那个铁疙瘩罢工", "report", "0404"),
]
JOKE = [lesson("垃圾时间快结束啦", "chat"), lesson("垃圾时间没人看球", "chat")]


def reader(lessons: list[Taught]) -> LinearClassifier:
    return LinearClassifier(fitted(small.model(), small.once(), lessons).model)


def test_without_lessons_the_model_is_the_shipped_one() -> None:
    assert fitted(small.model(), small.once(), []).model is small.model()
    both = [lesson("灯", "chat"), lesson("灯", "report", "0203")]
    assert fitted(small.model(), small.once(), both).model is small.model()


@pytest.mark.parametrize("lessons", [IRON, JOKE, [*IRON, *JOKE]])
def test_lessons_come_right(lessons: list[Taught]) -> None:
    found = fitted(small.model(), small.once(), lessons)
    assert adapt.read_right(found.model, lessons).all()
    assert found.lessons == len(lessons)
    assert not adapt.read_right(small.model(), lessons).all()


def test_the_same_kind_of_sentence_comes_right() -> None:
    reading = reader(IRON).read("三单元铁疙瘩罢工")
    assert (reading.kind, reading.codes) == ("report", ("0404",))


def test_what_the_corpus_says_stays() -> None:
    before = LinearClassifier(small.model()).read_batch(small.texts())
    after = reader([*IRON, *JOKE]).read_batch(small.texts())
    assert [(r.kind, r.codes) for r in after] == [(r.kind, r.codes) for r in before]


def test_the_corpus_holds_its_scores_and_emergencies_more_firmly() -> None:
    own = [
        Example(text, "report", ("0101",)) for text in ("垃圾时间长", "垃圾没人看", "比赛结束啦")
    ]
    urgent = [replace(example, urgent=True) for example in own]

    def moved(corpus: list[Example]) -> float:
        model = fitted(small.model(), corpus, JOKE).model
        before, after = (
            Rows(one, *featured([e.text for e in own], one.sounds)).scores(one)
            for one in (adapt.widened(small.model(), ()), model)
        )
        return float(np.abs(after - before).sum())

    assert moved(urgent) < 0.6 * moved(own) < 0.6 * moved([])


def test_only_what_lessons_speak_of_changes() -> None:
    model, size = fitted(small.model(), small.once(), JOKE).model, len(small.model().weights)
    moved = {
        name for name, (first, labels) in model.blocks.items()
        if not np.array_equal(
            model.weights[:size, first : first + len(labels)],
            small.model().weights[:, first : first + len(labels)],
        )
    }  # fmt: skip
    assert moved == {"kind"}
    np.testing.assert_array_equal(model.judge, small.model().judge)


def test_fitting_is_the_same_every_time() -> None:
    one, two = (fitted(small.model(), small.once(), IRON).model for _ in range(2))
    np.testing.assert_array_equal(one.weights, two.weights)


def test_the_given_model_is_left_alone() -> None:
    before = small.model().weights.copy()
    fitted(small.model(), small.once(), IRON)
    np.testing.assert_array_equal(small.model().weights, before)


def test_progress_is_told_from_little_to_all() -> None:
    told: list[float] = []
    fitted(small.model(), small.once(), IRON, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_an_adapted_model_is_saved_and_read_like_any(tmp_path: Path) -> None:
    found = fitted(small.model(), small.once(), [*IRON, *JOKE])
    save(found.model, tmp_path / "own.npz")
    assert adapt.read_right(load(tmp_path / "own.npz"), [*IRON, *JOKE]).all()


def document(*words: str) -> Features:
    return Features([], list(words), [], [])


WORDS = [
    (("罢工", "罢工"), ("a", "b"), ("罢工",)),
    (("罢工",), ("a",), ()),
    (("罢工", "罢工"), ("a", "a"), ()),
    (("电梯", "电梯"), ("a", "b"), ()),
    (("1381234", "1381234"), ("a", "b"), ()),
    (("罢", "罢"), ("a", "b"), ()),
    (("abc", "abc"), ("a", "b"), ()),
    (("李小红", "李小红"), ("a", "b"), ()),
]


@pytest.mark.parametrize(("words", "tickets", "learned"), WORDS)
def test_which_words_are_new(
    words: tuple[str, ...], tickets: tuple[str, ...], learned: tuple[str, ...]
) -> None:
    lessons = [lesson("灯", "chat", ticket=ticket) for ticket in tickets]
    found = adapt.new_words(
        small.model(), lessons, [document(word, word) for word in words], lambda w: w != "李小红"
    )
    assert found == learned


def test_a_new_word_gets_a_row_that_is_used(tmp_path: Path) -> None:
    wider = adapt.widened(small.model(), ["罢工"])
    assert wider.vocabularies["words"]["罢工"] == len(small.model().weights)
    assert wider.names[-1] == "罢工"
    assert wider.weights[-1, -1] > 0
    assert not wider.weights[-1, :-1].any()
    save(wider, tmp_path / "wider.npz")
    assert load(tmp_path / "wider.npz").vocabularies["words"]["罢工"] == len(wider.weights) - 1


def test_words_of_one_matter_are_not_learned_by_name() -> None:
    same = [one._replace(ticket="12") for one in IRON]
    assert "罢工" not in fitted(small.model(), small.once(), same).words
    assert "罢工" in fitted(small.model(), small.once(), IRON).words
