"""Words of the domain that were meant where none was typed: 下水到 → 下水道, 电体 → 电梯.

Found by how they sound; the text itself and the spans in it never change. The table is made when
a model is trained (meant_fitting.py) and shipped inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

LONGEST = 4
"""Characters of a word that can be put right; the shortest have two."""
SURE = 2
"""So many first syllables must be right but for an accent; a later one may be a letter off."""
ANY = "*"


@dataclass(frozen=True, slots=True)
class Meant:
    """signs: code point → one character for all that people confuse by ear. sounds: that
    character → its syllable. words: the domain's words, the most telling first. usual: what
    people really write though it sounds like one of them (也是 is no 夜市)."""

    signs: Mapping[int, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    usual: frozenset[str] = frozenset()
    _keys: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _starts: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for word in self.words:
            heard = word.translate(self.signs)
            self._starts.add(heard[:SURE])
            self._keys.setdefault(heard, word)
            for at in range(SURE, len(word)):
                self._keys.setdefault(_blank(heard, at), word)

    def __call__(self, words: Sequence[str]) -> list[str]:
        """The words of the domain that a text means beside the words it was cut into."""
        if not self._starts:
            return []
        found = (word for typed, word in self.matches(words) if typed not in self.usual)
        return list(dict.fromkeys(found))

    def matches(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(what was typed, the word that it sounds like) for neighbouring words together."""
        text = "".join(words)
        heard = text.translate(self.signs)
        ends = [0, *accumulate(map(len, words))]
        known = self._starts
        firsts = [i for i, at in enumerate(ends[:-2]) if heard[at : at + SURE] in known]
        for first in firsts:
            start = ends[first]
            for end in ends[first + 2 : first + LONGEST + 1]:
                if end - start > LONGEST:
                    break
                word = self._word(heard[start:end])
                if word and _one_right(word, text[start:end]):
                    yield text[start:end], word

    def _word(self, heard: str) -> str:
        if word := self._keys.get(heard):
            return word
        for at in range(SURE, len(heard)):
            word = self._keys.get(_blank(heard, at))
            if word and self._close(heard[at], word.translate(self.signs)[at]):
                return word
        return ""

    def _close(self, one: str, other: str) -> bool:
        a, b = self.sounds.get(one, ""), self.sounds.get(other, "")
        return bool(a and b) and letters_apart(a, b) <= 1


NOTHING_MEANT = Meant()


def _blank(heard: str, at: int) -> str:
    return heard[:at] + ANY + heard[at + 1 :]


def _one_right(word: str, typed: str) -> bool:
    """Whether what was typed is another word, of which half the characters are right."""
    right = sum(a == b for a, b in zip(word, typed, strict=True))
    return len(word) // 2 <= right < len(word)


def letters_apart(one: str, other: str) -> int:
    """The edit distance of two syllables, in letters."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
