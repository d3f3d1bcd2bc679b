"""From a message to a Reading: features, scores, and the decisions made on them.

Fitting is train.py's, rules of urgency urgency.py's; nothing here reads labelled data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp import model as models
from nlp import places, segment, urgency
from nlp.features import extract
from nlp.issues import Part, parts
from nlp.model import Floats, Model
from nlp.normalise import normalise
from nlp.reading import Issue, Place, Reading

MORE = 3
"""How many further codes a reading offers."""


class LinearClassifier:
    """Reads messages with one linear model. Thread-safe; ~40 MB with its segmenter."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._knobs: dict[str, Any] = dict(model.meta["knobs"])
        self._kinds = self._block("kind")
        self._codes = self._block("code")
        self._natures = self._block("nature")
        self._urgent = model.column("urgent", "urgent")
        segment.shared()

    @classmethod
    def load(cls, path: Path = models.DEFAULT) -> LinearClassifier:
        """The classifier of a model file. Raises FileNotFoundError, BadModelError."""
        return cls(models.load(path))

    @property
    def meta(self) -> dict[str, Any]:
        """Version, corpus hash and own metrics of the model in use."""
        return dict(self._model.meta)

    def _block(self, name: str) -> tuple[slice, tuple[str, ...]]:
        first, labels = self._model.blocks[name]
        return slice(first, first + len(labels)), labels

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        """The meaning of one message. words: names of the grid to keep whole; quoted: the
        text that it replies to, which decides whether short answers follow something up."""
        rows = self._rows(text, words)
        gathered = self._model.gather(rows)
        return self._decide(text, words, quoted, rows, gathered, self._model.score(gathered))

    def read_batch(self, texts: Sequence[str]) -> list[Reading]:
        """The meaning of many messages, each on its own; faster than one by one."""
        if not texts:
            return []
        rows = [self._rows(text, ()) for text in texts]
        scores, gathered = self._model.score_many(rows)
        readings, start = [], 0
        for text, own, score in zip(texts, rows, scores, strict=True):
            end = start + len(own)
            readings.append(self._decide(text, (), "", own, gathered[start:end], score))
            start = end
        return readings

    def _rows(self, text: str, words: Sequence[str]) -> list[int]:
        normal = normalise(text)
        return self._model.rows(extract(normal, segment.cut(normal, words), self._model.sounds))

    def _decide(
        self,
        text: str,
        words: Sequence[str],
        quoted: str,
        rows: list[int],
        gathered: Floats,
        scores: Floats,
    ) -> Reading:
        kind, sure = self._kind(scores, quoted)
        urgent = urgency.decide(text, kind, float(scores[self._urgent]), self._lines())
        if urgent:
            kind = "report"
        found = places.find_places(text, words)
        if kind != "report":
            return Reading(kind=kind, places=found, urgent=False, confidence=sure)
        codes, chance = self._ranked(scores)
        issues = self._issues(text, words, codes, found)
        own = tuple(dict.fromkeys(i.code for i in issues)) or codes[:1]
        return Reading(
            kind=kind,
            codes=own,
            candidates=tuple(c for c in codes if c not in own)[:MORE],
            nature=self._nature(scores),
            urgent=urgent,
            places=found,
            confidence=sure * chance,
            reasons=self._reasons(rows, gathered, codes[0]),
            issues=issues,
        )

    def _lines(self) -> tuple[float, float, float]:
        sure, warned, doubtful = self._knobs["urgent"]
        return sure, warned, doubtful

    def _kind(self, scores: Floats, quoted: str) -> tuple[str, float]:
        where, labels = self._kinds
        chances = _softmax(scores[where] * self._knobs["kind_heat"])
        order = np.argsort(-chances)
        best = int(order[0])
        if labels[best] == "report" and chances[best] < self._knobs["report_line"]:
            best = int(order[1])
        if quoted and labels[best] == "report" and chances[best] < self._knobs["quoted_line"]:
            return "follow_up", 1 - float(chances[best])
        return labels[best], float(chances[best])

    def _ranked(self, scores: Floats) -> tuple[tuple[str, ...], float]:
        where, labels = self._codes
        heated = scores[where] * self._knobs["code_heat"]
        order = np.argpartition(-heated, MORE + 1)[: MORE + 2]
        order = order[np.argsort(-heated[order])]
        chance = 1 / float(np.exp(heated - heated[order[0]]).sum())
        return tuple(labels[i] for i in order.tolist()), chance

    def _nature(self, scores: Floats) -> str:
        where, labels = self._natures
        return labels[int(scores[where].argmax())]

    def _issues(
        self,
        text: str,
        words: Sequence[str],
        codes: tuple[str, ...],
        found: tuple[Place, ...],
    ) -> tuple[Issue, ...]:
        pieces = parts(text)
        if len(pieces) > 1:
            issues = self._split(text, words, pieces, codes, found)
            if len({i.code for i in issues}) > 1:
                return issues
        return (Issue(codes[0], 0, len(text), found),)

    def _split(
        self,
        text: str,
        words: Sequence[str],
        pieces: list[Part],
        codes: tuple[str, ...],
        found: tuple[Place, ...],
    ) -> tuple[Issue, ...]:
        rows = [self._rows(text[p.start : p.end], words) for p in pieces]
        scores, _ = self._model.score_many(rows)
        issues: list[Issue] = []
        for piece, score in zip(pieces, scores, strict=True):
            kind, sure = self._kind(score, "")
            ranked, chance = self._ranked(score)
            strong = kind == "report" and sure * chance >= self._knobs["part_line"]
            if not strong or any(i.code == ranked[0] for i in issues):
                continue
            own = tuple(p for p in found if piece.start <= p.start < piece.end)
            issues.append(Issue(ranked[0], piece.start, piece.end, own))
        issues.sort(key=lambda i: i.code != codes[0])
        return tuple(issues) if any(i.code == codes[0] for i in issues) else ()

    def _reasons(self, rows: list[int], gathered: Floats, code: str) -> tuple[str, ...]:
        shares = gathered[:, self._model.column("code", code)]
        chosen: list[str] = []
        for i in np.argsort(-shares)[:12].tolist():
            name = self._model.names[rows[i]]
            if len(name) < 2 or not name.isalpha() or name.isascii():
                continue
            if not any(name in other or other in name for other in chosen):
                chosen.append(name)
            if len(chosen) == 3:
                break
        return tuple(chosen)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    chances: Floats = powers / powers.sum()
    return chances
