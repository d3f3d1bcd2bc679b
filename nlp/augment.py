"""Variations of labelled lines by substitution: numbers, places, particles, homophones.

Made in code when a model is trained, never written into the corpus, and marked by the note
"variant"; the same lines always give the same variants."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from nlp.corpus import Example

NOTE = "variant"
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_KEPT = frozenset({"110", "119", "120", "122", "12", "24"})
_ENDS = ("啊", "呀", "啦", "吧", "呢", "了", "哦", "嘛")
_MARK = re.compile(r"[,，。.!！~～ ]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_END = re.compile(r"[啊呀啦哦嘛~～!！。.]+$")
Change = Callable[[Example, random.Random], str]


class Variations:
    """homophones: character → others that sound the same. places: names to put in others'
    stead. words: those in which a homophone is a likely slip."""

    def __init__(
        self, homophones: Mapping[str, str], places: Sequence[str], words: Sequence[str]
    ) -> None:
        self._homophones, self._places = homophones, list(places)
        self._words = frozenset(words)

    def of(self, example: Example) -> Example | None:
        """One variant of a line; None where nothing in it can be changed."""
        seed = int.from_bytes(hashlib.sha256(example.text.encode()).digest()[:8], "big")
        chance = random.Random(seed)  # noqa: S311 - variety, not a secret
        ways: list[Change] = [self._misheard, self._elsewhere, numbered, spoken]
        chance.shuffle(ways)
        for way in ways:
            text = way(example, chance)
            if text and text != example.text:
                return replace(example, text=text, places=(), note=NOTE)
        return None

    def _misheard(self, example: Example, chance: random.Random) -> str:
        text = example.text
        spans = [(at, at + size) for size in (2, 3) for at in range(len(text) - size + 1)]
        inside = {at for a, b in spans if text[a:b] in self._words for at in range(a, b)}
        spots = sorted(at for at in inside if text[at] in self._homophones)
        if not spots:
            return ""
        at = chance.choice(spots)
        return text[:at] + chance.choice(self._homophones[text[at]]) + text[at + 1 :]

    def _elsewhere(self, example: Example, chance: random.Random) -> str:
        place = example.places[0] if example.places else ""
        alike = [p for p in self._places if p[-1:] == place[-1:] and p != place] if place else []
        return example.text.replace(place, chance.choice(alike)) if alike else ""


def numbered(example: Example, chance: random.Random) -> str:
    """Other numbers of as many figures; emergency numbers stay."""

    def other(match: re.Match[str]) -> str:
        size = len(match[0])
        if match[0] in _KEPT:
            return match[0]
        return str(chance.randrange(10 ** (size - 1), 10**size))

    return _NUMBER.sub(other, example.text)


def spoken(example: Example, chance: random.Random) -> str:
    """Another particle at the end, or without its marks."""
    if chance.random() < 0.5 and _MARK.search(example.text):  # noqa: PLR2004 - every second
        return _MARK.sub(" ", example.text).strip()
    ended = _END.sub("", example.text)
    return ended + chance.choice(_ENDS) if ended and _HAN.match(ended[-1]) else ""


def variants(
    examples: Sequence[Example],
    variations: Variations,
    share: float,
    skipped: Container[str] = (),
) -> list[tuple[int, Example]]:
    """(index of the source, variant) for `share` of the lines, chosen by their texts.

    skipped: values of `source` whose lines are not varied."""
    found = []
    for index, example in enumerate(examples):
        digest = hashlib.sha256(b"variant" + example.text.encode()).digest()
        if example.source in skipped or digest[0] >= share * 256:
            continue
        if variant := variations.of(example):
            found.append((index, variant))
    return found
