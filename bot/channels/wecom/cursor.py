"""How far a channel has read, in a small file of its own that is replaced as a whole.

What is read, and when it counts as read, is decided by the channel."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class StateFile:
    """A JSON object on disk; a crash leaves the old one or the new one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Any]:
        """The stored object, {} before the first save. Raises ValueError for a damaged file."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        if not isinstance(found, dict):
            why = f"{self._path} is damaged; restore it or remove it to begin anew"
            raise ValueError(why)  # noqa: TRY004 - the file has the wrong content
        return found

    def save(self, values: dict[str, Any]) -> None:
        """Durable when it returns. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        spare = self._path.with_suffix(".new")
        handle = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        spare.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
