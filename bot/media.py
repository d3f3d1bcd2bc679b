"""Pictures and voices that people send: stored once under their own hash, served with safe headers.

What they show or say is not looked at; who may have them is decided by whoever mounts `serve`."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

MAX_IMAGE_BYTES: Final = 10 * 1024 * 1024
NAME: Final = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif|webp|amr)", re.ASCII)
PREFIX: Final = "media:"
PICTURES: Final = frozenset({"jpg", "png", "gif", "webp"})
VOICE: Final = "amr"
DRAFT: Final = ".part"
TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "amr": "audio/amr",
}
SAFE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
}


MOST: Final = 2_000
"""So many files are removed at a time."""
_TOUCHING = threading.Lock()
"""A file that somebody sends again is not removed while it is being found here."""


class ImageError(ValueError):
    """The bytes are of no kind that we take; the message is for the person who sent them."""


def kind_of(data: bytes) -> str:
    """The file extension by content: jpg, png, gif, webp or amr; "" for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return "amr" if data.startswith(b"#!AMR") else ""


def name_of(reference: str) -> str:
    """The file name in a "media:…" reference, "" when the reference is malformed."""
    name = reference.removeprefix(PREFIX)
    return name if reference.startswith(PREFIX) and NAME.fullmatch(name) else ""


class MediaStore:
    """A folder of files named by their SHA-256; the same file is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def below(cls, data_dir: Path) -> MediaStore:
        """The one of a bot that keeps its data there."""
        return cls(data_dir / "media")

    async def put(self, data: bytes) -> str:
        """Store a picture durably and return its reference; raises ImageError."""
        if kind_of(data) not in PICTURES:
            raise ImageError("这个文件不是图片，请发 JPG、PNG、GIF 或 WebP 图片。")
        return await self._keep(data)

    async def put_voice(self, data: bytes) -> str:
        """Store a voice message (AMR) durably and return its reference; raises ImageError."""
        if kind_of(data) != VOICE:
            raise ImageError("这个文件不是语音。")
        return await self._keep(data)

    async def _keep(self, data: bytes) -> str:
        if len(data) > MAX_IMAGE_BYTES:
            raise ImageError("图片太大了，请发 10 MB 以内的图片。")
        return await asyncio.to_thread(self._write, data, kind_of(data))

    async def has(self, reference: str) -> bool:
        """Whether the reference is well formed and its file is here."""
        name = name_of(reference)
        return bool(name) and await asyncio.to_thread((self.folder / name).is_file)

    async def read(self, reference: str) -> bytes:
        """The bytes of a picture; raises FileNotFoundError for an unknown reference."""
        name = name_of(reference)
        if not name:
            raise FileNotFoundError(reference)
        return await asyncio.to_thread((self.folder / name).read_bytes)

    async def older(self, before: datetime) -> list[str]:
        """The names of files that were sent, for the last time, earlier."""
        return await asyncio.to_thread(self._older, before.timestamp())

    async def remove(self, names: Iterable[str], before: datetime, named: Collection[str]) -> int:
        """Retention: remove those that are still that old and that no reference in `named`
        names; at most MOST files, returns how many."""
        keep = {name_of(reference) for reference in named}
        wanted = [name for name in names if name not in keep]
        return await asyncio.to_thread(self._remove, wanted[:MOST], before.timestamp())

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer GET …/{name}; anything but the name of a stored picture is 404."""
        name = request.match_info["name"]
        path = self.folder / name
        if not NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
            raise web.HTTPNotFound(text="没有这张图片。")
        kind = TYPES[name.rpartition(".")[2]]
        return web.FileResponse(path, headers={**SAFE_HEADERS, "Content-Type": kind})

    def _write(self, data: bytes, extension: str) -> str:
        name = f"{hashlib.sha256(data).hexdigest()}.{extension}"
        path = self.folder / name
        with _TOUCHING:
            known = path.is_file()
            if known:
                path.touch()
        if not known:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._replace(path, data)
        return PREFIX + name

    def _older(self, before_s: float) -> list[str]:
        found = []
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):
                ours = NAME.fullmatch(path.name) or path.suffix == DRAFT
                if ours and path.stat().st_mtime < before_s:
                    found.append(path.name)
        return found

    def _remove(self, names: Sequence[str], before_s: float) -> int:
        removed = 0
        for path in (self.folder / name for name in names):
            with _TOUCHING, suppress(FileNotFoundError):
                if path.stat().st_mtime < before_s:
                    path.unlink()
                    removed += 1
        return removed

    def _replace(self, path: Path, data: bytes) -> None:
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=DRAFT)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
