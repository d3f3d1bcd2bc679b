"""Word vectors: a small fixed table that lets words never seen in training count by meaning.

Read from model/words.npz, which tools outside the running bot make (see vector_table.py)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
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

    def of(self, words: list[str]) -> Floats:
        """The meaning of a text: the sum of its words' vectors at length 1 (0 if none known)."""
        rows = [row for row in {*map(self.rows.get, words)} if row is not None]
        if not rows:
            return np.zeros(self.size, np.float32)
        total = self.table.take(rows, axis=0).astype(np.float32).sum(axis=0)
        length = math.sqrt(total @ total)
        meaning: Floats = total / (length or 1.0)
        return meaning


@cache
def shared(path: Path = FILE) -> Vectors:
    """The shipped table, read once a process. Raises FileNotFoundError."""
    with np.load(path, allow_pickle=False) as file:
        words = file["words"].tobytes().decode("utf-8").split("\x00")
        return Vectors({word: row for row, word in enumerate(words)}, file["table"])
