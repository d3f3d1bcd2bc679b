"""Makes the table of meant.py: which words can be meant, and what is never a slip.

Needs pypinyin (a development dependency); the running bot never imports this module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from nlp import corpus, segment, sounds
from nlp.corpus import Example
from nlp.meant import Meant
from nlp.normalise import normalise

_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
OFTEN = 6
"""A word of so many reports can be meant, like every word of the lexicon …"""
TELLING = 4.0
"""… if it is so many times as frequent there as in other lines."""
USUAL = 8
"""What so many lines have is a way of writing, not a slip; one line of plain talk is enough."""


def fitted(examples: Sequence[Example]) -> Meant:
    """The table of the lexicon's words and of those that tell reports from other lines."""
    cuts = [segment.cut(normalise(e.text)) for e in examples]
    signs, syllables = sounds.table(sounds.wide), sounds.syllables()
    heard = {sign: sounds.wide(syllables[sign]) for sign in set(signs.values())}
    meant = Meant(signs, heard, telling(examples, cuts))
    return Meant(signs, heard, meant.words, usual(meant, examples, cuts))


def telling(examples: Sequence[Example], cuts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The words that can be meant, the most frequent in reports first."""
    reports: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for example, words in zip(examples, cuts, strict=True):
        (reports if example.codes else others).update({*words})
    share = max(reports.total(), 1) / max(others.total(), 1)
    often = {w for w, n in reports.items() if n >= OFTEN and n > TELLING * share * others[w]}
    known = {word for _, word in corpus.lexicon() if segment.cut(word) == [word]}
    fit = filter(_HAN.fullmatch, often | known | {*segment.domain_words()})
    return tuple(sorted(fit, key=lambda word: (-reports[word], word)))


def usual(
    meant: Meant, examples: Sequence[Example], cuts: Sequence[Sequence[str]]
) -> frozenset[str]:
    """What sounds like one of the words and is written so on purpose."""
    seen: Counter[str] = Counter()
    for example, words in zip(examples, cuts, strict=True):
        for typed in {typed for typed, _ in meant.matches(words)}:
            seen[typed] += USUAL if example.kind == "chat" else 1
    return frozenset(typed for typed, count in seen.items() if count >= USUAL)
