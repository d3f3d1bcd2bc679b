"""The browser's side of the simulated group: static files, picture upload, the WebSocket.

Nothing is remembered here but open sockets; posts and people are the channel's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from bot.channels.local.frames import FrameError, Say, parse, post_frame
from bot.channels.local.room import Person, Post
from bot.media import ImageError

if TYPE_CHECKING:
    from bot.channels.local.channel import LocalChannel

log = structlog.get_logger(__name__)

FOLDER: Final = Path(__file__).parent.parent / "local_page"
KINDS: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
MAX_FRAME_BYTES: Final = 1 << 20
MAX_WAITING: Final = 2_000
"""Frames a page may lag behind; a slower one is hung up on and catches up by reconnecting."""
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def check_origin(request: web.Request) -> None:
    """Refuse a browser that was sent here by a page of another site; raises HTTPForbidden."""
    origin = request.headers.get("Origin", "")
    if origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="请直接打开本页面使用。")


class Window:
    """One open page: its socket, who it speaks as, and what it still has to be told."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.account = ""
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)

    def tell(self, **frame: object) -> None:
        """Queue a frame; never waits for the network."""
        try:
            self._waiting.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            transport = self.socket.get_extra_info("transport")
            if transport is not None:
                transport.abort()

    async def write(self) -> None:
        """Send queued frames until cancelled or hung up on."""
        while not self.socket.closed:
            try:
                await self.socket.send_str(await self._waiting.get())
            except ConnectionError:
                return


class Page:
    """Serves the page and carries frames between open windows and the channel."""

    def __init__(self, channel: LocalChannel, max_windows: int) -> None:
        self._channel = channel
        self._max_windows = max_windows
        self._windows: set[Window] = set()
        self._boot = token_hex(8)
        self._files = {
            path.name: (path.read_bytes(), KINDS[path.suffix])
            for path in FOLDER.iterdir()
            if path.suffix in KINDS
        }
        channel.subscribe(self._broadcast)

    def routes(self) -> Sequence[web.RouteDef]:
        """Everything under /local/."""
        return [
            web.get("/local", self._redirect),
            web.get("/local/", self._static),
            web.get("/local/socket", self._socket),
            web.post("/local/pictures", self._upload),
            web.get("/local/pictures/{name}", self._channel.media.serve),
            web.get("/local/{file}", self._static),
        ]

    async def aclose(self) -> None:
        """Tell every window that the bot goes away."""
        for window in tuple(self._windows):
            await window.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _redirect(self, _request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/local/"})

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info.get("file", "index.html")
        if name not in self._files:
            raise web.HTTPNotFound(text="没有这个页面。")
        body, kind = self._files[name]
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=PAGE_HEADERS)

    async def _upload(self, request: web.Request) -> web.Response:
        check_origin(request)
        try:
            reference = await self._channel.media.put(await request.read())
        except ImageError as error:
            return web.json_response({"error": str(error)}, status=422)
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"error": "图片太大了，请换一张小些的。"}, status=413)
        return web.json_response({"image": reference})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        check_origin(request)
        if len(self._windows) >= self._max_windows:
            raise web.HTTPServiceUnavailable(text="打开的窗口太多了，请先关掉一些。")
        socket = web.WebSocketResponse(heartbeat=25, max_msg_size=MAX_FRAME_BYTES)
        await socket.prepare(request)
        window = Window(socket)
        self._windows.add(window)
        writer = asyncio.create_task(window.write())
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await self._hear(window, message.data)
                else:
                    window.tell(type="error", id="", text="这里只收文字消息。")
        finally:
            self._windows.discard(window)
            writer.cancel()
        return socket

    async def _hear(self, window: Window, data: str) -> None:
        try:
            frame = parse(data)
            if isinstance(frame, Say):
                await self._say(window, frame)
            else:
                self._hello(window, frame.account)
        except FrameError as fault:
            window.tell(type="error", id=fault.frame_id, text=str(fault))

    def _hello(self, window: Window, account: str) -> None:
        channel = self._channel
        if account and account not in channel.people:
            raise FrameError("没有这个人，请重新选择。")
        window.account = account
        rooms = [*channel.groups, account] if account else [*channel.groups]
        window.tell(
            type="welcome",
            account=account,
            boot=self._boot,
            bot=channel.bot_names[0],
            timezone=channel.timezone,
            groups=[{"id": key, "title": title} for key, title in channel.groups.items()],
            people=[person._asdict() for person in channel.people.values()],
            posts=[self._frame(post) for room in rooms for post in channel.history(room)],
        )

    async def _say(self, window: Window, say: Say) -> None:
        await self._check(window, say)
        # the account is part of the identity: nobody can take another person's message id
        identity = f"p-{window.account.partition(':')[2]}-{say.id}"
        try:
            await self._channel.say(
                window.account,
                say.conversation,
                say.text,
                quote=say.quote,
                images=say.images,
                platform_id=identity,
            )
        except Exception:
            log.exception("a message could not be stored", action="local.say_failed")
            window.tell(type="later", id=say.id, text="服务正忙，稍后会自动重发。")
        else:
            window.tell(type="ack", id=say.id, post=identity)

    async def _check(self, window: Window, say: Say) -> None:
        if not window.account:
            raise FrameError("请先选择您是谁。", say.id)
        if say.conversation not in (*self._channel.groups, window.account):
            raise FrameError("这个群不存在，请刷新页面。", say.id)
        for image in say.images:
            if not await self._channel.media.has(image):
                raise FrameError("图片没有传上来，请重新选择图片。", say.id)

    def _broadcast(self, post: Post) -> None:
        frame = self._frame(post)
        for window in self._windows:
            if post.conversation in self._channel.groups or post.conversation == window.account:
                window.tell(type="post", post=frame)

    def _frame(self, post: Post) -> dict[str, object]:
        return post_frame(post, self._channel.people.get(post.sender, Person("", "")))
