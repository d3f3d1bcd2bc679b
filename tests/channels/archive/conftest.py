"""An archive channel over a folder of records, and the two platform APIs that it may ask."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels.wecom.archive import ArchiveChannel
from bot.channels.wecom.archive_build import build
from bot.channels.wecom.archive_intake import Reader
from bot.media import MediaStore
from bot.settings_wechat import WecomArchiveSection
from routing.message import Outbound
from tests.channels.stand import MORNING, Inbox, surroundings

ROOM, STAFF = "wrGroup77", "leader"


class Platform:
    """gettoken, msgaudit and 群发 tasks. agreed: external persons who have."""

    def __init__(self) -> None:
        self.agreed: dict[str, str] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.errcode = 0
        self.base = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/cgi-bin/gettoken", self._token)
        app.router.add_post("/cgi-bin/{call:.*}", self._call)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def aclose(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "access_token": "t", "expires_in": 7200})

    async def _call(self, request: web.Request) -> web.Response:
        call = request.match_info["call"]
        self.calls.append((call, await request.json()))
        rows = [
            {"exteranalopenid": user, "agree_status": status, "status_change_time": 1}
            for user, status in self.agreed.items()
        ]
        answer = {"agreeinfo": rows} if call.startswith("msgaudit") else {"msgid": "task-77"}
        return web.json_response({"errcode": self.errcode, "errmsg": "", **answer})


@dataclass
class Archive(Inbox):
    """The channel, its folder and what it has taken in."""

    folder: Path = field(init=False)
    data: Path = field(init=False)
    channel: ArchiveChannel = field(init=False)
    section: dict[str, Any] = field(default_factory=dict)
    app_posts: list[Outbound] = field(default_factory=list)
    now: datetime = MORNING
    _seqs: Any = field(default_factory=lambda: itertools.count(1))

    async def restart(self) -> None:
        """Nothing but what is on disk is known."""
        await self.channel.aclose()
        self.open()

    def open(self) -> None:
        chosen = WecomArchiveSection.model_validate(self.section)
        channel = build(chosen, surroundings(self.data, lambda: self.now), {})["wecom_archive"]
        assert isinstance(channel, ArchiveChannel)
        self.channel = channel
        self.reader.accept = self.accept

    @property
    def reader(self) -> Reader:
        return self.channel._parts.reader

    @property
    def media(self) -> MediaStore:
        return self.reader.media

    def kept(self, shelf: str) -> list[Path]:
        """The files of raw or parked."""
        return sorted((self.data / "wecom_archive" / shelf).glob("*.json"))

    def put(self, record: Any) -> int:
        """A record appears in the folder."""
        seq = next(self._seqs)
        write(self.folder, seq, record)
        return int(seq)

    async def sync(self) -> int:
        return await self.channel.sync()

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def write(folder: Path, seq: int, record: Any) -> None:
    """One file, whole before it has its name."""
    spare = folder / f"{seq}.tmp"
    spare.write_text(record if isinstance(record, str) else json.dumps(record), "utf-8")
    spare.rename(folder / f"{seq}.json")


_ids = itertools.count(1)


def record(user: str, text: str = "", room: str = ROOM, **more: Any) -> dict[str, Any]:
    """A decrypted record; `more` overrides or adds fields."""
    return {
        "msgid": f"a{next(_ids)}_external", "action": "send", "from": user, "tolist": [STAFF],
        "roomid": room, "msgtime": 1763700123456, "msgtype": "text", "text": {"content": text},
        **more,
    }  # fmt: skip


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    await made.start()
    yield made
    await made.aclose()


@pytest.fixture
async def archive(platform: Platform, tmp_path: Path) -> AsyncIterator[Archive]:
    folder = tmp_path / "records"
    await asyncio.to_thread(folder.mkdir)
    made = Archive()
    made.folder, made.data = folder, tmp_path
    made.section = {
        "enabled": True, "folder": str(folder), "corp_id": "ww1", "secret": "s",
        "contact_secret": "c", "api_base": platform.base, "poll_s": 1000,
    }  # fmt: skip
    made.open()
    yield made
    await made.channel.aclose()
