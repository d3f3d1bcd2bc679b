"""Records that are kept as they came, one file each: kinds not understood, and parked ones.

What is put here, and when it is looked at again, is decided in archive_intake.py."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """why: what was wrong with it, "" for a kind that is not understood."""

    seq: int
    record: Any
    why: str


class Shelf:
    """A folder of `<seq>-<digest of msgid>.json`, readable by this user only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, kept: Kept, msgid: str, at: datetime) -> None:
        """Write it; a crash leaves the whole file or none. `at` is when its days begin."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{kept.seq}-{_digest(msgid)}.json"
        spare = path.with_suffix(".new")
        text = json.dumps({"why": kept.why, "record": kept.record}, ensure_ascii=False)
        spare.write_text(text, encoding="utf-8")
        spare.chmod(0o600)
        os.utime(spare, (at.timestamp(), at.timestamp()))
        spare.replace(path)

    def every(self) -> Iterator[Kept]:
        """In the order of seq."""
        for path in sorted(self._files(), key=_seq):
            found = json.loads(path.read_text(encoding="utf-8"))
            yield Kept(_seq(path), found["record"], found["why"])

    def drop(self, msgid: str) -> None:
        """Somebody took the message back."""
        self._remove(f"*-{_digest(msgid)}.json")

    def release(self, seq: int) -> None:
        """It has found its place after all."""
        self._remove(f"{seq}-*.json")

    def purge(self, before: datetime) -> int:
        """Retention: remove what has been here since before; how many."""
        old = [path for path in self._files() if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink()
        return len(old)

    def __len__(self) -> int:
        return len(self._files())

    def _files(self) -> list[Path]:
        return list(self._folder.glob("*-*.json"))

    def _remove(self, pattern: str) -> None:
        for path in self._folder.glob(pattern):
            path.unlink()


def _digest(msgid: str) -> str:
    """The id as a file name; a platform's id may hold anything."""
    return hashlib.sha256(msgid.encode("utf-8", "replace")).hexdigest()[:16]


def _seq(path: Path) -> int:
    return int(path.name.partition("-")[0])
