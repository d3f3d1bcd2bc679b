"""From a message to a Reading: features, scores, and the decisions made on them.

Fitting is train.py's, rules of urgency urgency.py's; nothing here reads labelled data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp import context, places, scope, urgency
from nlp import model as models
from nlp.issues import Part, announces_more, parts
from nlp.model import Floats, Model
from nlp.reading import KINDS, NATURES, Issue, Place, Reading
from nlp.scoring import Heard, Look, Scored, Scorer

MORE = 3
"""How many further codes a reading offers."""
GUESS = 0.5
"""How sure the code of what is no report must be to be offered."""
NAMED = 0.4
"""The main code of a report counts as no less sure: what surely is a report gets an answer, if
only the question what it is about."""
REASONS = 3
REASON_ROWS = 16
_REPORT = KINDS.index("report")


Clause = tuple[Part, Scored]


class LinearClassifier:
    """Reads messages with one linear model. Thread-safe; ~70 MB with segmenter and vectors."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._knobs: dict[str, Any] = dict(model.meta["knobs"])
        self._lines = urgency.Lines(*self._knobs["urgent"])
        self._scorer = Scorer(model)

    @classmethod
    def load(cls, path: Path = models.DEFAULT) -> LinearClassifier:
        """The classifier of a model file. Raises FileNotFoundError, BadModelError."""
        return cls(models.load(path))

    @property
    def meta(self) -> dict[str, Any]:
        """Version, corpus hash and own metrics of the model in use."""
        return dict(self._model.meta)

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        """The meaning of one message. words: names of the grid to keep whole; quoted: the
        text that it answers, which is read too (context.py)."""
        return self._all([Heard(text, words, quoted)])[0]

    def read_batch(
        self,
        texts: Sequence[str],
        words: Sequence[Sequence[str]] = (),
        quoted: Sequence[str] = (),
    ) -> list[Reading]:
        """The meaning of many messages, each on its own; faster than one by one.

        words, quoted: for every text what `read` takes with it; empty where no text has any.
        Raises ValueError if one of them is neither empty nor as long as the texts."""
        own, replied = words or [()] * len(texts), quoted or [""] * len(texts)
        return self._all([Heard(*one) for one in zip(texts, own, replied, strict=True)])

    def rank(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """The likeliest 小类 of every text, best first, as if it were a report."""
        return [one.codes for one in self._scored([Heard(text) for text in texts])]

    def words_for(self, text: str, kind: str) -> tuple[str, ...]:
        """The words that speak most for a message being of this kind, strongest first."""
        return self._reasons(self._scored([Heard(text)])[0], "kind", kind)

    def _all(self, heard: Sequence[Heard]) -> list[Reading]:
        looks = list(map(self._scorer.look, heard))
        talk = list(map(self._scorer.talk, looks))
        full = iter(self._full([look for look, sure in zip(looks, talk, strict=True) if not sure]))
        return [
            self._plain(look, sure) if sure else next(full)
            for look, sure in zip(looks, talk, strict=True)
        ]

    def _scored(self, heard: Sequence[Heard]) -> list[Scored]:
        return self._scorer.scored(list(map(self._scorer.look, heard)))

    def _plain(self, look: Look, talk: float) -> Reading:
        found = places.find_places(look.heard.text, look.heard.words, look.signs)
        return Reading(kind="chat", places=found, confidence=talk)

    def _full(self, looks: Sequence[Look]) -> list[Reading]:
        if not looks:
            return []
        scored = self._scorer.scored(looks)
        pieces = [self._pieces(one) for one in scored]
        texts = [
            Heard(look.heard.text[piece.start : piece.end], look.heard.words)
            for look, own in zip(looks, pieces, strict=True)
            for piece in own
        ]
        clauses = iter(self._scored(texts))
        readings = [
            self._decide(one, [(piece, next(clauses)) for piece in own])
            for one, own in zip(scored, pieces, strict=True)
        ]
        return [
            self._answered(reading, look.heard) if look.heard.quoted else reading
            for look, reading in zip(looks, readings, strict=True)
        ]

    def _answered(self, own: Reading, heard: Heard) -> Reading:
        return context.answered(own, heard.text, self.read(heard.quoted, heard.words))

    def _pieces(self, one: Scored) -> list[Part]:
        """The clauses of a report that may hold several matters, else none."""
        if one.kinds[_REPORT] < self._knobs["report_line"]:
            return []
        text = one.look.heard.text
        if one.sure >= self._knobs["whole_line"] and not announces_more(text):
            return []
        pieces = parts(text)
        return pieces if len(pieces) > 1 else []

    def _decide(self, one: Scored, clauses: Sequence[Clause]) -> Reading:
        text, words, quoted = one.look.heard
        kind, sure = self._kind(one.kinds, quoted)
        urgent = self._urgent(one, kind)
        found = places.find_places(text, words, one.look.signs)
        settled = kind in {"report", "follow_up"} and (
            scope.ended(text) or scope.denied(text) or scope.only_where(text, found)
        )
        if (urgent or kind == "report") and scope.aside(text):
            kind, urgent = "chat", False
        if urgent:
            kind = "report"
        elif kind == "report" and settled:
            kind = "follow_up"
        codes = one.codes
        if kind != "report":
            guess = codes[:MORE] if one.sure >= GUESS else ()
            doubt = float(one.kinds[_REPORT]) * one.sure if guess and not settled else 0.0
            return Reading(
                kind=kind, candidates=guess, places=found, confidence=sure,
                doubt=doubt if kind == "follow_up" else 0.0,
            )  # fmt: skip
        issues = self._issues(one, clauses, found)
        matters = [issue.code for issue in issues]
        own = tuple(dict.fromkeys([codes[0], *matters]))
        return Reading(
            kind=kind,
            codes=own,
            candidates=tuple(code for code in codes if code not in own)[:MORE],
            nature=NATURES[int(one.natures.argmax())],
            urgent=urgent,
            places=found,
            confidence=sure * max(one.sure, NAMED),
            reasons=self._reasons(one, "code", codes[0]),
            issues=issues,
        )

    def _urgent(self, one: Scored, kind: str) -> bool:
        """Class E; a message that hardly looks like a report needs a sign of danger for it."""
        if float(one.kinds[_REPORT]) < self._knobs["urgent_line"]:
            return False
        if kind != "report" and not urgency.suspected(one.spotted):
            return False
        return urgency.decide(one.spotted, kind, one.danger, self._lines)

    def _kind(self, chances: Floats, quoted: str) -> tuple[str, float]:
        best = int(chances.argmax())
        line = self._knobs["quoted_line" if quoted else "report_line"]
        if KINDS[best] == "report" and chances[best] < line:
            if quoted:
                return "follow_up", float(1 - chances[best])
            best = int(chances[1:].argmax()) + 1
        return KINDS[best], float(chances[best])

    def _issues(
        self, one: Scored, clauses: Sequence[Clause], found: tuple[Place, ...]
    ) -> tuple[Issue, ...]:
        """The matters whose clauses are clear; unclear clauses belong to the one before."""
        clear: dict[str, int] = {}
        size = len(one.look.heard.text)
        for piece, part in clauses:
            if float(part.kinds[_REPORT]) * part.sure >= self._knobs["part_line"]:
                clear.setdefault(part.codes[0], piece.start)
        if len(clear) < 2 or one.codes[0] not in clear:  # noqa: PLR2004 - several
            return (Issue(one.codes[0], 0, size, found),)
        starts = [0, *list(clear.values())[1:]]
        ends = [*starts[1:], size]
        return tuple(
            Issue(code, start, end, tuple(p for p in found if start <= p.start < end))
            for code, start, end in zip(clear, starts, ends, strict=True)
        )

    def _reasons(self, one: Scored, block: str, label: str) -> tuple[str, ...]:
        """Whole words, strongest first, of equal ones the first in the model; pieces of words only
        where there are none."""
        shares = self._model.weights[one.rows, self._model.column(block, label)]
        strongest = (-shares).argsort(kind="stable")[:REASON_ROWS].tolist()
        names, text = [self._model.names[one.rows[i]] for i in strongest], one.look.heard.text
        fit = [n for n in names if len(n) > 1 and n in text and not n.isascii()]
        words = self._model.vocabularies["words"]
        chosen: list[str] = []
        for name in [n for n in fit if n in words] or fit:
            if not any(name in other or other in name for other in chosen):
                chosen.append(name)
        return tuple(chosen[:REASONS])
