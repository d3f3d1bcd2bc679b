"""Shares of counts as they are printed: an empty denominator is "—", never 0 % or 100 %.

Which counts are divided by which is said in indicators.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Ratio:
    """part ÷ whole, both counted; `part` is fractional where answers count half."""

    part: float
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """The exact share times 100; None for an empty denominator."""
        if self.whole == 0:
            return None
        return Decimal(str(round(self.part, 6))) * 100 / self.whole

    def shown(self, places: int = 2, least: int = 1) -> str:
        """As printed, rounded half up: "93.72%"; "—" with fewer than `least` cases."""
        percent = self.percent
        if percent is None or self.whole < least:
            return NOTHING
        return f"{rounded(percent, places)}%"

    def inputs(self) -> str:
        """The two counts: "911/972"."""
        return f"{number(self.part)}/{self.whole}"


def total(ratios: Iterable[Ratio]) -> Ratio:
    """The ratio of the sums."""
    rows = list(ratios)
    return Ratio(sum(r.part for r in rows), sum(r.whole for r in rows))


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Rounded half up, as everybody does on paper."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: float) -> str:
    """A count without a needless ".0"."""
    return f"{value:g}" if value != int(value) else str(int(value))


def centile(values: Iterable[int], share: float) -> int | None:
    """The smallest value that `share` (0..1) of the values do not exceed; None for none."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = ceil(round(share * len(ordered), 6)) - 1
    return ordered[max(0, place)]
