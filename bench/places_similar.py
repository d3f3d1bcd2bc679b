"""Places on the public yardstick, duplicates on the labelled pairs, and what both cost.

`--fit` prints freshly fitted weights for nlp/same_matter.py; nothing here is run by the bot."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from scipy.optimize import minimize  # type: ignore[import-untyped]

from nlp.places import find_places
from nlp.same_matter import WEIGHTS, features, traits
from nlp.similar import HIGH, LOW, Report, similarity

ROOT = Path(__file__).parents[1]
YARDSTICK = ROOT.parent / "shared" / "eval" / "public_dev.jsonl"
PAIRS = ROOT / "tests" / "nlp" / "pairs.jsonl"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Rows = list[dict[str, Any]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--yardstick", type=Path, default=YARDSTICK)
    options.add_argument("--fit", action="store_true")
    chosen = options.parse_args()
    pairs = _read(PAIRS)
    if chosen.fit:
        fit(pairs)
        return
    if chosen.yardstick.exists():
        places(_read(chosen.yardstick))
    duplicates(pairs)


def _read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def overlap(gold: tuple[int, int], found: tuple[int, int]) -> float:
    """F1 of the letters two spans share."""
    shared = min(gold[1], found[1]) - max(gold[0], found[0])
    return 2 * max(0, shared) / (gold[1] - gold[0] + found[1] - found[0])


def places(rows: Rows) -> None:
    """Best overlap on lines with a place; how often one is named on reports without."""
    scores, extra = [], []
    for row in rows:
        spans = [(p.start, p.start + len(p.text)) for p in find_places(row["text"])]
        at = row["text"].find(row["place"]) if row["place"] else -1
        if at >= 0:
            gold = (at, at + len(row["place"]))
            scores.append(max((overlap(gold, s) for s in spans), default=0.0))
        elif row["kind"] == "report":
            extra.append(float(bool(spans)))
    _line("places, F1 by overlap", scores)
    _line("places, lines hit", [float(s > 0) for s in scores])
    _line("places, exact", [float(s == 1) for s in scores])
    _line("reports without a place where one was named", extra)
    texts = [row["text"] for row in rows]
    cut, find = _each(rjieba.cut, texts), _each(find_places, texts)
    letters = statistics.fmean(map(len, texts))
    print(f"find_places {find:.1f} us CPU a line of {letters:.0f} letters;", end=" ")
    print(f"rjieba.cut beside it {cut:.1f} us")


def duplicates(rows: Rows) -> None:
    """Pairwise figures at the line for proposals and the line for merging."""
    scored = [(similarity(*_pair(r)), bool(r["same"])) for r in rows]
    for name, line in (("proposed or merged", LOW), ("merged", HIGH)):
        right = sum(same for score, same in scored if score >= line)
        wrong = sum(not same for score, same in scored if score >= line)
        missed = sum(same for score, same in scored if score < line)
        f1 = 2 * right / (2 * right + wrong + missed)
        share = f"precision {right / (right + wrong):.3f}"
        print(f"{name}: F1 {f1:.3f}, {share}, right {right}, wrong {wrong}, missed {missed}")


def fit(rows: Rows) -> None:
    """Logistic weights with signs held to sense; cross-validated over 小类, then on everything."""
    names = list(WEIGHTS)
    found = [features(*map(traits, _pair(r))) for r in rows]
    x = np.array([[f.get(n, 0.0) for n in names] for f in found])
    y = np.array([1.0 if r["same"] else -1.0 for r in rows])
    folds = np.array([zlib.crc32(r["a"]["code"].encode()) % 5 for r in rows])
    low = {"text": 1.0, "agree": 0.6}
    high = {"differ": -1.0, "sides": -6.0, "days": -0.2, "apart": -1.0}
    bounds = [(low.get(n), high.get(n)) for n in names]

    def weights(x: Any, y: Any) -> Any:
        def loss(w: Any) -> float:
            return float(np.logaddexp(0, -y * (x @ w)).sum() + 0.05 * (w @ w))

        return minimize(loss, np.zeros(x.shape[1]), bounds=bounds).x

    held = np.zeros(len(rows))
    for k in range(5):
        held[folds == k] = x[folds == k] @ weights(x[folds != k], y[folds != k])
    for line in (LOW, HIGH):
        yes = 1 / (1 + np.exp(-held)) >= line
        right, wrong = int((yes & (y > 0)).sum()), int((yes & (y < 0)).sum())
        f1 = 2 * right / (right + wrong + int((y > 0).sum()))
        print(f"held out, line {line}: F1 {f1:.3f}, right {right}, wrong {wrong}")
    print({n: round(float(w), 2) for n, w in zip(names, weights(x, y), strict=True)})


def _report(code: str, text: str, hours: float, number: int) -> Report:
    return Report(number, "g", (code,), find_places(text), NOON + timedelta(hours=hours), text)


def _pair(row: dict[str, Any]) -> tuple[Report, Report]:
    a, b = row["a"], row["b"]
    return _report(a["code"], a["text"], 0, 0), _report(b["code"], b["text"], row["hours"], 0)


def _line(name: str, values: Sequence[float]) -> None:
    rng = random.Random(1)
    means = sorted(statistics.fmean(rng.choices(values, k=len(values))) for _ in range(1000))
    print(f"{name}: {statistics.fmean(values):.3f} [{means[25]:.3f}, {means[975]:.3f}]", end=" ")
    print(f"of {len(values)}")


def _timed(call: Callable[[], object], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times * 1e6


def _each(call: Callable[[str], object], texts: Iterable[str]) -> float:
    """The quietest of several rounds: mean microseconds of CPU a text."""
    texts = list(texts)
    return min(_timed(lambda: [call(t) for t in texts], 1) / len(texts) for _ in range(15))


if __name__ == "__main__":
    main()
