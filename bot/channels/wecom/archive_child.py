"""The platform's native archive library as a Source: questions to a child process, which may die.

What the child does with the library is archive_native.py."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from bot.channels.wecom.archive_read import Media
from bot.channels.wecom.archive_source import Record
from bot.errors import NotConfigured, Rejected, SendError, TryLater

COMMAND: Final = (sys.executable, "-m", "bot.channels.wecom.archive_native")
LINE_BYTES: Final = 8 << 20
ANSWER_S: Final = 60.0
DEATHS: Final = 3
"""So often the library may die at one record before that is parked."""
DIED: Final = "the library stopped at this record"


class NativeSource:
    """settings: for the child's first line of input; they hold secrets and are never on a
    command line."""

    def __init__(self, settings: Mapping[str, Any], command: tuple[str, ...] = COMMAND) -> None:
        self._settings, self._command = settings, command
        self._child: asyncio.subprocess.Process | None = None
        self._midway = False
        self._deaths: Counter[int] = Counter()

    def __repr__(self) -> str:
        return "NativeSource(…)"

    async def records(self, after: int) -> AsyncIterator[Record]:
        opening: Mapping[str, Any] = {}
        try:
            async for line in self._ask({"after": after}):
                if "row" in line:
                    opening = line
                else:
                    yield _record(opening, line)
                    opening = {}
        except TryLater:
            if not self._fatal(opening):
                raise
            yield Record(int(opening["seq"]), None, opening["row"], DIED)

    def _fatal(self, opening: Mapping[str, Any]) -> bool:
        """Whether the library has died at this very record too often."""
        if not opening:
            return False
        self._deaths[int(opening["seq"])] += 1
        return self._deaths[int(opening["seq"])] >= DEATHS

    async def again(self, seq: int, raw: Any) -> Record:
        opening: Mapping[str, Any] = {"seq": seq, "row": raw}
        async for line in self._ask({"open": raw}):
            if "row" not in line:
                return _record(opening, line)
        return Record(seq, None, raw, "the library gave no answer")

    async def media(self, seq: int, media: Media) -> AsyncIterator[bytes]:  # noqa: ARG002 - a folder needs it
        async for line in self._ask({"media": media.fileid}):
            yield base64.b64decode(line["data"])

    async def _ask(self, question: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The lines of an answer but the last; raises SendError, TryLater when the child died."""
        if self._midway:
            await self.aclose()  # the rest of an answer was never read
        try:
            async with asyncio.timeout(ANSWER_S):
                child = await self._ready()
                self._midway = True
                await self._tell(child, question)
            while not (line := await self._line(child)).get("end"):
                yield line
        except (TimeoutError, OSError, ValueError) as error:
            await self.aclose()
            raise TryLater(5.0, f"the archive library stopped: {type(error).__name__}") from None
        self._midway = False
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
        child, self._child, self._midway = self._child, None, False
        if child is not None:
            if child.returncode is None:
                child.kill()
            await child.wait()


def _record(opening: Mapping[str, Any], line: Mapping[str, Any]) -> Record:
    record = line.get("record")
    if isinstance(record, dict):
        return Record(int(line["seq"]), record)
    return Record(int(line["seq"]), None, opening.get("row"), str(line.get("why", "")))


_WAIT: Final = frozenset({10001, 10002, 10003})
_SETTINGS: Final = {
    1: "library cannot be loaded; see the path",
    2: "private_keys holds something that is no RSA private key in PEM",
    10000: "corp_id or secret is malformed", 10009: "add this server to its 可信IP",
    10010: "older records have expired; the cursor is too far back",
}  # fmt: skip
FILE_ID: Final = 10005


def _error(code: int) -> SendError:
    if code in _WAIT:
        return TryLater(5.0, f"the archive asks to wait ({code})")
    if code == FILE_ID:
        return Rejected(f"the library knows no such file ({code})")
    why = _SETTINGS.get(code, "see the library's list of codes")
    return NotConfigured(f"channels.wecom_archive: {why} ({code})")
