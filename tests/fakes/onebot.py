"""A OneBot bridge that never leaves this machine: dials our WebSocket or posts over HTTP.

It is strict about ids and shapes as real bridges are, speaks v11 and v12, and can misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import WSMsgType, web

from tests.fakes.board import Board
from tests.fakes.cq import to_cq

TOKEN, SECRET, SELF = "bridge-token-7", "s3cret", 10001
OK: Final = {"status": "ok", "retcode": 0}


@dataclass(frozen=True)
class Post:
    """What the bot said and people see. where: "group:<id>" or a user id, as text."""

    where: str
    text: str
    message_id: Any
    quote: str
    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with the next action: no answer, or another one."""

    mute: bool = False
    answer: Mapping[str, Any] | None = None


class FakeBridge(Board[Post]):
    """One bridge. strings: ids are strings such as "123@chatroom"; cq: messages are CQ strings."""

    def __init__(self, version: int = 11, *, strings: bool = False, cq: bool = False) -> None:
        self.version, self.strings, self.cq = version, strings or version == 12, cq
        super().__init__()
        self.actions: list[dict[str, Any]] = []
        self.troubles: deque[Trouble] = deque()
        self.messages: dict[str, tuple[str, Any]] = {}
        self.files: dict[str, str] = {}
        self.numbers = itertools.count(55)
        self.base, self.online = "", True
        self.statuses: list[int] = []
        self._bot = ""
        self._http: aiohttp.ClientSession | None = None
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None

    @property
    def me(self) -> Any:
        return "wxid_bot" if self.strings else SELF

    @property
    def http(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http

    async def serve(self) -> None:
        """The HTTP API, at `base`."""
        app = web.Application()
        app.router.add_post("/{action:.*}", self._api)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def reach(self, port: int, path: str = "/onebot") -> None:
        """Where the bot listens, for events over HTTP."""
        self._bot = f"http://127.0.0.1:{port}{path}"

    async def dial(self, port: int, path: str = "/onebot") -> None:
        """Open the reverse WebSocket as the standard asks."""
        self.reach(port, path)
        self._ws = await self.open()
        self._reader = asyncio.create_task(self._read(self._ws))
        if self.version == 12:
            version = {"impl": "fake", "version": "1", "onebot_version": "12"}
            await self._ws.send_json(
                {"id": "c0", "time": 1763700000.0, "type": "meta", "detail_type": "connect",
                 "sub_type": "", "version": version}
            )  # fmt: skip

    async def open(self, token: str = TOKEN, **headers: str) -> aiohttp.ClientWebSocketResponse:
        """A bare connection; headers override, "" leaves one out."""
        own = {"Authorization": f"Bearer {token}"}
        protocols = ("12.fake",) if self.version == 12 else ()
        if self.version == 11:
            own |= {"X-Self-ID": str(self.me), "X-Client-Role": "Universal"}
        own = {k: v for k, v in {**own, **headers}.items() if v}
        return await self.http.ws_connect(f"{self._bot}/ws", headers=own, protocols=protocols)

    async def hang_up(self) -> None:
        assert self._ws is not None
        await self._ws.close()

    async def aclose(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._ws is not None:
            await self._ws.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # ── people

    def event(
        self, user: Any, message: str | list[dict[str, Any]], group: Any = None, **more: Any
    ) -> dict[str, Any]:
        """A message event; a text is put as this bridge puts texts."""
        segments = [text(message)] if isinstance(message, str) else message
        number = next(self.numbers)
        message_id: Any = f"m-{number}" if self.strings else number
        self.messages[str(message_id)] = (str(user), segments)
        kind = "private" if group is None else "group"
        place = {} if group is None else {"group_id": group}
        common = {"message_id": message_id, "user_id": user, **place}
        if self.version == 12:
            return {
                "id": f"ev{number}", "self": {"platform": "wechat", "user_id": self.me},
                "time": 1763700000.5, "type": "message", "detail_type": kind, "sub_type": "",
                "message": segments, "alt_message": "…", **common, **more,
            }  # fmt: skip
        cq = to_cq(segments)
        return {
            "time": 1763700000, "self_id": self.me, "post_type": "message", "message_type": kind,
            "sub_type": "normal", "anonymous": None, "message": cq if self.cq else segments,
            "raw_message": cq, "font": 0, **common,
            "sender": {"user_id": user, "nickname": str(user), "card": "", "role": "member"},
            **more,
        }  # fmt: skip

    def recall(self, said: dict[str, Any], by: Any = None) -> dict[str, Any]:
        """The notice that the message of an event was taken back: by its sender, or by another."""
        group = {"group_id": said["group_id"]} if "group_id" in said else {}
        operator = {"operator_id": said["user_id"] if by is None else by} if group else {}
        common = {"message_id": said["message_id"], "user_id": said["user_id"]}
        fields = {**common, **group, **operator}
        if self.version == 12:
            kind = "group_message_delete" if group else "private_message_delete"
            return {
                "id": f"ev{next(self.numbers)}", "self": said["self"], "time": 1763700001.5,
                "type": "notice", "detail_type": kind,
                "sub_type": "recall" if by is None else "delete", **fields,
            }  # fmt: skip
        return {
            "time": 1763700001, "self_id": self.me, "post_type": "notice",
            "notice_type": "group_recall" if group else "friend_recall", **fields,
        }  # fmt: skip

    async def send_raw(self, frame: str) -> None:
        """Anything at all over the WebSocket."""
        assert self._ws is not None
        await self._ws.send_str(frame)

    async def tell(self, event: dict[str, Any], times: int = 1) -> None:
        """Bring an event to the bot over whichever transport is in use."""
        for _ in range(times):
            if self._ws is not None:
                await self._ws.send_json(event)
            else:
                self.statuses.append(await self.post(event))

    async def post(self, event: Any, **headers: str) -> int:
        """An event over HTTP; the status."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        mark = hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
        own = {"Content-Type": "application/json", "X-Self-ID": str(self.me)}
        own |= {"X-Signature": f"sha1={mark}"}
        if self.version == 12:
            own = {"X-OneBot-Version": "12", "Authorization": f"Bearer {TOKEN}", "X-Impl": "fake"}
        own = {k: v for k, v in {**own, **headers}.items() if v}
        async with self.http.post(
            f"{self._bot}/http", data=io.BytesIO(body), headers=own
        ) as response:
            assert await response.read() == b""
            return response.status

    # ── the API

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            answer = await self._act(frame["action"], frame["params"])
            if answer is not None:
                await ws.send_json({**answer, "echo": frame["echo"]})

    async def _api(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        body = await request.json()
        name, params = request.match_info["action"], body
        if self.version == 12:
            name, params = body["action"], body["params"]
        answer = await self._act(name, params)
        return web.Response(status=500) if answer is None else web.json_response(answer)

    async def _act(self, name: str, params: dict[str, Any]) -> Mapping[str, Any] | None:
        self.actions.append({"action": name, "params": params})
        trouble = self.troubles.popleft() if self.troubles else Trouble()
        if trouble.mute:
            return None
        if trouble.answer is not None:
            return trouble.answer
        if name in {"send_group_msg", "send_private_msg"} and self.version == 11:
            key = "group_id" if name == "send_group_msg" else "user_id"
            return await self._say(params.get(key), params.get("message"), key == "group_id")
        if name == "send_message" and self.version == 12:
            group = params.get("detail_type") == "group"
            place = params.get("group_id" if group else "user_id")
            return await self._say(place, params.get("message"), group)
        if name == "get_msg" and self.version == 11:
            return self._original(params.get("message_id"))
        if name in {"get_status", "get_self_info" if self.version == 12 else "get_login_info"}:
            more = {} if self.version == 12 else {"online": self.online}
            return {**OK, "data": {"good": self.online, "user_id": self.me, **more}}
        if name == "upload_file" and self.version == 12 and params["type"] == "data":
            number = f"f-{next(self.numbers)}"
            self.files[number] = params["data"]
            return {**OK, "data": {"file_id": number}}
        if name == "get_file" and self.version == 12 and params.get("file_id") in self.files:
            return {**OK, "data": {"name": "p.png", "data": self.files[params["file_id"]]}}
        return {"status": "failed", "retcode": 10002 if self.version == 12 else 1404, "data": None}

    def _picture(self, data: dict[str, str]) -> str:
        """What people see of it: how long the base64 is, inline or as uploaded."""
        coded = data["file"].removeprefix("base64://") if self.version == 11 else ""
        return f"[picture {len(coded or self.files[data['file_id']])}]"

    def _original(self, number: Any) -> Mapping[str, Any]:
        known = self.messages.get(str(number))
        if known is None or not self._fits(number):
            return {"status": "failed", "retcode": 1400, "data": None}
        user, segments = known
        sender = user if self.strings else int(user)
        return {**OK, "data": {"sender": {"user_id": sender}, "message": segments}}

    def _fits(self, number: Any) -> bool:
        wanted = str if self.strings else int
        return isinstance(number, wanted) and not isinstance(number, bool)

    async def _say(self, place: Any, message: Any, group: bool) -> Mapping[str, Any]:
        bad = {"status": "failed", "retcode": 10003 if self.version == 12 else 1400, "data": None}
        if not self._fits(place) or not isinstance(message, list):
            return bad
        words, mentions, quote = "", [], ""
        for one in message:
            data = one["data"]
            if any(not isinstance(value, str) for value in data.values()):
                return bad
            match one["type"]:
                case "text":
                    words += data["text"]
                case "at" | "mention":
                    mentions.append(data["qq" if self.version == 11 else "user_id"])
                case "reply":
                    quote = data["id" if self.version == 11 else "message_id"]
                    if quote not in self.messages:
                        return bad
                case "image":
                    words += self._picture(data)
                case _:
                    return bad
        number = next(self.numbers)
        message_id: Any = f"m-{number}" if self.strings else number
        self.messages[str(message_id)] = (str(self.me), message)
        where = f"group:{place}" if group else str(place)
        await self.put(Post(where, words, message_id, quote, tuple(mentions)))
        return {**OK, "data": {"message_id": message_id, "time": 1763700000.5}}


def at(version: int, user: Any) -> dict[str, Any]:
    """A mention as that version puts it."""
    if version == 12:
        return {"type": "mention", "data": {"user_id": str(user)}}
    return {"type": "at", "data": {"qq": str(user)}}


def reply(version: int, number: Any) -> dict[str, Any]:
    """A quote as that version puts it."""
    return {"type": "reply", "data": {"message_id" if version == 12 else "id": str(number)}}


def text(words: str) -> dict[str, Any]:
    """A text segment."""
    return {"type": "text", "data": {"text": words}}
