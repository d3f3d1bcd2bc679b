"""From a message to a Reading: features, scores, and the decisions made on them.

Fitting is train.py's, rules of urgency urgency.py's; nothing here reads labelled data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nlp import judge, places, scope, segment, urgency, vectors
from nlp import model as models
from nlp.features import extract
from nlp.issues import Part, announces_more, parts
from nlp.model import Floats, Model, starts_of
from nlp.normalise import normalise
from nlp.reading import KINDS, NATURES, Issue, Place, Reading

MORE = 3
"""How many further codes a reading offers."""
GUESS = 0.5
"""How sure the code of what is no report must be to be offered."""
REASONS = 3
REASON_ROWS = 16
_KINDS = len(KINDS)
_REPORT = KINDS.index("report")


class Heard(NamedTuple):
    """A message as it came. words: names of its grid to keep whole; quoted: what it answers."""

    text: str
    words: Sequence[str] = ()
    quoted: str = ""


class Scored(NamedTuple):
    """All that was computed of one text. kinds: chances; codes: the likeliest, best
    first; sure: chance of the first; natures: scores; danger: margin of urgency."""

    text: str
    words: Sequence[str]
    rows: list[int]
    gathered: Floats
    kinds: Floats
    codes: tuple[str, ...]
    sure: float
    natures: Floats
    danger: float


Clause = tuple[Part, Scored]


class LinearClassifier:
    """Reads messages with one linear model. Thread-safe; ~70 MB with segmenter and vectors."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._knobs: dict[str, Any] = dict(model.meta["knobs"])
        self._slices = {
            name: slice(first, first + len(labels))
            for name, (first, labels) in model.blocks.items()
        }
        self._codes = model.blocks["code"][1]
        self._lines = urgency.Lines(*self._knobs["urgent"])
        self._vectors = vectors.shared()
        segment.shared()

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
        text that it replies to, which decides whether short answers follow something up."""
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
        scored = self._scored(heard)
        pieces = [self._pieces(one) for one in scored]
        clauses = iter(
            self._scored(
                [
                    Heard(one.text[piece.start : piece.end], one.words)
                    for one, own in zip(scored, pieces, strict=True)
                    for piece in own
                ]
            )
        )
        return [
            self._decide(one, message.quoted, [(piece, next(clauses)) for piece in own])
            for message, one, own in zip(heard, scored, pieces, strict=True)
        ]

    def _pieces(self, one: Scored) -> list[Part]:
        """The clauses of a report that may hold several matters, else none."""
        if one.kinds[_REPORT] < self._knobs["report_line"]:
            return []
        if one.sure >= self._knobs["whole_line"] and not announces_more(one.text):
            return []
        pieces = parts(one.text)
        return pieces if len(pieces) > 1 else []

    def _scored(self, heard: Sequence[Heard]) -> list[Scored]:
        if not heard:
            return []
        texts = [one.text for one in heard]
        seen = [self._seen(one.text, one.words) for one in heard]
        rows = [own for own, _ in seen]
        scores, gathered = self._model.score_many(rows, [meaning for _, meaning in seen])
        first = {name: scores[:, where] for name, where in self._slices.items()}
        seen_all = judge.evidence(first, judge.flags(texts), self._knobs["code_heat"])
        second = seen_all.inputs @ self._model.judge + self._model.judge_bias
        many, starts = judge.chances(second[:, :_KINDS]), starts_of(rows)
        return [
            Scored(
                one.text,
                one.words,
                rows[i],
                gathered[starts[i] : starts[i] + len(rows[i])],
                many[i],
                tuple(map(self._codes.__getitem__, seen_all.order[i].tolist())),
                float(seen_all.sure[i]),
                second[i, _KINDS:-1],
                float(second[i, -1]),
            )
            for i, one in enumerate(heard)
        ]

    def _seen(self, text: str, words: Sequence[str]) -> tuple[list[int], Floats]:
        normal = normalise(text)
        cut = segment.cut(normal, words)
        return self._model.rows(extract(normal, cut, self._model.sounds)), self._vectors.of(cut)

    def _decide(self, one: Scored, quoted: str, clauses: Sequence[Clause]) -> Reading:
        kind, sure = self._kind(one.kinds, quoted)
        urgent = self._urgent(one, kind)
        asked = kind in {"report", "follow_up"}
        settled = asked and (scope.ended(one.text) or scope.denied(one.text))
        if urgent:
            kind = "report"
        elif kind == "report" and settled:
            kind = "follow_up"
        found = places.find_places(one.text, one.words)
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
            confidence=sure * one.sure,
            reasons=self._reasons(one, "code", codes[0]),
            issues=issues,
        )

    def _urgent(self, one: Scored, kind: str) -> bool:
        """Class E; a message that hardly looks like a report needs a word of danger for it."""
        if float(one.kinds[_REPORT]) < self._knobs["urgent_line"]:
            return False
        if kind != "report" and not urgency.alarmed(one.text):
            return False
        return urgency.decide(one.text, kind, one.danger, self._lines)

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
        for piece, part in clauses:
            if float(part.kinds[_REPORT]) * part.sure >= self._knobs["part_line"]:
                clear.setdefault(part.codes[0], piece.start)
        if len(clear) < 2 or one.codes[0] not in clear:  # noqa: PLR2004 - several
            return (Issue(one.codes[0], 0, len(one.text), found),)
        starts = [0, *list(clear.values())[1:]]
        ends = [*starts[1:], len(one.text)]
        return tuple(
            Issue(code, start, end, tuple(p for p in found if start <= p.start < end))
            for code, start, end in zip(clear, starts, ends, strict=True)
        )

    def _reasons(self, one: Scored, block: str, label: str) -> tuple[str, ...]:
        """Whole words, strongest first; pieces of words only where there are none."""
        shares = one.gathered[:, self._model.column(block, label)]
        strongest = shares.argsort()[: -REASON_ROWS - 1 : -1].tolist()
        names = [self._model.names[one.rows[i]] for i in strongest]
        fit = [n for n in names if len(n) > 1 and n in one.text and not n.isascii()]
        words = self._model.vocabularies["words"]
        chosen: list[str] = []
        for name in [n for n in fit if n in words] or fit:
            if not any(name in other or other in name for other in chosen):
                chosen.append(name)
        return tuple(chosen[:REASONS])
