"""The long connection of one 智能机器人: subscribe, ping, acks in order, and coming back.

It moves frames; what they mean, and what is answered, is aibot_socket.py's business."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final
from weakref import WeakValueDictionary

import aiohttp
import structlog

from bot.channels.wecom.client import Unclear
from bot.channels.wecom.errcodes import WECOM, code_of
from bot.errors import NotConfigured, TryLater
from bot.leader import Leadership

log = structlog.get_logger(__name__)

SUBSCRIBE_S: Final = 10.0
LONGEST: Final = 60.0
STEADY: Final = 60.0
"""A connection that lasted so many back-off units makes the back-off begin anew."""
MISSED_PINGS: Final = 2
MAX_FRAME: Final = 4 << 20
BAD_SECRET: Final = 853000
SECTION: Final = "channels.wecom_aibot"

Frame = dict[str, Any]
OnFrame = Callable[[str, str, Frame], None]
"""(cmd, req_id, body) of a callback frame; must not block."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where and as whom to connect; unit_s: the first wait before coming back, in seconds."""

    url: str
    bot_id: str
    secret: str
    ping_s: float = 30.0
    unit_s: float = 1.0
    ack_s: float = 5.0

    def __repr__(self) -> str:
        return f"LinkSettings({self.bot_id})"


class Link:
    """Holds the connection while this process leads; `stopped` says why it never comes back.

    The lead is kept until `aclose`, also by a link that has stopped: otherwise the next process
    would dial and evict whoever has evicted us."""

    def __init__(
        self,
        settings: LinkSettings,
        lead: Leadership,
        on_frame: OnFrame,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._on_frame, self._jitter = settings, on_frame, jitter
        self.lead = lead
        self.lead.lost = self._ends
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._task: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()
        self.stopped = self._evicted = ""
        self._closing: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begin to connect; a link that has begun goes on as it is."""
        if self._task is not None and not self._task.done():
            return
        self.lead.start()
        self._task = asyncio.create_task(self._keep(), name="wecom-aibot-link")

    async def aclose(self) -> None:
        """Hang up and let another process lead."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.lead.aclose()

    def stop(self, why: str) -> None:
        """Never connect again in this process; `why` tells the operator what to change."""
        self.stopped = why
        log.error("long connection ended for good", action="wecom.stopped", why=why)

    def evicted(self, why: str) -> None:
        """Somebody else has connected: a stranger, if this process still leads, and we stop."""
        self._evicted = why

    async def hang_up(self) -> None:
        """Close the present connection, if there is one."""
        if self._socket is not None:
            await self._socket.close()

    def _ends(self) -> None:
        """Another process may connect from now on."""
        self.ready.clear()
        self._closing = asyncio.ensure_future(self.hang_up())

    async def try_once(self) -> str:
        """Connect, subscribe and hang up; what was seen. Raises NotConfigured or TryLater."""
        try:
            async with (
                asyncio.timeout(SUBSCRIBE_S),
                aiohttp.ClientSession() as session,
                session.ws_connect(self._settings.url, max_msg_size=MAX_FRAME) as socket,
            ):
                await self._subscribe(socket)
        except TryLater:
            if self.stopped:
                raise NotConfigured(self.stopped) from None
            raise
        except (aiohttp.ClientError, TimeoutError) as error:
            why = f"cannot be reached or does not answer ({type(error).__name__})"
            raise TryLater(5, f"{SECTION}.ws_url {why}") from None
        return "subscribed and hung up again"

    async def request(self, cmd: str, req_id: str, body: Frame | None = None) -> Frame:
        """Send a frame and return its ack; frames of one req_id go one after the other.

        Raises TryLater when it was certainly not sent, Unclear without an ack, NotConfigured."""
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            if self.stopped:
                raise NotConfigured(self.stopped)
            if self._socket is None or not self.ready.is_set():
                raise TryLater(2.0, "the long connection is down")
            return await self._ask(self._socket, cmd, req_id, body)

    async def _ask(
        self, socket: aiohttp.ClientWebSocketResponse, cmd: str, req_id: str, body: Frame | None
    ) -> Frame:
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = future
        try:
            try:
                await socket.send_json(_frame(cmd, req_id, body))
            except (ConnectionError, RuntimeError):
                raise TryLater(2.0, "the long connection broke") from None
            return await asyncio.wait_for(future, self._settings.ack_s)
        except TimeoutError:
            raise Unclear(f"{cmd}: no ack within {self._settings.ack_s:g} s") from None
        finally:
            self._waiting.pop(req_id, None)

    async def _keep(self) -> None:
        loop, failures = asyncio.get_running_loop(), 0
        async with aiohttp.ClientSession() as session:
            while not self.stopped:
                await self.lead.won.wait()
                began = loop.time()
                try:
                    await self._connected(session)
                except Exception as error:
                    why = f"{type(error).__name__}: {error}"
                    log.warning("connection failed", action="wecom.link_failed", error=why)
                if self._evicted and await self.lead.confirm():
                    self.stop(self._evicted)
                self._evicted = ""
                if self.stopped:
                    break
                steady = loop.time() - began > STEADY * self._settings.unit_s
                failures = 1 if steady else failures + 1
                await asyncio.sleep(self.delay_s(failures))

    def delay_s(self, failures: int) -> float:
        """1, 2, 4 … 60 units, of which up to a half is left away at random."""
        whole = min(LONGEST, 2.0 ** min(failures - 1, 10))
        return whole * self._settings.unit_s * (1 - self._jitter() / 2)

    async def _connected(self, session: aiohttp.ClientSession) -> None:
        """One connection from dialling to its end."""
        async with session.ws_connect(
            self._settings.url, max_msg_size=MAX_FRAME, autoclose=True
        ) as socket:
            self._socket = socket
            try:
                async with asyncio.timeout(SUBSCRIBE_S):
                    await self._subscribe(socket)
                if not self.lead.leading:
                    return
                self.ready.set()
                pinging = asyncio.create_task(self._ping(socket), name="wecom-aibot-ping")
                try:
                    await self._listen(socket)
                finally:
                    pinging.cancel()
            finally:
                self._lost()
        log.info("connection closed", action="wecom.link_closed", code=socket.close_code)

    async def _subscribe(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        req_id = f"aibot_subscribe_{token_hex(8)}"
        body = {"bot_id": self._settings.bot_id, "secret": self._settings.secret}
        await socket.send_json(_frame("aibot_subscribe", req_id, body))
        while True:
            message = await socket.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise TryLater(1.0, f"closed before it was subscribed ({message.type.name})")
            frame = json.loads(message.data)
            if "cmd" in frame or frame["headers"]["req_id"] != req_id:
                continue
            code = code_of(frame)
            if code == BAD_SECRET:
                self.stop(str(WECOM.error(code, SECTION, "aibot_subscribe")))
            if code:
                raise TryLater(1.0, f"subscribe refused (errcode {code})")
            return

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
                cmd, req_id = frame.get("cmd", ""), frame["headers"]["req_id"]
                if cmd:
                    self._on_frame(str(cmd), str(req_id), frame.get("body") or {})
                elif (future := self._waiting.get(req_id)) is not None and not future.done():
                    future.set_result(frame)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                log.warning("frame not understood", action="wecom.bad_frame")
            if self.stopped or self._evicted:
                return

    async def _ping(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        missed = 0
        while missed < MISSED_PINGS:
            await asyncio.sleep(self._settings.ping_s)
            try:
                await self._ask(socket, "ping", f"ping_{token_hex(8)}", None)
                missed = 0
            except (Unclear, TryLater):
                missed += 1
        await socket.close()

    def _lost(self) -> None:
        self.ready.clear()
        self._socket = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Unclear("the long connection broke before the ack"))


def _frame(cmd: str, req_id: str, body: Frame | None) -> Frame:
    frame: Frame = {"cmd": cmd, "headers": {"req_id": req_id}}
    return frame if body is None else {**frame, "body": body}
