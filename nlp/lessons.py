"""Lessons as the fitting sees them: what they teach, how much each counts, who contradicts whom.

Where they come from, and that they hold no personal data, is the caller's business."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nlp.corpus import key

COUNT = 3.0
"""How much a lesson counts beside a line of the corpus."""
MOST_PER_TEXT = 6.0
MOST_PER_GRID = 300.0
"""What the lessons of one text, and of one grid, count together at most."""
_HIDDEN = re.compile(r"\[(?:姓名|电话|证件号|卡号|车牌|邮箱|QQ号|微信号|门牌)\]")


class Taught(NamedTuple):
    """text: masked. kind, code, nature: what is right, "" where nothing is said. ticket: what
    the lesson is about, so that one matter counts as one."""

    text: str
    kind: str
    code: str
    nature: str
    grid: str
    ticket: str


class Weighed(NamedTuple):
    """A lesson that counts, and how much."""

    lesson: Taught
    weight: float


def weighed(lessons: Iterable[Taught]) -> list[Weighed]:
    """The lessons to fit, one a text: contradictions cancel, repetition and size are capped."""
    by_text: dict[str, list[Taught]] = {}
    for lesson in lessons:
        plain = lesson._replace(text=_HIDDEN.sub("", lesson.text).strip())
        if plain.text:
            by_text.setdefault(key(plain.text) or plain.text, []).append(plain)
    chosen = [one for own in by_text.values() if (one := _agreed(own)) is not None]
    per_grid = Counter[str]()
    for one in chosen:
        per_grid[one.lesson.grid] += one.weight  # type: ignore[assignment]
    return [
        one._replace(weight=one.weight * min(1.0, MOST_PER_GRID / per_grid[one.lesson.grid]))
        for one in chosen
    ]


def _agreed(lessons: Sequence[Taught]) -> Weighed | None:
    """What the lessons of one text say together; None if they say the opposite as often."""
    votes = Counter((one.kind, one.code) for one in lessons)
    votes = _without_vaguer(votes)
    (best, most), *others = votes.most_common()
    left = most - sum(count for _, count in others)
    if left <= 0:
        return None
    last = next(one for one in reversed(lessons) if (one.kind, one.code) == best)
    return Weighed(last, min(COUNT * left, MOST_PER_TEXT))


def _without_vaguer(votes: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """A report without a category does not contradict one with a category."""
    named = [(kind, code) for kind, code in votes if code]
    merged = Counter(votes)
    for kind, code in votes:
        better = [one for one in named if one[0] == kind]
        if not code and better:
            merged[max(better, key=lambda one: votes[one])] += merged.pop((kind, code))
    return merged
