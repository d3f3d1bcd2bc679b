"""Scores that weigh several figures: the three rates, 履职 满意 平安 indices, the 线性扣分 curve.

Every weight comes from a file with a version; each score brings its formula and its inputs."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from nlp import taxonomy
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
BURDENS_OF_PART = {"open": "在办", "urgent": "紧急", "recurrences": "复发"}
"""Counts that one of its parts subtracts, each of the part's own categories."""


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
    per: burdens are counted per so many reported tickets; 0 as they are.
    parts: sub-dimension → its categories, 大类 or 小类; part_burdens: what weighs on each."""

    key: str
    name: str
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    burdens: Mapping[str, Decimal] = field(default_factory=dict)
    shrink: int = 0
    per: int = 0
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    part_burdens: Mapping[str, Decimal] = field(default_factory=dict)


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
            parts={name: tuple(codes) for name, codes in row.get("parts", {}).items()},
            part_burdens=_decimals(row.get("part_burdens", {})),
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
    yield from _part_problems(place, row)
    if weights and sum(_decimals(weights).values()) != 1:
        yield f"{place}权重加起来要等于 1，现在是 {sum(_decimals(weights).values())}"


def _part_problems(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    parts, burdens = row.get("parts", {}), row.get("part_burdens", {})
    if bool(parts) != bool(burdens):
        yield f"{place}parts 和 part_burdens 要一起写"
    if parts and "burdens" not in row:
        yield f"{place}只有写 burdens 的指数才有 parts"
    for key in burdens:
        if key not in BURDENS_OF_PART:
            yield f"{place}part_burdens 没有“{key}”这一项，可以写：{' '.join(BURDENS_OF_PART)}"
    known = taxonomy.load()
    for name, codes in parts.items():
        for code in codes or ("",):
            if code not in known.majors and code not in known.minors:
                yield f"{place}parts 的“{name}”：没有“{code}”这一类，要写大类两位或小类四位编码"


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


def parts(index: Index, cell: Cell) -> dict[str, Score]:
    """Each sub-dimension: 100 minus what weighs on its own categories, per as many reported
    tickets of the whole row as the index itself."""
    return {
        name: _less(index, cell, index.part_burdens, BURDENS_OF_PART, _counted(cell, codes))
        for name, codes in index.parts.items()
    }


def _counted(cell: Cell, codes: tuple[str, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, code), count in cell.of_code.items():
        if code.startswith(codes):
            found[name] += count
    return found


def _peace(index: Index, cell: Cell) -> Score:
    return _less(index, cell, index.burdens, BURDENS, cell.counts)


def _less(
    index: Index,
    cell: Cell,
    burdens: Mapping[str, Decimal],
    names: Mapping[str, str],
    counts: Mapping[str, int],
) -> Score:
    """100 minus the weighted counts, never below 0."""
    loss = sum((w * counts[key] for key, w in burdens.items()), Decimal(0))
    formula = "100 − " + " − ".join(f"{_plain(w)}×{names[k]}" for k, w in burdens.items())
    inputs = "，".join(f"{names[key]} {counts[key]}" for key in burdens)
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
