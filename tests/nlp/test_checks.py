"""The lines that measure the models: sound, spread over everything, apart from the corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from nlp import corpus
from nlp.corpus import Example
from nlp.fitting import lexicon_examples
from nlp.reading import KINDS, NATURES
from nlp.taxonomy import load as load_taxonomy

LEAST_PER_MINOR = 3


@pytest.fixture(scope="module")
def lines() -> list[Example]:
    return corpus.checks()


@pytest.fixture(scope="module")
def trained() -> list[Example]:
    return corpus.shipped() + lexicon_examples()


def leaks(lines: list[Example], trained: list[Example]) -> list[tuple[str, str]]:
    """Pairs (check, training line) that are the same but for marks and figures, or nearly so."""
    known = {corpus.key(e.text) or e.text: e.text for e in trained}
    keys = [(e.text, corpus.key(e.text) or e.text) for e in lines]
    equal = [(text, known[key]) for text, key in keys if key in known]
    return equal + [(a.text, b.text) for a, b in corpus.near(lines, trained)]


def test_the_files_say_what_is_in_them(lines: list[Example]) -> None:
    assert {e.source for e in lines} == {"reports", "others"}
    assert all((e.source == "reports") == (e.kind == "report") for e in lines)


def test_labels_are_sound(lines: list[Example]) -> None:
    assert list(corpus.problems(lines)) == []
    assert corpus.repeated(lines) == []


def test_a_place_that_is_not_in_its_line_would_be_noticed(lines: list[Example]) -> None:
    placed = next(e for e in lines if e.places)
    assert list(corpus.problems([replace(placed, places=("别处",))])) != []


def test_every_report_says_what_is_wanted(lines: list[Example]) -> None:
    reports = [e for e in lines if e.kind == "report"]
    assert [e.text for e in reports if not e.natures] == []
    assert {nature for e in reports for nature in e.natures} == set(NATURES)


def test_every_category_is_measured(lines: list[Example]) -> None:
    counts = Counter(e.codes[0] for e in lines if e.codes)
    short = {code for code in load_taxonomy().minors if counts[code] < LEAST_PER_MINOR}
    assert short == set()


def test_every_kind_is_measured(lines: list[Example]) -> None:
    counts = Counter(e.kind for e in lines)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 15


def test_urgent_lines_are_few_but_enough_to_measure(lines: list[Example]) -> None:
    reports = [e for e in lines if e.kind == "report"]
    assert 0.06 <= sum(e.urgent for e in reports) / len(reports) <= 0.12


def test_no_line_is_trained_on(lines: list[Example], trained: list[Example]) -> None:
    assert leaks(lines, trained) == []


def test_a_leak_would_be_noticed(lines: list[Example], trained: list[Example]) -> None:
    said = next(e.text for e in trained if len(e.text) > 12)
    leaked = replace(lines[0], text=said + "啊")
    assert leaks([*lines, leaked], trained) == [(leaked.text, said)]


def test_checks_are_not_shipped(lines: list[Example]) -> None:
    assert {e.source for e in lines}.isdisjoint(e.source for e in corpus.shipped())
