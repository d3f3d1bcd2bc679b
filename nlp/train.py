"""Fits the linear model to the corpus and writes the model file: `python -m nlp.train`.

Needs scikit-learn (a development dependency); the running bot never imports this module."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import augment, corpus, first_look_fitting, gate, judge, meant_fitting, sounds
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.fitting import (
    LEXICON,
    TRAINED_SOURCES,
    judged,
    knobs,
    lexicon_examples,
    out_of_fold,
    scored,
    tasks,
)
from nlp.meant import Meant
from nlp.model import DEFAULT, Model, named, save
from nlp.reading import KINDS
from nlp.sheet import MEANING_SHARE, Sheet, featured, vocabulary
from nlp.taxonomy import load as load_taxonomy

NEGATIVES = Path(__file__).parents[2] / "shared" / "data" / "negatives.jsonl"
HELD_OUT = 0.4
"""Share of every source of chit-chat that is never trained on, chosen by the text's hash."""
MOST_ROWS = 50_000
VARIED = 0.3
"""Share of the lines that are fitted in a variation too."""
EVERYDAY = 20
"""A character of so many occurrences is one that people slip to."""
VERSION = 2


def held_out(text: str) -> bool:
    """True if a line of chit-chat is for measuring, not for training."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return digest[0] < HELD_OUT * 256


def chit_chat(path: Path = NEGATIVES) -> list[Example]:
    """The licensed ordinary talk to train on; () when the shared data is absent."""
    if not path.exists():
        return []
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Example(text=row["text"], kind="chat", source=row["source"])
        for row in rows
        if row["source"] in TRAINED_SOURCES and not held_out(row["text"])
    ]


def pruned(sheet: Sheet, fitted: Mapping[str, tuple[Any, Any]], most: int) -> NDArray[np.int64]:
    """The rows worth shipping: those whose weights can move a decision most."""
    size = len(sheet.weights)
    strength = sum(np.abs(w[:size]).max(axis=1) for w, _ in fitted.values()) * sheet.weights
    seen = np.asarray((sheet.matrix[:, :size] > 0).sum(axis=0)).ravel()
    return np.sort(np.argsort(-strength * np.sqrt(seen))[:most])


def assembled(
    sheet: Sheet,
    fitted: Mapping[str, tuple[Any, Any]],
    second: tuple[NDArray[np.float32], NDArray[np.float32]],
    meta: dict[str, Any],
    table: Mapping[int, str],
) -> Model:
    """The model to save: pruned rows, rarity folded into the weights."""
    keep = pruned(sheet, fitted, MOST_ROWS)
    place = {int(old): new for new, old in enumerate(keep)}
    vocabularies = {
        family: {x: place[row] for x, row in own.items() if row in place}
        for family, own in sheet.vocabularies.items()
    }
    rarity = sheet.weights[keep][:, None]
    stacked = np.hstack([weights for weights, _ in fitted.values()])
    columns, dense = stacked[keep] * rarity, stacked[len(sheet.weights) :]
    blocks, first = {}, 0
    label = meta.pop("labels")
    for name in fitted:
        blocks[name] = (first, label[name])
        first += len(label[name])
    return Model(
        vocabularies=vocabularies,
        weights=np.hstack([columns, rarity**2]).astype(np.float32),
        dense=(dense * MEANING_SHARE).astype(np.float32),
        bias=np.concatenate([bias for _, bias in fitted.values()]).astype(np.float32),
        judge=second[0],
        judge_bias=second[1],
        blocks=blocks,
        sounds=table,
        meta=meta,
        names=named(vocabularies, len(keep)),
    )


def train(examples: Sequence[Example]) -> Model:
    """A model of these examples with the figures of its own cross-validation inside."""
    table, meant = sounds.table(), meant_fitting.fitted(examples)
    untouched = {LEXICON, *TRAINED_SOURCES}
    varied = augment.variants(examples, variations(examples, meant), VARIED, untouched)
    everything = [*examples, *(variant for _, variant in varied)]
    sheet = vocabulary(*featured([e.text for e in everything], table, meant))
    own = tasks(everything)
    scores = out_of_fold(own, sheet.matrix, everything, [source for source, _ in varied])
    scores = {name: values[: len(examples)] for name, values in scores.items()}
    lines = knobs(own, scores)
    meta: dict[str, Any] = {
        "version": VERSION,
        "lines": sum(e.source != LEXICON for e in examples),
        "corpus": digest(examples),
        "knobs": lines,
        "metrics": metrics(examples, scores),
        "labels": {task.name: task.labels for task in own},
    }
    second = judged(examples, scores, lines["code_heat"])
    look = first_look_fitting.fitted(examples, sheet, _chances(examples, scores, second, lines))
    fitted = scored(own, sheet.matrix, np.ones(len(everything), bool))
    model = assembled(sheet, fitted, second, meta, table)
    return measured(replace(model, first_look=look, meant=meant))


def measured(model: Model) -> Model:
    """The model with its figures on the lines that nobody trains on: hits of how many."""
    found = gate.figures(LinearClassifier(model), corpus.checks())
    return replace(model, meta={**model.meta, "checks": {k: list(v) for k, v in found.items()}})


def variations(examples: Sequence[Example], meant: Meant) -> augment.Variations:
    """How lines may be varied: homophones of everyday use, all places, the domain's words."""
    alike: dict[str, list[str]] = {}
    frequent = Counter(sign for e in examples for sign in e.text)
    for sign, sound in sounds.syllables().items():
        if frequent[sign] >= EVERYDAY:
            alike.setdefault(sounds.wide(sound), []).append(sign)
    homophones = {
        sign: "".join(x for x in own if x != sign)
        for own in alike.values()
        for sign in own
        if len(own) > 1
    }
    places = sorted({place for e in examples for place in e.places})
    return augment.Variations(homophones, places, meant.words)


def _chances(
    examples: Sequence[Example], scores: Mapping[str, Any], second: Any, lines: Mapping[str, Any]
) -> NDArray[Any]:
    """The chances of the kinds of every line, from its out-of-fold first scores."""
    flags = judge.flags_of([e.text for e in examples])
    inputs = judge.evidence(scores, flags, lines["code_heat"]).inputs
    return judge.chances((inputs @ second[0] + second[1])[:, : len(KINDS)])


def metrics(examples: Sequence[Example], scores: Mapping[str, Any]) -> dict[str, float]:
    """Out-of-fold figures of the first scores over our own corpus lines."""
    codes = list(load_taxonomy().minors)
    own = [i for i, e in enumerate(examples) if e.source not in (LEXICON, *TRAINED_SOURCES)]
    kinds = [KINDS[scores["kind"][i].argmax()] == examples[i].kind for i in own]
    hits, near = [], []
    for i in own:
        if examples[i].codes:
            right = {*examples[i].codes, *examples[i].alt}
            best = [codes[j] for j in np.argsort(-scores["code"][i])[:3]]
            hits.append(best[0] in right)
            near.append(not right.isdisjoint(best))
    figures = {"kind": kinds, "code_top1": hits, "code_top3": near}
    return {name: round(float(np.mean(values)), 4) for name, values in figures.items()}


def digest(examples: Sequence[Example]) -> str:
    """A short hash of the texts and labels trained on."""
    rows = "\n".join(f"{e.kind}\t{','.join(e.codes)}\t{e.text}" for e in examples)
    return hashlib.sha256(rows.encode("utf-8")).hexdigest()[:16]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit on the corpus and the licensed chit-chat, write the model file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT)
    options = parser.parse_args(argv)
    examples = corpus.shipped() + chit_chat() + lexicon_examples()
    random.Random(0).shuffle(examples)  # noqa: S311 - order, not a secret
    model = train(examples)
    save(model, options.out)
    sys.stdout.write(json.dumps(model.meta, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
