"""Fitting: on a handful of lines, with every step that the real one takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp import fitting, sheet, sounds, train
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.model import save
from tests.nlp import small
from tests.nlp.small import lines


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> LinearClassifier:
    path: Path = tmp_path_factory.mktemp("model") / "own.npz"
    save(small.model(), path)
    return LinearClassifier.load(path)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("路灯黑了", "report", "0203"),
        ("垃圾桶臭", "report", "0101"),
        ("电梯停了", "report", "0404"),
        ("派单 9 供水", "command", ""),
    ],
)
def test_a_fitted_model_reads(
    classifier: LinearClassifier, text: str, kind: str, code: str
) -> None:
    reading = classifier.read(text)
    assert reading.kind == kind
    assert "".join(reading.codes[:1]) == code


def test_the_model_carries_its_own_figures(classifier: LinearClassifier) -> None:
    meta = classifier.meta
    assert set(meta["metrics"]) == {"kind", "code_top1", "code_top3"}
    assert meta["lines"] == len(lines())
    assert meta["corpus"] == train.digest(lines())


def test_the_digest_sees_labels_and_texts() -> None:
    one, other = Example("停水", "chat"), Example("停水", "notice")
    assert train.digest([one]) != train.digest([other])
    assert train.digest([one]) == train.digest([Example("停水", "chat")])


def test_a_fixed_share_of_talk_is_held_out() -> None:
    texts = [f"闲聊{i}" for i in range(4000)]
    share = sum(map(train.held_out, texts)) / len(texts)
    assert share == pytest.approx(train.HELD_OUT, abs=0.04)
    assert [train.held_out(t) for t in texts] == [train.held_out(t) for t in texts]


def test_without_shared_data_there_is_no_talk(tmp_path: Path) -> None:
    assert train.chit_chat(tmp_path / "absent.jsonl") == []


def test_talk_that_may_only_be_measured_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    rows = [f'{{"text": "行{i}", "source": "{s}"}}' for i in range(50) for s in ("lccc", "nus_sms")]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert {e.source for e in train.chit_chat(path)} == {"lccc"}


def test_rows_have_the_lengths_promised() -> None:
    table = sounds.table()
    own = sheet.vocabulary(*sheet.featured(["路灯不亮", "路灯坏了", "垃圾不收"], table))
    features = own.matrix[:, : len(own.weights)]
    norms = np.sqrt(np.asarray(features.multiply(features).sum(axis=1))).ravel()
    np.testing.assert_allclose(norms, 1, rtol=1e-4)


def test_heat_prefers_what_calibrates() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(500, 3))
    sure = np.eye(3)[scores.argmax(axis=1)]
    unsure = np.eye(3)[rng.integers(0, 3, 500)]
    assert fitting.heat(scores, sure) > fitting.heat(scores, unsure)


def test_lexicon_documents_teach_categories_only() -> None:
    examples = [*lines(), Example("灯泡", "report", ("0203",), source=fitting.LEXICON)]
    by_name = {task.name: task for task in fitting.tasks(examples)}
    assert len(by_name["kind"].members) == len(examples) - 1
    assert len(by_name["code"].counts[by_name["code"].counts < 1]) == 1
