"""How figures are printed: a Chinese table, CSV for spreadsheets, JSON with stable keys.

Nothing is computed here that is not a sum's quotient; reading is stats.py."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table as Grid

from bot.stats import Report
from nlp import taxonomy
from routing.breakdown import COUNTS, Cell, Key
from routing.deadlines import Span
from routing.indicators import COHORTS, INDICATORS, NAMES
from routing.indices import Index, parts, score
from routing.ratios import NOTHING, centile, number

DEFAULT = (
    "reported", "finished", "done", "closing", "on_time", "signed", "response", "solved",
    "satisfied", "unrated", "rework", "open", "overdue",
)  # fmt: skip
FIGURES = (*COUNTS, *NAMES)
DURATIONS = {"answering": "响应时长", "handling": "办理时长"}
SHARES = (50, 90)
LEAST = 5
FEW = "样本过少"
"""Said instead of a rate of a person with fewer than LEAST cases."""
_CLASSES = taxonomy.load().slas
CLASSES = tuple(_CLASSES)
"""Deadline classes, the most pressing first."""
_TENTH = 0.1
_MINUTE = 60_000_000
_BOM = "\ufeff"


def as_table(report: Report, out: TextIO, columns: tuple[str, ...] = DEFAULT) -> None:
    """A table for the terminal; without dimensions every figure below the other."""
    console = Console(file=out, highlight=False, width=None if out.isatty() else 200)
    console.print(f"{_head(report)}")
    grid = Grid(*(_titles(report) or ["指标"]), show_edge=False)
    for name in columns if report.by else ("数值", "分子/分母"):
        grid.add_column(_name(name), justify="right")
    for row in _rows(report, columns) if report.by else _list(report):
        grid.add_row(*row)
    console.print(grid)
    for line in _notes(report):
        console.print(line)


def _head(report: Report) -> str:
    query = report.query
    return (
        f"统计期 {query.first} 至 {query.last}，截至 {report.as_of:%Y-%m-%d %H:%M}；"
        f"范围：{report.scope}；权重版本 {report.weights.version}"
    )


def _titles(report: Report) -> list[str]:
    return [one.title for one in report.by]


def _name(key: str) -> str:
    return COUNTS.get(key) or (NAMES[key].name if key in NAMES else key)


def _cells(report: Report) -> Iterator[tuple[Key, list[str], Cell]]:
    """Rows in the order of their keys (never by performance), the total last."""

    def place(key: Key) -> list[tuple[int, str]]:
        return [one.rank(part) for one, part in zip(report.by, key, strict=True)]

    for key in sorted(report.table.cells, key=place):
        labels = [one.label(part) for one, part in zip(report.by, key, strict=True)]
        yield key, labels, report.table.cells[key]
    yield (), ["合计", *[""] * (len(report.by) - 1)], report.table.total


def _rows(report: Report, columns: tuple[str, ...]) -> Iterator[list[str]]:
    for _, labels, cell in _cells(report):
        yield [*labels, *(_value(report, cell, key) for key in columns)]


def _value(report: Report, cell: Cell, key: str) -> str:
    if key in COUNTS:
        return str(cell.counts[key])
    return FEW if _hidden(report, cell, key) else cell.ratio(key).shown()


def _hidden(report: Report, cell: Cell, key: str) -> bool:
    """Whether a rate of a person rests on too few cases to be told."""
    return _guards(report, cell) and 0 < cell.ratio(key).whole < LEAST


def _guards(report: Report, cell: Cell) -> bool:
    """Whether the row is a person's, of whom nothing is told from a handful of cases."""
    return any(one.guarded for one in report.by) and cell is not report.table.total


def _list(report: Report) -> Iterator[list[str]]:
    cell = report.table.total
    for key, name in COUNTS.items():
        yield [name, str(cell.counts[key]), ""]
    for one in INDICATORS:
        ratio = cell.ratio(one.key)
        yield [one.name, ratio.shown(), ratio.inputs()]
    for key, name in DURATIONS.items():
        for sla in (sla for sla in CLASSES if getattr(cell, key).get(sla)):
            values = getattr(cell, key)[sla]
            unit = "工作小时" if _in_working_time(key, sla) else "小时"
            yield [
                f"{name}（{sla} {_CLASSES[sla].name}）",
                _spoken(values, unit),
                f"{len(values)}件",
            ]
    for index in report.weights.indices:
        yield [index.name, score(index, cell, cell).shown(), ""]
        for name, part in parts(index, cell).items():
            yield [f"　其中 {name}", part.shown(), part.inputs]


def _in_working_time(duration: str, sla: str) -> bool:
    """Whether a class counts this duration in working time."""
    own = _CLASSES[sla]
    return Span.parse(own.contact if duration == "answering" else own.finish).working


def _spoken(values: list[int], unit: str) -> str:
    """The half of them took no longer than …, nine in ten no longer than …."""
    half, most = (_hours((centile(values, s / 100) or 0) / 60 / _MINUTE) for s in SHARES)
    return f"一半在{half}{unit}内，九成在{most}{unit}内"


def _hours(hours: float) -> str:
    return f"{hours:.1f}" if hours >= _TENTH else "0.1"


def _notes(report: Report) -> Iterator[str]:
    yield "并案只计一次，撤回不计；空分母显示“—”；行的次序固定，不作排名。"
    if report.reasons:
        told = "，".join(f"{name} {count}次" for name, count in report.reasons.items())
        yield f"不满意的原因：{told}。"
    for one in report.exclusions:
        yield f"剔除 {one.group} #{one.number}：{one.reason}（申请 {one.by}，复核 {one.second}）"


def explain(report: Report, out: TextIO) -> None:
    """Each figure's formula, cohort and the inputs of the total."""
    cell = report.table.total
    print(f"\n指标口径（{report.scope}）", file=out)
    for one in INDICATORS:
        ratio = cell.ratio(one.key)
        line = f"{one.name}（{one.key}）= {one.formula}，按{COHORTS[one.cohort]}"
        print(f"  {line}：{ratio.inputs()} = {ratio.shown()}", file=out)
    print(f"综合指数（权重版本 {report.weights.version}）", file=out)
    for index in report.weights.indices:
        found = score(index, cell, cell)
        print(f"  {index.name} = {found.formula}", file=out)
        print(f"    {found.inputs} → {found.shown()}", file=out)
        for name, part in parts(index, cell).items():
            codes = " ".join(index.parts[name])
            print(
                f"    {name}（{codes}）= {part.formula}：{part.inputs} → {part.shown()}", file=out
            )


def as_csv(report: Report, out: TextIO) -> None:
    """Every count, rate, its inputs and the indices; UTF-8 with BOM, which spreadsheets need."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    rates = [t for one in INDICATORS for t in (one.name, f"{one.name}分子", f"{one.name}分母")]
    indices = [name for i in report.weights.indices for name in (i.name, *i.parts)]
    took = [f"{name}{share}（{sla}类，分钟）" for name, share, sla in _CENTILES]
    writer.writerow([*(_titles(report) or ["范围"]), *COUNTS.values(), *rates, *took, *indices])
    for _, labels, cell in _cells(report):
        figures = (*_numbers(report, cell), *_took(report, cell), *_indices(report, cell))
        writer.writerow([*(map(_safe, labels)), *figures])
    out.write(_BOM + text.getvalue())


def _safe(label: str) -> str:
    """A name that a spreadsheet will not take for a formula."""
    return f"'{label}" if label.startswith(("=", "+", "-", "@")) else label


def _numbers(report: Report, cell: Cell) -> Iterator[str]:
    yield from (str(cell.counts[key]) for key in COUNTS)
    for one in INDICATORS:
        ratio, hidden = cell.ratio(one.key), _hidden(report, cell, one.key)
        shown = FEW if hidden else ratio.shown()
        yield from (shown, "" if hidden else number(ratio.part), str(ratio.whole))


_CENTILES = [
    (name, f"p{share}", sla) for name in DURATIONS.values() for sla in CLASSES for share in SHARES
]


def _took(report: Report, cell: Cell) -> Iterator[str]:
    """The centiles of every class, in the order of _CENTILES; "—" where nothing took any time."""
    for name in DURATIONS:
        for sla in CLASSES:
            values = getattr(cell, name).get(sla, [])
            hidden = _guards(report, cell) and len(values) < LEAST
            for share in SHARES:
                took = None if hidden else centile(values, share / 100)
                yield NOTHING if took is None else f"{took / _MINUTE:.0f}"


def _indices(report: Report, cell: Cell) -> Iterator[str]:
    for index, few in _scores(report, cell):
        yield FEW if few else score(index, cell, report.table.total).shown()
        for part in parts(index, cell).values():
            yield FEW if few else part.shown()


def _scores(report: Report, cell: Cell) -> list[tuple[Index, bool]]:
    """Every index, and whether it may not be told for this row, or one of its rates may not."""
    few = _guards(report, cell) and cell.counts["reported"] < LEAST
    return [
        (i, any(_hidden(report, cell, key.removeprefix("-")) for key in i.weights) or few)
        for i in report.weights.indices
    ]


def as_json(report: Report, out: TextIO) -> None:
    """One object with stable keys; a rate without cases has percent null."""
    query, rows = report.query, list(_cells(report))
    found = {
        "period": {"from": str(query.first), "to": str(query.last), "as_of": str(report.as_of)},
        "scope": report.scope,
        "by": list(query.by),
        "weights": report.weights.version,
        "rows": [_object(report, *row) for row in rows[:-1]],
        "total": _object(report, *rows[-1]),
        "reasons": dict(report.reasons),
        "exclusions": [
            {"group": e.group, "number": e.number, "reason": e.reason, "by": e.by,
             "second": e.second} for e in report.exclusions
        ],
    }  # fmt: skip
    print(json.dumps(found, ensure_ascii=False, indent=2), file=out)


def _object(report: Report, key: Key, labels: list[str], cell: Cell) -> dict[str, Any]:
    return {
        "key": dict(zip(report.query.by, key, strict=False)),
        "label": " ".join(filter(None, labels)),
        "counts": {name: cell.counts[name] for name in COUNTS},
        "rates": {one.key: _rate(report, cell, one.key) for one in INDICATORS},
        "minutes": {name: _minutes(report, cell, name) for name in DURATIONS},
        "indices": {
            i.key: None if few else _rounded(score(i, cell, report.table.total).value)
            for i, few in _scores(report, cell)
        },
        "parts": {
            i.key: {n: None if few else _rounded(p.value) for n, p in parts(i, cell).items()}
            for i, few in _scores(report, cell) if i.parts
        },
    }  # fmt: skip


def _rounded(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 2)


def _rate(report: Report, cell: Cell, key: str) -> dict[str, Any]:
    ratio = cell.ratio(key)
    if _hidden(report, cell, key):
        return {"part": None, "whole": ratio.whole, "percent": None}
    return {"part": ratio.part, "whole": ratio.whole, "percent": _rounded(ratio.percent)}


def _minutes(report: Report, cell: Cell, name: str) -> dict[str, dict[str, float]]:
    """By class: the median and the 90th centile in minutes, working time where the class says."""
    least = LEAST if _guards(report, cell) else 1
    return {
        sla: {f"p{s}": round((centile(values, s / 100) or 0) / _MINUTE, 1) for s in SHARES}
        for sla, values in sorted(getattr(cell, name).items())
        if len(values) >= least
    }
