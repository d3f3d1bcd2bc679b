"""Where archive records come from: a folder of <seq>.json, or the native library in a child.

What a record means is archive_read.py; how far was read is kept by the channel."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from bot.errors import NotConfigured, TryLater

CHILD: Final = (sys.executable, "-m", "bot.channels.wecom.archive_native")
LINE_BYTES: Final = 8 << 20
ANSWER_S: Final = 60.0

Record = tuple[int, Mapping[str, Any] | None]
"""(seq, record); None for a record that could not be decrypted and is to be parked."""


class Source(Protocol):
    """Yields what comes after a seq, in order, and ends; raises SendError."""

    def records(self, after: int) -> AsyncIterator[Record]: ...

    async def aclose(self) -> None: ...


class FolderSource:
    """Files that another program writes, each whole before it gets its name <seq>.json."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def records(self, after: int) -> AsyncIterator[Record]:
        for seq, path in await asyncio.to_thread(self._waiting, after):
            yield seq, await asyncio.to_thread(_load, path)

    def _waiting(self, after: int) -> list[tuple[int, Path]]:
        if not self._folder.is_dir():
            raise NotConfigured(f"channels.wecom_archive.folder: {self._folder} is no folder")
        numbered = (
            (int(p.stem), p) for p in self._folder.glob("*.json")
            if p.stem.isascii() and p.stem.isdecimal()
        )  # fmt: skip
        return sorted(pair for pair in numbered if pair[0] > after)

    async def aclose(self) -> None:
        """Nothing is held open."""


def _load(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class NativeSource:
    """The platform's library in a child process, which may die without us. settings: for its
    first line of input; they hold secrets and are never on a command line."""

    def __init__(self, settings: Mapping[str, Any], command: tuple[str, ...] = CHILD) -> None:
        self._settings, self._command = settings, command
        self._child: asyncio.subprocess.Process | None = None

    def __repr__(self) -> str:
        return "NativeSource(…)"

    async def records(self, after: int) -> AsyncIterator[Record]:
        try:
            async with asyncio.timeout(ANSWER_S):
                child = await self._ready()
                await self._tell(child, {"after": after})
            while (line := await self._line(child)).get("seq"):
                record = line.get("record")
                yield int(line["seq"]), record if isinstance(record, dict) else None
        except (TimeoutError, OSError, ValueError) as error:
            await self.aclose()
            raise TryLater(5.0, f"the archive library stopped: {type(error).__name__}") from None
        if code := line.get("error"):
            raise _error(int(code))

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._child = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, limit=LINE_BYTES
            )
            await self._tell(self._child, self._settings)
        return self._child

    async def _tell(self, child: asyncio.subprocess.Process, line: Mapping[str, Any]) -> None:
        assert child.stdin is not None
        child.stdin.write(json.dumps(line).encode() + b"\n")
        await child.stdin.drain()

    async def _line(self, child: asyncio.subprocess.Process) -> dict[str, Any]:
        assert child.stdout is not None
        async with asyncio.timeout(ANSWER_S):
            data = await child.stdout.readline()
        found = json.loads(data)
        if not isinstance(found, dict):
            raise ValueError  # noqa: TRY004 - the line is wrong, not a type
        return found

    async def aclose(self) -> None:
        """End the child; it holds nothing that is not at the platform, too."""
        child, self._child = self._child, None
        if child is not None:
            if child.returncode is None:
                child.kill()
            await child.wait()


def _error(code: int) -> Exception:
    if code in {10001, 10002, 10003}:
        return TryLater(5.0, f"the archive asks to wait ({code})")
    why = {
        10000: "corp_id or secret is malformed", 10009: "add this server to its 可信IP",
        10010: "older records have expired; the cursor is too far back",
        1: "library cannot be loaded; see the path",
    }.get(code, "see the library's list of codes")  # fmt: skip
    return NotConfigured(f"channels.wecom_archive: {why} ({code})")
