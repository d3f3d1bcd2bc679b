"""Labelled texts as rows of numbers: which features count, how much, and the word vectors.

For fitting and measuring only; the running bot scores with model.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import segment, vectors
from nlp.features import Features, extract
from nlp.meant import NOTHING_MEANT, Meant
from nlp.model import FAMILIES
from nlp.normalise import normalise

LEAST_SEEN = 2
"""A feature in fewer documents is not kept."""
Matrix = Any


FAMILY_WEIGHTS = {"chars": 1.0, "words": 1.5, "sounds": 0.8, "shapes": 1.0}
"""How much a feature's rarity counts, by family."""
MEANING_SHARE = 0.7
"""Length of the word-vector part beside the features' length of 1."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Examples as a matrix: features (length 1, a column each), then the word vectors."""

    vocabularies: dict[str, dict[str, int]]
    weights: NDArray[np.float32]
    matrix: Matrix


def featured(
    texts: Sequence[str], table: Mapping[int, str], meant: Meant = NOTHING_MEANT
) -> tuple[list[Features], NDArray[np.float32]]:
    """The features and the meaning of every text, as the classifier will see them."""
    normal = [normalise(text) for text in texts]
    cuts = [cut + meant(cut) for cut in map(segment.cut, normal)]
    words = vectors.shared()
    documents = [extract(text, cut, table) for text, cut in zip(normal, cuts, strict=True)]
    return documents, words.of(cuts)


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
        factors += [FAMILY_WEIGHTS[family]] * len(kept)
    rarity = (np.log((1 + len(documents)) / (1 + np.array(counts))) + 1) * factors
    sheet = Sheet(vocabularies, rarity.astype(np.float32), None)
    return Sheet(vocabularies, sheet.weights, matrix(sheet, documents, meanings))


def matrix(sheet: Sheet, documents: Sequence[Features], meanings: NDArray[np.float32]) -> Matrix:
    """Documents over the vocabulary of a sheet, their meanings behind."""
    from scipy.sparse import (  # type: ignore[import-untyped]  # noqa: PLC0415 - training only
        csr_matrix,
        hstack,
    )
    from sklearn.preprocessing import normalize  # noqa: PLC0415 - training only

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
