"""Fits the linear model to the corpus and writes the model file: `python -m nlp.train`.

Needs scikit-learn (a development dependency); the running bot never imports this module."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import corpus, judge, segment, sounds, vectors
from nlp.corpus import Example
from nlp.features import Features, extract
from nlp.model import DEFAULT, FAMILIES, Model, save
from nlp.normalise import normalise
from nlp.reading import KINDS, NATURES
from nlp.taxonomy import load as load_taxonomy

NEGATIVES = Path(__file__).parents[2] / "shared" / "data" / "negatives.jsonl"
TRAINED_SOURCES = ("lccc", "kdconv", "crosswoz", "chatterbot")
HELD_OUT = 0.4
"""Share of every source of chit-chat that is never trained on, chosen by the text's hash."""
LEAST_SEEN = 2
MOST_ROWS = 50_000
FOLDS = 4
VERSION = 1
Matrix = Any


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


FAMILY_WEIGHTS = {"chars": (1.0, 1.0, 0.5), "words": (2.0,), "sounds": (0.5,), "shapes": (1.0,)}
"""How much a feature counts, by family and (for longer ones the last figure) its length."""
MEANING_SHARE = 0.7
"""Length of the word-vector part beside the features' length of 1."""


def family_weight(family: str, feature: str) -> float:
    """The factor on a feature's rarity."""
    by_length = FAMILY_WEIGHTS[family]
    return by_length[min(len(feature), len(by_length)) - 1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Examples as a matrix: features (length 1, a column each), then the word vectors."""

    vocabularies: dict[str, dict[str, int]]
    weights: NDArray[np.float32]
    matrix: Matrix


def featured(
    texts: Sequence[str], table: Mapping[int, str]
) -> tuple[list[Features], NDArray[np.float32]]:
    """The features and the meaning of every text, as the classifier will see them."""
    normal = [normalise(text) for text in texts]
    cuts = [segment.cut(text) for text in normal]
    words = vectors.shared()
    documents = [extract(text, cut, table) for text, cut in zip(normal, cuts, strict=True)]
    return documents, np.vstack([words.of(cut) for cut in cuts])


def vocabulary(
    documents: Sequence[Features], meanings: NDArray[np.float32], least: int = LEAST_SEEN
) -> Sheet:
    """Rows for all features of at least `least` documents, weighted by rarity."""
    vocabularies: dict[str, dict[str, int]] = {}
    counts: list[int] = []
    factors: list[float] = []
    for family in FAMILIES:
        seen = Counter(x for d in documents for x in set(getattr(d, family)))
        kept = sorted(x for x, n in seen.items() if n >= least)
        vocabularies[family] = {x: len(counts) + i for i, x in enumerate(kept)}
        counts += [seen[x] for x in kept]
        factors += [family_weight(family, x) for x in kept]
    rarity = (np.log((1 + len(documents)) / (1 + np.array(counts))) + 1) * factors
    sheet = Sheet(vocabularies, rarity.astype(np.float32), None)
    return Sheet(vocabularies, sheet.weights, matrix(sheet, documents, meanings))


def matrix(
    sheet: Sheet, documents: Sequence[Features], meanings: NDArray[np.float32]
) -> Matrix:
    """Documents over the vocabulary of a sheet, their meanings behind."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.preprocessing import normalize

    indices: list[int] = []
    ends = [0]
    for document in documents:
        own = {
            row
            for family, strings in zip(FAMILIES, document, strict=True)
            for row in map(sheet.vocabularies[family].get, strings)
            if row is not None
        }
        indices += sorted(own)
        ends.append(len(indices))
    values = sheet.weights[indices]
    shape = (len(documents), len(sheet.weights))
    features = normalize(csr_matrix((values, indices, ends), shape=shape))
    return hstack([features, csr_matrix(meanings * MEANING_SHARE)], format="csr")


@dataclass(frozen=True, slots=True)
class Task:
    """One block of columns: which examples teach it and their labels (several allowed)."""

    name: str
    labels: tuple[str, ...]
    members: NDArray[np.int64]
    targets: NDArray[np.int8]
    cost: float
    balanced: bool
    counts: NDArray[np.float64]


LEXICON = "lexicon"
"""`source` of the small documents made of lexicon entries: they teach 小类 and 大类 only."""
LEXICON_COUNT = 0.5
"""How much such a document counts beside a written line."""


def lexicon_examples() -> list[Example]:
    """Every entry of the domain lexicon as a document of its category."""
    entries = corpus.lexicon()
    return [Example(word, "report", (code,), source=LEXICON) for code, word in entries]


def tasks(examples: Sequence[Example]) -> list[Task]:
    """kind and urgent over all lines; nature over reports; code also over the lexicon."""
    lines = np.array([i for i, e in enumerate(examples) if e.source != LEXICON])
    coded = np.array([i for i, e in enumerate(examples) if e.codes])
    wishes = np.array([i for i, e in enumerate(examples) if e.natures])
    codes, majors = tuple(load_taxonomy().minors), tuple(load_taxonomy().majors)

    def task(name: str, labels: tuple[str, ...], members: NDArray[np.int64],
             values: Callable[[Example], Sequence[str]], cost: float, balanced: bool) -> Task:
        own = [examples[i] for i in members]
        counts = np.array([LEXICON_COUNT if e.source == LEXICON else 1.0 for e in own])
        hot = _hot([values(e) for e in own], labels)
        return Task(name, labels, members, hot, cost, balanced, counts)

    return [
        task("kind", KINDS, lines, lambda e: (e.kind,), 0.3, True),
        task("code", codes, coded, lambda e: e.codes[:1], 0.3, False),
        task("major", majors, coded, lambda e: (e.codes[0][:2],), 0.3, False),
        task("nature", NATURES, wishes, lambda e: e.natures, 0.3, False),
        task("urgent", ("urgent",), lines, lambda e: ("urgent",) if e.urgent else (), 0.5, True),
    ]


def _hot(values: Sequence[Sequence[str]], labels: Sequence[str]) -> NDArray[np.int8]:
    hot = np.zeros((len(values), len(labels)), np.int8)
    for i, own in enumerate(values):
        for value in own:
            hot[i, labels.index(value)] = 1
    return hot


def fit(task: Task, rows: Matrix, chosen: NDArray[np.bool_]) -> tuple[Any, Any]:
    """(weights, bias) of a block from its members that are chosen."""
    from sklearn.svm import LinearSVC

    inside = chosen[task.members]
    x, y = rows[task.members[inside]], task.targets[inside]
    weights = np.zeros((x.shape[1], len(task.labels)), np.float32)
    bias = np.full(len(task.labels), -1.5, np.float32)
    for j in range(len(task.labels)):
        if y[:, j].any():
            how = "balanced" if task.balanced else None
            machine = LinearSVC(C=task.cost, class_weight=how, random_state=0)
            machine.fit(x, y[:, j], sample_weight=task.counts[inside])
            weights[:, j], bias[j] = machine.coef_[0], machine.intercept_[0]
    return weights, bias


MAJOR_SHARE = 0.5
"""How much of its 大类's score a 小类 gets."""


def scored(all_tasks: Sequence[Task], rows: Matrix, chosen: Any) -> dict[str, tuple[Any, Any]]:
    """Every block fitted; the 大类 block is folded into the 小类 block."""
    fitted = {task.name: fit(task, rows, chosen) for task in all_tasks}
    (weights, bias), (major_weights, major_bias) = fitted["code"], fitted.pop("major")
    labels = {task.name: task.labels for task in all_tasks}
    parent = [labels["major"].index(code[:2]) for code in labels["code"]]
    fitted["code"] = (
        weights + MAJOR_SHARE * major_weights[:, parent],
        bias + MAJOR_SHARE * major_bias[parent],
    )
    return fitted


def out_of_fold(
    all_tasks: Sequence[Task], rows: Matrix, examples: Sequence[Example]
) -> dict[str, Any]:
    """Scores of every line by a model that has not seen it, a matrix a block.

    The lexicon is never left out; what is scored there means nothing."""
    order = np.random.default_rng(0).permutation(rows.shape[0]) % FOLDS
    order[[e.source == LEXICON for e in examples]] = FOLDS
    sizes = {task.name: len(task.labels) for task in all_tasks if task.name != "major"}
    scores = {name: np.zeros((rows.shape[0], size), np.float32) for name, size in sizes.items()}
    for fold in range(FOLDS):
        fitted = scored(all_tasks, rows, order != fold)
        for name, (weights, bias) in fitted.items():
            scores[name][order == fold] = rows[order == fold] @ weights + bias
    return scores


def heat(scores: Any, right: Any) -> float:
    """The factor on scores that makes their softmax best calibrated (least log loss)."""
    def loss(factor: float) -> float:
        heated = scores * factor
        heated = heated - heated.max(axis=1, keepdims=True)
        chances = np.exp(heated) / np.exp(heated).sum(axis=1, keepdims=True)
        return float(-np.log((chances * right).sum(axis=1) + 1e-9).mean())

    return float(min(np.arange(0.5, 12, 0.1), key=loss))


def knobs(all_tasks: Sequence[Task], scores: Mapping[str, Any]) -> dict[str, Any]:
    """The temperature of the 小类 from out-of-fold scores, and the decision lines."""
    code = next(task for task in all_tasks if task.name == "code")
    lines = code.counts == 1
    warm = heat(scores["code"][code.members[lines]], code.targets[lines])
    return {"code_heat": warm, **LINES}


LINES: dict[str, Any] = {
    "report_line": 0.5,
    "quoted_line": 0.8,
    "part_line": 0.3,
    "whole_line": 0.9,
    "urgent": [1.5, -1.0, 0.0],
}
"""Decision lines: least P(report) for a report, the same when something is quoted, least
confidence of a part with its own matter, the 小类 chance from which on a message is not
divided, and urgency.decide's three margins."""
TALK_COUNT = 1.0
"""How much a line of licensed chit-chat counts in the second look."""
URGENT_COUNT = 4.0
"""How many lines that are not urgent weigh as much as one that is."""


def judged(
    examples: Sequence[Example], scores: Mapping[str, Any], warm: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(weights, bias) of the second look, learned from out-of-fold first scores."""
    own = np.array([i for i, e in enumerate(examples) if e.source != LEXICON])
    lines = [examples[i] for i in own]
    first = {name: values[own] for name, values in scores.items()}
    inputs = judge.evidence(first, judge.flags([e.text for e in lines]), warm)
    talk = np.array([TALK_COUNT if e.source in TRAINED_SOURCES else 1.0 for e in lines])
    wishes = np.array([i for i, e in enumerate(lines) if e.natures])
    danger = np.array([URGENT_COUNT if e.urgent else 1.0 for e in lines])
    kinds = np.array([KINDS.index(e.kind) for e in lines])
    wished = np.array([NATURES.index(lines[i].natures[0]) for i in wishes])
    urgent = np.array([int(e.urgent) for e in lines])
    parts = (
        _logistic(inputs, kinds, talk),
        _logistic(inputs[wishes], wished, np.ones(len(wishes))),
        _logistic(inputs, urgent, danger),
    )
    return np.hstack([w for w, _ in parts]), np.concatenate([b for _, b in parts])


def _logistic(inputs: Any, labels: Any, counts: Any) -> tuple[Any, Any]:
    from sklearn.linear_model import LogisticRegression

    machine = LogisticRegression(C=1.0, max_iter=400)
    machine.fit(inputs, labels, sample_weight=counts)
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


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
    )


def train(examples: Sequence[Example]) -> Model:
    """A model of these examples with the figures of its own cross-validation inside."""
    table = sounds.table()
    sheet = vocabulary(*featured([e.text for e in examples], table))
    own = tasks(examples)
    scores = out_of_fold(own, sheet.matrix, examples)
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
    everything = np.ones(len(examples), bool)
    return assembled(sheet, scored(own, sheet.matrix, everything), second, meta, table)


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
