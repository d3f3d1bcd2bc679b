"""Golden files: what comes in beside what it is read into, and what goes out as a whole.

`*.in.json|xml` stands beside `*.event.json`; a platform's out/ folder holds recorded calls."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.channels.wecom.received import Received

FOLDER = Path(__file__).parents[1] / "payloads"


def names(folder: str) -> list[str]:
    """The kinds that a folder has a file of."""
    return sorted(path.name.partition(".")[0] for path in (FOLDER / folder).glob("*.in.*"))


def content(folder: str, name: str) -> bytes:
    """What comes in, as it comes."""
    (path,) = (FOLDER / folder).glob(f"{name}.in.*")
    return path.read_bytes()


def contents(folder: str) -> list[str]:
    """Everything of a folder that comes in."""
    return [content(folder, name).decode() for name in names(folder)]


def incoming(folder: str, name: str) -> Any:
    """What comes in, of a folder of JSON files."""
    return json.loads(content(folder, name))


def expected(path: str) -> Any:
    """An .event.json or a recorded call."""
    return json.loads((FOLDER / f"{path}.json").read_text(encoding="utf-8"))


def shown(got: Received) -> dict[str, Any]:
    """What golden files say about it; response_urls are secrets and stay out."""
    pictures = [[p.url, p.key, p.media_id] for p in got.pictures]
    fields = {k: v for k, v in asdict(got).items() if k not in {"response_url", "pictures"}}
    return {**fields, "pictures": [p if p[2] else p[:2] for p in pictures]}
