"""The first look: cheap, and never at odds with reading in full."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import corpus, first_look_fitting, model
from nlp.classify import LinearClassifier
from nlp.features import written
from nlp.first_look import FirstLook, chance
from nlp.model import load, save
from nlp.normalise import normalise
from nlp.reading import KINDS
from nlp.sheet import featured, vocabulary
from tests.nlp.small import lines
from tests.nlp.small import model as small


@pytest.fixture(scope="module")
def staged() -> LinearClassifier:
    return LinearClassifier.load()


@pytest.fixture(scope="module")
def full() -> LinearClassifier:
    return LinearClassifier(replace(model.load(), first_look=FirstLook()))


def test_margins_add_up_each_sign_once() -> None:
    look = FirstLook({"灯": 2.0, "早": -1.0}, {"asks": 0.5}, bias=-0.25)
    assert look.margin({"灯", "x"}, []) == 1.75
    assert look.margin({"早"}, ["asks", "asks"]) == -0.75
    assert look.margin(set(), []) == -0.25


def test_an_empty_one_lets_everything_through() -> None:
    assert FirstLook().margin({"灯"}, []) >= FirstLook().line


@given(st.floats(-1000, 1000))
def test_the_chance_is_one(margin: float) -> None:
    assert 0 <= chance(margin) <= 1
    assert chance(margin) >= chance(margin + 1)


def test_reports_and_kinds_are_as_in_full(staged: LinearClassifier, full: LinearClassifier) -> None:
    texts = [e.text for e in corpus.shipped()[::7]]
    pairs = list(zip(staged.read_batch(texts), full.read_batch(texts), strict=True))
    other = [(a, b) for a, b in pairs if a.kind != b.kind]
    assert len(other) <= 0.004 * len(pairs)
    assert not [b for a, b in other if b.urgent]
    same = [(a, b) for a, b in pairs if a.kind == b.kind == "report"]
    assert len(same) > 500
    for a, b in same:
        assert replace(a, confidence=0) == replace(b, confidence=0)
        assert a.confidence == pytest.approx(b.confidence, abs=1e-4)


def test_most_talk_ends_there(staged: LinearClassifier) -> None:
    look = model.load().first_look
    texts = ["周末去看电影吧，听说挺好看的", "我喜欢周杰伦的歌", "哈哈哈哈你太逗了"]
    seen = [written(normalise(text)) for text in texts]
    assert all(look.margin(own.signs, own.forms) < look.line for own in seen)
    assert all(staged.read(text).kind == "chat" for text in texts)
    assert 0 < len(look.forms) < len(look.signs)


def test_it_can_be_opened_for_texts() -> None:
    look = FirstLook({"灯": 2.0}, {}, bias=-3.0, line=0.0)
    assert look.opened([-1.0, 4.0]).line == -1.0
    assert look.opened([4.0]) == look == look.opened([])


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    own = replace(small(), first_look=FirstLook({"灯": 1.5}, {"asks": -0.5}, 0.25, -2.0))
    path = tmp_path / "own.npz"
    save(own, path)
    assert load(path).first_look == own.first_look
    assert load(path).meant == own.meant


def test_too_few_lines_teach_nothing() -> None:
    few = lines()[:20]
    sheet = vocabulary(*featured([e.text for e in few], {}))
    chances = np.full((len(few), len(KINDS)), 1 / len(KINDS))
    assert first_look_fitting.fitted(few, sheet, chances) == FirstLook()


def test_what_is_fitted_keeps_reports() -> None:
    many = [e for e in lines() if e.kind in ("report", "chat")] * 4
    sheet = vocabulary(*featured([e.text for e in many], {}))
    chances = np.array([[float(e.kind == kind) for kind in KINDS] for e in many])
    look = first_look_fitting.fitted(many, sheet, chances)
    assert look.signs["灯"] > 0 > look.signs["早"]
    report, talk = (written(text) for text in ("路灯坏了", "早上好"))
    assert look.margin(report.signs, report.forms) > look.margin(talk.signs, talk.forms)
