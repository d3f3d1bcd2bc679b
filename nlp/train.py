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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import corpus, segment, sounds
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
MOST_ROWS = 60_000
FOLDS = 5
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """Examples as a sparse matrix: rows of unit length, a column a feature."""

    vocabularies: dict[str, dict[str, int]]
    weights: NDArray[np.float32]
    matrix: Matrix


def featured(texts: Sequence[str], table: Mapping[int, str]) -> list[Features]:
    """The features of every text, as the classifier will see them."""
    normal = [normalise(text) for text in texts]
    return [extract(text, segment.cut(text), table) for text in normal]


def vocabulary(documents: Sequence[Features], least: int = LEAST_SEEN) -> Sheet:
    """Rows for all features of at least `least` documents, weighted by rarity."""
    vocabularies: dict[str, dict[str, int]] = {}
    counts: list[int] = []
    for family in FAMILIES:
        seen = Counter(x for d in documents for x in set(getattr(d, family)))
        kept = sorted(x for x, n in seen.items() if n >= least)
        vocabularies[family] = {x: len(counts) + i for i, x in enumerate(kept)}
        counts += [seen[x] for x in kept]
    rarity = np.log((1 + len(documents)) / (1 + np.array(counts))) + 1
    sheet = Sheet(vocabularies, rarity.astype(np.float32), None)
    return Sheet(vocabularies, sheet.weights, matrix(sheet, documents))


def matrix(sheet: Sheet, documents: Sequence[Features]) -> Matrix:
    """Documents over the vocabulary of a sheet."""
    from scipy.sparse import csr_matrix
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
    return normalize(csr_matrix((values, indices, ends), shape=shape))


@dataclass(frozen=True, slots=True)
class Task:
    """One block of columns: which examples teach it and their labels (several allowed)."""

    name: str
    labels: tuple[str, ...]
    members: NDArray[np.int64]
    targets: NDArray[np.int8]
    cost: float
    balanced: bool


def tasks(examples: Sequence[Example]) -> list[Task]:
    """kind and urgent over all lines; code and nature over reports."""
    everything = np.arange(len(examples))
    reports = np.array([i for i, e in enumerate(examples) if e.codes])
    codes = tuple(load_taxonomy().minors)
    majors = tuple(load_taxonomy().majors)
    kinds = [(e.kind,) for e in examples]
    own = [examples[i] for i in reports]
    urgent = [("urgent",) if e.urgent else () for e in examples]
    return [
        Task("kind", KINDS, everything, _hot(kinds, KINDS), 0.3, balanced=True),
        Task("code", codes, reports, _hot([e.codes[:1] for e in own], codes), 0.3, balanced=False),
        Task("major", majors, reports, _hot([(e.codes[0][:2],) for e in own], majors), 0.3, False),
        Task("nature", NATURES, reports, _hot([e.natures for e in own], NATURES), 0.3, False),
        Task("urgent", ("urgent",), everything, _hot(urgent, ("urgent",)), 0.5, balanced=True),
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
            machine.fit(x, y[:, j])
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


def out_of_fold(all_tasks: Sequence[Task], rows: Matrix, seed: int = 0) -> dict[str, Any]:
    """Scores of every example by a model that has not seen it, a matrix a block."""
    order = np.random.default_rng(seed).permutation(rows.shape[0]) % FOLDS
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
    """Temperatures from out-of-fold scores, decision lines."""
    by_name = {task.name: task for task in all_tasks}
    kind, code = by_name["kind"], by_name["code"]
    return {
        "kind_heat": heat(scores["kind"][kind.members], kind.targets),
        "code_heat": heat(scores["code"][code.members], code.targets),
        "report_line": 0.6,
        "quoted_line": 0.8,
        "part_line": 0.35,
        "urgent": [0.4, -0.3, 0.2],
    }


def pruned(sheet: Sheet, fitted: Mapping[str, tuple[Any, Any]], most: int) -> NDArray[np.int64]:
    """The rows worth shipping: those whose weights can move a decision most."""
    strength = sum(np.abs(w).max(axis=1) for w, _ in fitted.values()) * sheet.weights
    seen = np.asarray((sheet.matrix > 0).sum(axis=0)).ravel()
    return np.sort(np.argsort(-strength * np.sqrt(seen))[:most])


def assembled(sheet: Sheet, fitted: Mapping[str, tuple[Any, Any]], meta: dict[str, Any],
              table: Mapping[int, str]) -> Model:
    """The model to save: pruned rows, rarity folded into the weights."""
    keep = pruned(sheet, fitted, MOST_ROWS)
    place = {int(old): new for new, old in enumerate(keep)}
    vocabularies = {
        family: {x: place[row] for x, row in own.items() if row in place}
        for family, own in sheet.vocabularies.items()
    }
    rarity = sheet.weights[keep][:, None]
    columns = np.hstack([weights[keep] for weights, _ in fitted.values()]) * rarity
    blocks, first = {}, 0
    label = {t.name: t.labels for t in meta.pop("tasks")}
    for name in fitted:
        blocks[name] = (first, label[name])
        first += len(label[name])
    return Model(
        vocabularies=vocabularies,
        weights=np.hstack([columns, rarity**2]).astype(np.float16),
        bias=np.concatenate([bias for _, bias in fitted.values()]).astype(np.float32),
        blocks=blocks,
        sounds=table,
        meta=meta,
    )


def train(examples: Sequence[Example], check: bool = True) -> Model:
    """A model of these examples; `check` also measures it by cross-validation."""
    table = sounds.table()
    sheet = vocabulary(featured([e.text for e in examples], table))
    own = tasks(examples)
    meta: dict[str, Any] = {"tasks": own, "lines": len(examples), "corpus": digest(examples)}
    default = {"kind_heat": 3.0, "code_heat": 5.0, "report_line": 0.6, "quoted_line": 0.8,
               "part_line": 0.35, "urgent": [0.4, -0.3, 0.2]}
    meta["knobs"] = knobs(own, out_of_fold(own, sheet.matrix)) if check else default
    everything = np.ones(len(examples), bool)
    return assembled(sheet, scored(own, sheet.matrix, everything), meta, table)


def digest(examples: Sequence[Example]) -> str:
    """A short hash of the texts and labels trained on."""
    rows = "\n".join(f"{e.kind}\t{','.join(e.codes)}\t{e.text}" for e in examples)
    return hashlib.sha256(rows.encode("utf-8")).hexdigest()[:16]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit on the corpus and the licensed chit-chat, write the model file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT)
    parser.add_argument("--quick", action="store_true", help="without cross-validation")
    options = parser.parse_args(argv)
    examples = corpus.shipped() + chit_chat()
    random.Random(0).shuffle(examples)  # noqa: S311 - order, not a secret
    model = train(examples, check=not options.quick)
    save(model, options.out)
    sys.stdout.write(json.dumps(model.meta, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
