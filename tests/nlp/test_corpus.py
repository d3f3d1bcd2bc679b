"""The labelled lines and the script that checks them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from nlp import corpus
from nlp.corpus import Example
from nlp.taxonomy import load as load_taxonomy

GOOD = {"text": "楼道灯坏了", "kind": "report", "codes": ["0403"], "natures": ["求助"]}


def write(folder: Path, *rows: object) -> Path:
    path = folder / "own.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_line_is_read(tmp_path: Path) -> None:
    row = {**GOOD, "place": "楼道", "urgent": True, "alt": ["0402"], "note": "n"}
    (example,) = corpus.read([write(tmp_path, row, "")])
    assert example == Example(
        "楼道灯坏了", "report", ("0403",), ("0402",), ("求助",), True, ("楼道",), "n", "own"
    )


@pytest.mark.parametrize("bad", ["{", "[]", '{"kind": "chat"}', '"x"'])
def test_a_broken_line_is_named(tmp_path: Path, bad: str) -> None:
    with pytest.raises(ValueError, match=r"own\.jsonl:2"):
        corpus.read([write(tmp_path, GOOD, bad)])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "poem"}, "unknown kind"),
        ({"codes": ["9999"]}, "unknown code 9999"),
        ({"alt": ["0000"]}, "unknown code 0000"),
        ({"natures": ["愿望"]}, "unknown nature"),
        ({"codes": []}, "codes belong to reports"),
        ({"kind": "chat"}, "codes belong to reports"),
        ({"places": ["北门"]}, "is not in it"),
        ({"kind": "chat", "codes": [], "urgent": True}, "urgent but no report"),
    ],
)
def test_faults_are_found(tmp_path: Path, change: dict[str, object], fault: str) -> None:
    examples = corpus.read([write(tmp_path, {**GOOD, **change})])
    assert any(fault in line for line in corpus.problems(examples))


def test_a_good_line_has_no_fault(tmp_path: Path) -> None:
    assert list(corpus.problems(corpus.read([write(tmp_path, GOOD)]))) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3号楼灯坏了", "5号楼，灯坏了！", True),
        ("灯坏了", "灯坏啦", False),
        ("😂", "👍", False),
        ("12", "13", False),
    ],
)
def test_repeats(one: str, other: str, same: bool) -> None:
    lines = [Example(one, "chat"), Example(other, "chat")]
    assert bool(corpus.repeated(lines)) is same


@pytest.mark.parametrize(
    ("ours", "theirs", "close"),
    [
        ("北门的路灯坏了三天没人修", "北门的路灯坏了三天没人修呀", True),
        ("北门的路灯坏了三天没人修", "垃圾桶满了也没有人来收走", False),
        ("好嘞", "好嘞", True),
        ("好嘞", "好的", False),
    ],
)
def test_nearness(ours: str, theirs: str, close: bool) -> None:
    assert bool(corpus.near([Example(ours, "chat")], [Example(theirs, "chat")])) is close


def test_the_shipped_corpus_is_sound() -> None:
    examples = corpus.shipped()
    assert list(corpus.problems(examples)) == []
    assert list(corpus.thin(examples)) == []
    assert corpus.repeated(examples) == []


@pytest.mark.skipif(not corpus.YARDSTICK.exists(), reason="the yardstick is not beside the project")
def test_no_line_of_the_yardstick_is_in_the_corpus() -> None:
    assert corpus.near(corpus.shipped(), corpus.read([corpus.YARDSTICK])) == []


def test_thin_places_are_named() -> None:
    sentences = list(corpus.thin([]))
    assert len(sentences) == len(load_taxonomy().minors) + 3
    assert any("0403" in sentence for sentence in sentences)


def test_the_lexicon_covers_every_category() -> None:
    counts = Counter(code for code, _ in corpus.lexicon())
    assert set(counts) == set(load_taxonomy().minors)
    assert min(counts.values()) >= 40


def test_the_script_is_content(capsys: pytest.CaptureFixture[str]) -> None:
    assert corpus.main() == 0
    assert "0 faults" in capsys.readouterr().out
