"""docs/figures.md, written from the indicators themselves, with where a formula comes from.

Published numbers named here are unit tests in tests/routing/test_indicators.py."""

from __future__ import annotations

from pathlib import Path

from bot.records import DIMENSIONS
from routing.breakdown import COUNTS
from routing.indicators import COHORTS, INDICATORS
from routing.indices import load_weights
from routing.quality import rows

_ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "closing": "city management monthly report, Tianmen 2016-12: 911/972 = 93.72 %",
    "on_time": "the same report: 737/972 = 75.82 %",
    "filed": "the same report: 996/1,054 = 94.50 %",
    "done": "Jinhua: 241,636/243,880 = 99.08 %; Haibowan: 100,645/105,184 = 95.68 %",
    "settled": "Jinhua: 996/1,013 = 98.3 %",
    "errands": "Jinhua: 309/324 = 95.4 % without the district's own, 309/325 = 95.1 % with it",
    "signed": "Lianyungang hotline bulletin 2020-09: 99.64 %",
    "response": "Beijing's three rates 响应率 解决率 满意率",
    "solved": "Beijing's three rates; 一般 counts by the weights file",
    "satisfied": "silence is never satisfaction: 未评价率 stands beside it",
}
HEAD = """# Figures

`run_bot.py stats --from 2026-11-01 --to 2026-11-30 --by month,level,category,unit`

Written from `routing/indicators.py`. Tickets are counted, not messages. What was merged counts
once, what was withdrawn not at all; everybody who was asked is a voice of his own. Every rate
names its denominator; an empty one shows "—". A past period never changes again. Time in 挂账
and while waiting for a verdict is not counted. Nothing is ranked; rows stand in the order of
their codes.
`--by person` is a sheet for talks with one person: rates of fewer than five cases say 样本过少.
`--exclude` takes tickets out with a reason and a second person, and says so in the report.
"""
_DURATIONS = [
    "",
    "## Durations",
    "",
    "响应时长 (report → first word of a human), 办理时长 (report → finish): median and 90th",
    "centile by deadline class, in working time where the class counts in it, without pauses.",
    "",
    "## The bot itself (`--bot`)",
    "",
    "The first event of a ticket keeps how it was opened: by the bot itself, 提示后登记 (the",
    "leader said yes to a hint), 居民请小格登记, 建单 or 代报. The receipt is timed from the",
    "intake of the message to the first post to its reporter or group.",
    "",
]
_NOT_HERE = [
    "## What is not computed from a running bot, and why",
    "",
    "- Precision and recall of detection, top-1 and top-3 of categories need sentences whose",
    "  truth is known: `make bench` measures them on `nlp/checks`. What leaders put right",
    "  (改正率, 改类率, 驳回率, 建单) is their trace in daily work.",
    "- 有效上报率, finds, patrols, training and attendance of a person: points for counts and",
    "  check-ins are what the rule of 2023 against 指尖上的形式主义 forbids. `--by person` shows",
    "  the rates of what somebody handled, for a talk with that person.",
    "- Rankings: rows stand in the order of their codes.",
    "- Figures of earlier systems: only what the bot has seen is counted.",
    "",
]


def figures_page() -> str:
    """Every dimension, count, rate and index with its formula and source."""
    lines = [HEAD, f"Dimensions, in any combination: {' '.join(f'`{d}`' for d in DIMENSIONS)}.", ""]
    lines += ["## Counts", "", " · ".join(f"{name} `{key}`" for key, name in COUNTS.items()), ""]
    lines += ["## Rates", "", "| rate | key | formula | by | source |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.name} | `{one.key}` | {one.formula} | {COHORTS[one.cohort]} "
        f"| {SOURCES.get(one.key, '')} |"
        for one in INDICATORS
    ]
    lines += _DURATIONS
    lines += [f"- {row.name} `{row.key}`" for row in rows((), 0)]
    weights = load_weights(_ROOT / "examples" / "indices.toml")
    lines += ["", f"## Indices (examples/indices.toml, version {weights.version})", ""]
    for index in weights.indices:
        parts = {**index.weights, **index.burdens}
        told = ", ".join(f"{key} {weight}" for key, weight in parts.items())
        lines.append(f"- {index.name} `{index.key}`: {told}")
        if index.parts:
            weights_of_part = ", ".join(f"{key} {w}" for key, w in index.part_burdens.items())
            lines.append(f"  - each part of it: {weights_of_part}, of these categories only:")
        lines += [f"  - {name}: {' '.join(codes)}" for name, codes in index.parts.items()]
    lines += [
        "",
        "A district keeps its own weights in a copy (`--weights`), with a version that every",
        "report prints. The curve 线性扣分+保底 gives the points of the Lianyungang bulletin:",
        "87.5 % → 19.75, 83.33 % → 17.67, 75 % → 13.5, and never less than 12.5.",
        "",
        *_NOT_HERE,
    ]
    return "\n".join(lines)
