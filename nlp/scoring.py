"""From messages to scores: features, one gather, the second look.

What is decided on the scores is classify.py's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nlp import judge, segment, urgency, vectors
from nlp.features import Features, Written, extract, written
from nlp.first_look import chance
from nlp.model import Floats, Model
from nlp.normalise import normalise
from nlp.reading import KINDS

_KINDS = len(KINDS)


class Heard(NamedTuple):
    """A message as it came. words: names of its grid to keep whole; quoted: what it answers."""

    text: str
    words: Sequence[str] = ()
    quoted: str = ""


class Look(NamedTuple):
    """A message, its normal form, what that form's characters tell, the message's own signs."""

    heard: Heard
    normal: str
    seen: Written
    signs: set[str]


class Scored(NamedTuple):
    """All that was computed of one text. spotted: what of urgency.py stands in it. kinds: chances;
    codes: the likeliest, best first; sure: chance of the first; natures: scores; danger: margin of
    urgency."""

    look: Look
    spotted: set[str]
    rows: list[int]
    kinds: Floats
    codes: tuple[str, ...]
    sure: float
    natures: Floats
    danger: float


class Scorer:
    """Scores texts with one model. Thread-safe."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.slices = {
            name: slice(first, first + len(labels))
            for name, (first, labels) in model.blocks.items()
        }
        self.codes = model.blocks["code"][1]
        self._heat = model.meta["knobs"]["code_heat"]
        self._vectors = vectors.shared()
        segment.shared()

    def look(self, heard: Heard) -> Look:
        """The part of the work that every message needs."""
        normal = normalise(heard.text)
        seen = written(normal)
        return Look(heard, normal, seen, seen.signs_in(heard.text))

    def talk(self, look: Look) -> float:
        """The chance of plain talk where the first look ends a message, else 0.

        A message with a word of danger, and a reply, is always read in full."""
        first = self.model.first_look
        margin = first.margin(look.seen.signs, look.seen.forms)
        if margin >= first.line or look.heard.quoted:
            return 0.0
        return 0.0 if urgency.alarmed(look.heard.text, look.signs) else chance(margin)

    def scored(self, looks: Sequence[Look]) -> list[Scored]:
        """All scores of every text."""
        if not looks:
            return []
        cuts = [self._words(one) for one in looks]
        found = [self._features(one, cut) for one, cut in zip(looks, cuts, strict=True)]
        rows = list(map(self.model.rows, found))
        scores = self.model.score_many(rows, self._vectors.of(cuts))
        first = {name: scores[:, where] for name, where in self.slices.items()}
        spotted = [urgency.spotted(one.heard.text, one.signs) for one in looks]
        warned = judge.flags(spotted, [own.shapes for own in found])
        seen = judge.evidence(first, warned, self._heat)
        second = seen.inputs @ self.model.judge + self.model.judge_bias
        many = judge.chances(second[:, :_KINDS])
        return [
            Scored(
                one,
                spotted[i],
                rows[i],
                many[i],
                tuple(map(self.codes.__getitem__, seen.order[i].tolist())),
                float(seen.sure[i]),
                second[i, _KINDS:-1],
                float(second[i, -1]),
            )
            for i, one in enumerate(looks)
        ]

    def _words(self, one: Look) -> list[str]:
        cut = segment.cut(one.normal, one.heard.words)
        return cut + self.model.meant(cut)

    def _features(self, one: Look, cut: list[str]) -> Features:
        return extract(one.normal, cut, self.model.sounds, one.seen)
