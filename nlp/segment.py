"""Words of a text: jieba's dictionary through rjieba, the domain's words, a grid's own names.

No hidden Markov model: unknown stretches stay single characters, which the features expect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import rjieba

DOMAIN_WORDS = Path(__file__).with_name("lexicon") / "words.txt"
"""One word a line: what residents say and a general dictionary cuts in pieces."""


def domain_words(path: Path = DOMAIN_WORDS) -> tuple[str, ...]:
    """The domain dictionary, in the order of its file; lines that begin with # are remarks."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(word for line in lines if line and line[0] != "#" for word in line.split())


class Segmenter:
    """Cuts normalised text into words. One object costs 26 MB and 0.1 s: share it.

    jieba: a dictionary of its own by default, or the one that the module itself holds."""

    def __init__(self, words: Iterable[str] = (), jieba: Any = None) -> None:
        self._jieba = jieba or rjieba.Jieba()
        self._known: set[str] = set()
        self.learn(words)

    def learn(self, words: Iterable[str]) -> None:
        """Keep these words whole from now on (compound and building names of a grid)."""
        for word in words:
            if len(word) > 1 and word not in self._known:
                self._known.add(word)
                self._jieba.add_word(word, None, None)

    def cut(self, text: str) -> list[str]:
        """The words of the text in order; joined they give the text back."""
        words: list[str] = self._jieba.cut(text, False)
        return words


@cache
def shared() -> Segmenter:
    """The one segmenter of the process, with the domain's words in rjieba's own dictionary."""
    return Segmenter(domain_words(), rjieba)


def cut(text: str, words: Sequence[str] = ()) -> list[str]:
    """Words of a text by the shared segmenter, which learns `words` on the way."""
    segmenter = shared()
    if words:
        segmenter.learn(words)
    return segmenter.cut(text)
