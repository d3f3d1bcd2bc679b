"""Scores that weigh several figures: the three rates, 履职 满意 平安 indices, the 线性扣分 curve.

Every weight comes from a file with a version; each score brings its formula and its inputs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from routing.breakdown import Cell
from routing.indicators import NAMES
from routing.ratios import NOTHING, Ratio, rounded

HUNDRED = Decimal(100)
BURDENS = {
    "hazards": "未消除的隐患",
    "disputes": "未化解的纠纷",
    "urgent": "紧急事件",
    "recurrences": "复发",
}
"""Counts that 平安指数 subtracts."""


class WeightProblems(Exception):
    """The weights file is wrong; `lines` names every mistake."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Curve:
    """线性扣分+保底: `full` points at `target` % or above, `slope` off for each point below it,
    never less than `floor`."""

    full: Decimal
    target: Decimal
    slope: Decimal
    floor: Decimal = Decimal(0)

    def score(self, ratio: Ratio) -> Decimal | None:
        """The points of a rate, None for an empty denominator."""
        percent = ratio.percent
        return None if percent is None else self.points(percent)

    def points(self, percent: Decimal) -> Decimal:
        missing = max(Decimal(0), self.target - percent)
        return max(self.floor, self.full - self.slope * missing)


@dataclass(frozen=True, slots=True)
class Index:
    """A weighted mean of rates in %, or (burdens) 100 minus weighted counts.

    weights: indicator → weight; a name with "-" before it enters as 100 − rate.
    shrink: with fewer tickets than this the value leans towards the one of the whole table.
    per: burdens are counted per so many reported tickets; 0 as they are."""

    key: str
    name: str
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    burdens: Mapping[str, Decimal] = field(default_factory=dict)
    shrink: int = 0
    per: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """One value with where it comes from; value None prints as "—"."""

    value: Decimal | None
    formula: str
    inputs: str

    def shown(self) -> str:
        return NOTHING if self.value is None else str(rounded(self.value))


@dataclass(frozen=True, slots=True)
class Weights:
    """A weights file: its version, how much 一般 counts as solved, the indices, the curves."""

    version: str
    partly: float
    indices: tuple[Index, ...]
    curves: Mapping[str, Curve]


def load_weights(path: Path) -> Weights:
    """Read a weights file. Raises WeightProblems that lists every mistake, OSError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise WeightProblems([f"{path.name}：不是有效的 TOML：{error}"]) from error
    if problems := list(_problems(raw)):
        raise WeightProblems([f"{path.name}：{line}" for line in problems])
    indices = tuple(
        Index(
            key=key, name=row["name"], shrink=row.get("shrink", 0),
            per=row.get("per", 0),
            weights=_decimals(row.get("weights", {})), burdens=_decimals(row.get("burdens", {})),
        )
        for key, row in raw.get("index", {}).items()
    )  # fmt: skip
    curves = {key: Curve(**_decimals(row)) for key, row in raw.get("curve", {}).items()}
    return Weights(str(raw["version"]), float(raw.get("partly", 0.5)), indices, curves)


def _decimals(row: Mapping[str, Any]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in row.items()}


def _problems(raw: Mapping[str, Any]) -> Iterator[str]:
    if not raw.get("version"):
        yield "缺少 version，报表要写明用的是哪一版权重"
    if not 0 <= raw.get("partly", 0) <= 1:
        yield "partly（一般折算）要在 0 和 1 之间"
    for key, row in raw.get("index", {}).items():
        yield from _index_problems(f"[index.{key}] ", row)
    for key, row in raw.get("curve", {}).items():
        if unknown := row.keys() ^ {"full", "target", "slope", "floor"}:
            yield f"[curve.{key}] 要有且只有 full target slope floor，请核对 {'、'.join(unknown)}"


def _index_problems(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    weights, burdens = row.get("weights", {}), row.get("burdens", {})
    if "name" not in row:
        yield f"{place}缺少 name"
    if bool(weights) == bool(burdens):
        yield f"{place}weights 和 burdens 要写一样，只写一样"
    for key in weights:
        if key.removeprefix("-") not in NAMES:
            yield f"{place}没有“{key}”这个指标，可以写：{' '.join(NAMES)}"
    for key in burdens:
        if key not in BURDENS:
            yield f"{place}没有“{key}”这一项，可以写：{' '.join(BURDENS)}"
    if weights and sum(_decimals(weights).values()) != 1:
        yield f"{place}权重加起来要等于 1，现在是 {sum(_decimals(weights).values())}"


def score(index: Index, cell: Cell, whole: Cell) -> Score:
    """The value of an index for one row; `whole` is the table it belongs to."""
    if index.burdens:
        return _peace(index, cell)
    own, missing = _mean(index, cell)
    formula = " + ".join(f"{_plain(w)}×{_named(key)}" for key, w in index.weights.items())
    count = max(cell.ratio(key.removeprefix("-")).whole for key in index.weights)
    inputs = "，".join(_input(cell, key) for key in index.weights)
    if own is not None and count < index.shrink:
        mean, _ = _mean(index, whole)
        own = (own * count + (mean or own) * (index.shrink - count)) / index.shrink
        inputs += f"；不足{index.shrink}件，向总体值收缩"
    if missing and own is not None:
        inputs += f"；缺{'、'.join(missing)}，其余权重按比例折算"
    return Score(own, formula, inputs)


def _mean(index: Index, cell: Cell) -> tuple[Decimal | None, list[str]]:
    """The weighted mean over the rates that exist, and the names of those that do not."""
    total = weight_sum = Decimal(0)
    missing = []
    for key, weight in index.weights.items():
        percent = cell.ratio(key.removeprefix("-")).percent
        if percent is None:
            missing.append(_named(key))
            continue
        total += weight * (HUNDRED - percent if key.startswith("-") else percent)
        weight_sum += weight
    return (total / weight_sum if weight_sum else None), missing


def _peace(index: Index, cell: Cell) -> Score:
    loss = sum((w * cell.counts[key] for key, w in index.burdens.items()), Decimal(0))
    formula = "100 − " + " − ".join(f"{_plain(w)}×{BURDENS[k]}" for k, w in index.burdens.items())
    inputs = "，".join(f"{BURDENS[key]} {cell.counts[key]}" for key in index.burdens)
    if index.per:
        reported = cell.counts["reported"]
        formula += f"（各按每{index.per}件上报计）"
        inputs += f"，上报 {reported}"
        if not reported:
            return Score(None, formula, inputs)
        loss = loss * index.per / reported
    return Score(max(Decimal(0), HUNDRED - loss), formula, inputs)


def _input(cell: Cell, key: str) -> str:
    ratio = cell.ratio(key.removeprefix("-"))
    return f"{NAMES[key.removeprefix('-')].name} {ratio.shown()}（{ratio.inputs()}）"


def _named(key: str) -> str:
    name = NAMES[key.removeprefix("-")].name
    return f"(100%−{name})" if key.startswith("-") else name


def _plain(weight: Decimal) -> str:
    return f"{weight.normalize():f}"
