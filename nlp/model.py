"""The fitted linear model as a file and as arrays: vocabularies, weights, metrics.

One gather and one sum score every column at once; what the scores mean is classify.py's."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features
from nlp.first_look import FirstLook
from nlp.meant import NOTHING_MEANT, Meant

Floats = NDArray[np.float32]
FAMILIES = Features._fields
FORMAT = 5
_NUMBERS = ("dense", "bias", "judge", "judge_bias")
DEFAULT = Path(__file__).with_name("model") / "understanding.npz"


class BadModelError(ValueError):
    """The file is no model of this program's format; the message says what differs."""


@dataclass(frozen=True, slots=True)
class Model:
    """vocabularies: family → feature → row. weights: (rows, columns) with the last column
    the squared length that a row adds to its text. dense: (size of a word vector, columns - 1).
    bias: (columns - 1). judge, judge_bias: the second look of judge.py. blocks: name →
    (first column, labels). sounds: code point → sound sign. meta: version, metrics, knobs.
    first_look: what ends plain talk early; with an empty one every text is scored in full.
    meant: adds the words that a text means beside those that it has."""

    vocabularies: Mapping[str, Mapping[str, int]]
    weights: Floats
    dense: Floats
    bias: Floats
    judge: Floats
    judge_bias: Floats
    blocks: Mapping[str, tuple[int, tuple[str, ...]]]
    sounds: Mapping[int, str]
    meta: Mapping[str, Any]
    names: tuple[str, ...] = field(default=(), repr=False)
    first_look: FirstLook = field(default=FirstLook(), repr=False)
    meant: Meant = field(default=NOTHING_MEANT, repr=False)

    def rows(self, found: Features) -> list[int]:
        """The rows of the features that the model knows, ascending, each once; never empty."""
        rows: set[Any] = set()
        for family, strings in zip(FAMILIES, found, strict=True):
            rows.update(map(self.vocabularies[family].get, strings))
        rows.discard(None)
        return sorted(rows) or [0]

    def score_many(self, rows: Sequence[list[int]], meanings: Floats) -> Floats:
        """The scores of every text, by its rows and its meaning."""
        gathered = self.weights.take([row for one in rows for row in one], axis=0)
        totals = np.add.reduceat(gathered, starts_of(rows), axis=0)
        scores: Floats = totals[:, :-1] / np.sqrt(totals[:, -1:]) + meanings @ self.dense
        return scores + self.bias

    def column(self, block: str, label: str) -> int:
        """The column of a label of a block. Raises ValueError if there is none."""
        first, labels = self.blocks[block]
        return first + labels.index(label)


def named(vocabularies: Mapping[str, Mapping[str, int]], size: int) -> tuple[str, ...]:
    """The feature of every row."""
    names = [""] * size
    for own in vocabularies.values():
        for string, row in own.items():
            names[row] = string
    return tuple(names)


def starts_of(rows: Sequence[list[int]]) -> list[int]:
    """Where every text's rows begin when they stand one after the other."""
    return [0, *accumulate(map(len, rows[:-1]))]


def save(model: Model, path: Path) -> None:
    """Write the file; numbers and text only, nothing that runs when it is read."""
    arrays: dict[str, NDArray[Any]] = {
        family: _packed("\x00".join(model.vocabularies[family])) for family in FAMILIES
    }
    arrays["rows"] = np.array(
        [row for family in FAMILIES for row in model.vocabularies[family].values()], np.int32
    )
    look = model.first_look
    arrays["look"] = _packed("\x00".join((*look.signs, *look.forms)))
    arrays["look_weights"] = np.array([*look.signs.values(), *look.forms.values()], np.float32)
    sounds = "".join(chr(code) + sign for code, sign in model.sounds.items())
    head = {"format": FORMAT, "blocks": model.blocks, "sounds": sounds, "meta": model.meta}
    arrays |= _packed_meant(model.meant)
    head["look"] = [len(look.signs), look.bias, look.line]
    arrays["head"] = _packed(json.dumps(head, ensure_ascii=False))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **_numbers(model), **arrays)


def _packed_meant(meant: Meant) -> dict[str, NDArray[Any]]:
    return {
        "meant": _packed("\x00".join(meant.words)),
        "usual": _packed("\x00".join(sorted(meant.usual))),
        "heard": _packed("".join(chr(code) + sign for code, sign in meant.signs.items())),
        "syllables": _packed(" ".join(f"{sign}{sound}" for sign, sound in meant.sounds.items())),
    }


def _meant(arrays: Mapping[str, NDArray[Any]]) -> Meant:
    words, usual = (_unpacked(arrays[name]).split("\x00") for name in ("meant", "usual"))
    syllables = _unpacked(arrays["syllables"]).split()
    return Meant(
        _pairs(_unpacked(arrays["heard"])),
        {one[0]: one[1:] for one in syllables},
        [word for word in words if word],
        frozenset(filter(None, usual)),
    )


def _pairs(signs: str) -> dict[int, str]:
    return {ord(a): b for a, b in zip(signs[::2], signs[1::2], strict=True)}


def _numbers(model: Model) -> dict[str, NDArray[Any]]:
    """The arrays as they are written: weights in steps of a 127th of their column's range."""
    columns = model.weights[:, :-1]
    steps = np.maximum(np.abs(columns).max(axis=0, initial=0) / 127, 1e-12).astype(np.float32)
    numbers = {name: getattr(model, name) for name in _NUMBERS}
    numbers |= {"steps": steps, "lengths": model.weights[:, -1]}
    numbers["weights"] = np.rint(columns / steps).astype(np.int8)
    return numbers


def _weights(arrays: Mapping[str, NDArray[Any]]) -> Floats:
    steps = arrays["steps"]
    weights = np.empty((len(arrays["lengths"]), len(steps) + 1), np.float32)
    np.multiply(arrays["weights"], steps, out=weights[:, :-1])
    weights[:, -1] = arrays["lengths"]
    return weights


def load(path: Path = DEFAULT) -> Model:
    """Read a model file. Raises FileNotFoundError, BadModelError."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(_unpacked(arrays["head"]))
    except (KeyError, ValueError, OSError, EOFError, BadZipFile, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise BadModelError(f"{path}: not a model file: {error}") from error
    if head.get("format") != FORMAT:
        raise BadModelError(f"{path}: format {head.get('format')}, this program reads {FORMAT}")
    return _assembled(arrays, head)


def _assembled(arrays: Mapping[str, NDArray[Any]], head: Mapping[str, Any]) -> Model:
    rows = iter(arrays["rows"].tolist())
    vocabularies: dict[str, dict[str, int]] = {}
    for family in FAMILIES:
        strings = _unpacked(arrays[family]).split("\x00")
        vocabularies[family] = dict(zip(strings, rows, strict=False))
    return Model(
        vocabularies=vocabularies,
        weights=_weights(arrays),
        first_look=_first_look(arrays, *head["look"]),
        meant=_meant(arrays),
        **{name: arrays[name].astype(np.float32) for name in _NUMBERS},
        blocks={k: (first, tuple(labels)) for k, (first, labels) in head["blocks"].items()},
        sounds=_pairs(head["sounds"]),
        meta=head["meta"],
        names=named(vocabularies, len(arrays["weights"])),
    )


def _first_look(
    arrays: Mapping[str, NDArray[Any]], signs: int, bias: float, line: float
) -> FirstLook:
    strings = _unpacked(arrays["look"]).split("\x00")
    weights = arrays["look_weights"].tolist()
    known = dict(zip(strings[:signs], weights[:signs], strict=False))
    forms = dict(zip(strings[signs:], weights[signs:], strict=False))
    return FirstLook(known, forms, bias, line)


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8")
