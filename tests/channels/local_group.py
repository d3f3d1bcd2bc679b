"""A local channel for tests, an echo for a bot, and a page without a screen.

No test lives here; the real channel is served by real aiohttp on port 0."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from prometheus_client import CollectorRegistry

from bot.channels.local import LocalChannel
from bot.media import MediaStore
from bot.web import build_app, start
from routing.message import Inbound, Outbound

GROUP = "local:g-7-1"
WANG, LEADER = "local:wang", "local:leader"
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
Frame = dict[str, Any]


@dataclass
class Echo:
    """A bot that keeps what it accepted and, when told to, answers every new message."""

    channel: LocalChannel
    answers: bool = False
    inbox: list[Inbound] = field(default_factory=list)
    fault: Exception | None = None

    async def accept(self, inbound: Inbound) -> bool:
        if self.fault:
            raise self.fault
        known = {kept.platform_id for kept in self.inbox}
        if inbound.platform_id in known:
            return False
        self.inbox.append(inbound)
        if self.answers:
            await self.channel.send(
                Outbound(inbound.id, inbound.conversation, f"收到：{inbound.text}")
            )
        return True


def make_channel(folder: Path, **changes: Any) -> LocalChannel:
    ids = count(1)
    noon = datetime(2025, 11, 21, 4, 0, tzinfo=UTC)
    given_values: dict[str, Any] = {
        "groups": [(GROUP, "7号楼1单元"), ("local:g-7-2", "7号楼2单元")],
        "people": [
            (WANG, "小王", "居民"),
            (LEADER, "老李", "网格长"),
            ("local:ge", "小格格", "居民"),
        ],
        "media": MediaStore(folder / "media"),
        "new_id": lambda: next(ids),
        "now": lambda: noon + timedelta(seconds=1),
    }
    return LocalChannel(**(given_values | changes))


class Browser:
    """A page without a screen: one HTTP session and its socket."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session = session
        self.address = address

    async def open(self, account: str, **headers: str) -> Window:
        socket = await self.session.ws_connect(f"{self.address}/local/socket", headers=headers)
        window = Window(socket)
        if account:
            await window.send(type="hello", account=account)
            window.welcome = await window.hear("welcome")
        return window

    async def upload(self, data: bytes, **headers: str) -> tuple[int, Frame]:
        target = f"{self.address}/local/pictures"
        async with self.session.post(target, data=BytesIO(data), headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else {}


class Window:
    """One open socket, as the page's script uses it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.welcome: Frame = {}

    async def send(self, **frame: object) -> None:
        await self.socket.send_json(frame)

    async def say(
        self, text: str, *, to: str = GROUP, number: str = "message-1", **more: object
    ) -> None:
        await self.send(type="say", id=number, conversation=to, text=text, **more)

    async def hear(self, kind: str) -> Frame:
        """The next frame of a kind; others before it are passed over."""
        while True:
            frame: Frame = await self.socket.receive_json(timeout=5)
            if frame["type"] == kind:
                return frame


@asynccontextmanager
async def serving(channel: LocalChannel, port: int = 0) -> AsyncIterator[str]:
    """The channel behind a real server, on a port of the system's choice; yields its address."""

    async def health() -> dict[str, object]:
        return {"ok": True}

    app = build_app([channel], health, CollectorRegistry())
    runner, taken = await start(app, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{taken}"
    finally:
        await channel.aclose()
        await runner.cleanup()
