"""How well and how fast messages are understood: `python -m bench.understanding`.

Measures the shipped model on the public yardstick, real chit-chat and its own cross-validation
of petition titles; nothing is fitted to what is measured here."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.petitions import macro_f1
from nlp import corpus
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.reading import KINDS, Reading
from nlp.taxonomy import load as load_taxonomy
from nlp.train import NEGATIVES, held_out

PETITIONS = NEGATIVES.with_name("petition_titles_train.tsv")
DRAWS = 2000
BATCH = 64
MEASURED_ONLY = "nus_sms"


def interval(values: Sequence[bool]) -> dict[str, float]:
    """Mean in per cent with its 95 % bootstrap interval and the number of values."""
    data = np.array(values, float)
    if not len(data):
        return {"value": float("nan"), "low": float("nan"), "high": float("nan"), "n": 0}
    draws = np.random.default_rng(0).choice(data, (DRAWS, len(data))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    parts = {"value": data.mean(), "low": low, "high": high}
    return {name: round(float(x) * 100, 1) for name, x in parts.items()} | {"n": len(data)}


def ranked(reading: Reading) -> tuple[str, ...]:
    """The three likeliest codes of a reading."""
    return (*reading.codes[:1], *reading.candidates)[:3]


def yardstick(classifier: LinearClassifier) -> dict[str, Any]:
    """Every figure on eval/public_dev.jsonl."""
    return measured(classifier, corpus.read([corpus.YARDSTICK]))


def measured(classifier: LinearClassifier, lines: Sequence[Example]) -> dict[str, Any]:
    """Every figure on labelled lines that nobody trains on."""
    readings = [classifier.read(line.text) for line in lines]
    return {
        "decisions": _decisions(lines, readings),
        "per_kind": _per_kind(lines, readings),
        "per_major": _per_major(lines, classifier),
        "confusions": _confusions(lines, readings),
    }


def _decisions(lines: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Any]:
    pairs = list(zip(lines, readings, strict=True))
    reports = [(a, b) for a, b in pairs if a.codes]
    urgent = [b.urgent for a, b in pairs if a.urgent]
    called = [a.urgent for a, b in pairs if b.urgent]
    seen = [(a, b) for a, b in reports if b.kind == "report"]
    return {
        "report recall": interval([b.kind == "report" for _, b in reports]),
        "false tickets": interval([b.kind == "report" for a, b in pairs if not a.codes]),
        "kind": interval([a.kind == b.kind for a, b in pairs]),
        "nature (of found reports)": interval([b.nature in a.natures for a, b in seen]),
        "urgency recall": interval(urgent),
        "urgency precision": interval(called),
    }


def _per_kind(lines: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        kind: interval(
            [r.kind == kind for e, r in zip(lines, readings, strict=True) if e.kind == kind]
        )
        for kind in KINDS
    }


def _per_major(lines: Sequence[Example], classifier: LinearClassifier) -> dict[str, Any]:
    """小类 over all reports, whatever kind they were taken for."""
    reports = [e for e in lines if e.codes]
    best = classifier.rank([e.text for e in reports])
    right = [{*e.codes, *e.alt} for e in reports]
    majors = [{code[:2] for code in codes} for codes in right]
    result: dict[str, Any] = {
        "大类 top-1": interval([b[0][:2] in m for b, m in zip(best, majors, strict=True)]),
        "小类 top-1": interval([b[0] in r for b, r in zip(best, right, strict=True)]),
        "小类 top-3": interval([not r.isdisjoint(b[:3]) for b, r in zip(best, right, strict=True)]),
    }
    names = load_taxonomy().majors
    for code, name in names.items():
        own = [i for i, e in enumerate(reports) if e.codes[0][:2] == code]
        result[f"{code} {name}"] = interval([best[i][0] in right[i] for i in own])
    return result


def _confusions(lines: Sequence[Example], readings: Sequence[Reading]) -> list[str]:
    """What was taken for what, most frequent first."""
    name = load_taxonomy().name
    wrong: Counter[str] = Counter()
    for e, r in zip(lines, readings, strict=True):
        if e.kind != r.kind:
            wrong[f"{e.kind} → {r.kind}"] += 1
        elif e.codes and r.codes[0] not in (*e.codes, *e.alt):
            wrong[f"{name(e.codes[0])} → {name(r.codes[0])}"] += 1
    return [f"{pair}: {count}" for pair, count in wrong.most_common(12)]


def chit_chat(classifier: LinearClassifier) -> dict[str, Any]:
    """False tickets and urgent calls per 1,000 lines of talk that was never trained on."""
    rows = [json.loads(x) for x in NEGATIVES.read_text(encoding="utf-8").splitlines()]
    texts: dict[str, list[str]] = {}
    for row in rows:
        if row["source"] == MEASURED_ONLY or held_out(row["text"]):
            texts.setdefault(row["source"], []).append(row["text"])
    trained = [t for source, own in texts.items() if source != MEASURED_ONLY for t in own]
    texts["held out together"] = trained
    return {source: _alarms(classifier, own) for source, own in texts.items()}


def _alarms(classifier: LinearClassifier, texts: Sequence[str]) -> dict[str, float]:
    readings = classifier.read_batch(texts)
    per = 1000 / len(texts)
    return {
        "lines": len(texts),
        "tickets per 1000": round(sum(r.kind == "report" for r in readings) * per, 1),
        "urgent per 1000": round(sum(r.urgent for r in readings) * per, 1),
    }


def group_mix(every: int = 20) -> list[str]:
    """Lines as a group has them: of `every` one is no talk; of the talk a third is our own."""
    rows = map(json.loads, NEGATIVES.read_text(encoding="utf-8").splitlines())
    talk = [row["text"] for row in rows if held_out(row["text"]) and row["source"] == "lccc"]
    own = [e for e in corpus.shipped() if e.source != "talk_extra"]
    plain = [e.text for e in own if e.kind == "chat"]
    rest = [e.text for e in own if e.kind != "chat"]
    count = min(len(talk) // 2, 600)
    texts = talk[: 2 * count] + plain[:: max(1, len(plain) // count)][:count]
    return random.Random(0).sample(texts + rest[: len(texts) // (every - 1)], k=len(texts))


def speed(classifier: LinearClassifier, texts: Sequence[str]) -> dict[str, float]:
    """Median CPU microseconds a message, one by one and by 64, and of a fixed loop."""
    batches = [list(texts[i : i + BATCH]) for i in range(0, len(texts) - BATCH + 1, BATCH)]
    return {
        "one by one": _median_us([partial(classifier.read, t) for t in texts], 1),
        "by 64": _median_us([partial(classifier.read_batch, b) for b in batches], BATCH),
        "sum(range(1000)) beside": _median_us([lambda: sum(range(1000))] * 200, 1),
    }


def _median_us(works: Sequence[Callable[[], object]], size: int) -> float:
    times = []
    for _ in range(5):
        for work in works:
            start = time.process_time_ns()
            work()
            times.append((time.process_time_ns() - start) / size / 1000)
    return round(median(times), 1)


_FRESH = """
import time, numpy
from pathlib import Path
def resident():
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in x)
    return int(line.split()[1]) / 1024
before, start, cpu = resident(), time.perf_counter(), time.process_time()
from nlp.classify import LinearClassifier
LinearClassifier.load().read("楼道灯坏了")
print(time.perf_counter() - start, time.process_time() - cpu, resident() - before)
"""


def start() -> dict[str, float]:
    """Load time and memory of a fresh process, numpy already imported."""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _FRESH], cwd=root, capture_output=True, text=True, check=True
    )
    wall, cpu, memory = map(float, done.stdout.split())
    return {"load s": round(wall, 3), "load cpu s": round(cpu, 3), "added MB": round(memory, 1)}


def run() -> dict[str, Any]:
    """All figures; parts whose data is not beside the project say so."""
    classifier = LinearClassifier.load()
    absent = "not measured: ../shared is absent"
    texts = [e.text for e in corpus.shipped()[::20]]
    return {
        "model": {k: v for k, v in classifier.meta.items() if k != "knobs"},
        "frozen checks": measured(classifier, corpus.checks()),
        "yardstick": yardstick(classifier) if corpus.YARDSTICK.exists() else absent,
        "chit_chat": chit_chat(classifier) if NEGATIVES.exists() else absent,
        "petitions": macro_f1(PETITIONS) if PETITIONS.exists() else absent,
        "speed_us": speed(classifier, texts),
        "speed_us, talk mostly": speed(classifier, group_mix()) if NEGATIVES.exists() else absent,
        "start": start(),
    }


def _show(name: str, value: Any, depth: int = 0) -> None:
    pad = "  " * depth
    if isinstance(value, dict) and "low" in value:
        print(
            f"{pad}{name:<28}{value['value']:>7} [{value['low']}, {value['high']}] n={value['n']}"
        )
    elif isinstance(value, dict):
        print(f"{pad}{name}")
        for key, inner in value.items():
            _show(key, inner, depth + 1)
    elif isinstance(value, list):
        print(f"{pad}{name}: " + "; ".join(map(str, value)))
    else:
        print(f"{pad}{name}: {value}")


if __name__ == "__main__":
    _show("understanding", run())
