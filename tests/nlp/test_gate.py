"""The gate: what is counted, how much may be lost, and that poison does not pass."""

from __future__ import annotations

import pytest

from nlp import corpus, gate
from nlp.adapt import adapt
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.gate import MEASURES, Count, Figures
from tests.nlp import small
from tests.nlp.small import lesson

CHECKS = [
    Example("路灯又坏了", "report", ("0203",)),
    Example("垃圾堆着没收", "report", ("0102",), alt=("0101",)),
    Example("电梯卡在四楼了", "report", ("0404",), urgent=True),
    Example("哈哈哈早上好", "chat"),
]


@pytest.fixture(scope="module")
def reader() -> LinearClassifier:
    return LinearClassifier(small.model())


def test_what_is_counted(reader: LinearClassifier) -> None:
    found = gate.figures(reader, CHECKS)
    assert set(found) == {m.name for m in MEASURES}
    assert found["kind"] == Count(4, 4)
    assert found["reports"] == Count(3, 3)
    assert found["false_tickets"] == Count(0, 1)
    assert found["codes"] == Count(3, 3)
    assert found["urgent"].total == 1


def test_nothing_to_count(reader: LinearClassifier) -> None:
    found = gate.figures(reader, [])
    assert set(found.values()) == {Count(0, 0)}
    assert Count(0, 0).share == 0
    assert gate.passed(gate.compare(found, found))


def with_(**changes: int) -> Figures:
    base = {"kind": 900, "reports": 500, "false_tickets": 10, "codes": 400, "urgent": 50}
    totals = {"kind": 1000, "reports": 600, "false_tickets": 150, "codes": 600, "urgent": 54}
    return {name: Count(base[name] + changes.get(name, 0), totals[name]) for name in base}


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({}, True),
        ({"kind": -5}, True),
        ({"kind": -6}, False),
        ({"reports": -3}, True),
        ({"reports": -4}, False),
        ({"false_tickets": 1}, True),
        ({"false_tickets": 2}, False),
        ({"false_tickets": -9}, True),
        ({"codes": -4, "kind": 50}, False),
        ({"urgent": -1, "kind": 50}, False),
        ({"urgent": 1}, True),
    ],
)
def test_how_much_may_be_lost(changes: dict[str, int], passes: bool) -> None:
    findings = gate.compare(with_(), with_(**changes))
    assert gate.passed(findings) is passes
    worse = {f.measure.name for f in findings if f.worse}
    assert worse <= {name for name, by in changes.items() if by}


def test_poison_does_not_pass(reader: LinearClassifier) -> None:
    poison = [lesson(f"{text}{end}", "chat") for text in small.texts()[:15] for end in "啊了呀"]
    bad = adapt(small.model(), (), poison).model
    findings = gate.compare(
        gate.figures(reader, CHECKS), gate.figures(LinearClassifier(bad), CHECKS)
    )
    assert not gate.passed(findings)


def test_the_shipped_checks_can_notice_every_loss() -> None:
    checks = corpus.checks()
    totals = gate.figures(LinearClassifier.load(), checks)
    assert all(count.total >= 50 for count in totals.values())
    assert totals["reports"].share > 0.6
