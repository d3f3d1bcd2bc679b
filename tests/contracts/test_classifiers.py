"""What every classifier promises: a reading for any text, in the words of the taxonomy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Classifier
from nlp import taxonomy
from nlp.classify import LinearClassifier
from nlp.reading import KINDS, NATURES, Reading
from tests.bot.loops import Deaf
from tests.contracts.channel import ODD_TEXTS
from tests.crash_child import Scripted

SENTENCES = (
    "3号楼2单元楼道灯坏了", "收到", "我家也是", "谢谢大家", "燃气味很大，快来人", "明天停水通知",
    "进度 12", "路灯不亮，垃圾也没人收", "3-2-501漏水，电话13812345678", "报修 3号楼 灯坏了",
)  # fmt: skip


def check(reading: Reading, text: str) -> None:
    """A reading is one that the rest of the bot can work with."""
    known = taxonomy.load()
    assert reading.kind in KINDS
    assert reading.nature in {*NATURES, ""}
    assert 0 <= reading.confidence <= 1
    assert len(reading.candidates) <= 3
    for code in (*reading.codes, *reading.candidates):
        assert known.minor(code) is not None
    assert len(set(reading.codes)) == len(reading.codes)
    for issue in reading.issues:
        assert 0 <= issue.start <= issue.end <= len(text)
        assert known.minor(issue.code) is not None


@pytest.fixture(scope="module")
def linear() -> LinearClassifier:
    return LinearClassifier.load()


class ClassifierContract:
    classifier: Classifier

    @pytest.mark.parametrize("text", [*ODD_TEXTS, *SENTENCES, "长" * 6000])
    def test_any_text_has_a_reading(self, text: str) -> None:
        check(self.classifier.read(text), text)

    @settings(
        deadline=None, max_examples=40, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(text=st.text(max_size=60))
    def test_generated_texts_have_a_reading(self, text: str) -> None:
        check(self.classifier.read(text), text)

    @pytest.mark.parametrize("text", SENTENCES)
    def test_the_same_text_is_read_the_same(self, text: str) -> None:
        assert self.classifier.read(text) == self.classifier.read(text)

    @pytest.mark.parametrize("words", [(), ("小广场", "东门"), ("",)])
    def test_the_words_of_a_group_are_taken(self, words: tuple[str, ...]) -> None:
        check(self.classifier.read("小广场的灯坏了", words), "小广场的灯坏了")

    def test_many_at_once_is_the_same_as_one_by_one(self) -> None:
        read, batch = self.classifier.read, self.classifier.read_batch
        words = [("小广场",)] * len(SENTENCES)
        quoted = ["路灯不亮" if n % 2 else "" for n in range(len(SENTENCES))]
        alone = [read(*one) for one in zip(SENTENCES, words, quoted, strict=True)]
        for a, b in zip(alone, batch(SENTENCES, words, quoted), strict=True):
            assert (a.kind, a.codes, a.places) == (b.kind, b.codes, b.places)
        plain = [read(text) for text in SENTENCES]
        assert [r.kind for r in batch(SENTENCES)] == [r.kind for r in plain]
        assert batch([]) == []

    @pytest.mark.parametrize("more", [{"words": [()]}, {"quoted": ["", "", ""]}])
    def test_what_is_not_one_a_text_is_refused(self, more: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"argument|shorter|longer"):
            self.classifier.read_batch(["早", "晚"], **more)


class TestLinearClassifier(ClassifierContract):
    @pytest.fixture(autouse=True)
    def _load(self, linear: LinearClassifier) -> None:
        self.classifier = linear


class TestDeaf(ClassifierContract):
    classifier = Deaf()


class TestScripted(ClassifierContract):
    classifier = Scripted()
