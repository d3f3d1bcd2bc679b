"""The long connection of the fake WeCom: subscription, eviction, acks, and what it refuses.

Faults are scripted in FakeWecom.faults under the name of the command."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.wecom_limits import card_refusal, refusal

if TYPE_CHECKING:
    from tests.fakes.wecom import FakeWecom

TOO_LARGE, BAD_UPLOAD = 40009, 40058
UNKNOWN, ANSWERED, NOT_SUBSCRIBED, BAD_SECRET, NO_TARGET = 846605, 846606, 846609, 853000, 93006


class FakeSocket:
    """At most one subscribed connection; `says` and `clicks` are people's doing."""

    def __init__(self, platform: FakeWecom) -> None:
        self.platform = platform
        self.frames: list[dict[str, Any]] = []
        self.subscribed = asyncio.Event()
        self.connections = 0
        self.mute = False
        self.talked: dict[str, str] = {}
        self._asked: dict[str, tuple[str, str]] = {}
        self._uploads: dict[str, tuple[dict[str, Any], dict[int, bytes]]] = {}
        self._given: dict[str, dict[str, Any]] = {}
        self._live: web.WebSocketResponse | None = None

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._take(socket, json.loads(message.data))
        if self._live is socket:
            self._live = None
            self.subscribed.clear()
        return socket

    async def close(self, code: int = 1000) -> None:
        """The platform hangs up, cleanly by default."""
        if self._live is not None:
            await self._live.close(code=code)

    async def evict(self) -> None:
        """Another process has subscribed as the same bot."""
        socket = self._live
        assert socket is not None
        event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        await self._push(socket, "aibot_event_callback", "evict", event)
        await socket.close()

    async def says(self, body: dict[str, Any], times: int = 1) -> str:
        """A message frame, `times` over; returns its req_id."""
        await asyncio.wait_for(self.subscribed.wait(), 10)
        req_id = f"R{next(self.platform.numbers)}"
        user = body["from"]["userid"]
        where = f"wecom_aibot:{body.get('chatid') or user}"
        self.talked[where] = user
        self._asked[req_id] = (body["msgtype"], where)
        kind = "aibot_event_callback" if body["msgtype"] == "event" else "aibot_msg_callback"
        for _ in range(times):
            assert self._live is not None
            await self._push(self._live, kind, req_id, body)
        return req_id

    async def _push(
        self, socket: web.WebSocketResponse, cmd: str, req_id: str, body: dict[str, Any]
    ) -> None:
        await socket.send_json({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    async def _take(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        fault = self.platform.next_fault(cmd)
        if fault.slow_s:
            await asyncio.sleep(fault.slow_s)
        code = fault.errcode or await self._do(socket, cmd, req_id, frame.get("body") or {})
        if fault.hang_up:
            await socket.close(code=1011)
        elif not self.mute:
            given = self._given.pop(req_id, None)
            more = {} if given is None or code else {"body": given}
            ack = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": "", **more}
            await socket.send_json(ack)

    async def _do(
        self, socket: web.WebSocketResponse, cmd: str, req_id: str, body: dict[str, Any]
    ) -> int:
        if cmd == "aibot_subscribe":
            return await self._subscribe(socket, body)
        if socket is not self._live:
            return NOT_SUBSCRIBED
        if cmd == "aibot_respond_msg":
            return await self._respond(req_id, body)
        if cmd == "aibot_send_msg":
            return await self._send(body)
        if cmd == "aibot_respond_update_msg":
            return await self._update(req_id, body)
        if cmd == "aibot_respond_welcome_msg":
            return await self._welcome(req_id, body)
        return self._piece(cmd.removeprefix("aibot_upload_media_"), req_id, body)

    def _piece(self, step: str, req_id: str, body: dict[str, Any]) -> int:
        """One step of an upload; what is answered beside the code waits in `_given`."""
        if step == "init":
            number = f"up-{next(self.platform.numbers)}"
            self._uploads[number] = (body, {})
            self._given[req_id] = {"upload_id": number}
        elif step == "chunk":
            piece = base64.b64decode(body["base64_data"])
            if len(piece) > 512 * 1024:
                return TOO_LARGE
            self._uploads[body["upload_id"]][1][body["chunk_index"]] = piece
        elif step == "finish":
            promised, pieces = self._uploads.pop(body["upload_id"])
            data = b"".join(pieces[number] for number in sorted(pieces))
            if hashlib.md5(data).hexdigest() != promised["md5"] or (
                len(data), len(pieces)
            ) != (promised["total_size"], promised["total_chunks"]):  # fmt: skip
                return BAD_UPLOAD
            name = f"media-{next(self.platform.numbers)}"
            self.platform.media[name] = data
            self._given[req_id] = {"type": promised["type"], "media_id": name}
        return 0

    async def _subscribe(self, socket: web.WebSocketResponse, body: dict[str, Any]) -> int:
        from tests.fakes.wecom import BOT, BOT_SECRET  # noqa: PLC0415

        if (body["bot_id"], body["secret"]) != (BOT, BOT_SECRET):
            return BAD_SECRET
        if self._live is not None and self._live is not socket:
            await self.evict()
        self._live = socket
        self.subscribed.set()
        return 0

    async def _respond(self, req_id: str, body: dict[str, Any]) -> int:
        kind, where = self._asked.get(req_id, ("", ""))
        if not kind or kind == "event":
            return UNKNOWN
        if code := refusal(body, "aibot"):
            return code
        if kind == "answered":
            return ANSWERED
        if body["msgtype"] != "stream" or body["stream"]["finish"]:
            self._asked[req_id] = ("answered", where)
            await self.platform.show(where, "aibot_respond_msg", body)
        return 0

    async def _send(self, body: dict[str, Any]) -> int:
        where = f"wecom_aibot:{body['chatid']}"
        if where not in self.talked:
            return NO_TARGET
        if code := refusal(body, "aibot"):
            return code
        await self.platform.show(where, "aibot_send_msg", body)
        return 0

    async def _update(self, req_id: str, body: dict[str, Any]) -> int:
        kind, where = self._asked.get(req_id, ("", ""))
        card = body.get("template_card", {})
        if kind != "event" or card.get("task_id") not in self.platform.cards:
            return UNKNOWN
        if code := card_refusal(card):
            return code
        await self.platform.show(f"update:{where}", "update", {"msgtype": "template_card", **body})
        return 0

    async def _welcome(self, req_id: str, body: dict[str, Any]) -> int:
        kind, where = self._asked.get(req_id, ("", ""))
        if kind != "event":
            return UNKNOWN
        await self.platform.show(where, "welcome", body)
        return 0
