"""What a measurement returns and how a run is printed: figures with spread, unit and target.

Nothing is measured here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any
from unicodedata import east_asian_width


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; the defaults are those of `make bench`."""

    runs: int = 5
    messages: int = 10_000
    batch_rows: int = 200
    groups: int = 8_000
    people: int = 100_000
    latency_s: float = 4.0
    sample: int = 400
    starts: int = 5
    year_tickets: int = 243_880
    open_tickets: int = 100_000
    lived_reports: int = 300
    backlog: int = 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value: the median of `runs` with its lowest and highest.

    key: stable name in the JSON. unit: "µs", "ms", "s", "msg/s", "MB", "%", "×" …
    met: None without a target."""

    key: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    runs: int
    target: str = ""
    met: bool | None = None

    def at_least(self, bound: float) -> Figure:
        """The same figure with a lower bound that it should reach."""
        return replace(self, target=f"≥ {bound:g}", met=self.value >= bound)

    def at_most(self, bound: float) -> Figure:
        """The same figure with an upper bound that it should keep."""
        return replace(self, target=f"≤ {bound:g}", met=self.value <= bound)

    def json(self) -> dict[str, Any]:
        """Plain values; target and met only where there is a target."""
        found: dict[str, Any] = {
            "value": round(self.value, 3),
            "unit": self.unit,
            "low": round(self.low, 3),
            "high": round(self.high, 3),
            "runs": self.runs,
        }
        return found if self.met is None else {**found, "target": self.target, "met": self.met}


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, with remarks for the reader; `lines` is text of its own."""

    title: str
    figures: tuple[Figure, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def figure(key: str, label: str, values: Sequence[float], unit: str) -> Figure:
    """The median of the values of several runs. ValueError for none."""
    if not values:
        raise ValueError(f"{key}: nothing was measured")
    return Figure(key, label, median(values), unit, min(values), max(values), len(values))


def centile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def repeated(runs: int, once: Callable[[], float]) -> list[float]:
    """`once` called `runs` times after one call that warms up."""
    once()
    return [once() for _ in range(runs)]


def table(section: Section) -> str:
    """One section as text for a terminal."""
    lines = [section.title, *section.lines]
    lines += [_line(one) for one in section.figures]
    return "\n".join([*lines, *(f"  {remark}" for remark in section.remarks)])


def _line(one: Figure) -> str:
    spread = f"({_short(one.low)} .. {_short(one.high)})"
    verdict = {True: "met", False: "MISSED", None: ""}[one.met]
    value = f"{_short(one.value):>9} {one.unit}"
    goal = f"  target {one.target}: {verdict}" if one.target else ""
    return f"  {_padded(one.label, 46)} {_padded(value, 16)} {spread:<20}{goal}".rstrip()


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _padded(text: str, width: int) -> str:
    wide = sum(east_asian_width(sign) in "WF" for sign in text)
    return text + " " * max(0, width - len(text) - wide)
