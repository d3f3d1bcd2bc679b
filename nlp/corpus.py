"""The labelled lines the models learn from: reading, checking, counting them.

`python -m nlp.corpus` prints what is wrong and what is thin; fitting lives in train.py."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.reading import KINDS, NATURES
from nlp.taxonomy import load as load_taxonomy

FOLDER = Path(__file__).with_name("corpus")
CHECKS = Path(__file__).with_name("checks")
LEXICON = Path(__file__).with_name("lexicon") / "categories.toml"
YARDSTICK = Path(__file__).parents[2] / "shared" / "eval" / "public_dev.jsonl"
LEAST_PER_MINOR = 35
LEAST_REPORTS = 6000
LEAST_OTHERS = 2000
LEAST_HARD = 600
SHORT = 3
"""Fewer character pairs than this say nothing about likeness; only equality counts then."""
NEAR = 0.72
"""Two texts are near-duplicates from this Jaccard similarity of their character pairs on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled line. natures: every acceptable one; alt: other acceptable codes."""

    text: str
    kind: str
    codes: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    urgent: bool = False
    places: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


def read(paths: Iterable[Path]) -> list[Example]:
    """The examples of JSON-lines files; `source` is the file's stem.

    Raises ValueError with file and line for what is not a labelled line."""
    return [example for path in paths for example in _read_one(path)]


def shipped() -> list[Example]:
    """The whole corpus of this project."""
    return read(sorted(FOLDER.glob("*.jsonl")))


def checks() -> list[Example]:
    """Lines that measure the models; nothing is ever fitted to them, so no part of shipped()."""
    return read(sorted(CHECKS.glob("*.jsonl")))


def lexicon(path: Path = LEXICON) -> list[tuple[str, str]]:
    """(code, word or phrase) of the domain lexicon; a word may stand under several codes."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return [(code, word) for code, words in rows.items() for word in dict.fromkeys(words.split())]


def _read_one(path: Path) -> Iterator[Example]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield _example(json.loads(line), path.stem)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path.name}:{number}: {error!r}: {line[:60]}") from error


def _example(row: dict[str, object], source: str) -> Example:
    places = row.get("places") or ([row["place"]] if row.get("place") else [])
    return Example(
        text=str(row["text"]),
        kind=str(row["kind"]),
        codes=_strings(row.get("codes")),
        alt=_strings(row.get("alt")),
        natures=_strings(row.get("natures")),
        urgent=bool(row.get("urgent")),
        places=_strings(places),
        note=str(row.get("note", "")),
        source=source,
    )


def _strings(values: object) -> tuple[str, ...]:
    return tuple(str(v) for v in values) if isinstance(values, list) else ()


def problems(examples: Sequence[Example]) -> Iterator[str]:
    """What is wrong with labels, one sentence a fault."""
    known = load_taxonomy().minors
    for e in examples:
        where = f"{e.source}: {e.text[:30]}"
        if e.kind not in KINDS:
            yield f"{where}: unknown kind {e.kind!r}"
        if (e.kind == "report") != bool(e.codes):
            yield f"{where}: codes belong to reports and to all of them"
        yield from (f"{where}: unknown code {c}" for c in (*e.codes, *e.alt) if c not in known)
        yield from (f"{where}: unknown nature {n}" for n in e.natures if n not in NATURES)
        yield from (f"{where}: place {p!r} is not in it" for p in e.places if p not in e.text)
        if e.urgent and e.kind != "report":
            yield f"{where}: urgent but no report"


def key(text: str) -> str:
    """What is left of a text when marks, spaces and figures are taken away."""
    return re.sub(r"[\W\d_]", "", text)


def repeated(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Pairs of lines that differ only in marks and figures."""
    first: dict[str, Example] = {}
    pairs = []
    for example in examples:
        same = first.setdefault(key(example.text) or example.text, example)
        if same is not example:
            pairs.append((same, example))
    return pairs


def _pairs_of(text: str) -> frozenset[str]:
    text = key(text)
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset((text,))


def near(examples: Sequence[Example], others: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Pairs (ours, theirs) whose texts are nearly the same."""
    index: dict[str, list[int]] = {}
    sets = [_pairs_of(other.text) for other in others]
    for i, grams in enumerate(sets):
        for gram in grams:
            index.setdefault(gram, []).append(i)
    found = []
    same = {other.text: other for other in others}
    for example in examples:
        if example.text in same:
            found.append((example, same[example.text]))
        grams = _pairs_of(example.text)
        if len(grams) < SHORT or example.text in same:
            continue
        shared = Counter(i for gram in grams for i in index.get(gram, ()))
        for i, common in shared.items():
            if common / (len(grams) + len(sets[i]) - common) >= NEAR:
                found.append((example, others[i]))
    return found


def thin(examples: Sequence[Example]) -> Iterator[str]:
    """Where the corpus is smaller than promised."""
    per_minor = Counter(e.codes[0] for e in examples if e.codes)
    for code, minor in load_taxonomy().minors.items():
        if per_minor[code] < LEAST_PER_MINOR:
            yield f"{code} {minor.name}: {per_minor[code]} lines of {LEAST_PER_MINOR}"
    others = [e for e in examples if e.kind != "report"]
    hard = sum(e.note.startswith(("hard", "past alarm")) for e in others)
    for name, count, least in (
        ("lines", len(examples), LEAST_REPORTS),
        ("lines of other kinds", len(others), LEAST_OTHERS),
        ("hard lines of other kinds", hard, LEAST_HARD),
    ):
        if count < least:
            yield f"{name}: {count} of {least}"


def main() -> int:
    """Print faults and sizes; 1 if there are faults."""
    examples = shipped()
    faults = [*problems(examples), *thin(examples)]
    faults += [f"repeated: {a.source}/{b.source}: {b.text[:40]}" for a, b in repeated(examples)]
    if YARDSTICK.exists():
        pairs = near(examples, read([YARDSTICK]))
        faults += [f"near the yardstick: {a.source}: {a.text!r} ~ {b.text!r}" for a, b in pairs]
    say = sys.stdout.write
    for fault in faults:
        say(fault + "\n")
    kinds = Counter(e.kind for e in examples)
    say(f"{len(examples)} lines {dict(kinds)}, {sum(e.urgent for e in examples)} urgent; ")
    say(f"{len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
