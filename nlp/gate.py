"""May a newly fitted model replace the one in use? Counted on lines that nobody trains on.

What is done about the answer is decided by the caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.classify import LinearClassifier
from nlp.corpus import Example


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: how it is called, whether fewer is better, and how many lines it may lose.

    `share` of all its lines, at least `least` lines: one rare line is chance, more is not."""

    name: str
    label: str
    fewer: bool = False
    share: float = 0.005
    least: int = 1

    def allowed(self, total: int) -> int:
        """How many lines of `total` the figure may get worse by."""
        return max(self.least, int(total * self.share))


MEASURES = (
    Measure("kind", "种类判断正确"),
    Measure("reports", "诉求没有漏掉"),
    Measure("false_tickets", "闲聊误当诉求", fewer=True),
    Measure("codes", "小类判断正确"),
    Measure("urgent", "紧急没有漏掉", share=0.0, least=0),
)


class Count(NamedTuple):
    """Lines that count of all lines that were asked."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        """hits ÷ total in 0..1; 0 without lines."""
        return self.hits / self.total if self.total else 0.0


Figures = dict[str, Count]


class Finding(NamedTuple):
    """One figure of both models. worse: beyond what it may lose."""

    measure: Measure
    old: Count
    new: Count
    worse: bool


def figures(classifier: LinearClassifier, checks: Sequence[Example]) -> Figures:
    """The counts of a model over the checks, by the names of MEASURES."""
    texts = [e.text for e in checks]
    readings, ranked = classifier.read_batch(texts), classifier.rank(texts)
    rows = list(zip(checks, readings, ranked, strict=True))
    return {
        "kind": _count(e.kind == r.kind for e, r, _ in rows),
        "reports": _count(r.kind == "report" for e, r, _ in rows if e.kind == "report"),
        "false_tickets": _count(r.kind == "report" for e, r, _ in rows if e.kind != "report"),
        "codes": _count(best[0] in (*e.codes, *e.alt) for e, _, best in rows if e.codes),
        "urgent": _count(r.urgent for e, r, _ in rows if e.urgent),
    }


def _count(hits: Iterable[bool]) -> Count:
    found = list(hits)
    return Count(sum(found), len(found))


def compare(old: Figures, new: Figures) -> list[Finding]:
    """Every figure of the model in use beside that of the new one."""
    return [_finding(measure, old[measure.name], new[measure.name]) for measure in MEASURES]


def _finding(measure: Measure, old: Count, new: Count) -> Finding:
    lost = new.hits - old.hits if measure.fewer else old.hits - new.hits
    return Finding(measure, old, new, lost > measure.allowed(old.total))


def passed(findings: Sequence[Finding]) -> bool:
    """Whether no figure is worse beyond its tolerance."""
    return not any(finding.worse for finding in findings)
