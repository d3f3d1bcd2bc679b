"""The promised JSON form of a reading, for `read` and for other tools that score with it.

How a message is understood is nlp/; this file only spells the result."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from nlp.classify import LinearClassifier
from nlp.reading import Reading


def as_json(text: str, reading: Reading) -> dict[str, Any]:
    """kind, codes (main first), candidates (≤ 3), nature, urgent, places, confidence, reasons."""
    return {
        "text": text,
        "kind": reading.kind,
        "codes": list(reading.codes),
        "candidates": list(reading.candidates),
        "nature": reading.nature,
        "urgent": reading.urgent,
        "places": [{"text": p.text, "normal": p.normal} for p in reading.places],
        "confidence": round(reading.confidence, 4),
        "reasons": list(reading.reasons),
    }


def read_one(text: str) -> dict[str, Any]:
    return as_json(text, LinearClassifier.load().read(text))


def read_lines(lines: Iterable[str], out: TextIO) -> None:
    """One JSON object a line in, one a line out, in order; a bad line gets an error object."""
    classifier = LinearClassifier.load()
    for line in lines:
        if line.strip():
            out.write(json.dumps(_answer(classifier, line), ensure_ascii=False) + "\n")
    out.flush()


def _answer(classifier: LinearClassifier, line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError:
        given = None
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        return {"error": 'each line must be a JSON object with a string "text"'}
    return as_json(text, classifier.read(text))
