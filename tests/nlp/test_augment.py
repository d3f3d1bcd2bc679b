"""Variations: always the same ones, marked, and never across folds."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import augment, fitting, train
from nlp.augment import NOTE, Variations, numbered, spoken, variants
from nlp.corpus import Example
from nlp.meant import Meant
from nlp.reading import KINDS

PLACES = ("东门", "西门", "幸福路", "解放路")
WAYS = Variations({"道": "到倒", "灯": "登"}, PLACES, ("楼道", "路灯"))


def line(text: str, *places: str) -> Example:
    return Example(text, "report", ("0203",), natures=("求助",), places=places, source="own")


def test_a_variant_keeps_its_labels_and_is_marked() -> None:
    source = line("东门路灯坏了3天", "东门")
    variant = WAYS.of(source)
    assert variant is not None
    assert variant.text != source.text
    assert (variant.kind, variant.codes, variant.natures) == ("report", ("0203",), ("求助",))
    assert (variant.note, variant.source, variant.places) == (NOTE, "own", ())


@given(st.text(alphabet="东门路灯楼道坏了3号,。啊 12", min_size=1, max_size=30))
def test_the_same_line_varies_the_same(text: str) -> None:
    assert WAYS.of(line(text)) == WAYS.of(line(text))
    variant = WAYS.of(line(text))
    assert variant is None or variant.text.strip()


@pytest.mark.parametrize(
    ("text", "left"), [("3号楼12层", "号楼层"), ("打119", "打119"), ("没有数字", "没有数字")]
)
def test_numbers_keep_their_size(text: str, left: str) -> None:
    other = numbered(line(text), random.Random(1))
    assert re.sub(r"\d", "", other) == re.sub(r"\d", "", text)
    assert len(other) == len(text)
    assert left in (re.sub(r"\d", "", other), other)


def test_particles_and_marks_change_no_word() -> None:
    texts = {spoken(line("路灯坏了，没人修。"), random.Random(i)) for i in range(20)}
    assert len(texts) > 2
    assert all("路灯坏了" in text and "没人修" in text for text in texts)


def test_a_slip_hits_a_word_of_the_domain() -> None:
    chances = [random.Random(seed) for seed in range(20)]
    slips = {WAYS._misheard(line("我家楼道的灯"), chance) for chance in chances}
    assert slips == {"我家楼到的灯", "我家楼倒的灯"}
    assert WAYS._misheard(line("知道了"), chances[0]) == ""


def test_a_share_of_the_lines_is_varied() -> None:
    lines = [line(f"第{i}天路灯没亮") for i in range(1000)]
    found = variants(lines, WAYS, 0.3)
    assert 220 < len(found) < 380
    assert all(lines[i].codes == variant.codes for i, variant in found)
    assert variants(lines, WAYS, 0.3, {"own"}) == []
    assert variants(lines, WAYS, 0.0) == []


def test_variants_stay_in_the_fold_of_their_source() -> None:
    """A variant that teaches its own source would show: the label is the text's alone."""
    rng = np.random.default_rng(3)
    lines = [Example(f"{i}", str(rng.choice(["report", "chat"]))) for i in range(200)]
    every = [*lines, *lines]
    rows = np.vstack([np.eye(200), np.eye(200)]).astype(np.float32)
    task = fitting.Task(
        "kind",
        KINDS,
        np.arange(400),
        np.array([[e.kind == kind for kind in KINDS] for e in every], np.int8),
        1.0,
        False,
        np.ones(400),
    )
    one, none = np.ones(1), np.zeros((1, 1), np.int8)
    code, major = (
        fitting.Task(name, (label,), np.arange(1), none, 1, False, one)
        for name, label in (("code", "0203"), ("major", "02"))
    )
    scores = fitting.out_of_fold([task, code, major], rows, every, list(range(200)))
    right = [KINDS[scores["kind"][i].argmax()] == e.kind for i, e in enumerate(lines)]
    assert np.mean(right) < 0.65


def test_homophones_are_of_everyday_use() -> None:
    lines = [line("灯登等道到")] * train.EVERYDAY + [line("蹬")]
    ways = train.variations(lines, Meant(words=("路灯",)))
    texts = {ways._misheard(line("路灯"), random.Random(seed)) for seed in range(40)}
    assert texts == {"路登", "路等"}


def test_variants_never_reach_the_second_look() -> None:
    assert augment.NOTE not in {e.note for e in fitting.lexicon_examples()}
