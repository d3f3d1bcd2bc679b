"""Word vectors: a small fixed table that lets words never seen in training count by meaning.

Read from model/words.npz, which tools outside the running bot make (see vector_table.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_NOTHING = -1
"""The row of a word that is not known."""
FILE = Path(__file__).with_name("model") / "words.npz"


@dataclass(frozen=True, slots=True)
class Vectors:
    """rows: word → row. table: (words, size) in int8; common words have short rows."""

    rows: Mapping[str, int]
    table: NDArray[np.int8]

    @property
    def size(self) -> int:
        """Figures a vector."""
        return int(self.table.shape[1])

    def of(self, texts: Sequence[Iterable[str]]) -> Floats:
        """A row a text: the sum of its words' vectors at length 1 (0 if none is known)."""
        if not texts:
            return np.zeros((0, self.size), np.float32)
        rows = [{*map(self.rows.get, words)} for words in texts]
        known = [[_NOTHING if row is None else row for row in own or {None}] for own in rows]
        starts = [0, *accumulate(map(len, known[:-1]))]
        flat = np.array([row for own in known for row in own])
        vectors = self.table.take(flat, axis=0)
        vectors[flat == _NOTHING] = 0
        totals = np.add.reduceat(vectors, starts, axis=0, dtype=np.float32)
        lengths = np.sqrt((totals * totals).sum(axis=1, keepdims=True))
        meanings: Floats = totals / np.maximum(lengths, 1)
        return meanings


@cache
def shared(path: Path = FILE) -> Vectors:
    """The shipped table, read once a process. Raises FileNotFoundError."""
    with np.load(path, allow_pickle=False) as file:
        words = file["words"].tobytes().decode("utf-8").split("\x00")
        return Vectors({word: row for row, word in enumerate(words)}, file["table"])
