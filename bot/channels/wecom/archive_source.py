"""Where archive records come from: the Source port, and a folder of <seq>.json that implements it.

What a record means is archive_read.py; the platform's native library is archive_child.py."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from bot.channels.wecom.archive_read import Media
from bot.errors import NotConfigured, Rejected

PIECE: Final = 512 * 1024
NO_JSON: Final = "the file is no JSON object"


@dataclass(frozen=True, slots=True)
class Record:
    """values: decrypted; None for what did not open: then `raw` came, and `why` says more."""

    seq: int
    values: Mapping[str, Any] | None
    raw: Any = None
    why: str = ""

    def __repr__(self) -> str:
        return f"Record({self.seq})"


class Source(Protocol):
    """Gives records and what they carry. Every method raises SendError."""

    def records(self, after: int) -> AsyncIterator[Record]:
        """What comes after a seq, in order; ends where there is no more for now."""
        ...

    async def again(self, seq: int, raw: Any) -> Record:
        """Another try with a record that did not open."""
        ...

    def media(self, seq: int, media: Media) -> AsyncIterator[bytes]:
        """The pieces of a picture or voice of a record."""
        ...

    async def aclose(self) -> None: ...


class FolderSource:
    """Files that another program writes, each whole before it gets its name.

    A record is <seq>.json; what it carries was written before it, as <seq>-<number>.<anything>."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def records(self, after: int) -> AsyncIterator[Record]:
        for seq, path in await asyncio.to_thread(self._waiting, after):
            yield await asyncio.to_thread(_load, seq, path)

    def _waiting(self, after: int) -> list[tuple[int, Path]]:
        if not self._folder.is_dir() or not os.access(self._folder, os.R_OK | os.X_OK):
            why = f"{self._folder} is no folder that this user can read"
            raise NotConfigured(f"channels.wecom_archive.folder: {why}")
        numbered = (
            (int(p.stem), p) for p in self._folder.glob("*.json")
            if p.stem.isascii() and p.stem.isdecimal()
        )  # fmt: skip
        return sorted(pair for pair in numbered if pair[0] > after)

    async def again(self, seq: int, raw: Any) -> Record:
        """The file may have been mended; one that is gone is read as it was kept."""
        found = await asyncio.to_thread(_load, seq, self._folder / f"{seq}.json")
        if found.values is None and isinstance(raw, dict):
            return Record(seq, raw)
        return found

    async def media(self, seq: int, media: Media) -> AsyncIterator[bytes]:
        paths = await asyncio.to_thread(lambda: list(self._folder.glob(f"{seq}-{media.number}.*")))
        if not paths:
            raise Rejected(f"no file {seq}-{media.number}.* beside the record")
        with await asyncio.to_thread(paths[0].open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece

    async def aclose(self) -> None:
        """Nothing is held open."""


def _load(seq: int, path: Path) -> Record:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Record(seq, None, "", "the file is gone")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return Record(seq, found)
    return Record(seq, None, text.decode("utf-8", "replace"), NO_JSON)
