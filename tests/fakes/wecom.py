"""A WeCom that never leaves this machine: its HTTP API on port 0, with scripted faults.

It refuses what the real one refuses. The long connection is wecom_socket.py, the people who
talk to the bot are wecom_people.py."""

from __future__ import annotations

import asyncio
import itertools
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import web

from tests.fakes.board import Board
from tests.fakes.wecom_limits import refusal
from tests.fakes.wecom_probes import probes
from tests.fakes.wecom_socket import FakeSocket

CORP, AGENT, SECRET = "ww00112233445566aa", 1000007, "app-secret-Zx9"
BOT, BOT_SECRET = "aibXY", "bot-secret-Qw7"
TOKEN, AES_KEY = "wangge", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ROBOT_KEY = "key-693a91f6"


@dataclass(frozen=True)
class Fault:
    """One scripted misfortune: answer late, with a status, with an errcode, or hang up.

    acted: the call takes effect although the caller sees it fail."""

    slow_s: float = 0
    status: int = 0
    errcode: int = 0
    hang_up: bool = False
    acted: bool = False


@dataclass(frozen=True)
class Post:
    """What the bot said and people see. how: the call it came by."""

    where: str
    how: str
    kind: str
    text: str
    body: dict[str, Any] = field(hash=False)

    @property
    def card(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.body["template_card"])


class FakeWecom(Board[Post]):
    """Start it, give its `base` and `ws_url` to the bot, read `posts`, script `faults`."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.always: dict[str, Fault] = {}
        self.tokens: dict[str, str] = {}
        self.groups: dict[str, list[str]] = {}
        self.robots = {ROBOT_KEY: "wecom_webhook:g1"}
        self.media: dict[str, bytes] = {}
        self.response_codes: dict[str, str] = {}
        self.cards: set[str] = set()
        self.numbers = itertools.count(1)
        self.socket = FakeSocket(self)
        self._sent: dict[tuple[str, str], str] = {}
        self._runner: web.AppRunner | None = None
        self.base = self.ws_url = ""

    async def start(self) -> None:
        app = web.Application(client_max_size=32 << 20, middlewares=[self._faulty])
        calls: dict[str, Callable[[web.Request], Any]] = {
            "gettoken": self._gettoken,
            "message/send": self._message,
            "message/update_template_card": self._update_card,
            "appchat/create": self._create,
            "appchat/send": self._appchat,
            "media/upload": self._upload,
            "media/get": self._media_get,
            "webhook/send": self._webhook,
            "aibot/response": self._response,
        }
        for name, handler in {**calls, **probes(self)}.items():
            app.router.add_route("*", f"/cgi-bin/{name}", handler)
        app.router.add_get("/media/{name}", self._media)
        app.router.add_get("/ws", self.socket.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self.base, self.ws_url = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/ws"

    async def aclose(self) -> None:
        await self.socket.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    # ── what tests ask

    def called(self, name: str) -> list[dict[str, Any]]:
        """The bodies of every call of that name, refused ones too."""
        return [body for call, body in self.calls if call == name]

    def expire_tokens(self) -> None:
        """Tokens given so far answer 42001."""
        self.tokens.clear()

    def new_response_url(self, where: str) -> str:
        code = f"RC{next(self.numbers)}"
        self.response_codes[code] = where
        return f"{self.base}/cgi-bin/aibot/response?response_code={code}"

    def new_media(self, data: bytes) -> str:
        """The address of a stored file; delete it from `media` to let it expire."""
        name = f"m{next(self.numbers)}"
        self.media[name] = data
        return f"{self.base}/media/{name}"

    async def show(self, where: str, how: str, body: dict[str, Any]) -> None:
        """People see a post now."""
        kind = body["msgtype"]
        if kind == "template_card":
            card = body["template_card"]
            self.cards.add(card["task_id"])
            text = f"{card['main_title']['title']}\n{card.get('sub_title_text', '')}"
        else:
            text = str(body.get(kind, {}).get("content", "")) or self._picture(body)
        await self.put(Post(where, how, kind, text, body))

    def _picture(self, body: dict[str, Any]) -> str:
        """What people see of a picture: how long it is."""
        image = body.get("image", {})
        data = self.media.get(image.get("media_id", "")) or b64decode(image.get("base64", ""))
        return f"[picture {len(data)}]" if data else ""

    def next_fault(self, call: str) -> Fault:
        waiting = self.faults[call]
        return waiting.popleft() if waiting else self.always.get(call, Fault())

    # ── the API

    @web.middleware
    async def _faulty(self, request: web.Request, handler: Any) -> web.StreamResponse:
        call = request.path.removeprefix("/cgi-bin/")
        fault = self.next_fault(call)
        if fault.slow_s:
            await asyncio.sleep(fault.slow_s)
        failing = fault.status or fault.errcode or fault.hang_up
        if not failing or fault.acted:
            answer = cast(web.StreamResponse, await handler(request))
            if not failing:
                return answer
        else:
            self.calls.append((call, dict(request.query)))
        if fault.hang_up:
            assert request.transport is not None
            request.transport.close()
        if fault.status:
            return web.Response(status=fault.status)
        return _errcode(fault.errcode)

    async def _body(self, request: web.Request, call: str) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        self.calls.append((call, body))
        return body

    async def _gettoken(self, request: web.Request) -> web.Response:
        self.calls.append(("gettoken", dict(request.query)))
        if request.query.get("corpid") != CORP:
            return _errcode(40013)
        if request.query.get("corpsecret") != SECRET:
            return _errcode(40001)
        token = self.tokens.setdefault(SECRET, f"token-{next(self.numbers)}")
        return _ok(access_token=token, expires_in=7200)

    def stale(self, request: web.Request) -> bool:
        return request.query.get("access_token") != self.tokens.get(SECRET, "none")

    async def _message(self, request: web.Request) -> web.Response:
        body = await self._body(request, "message/send")
        if self.stale(request):
            return _errcode(42001)
        if body.get("agentid") != AGENT:
            return _errcode(40056)
        if code := refusal(body, "app"):
            return _errcode(code)
        user, content = body["touser"], str(body.get(body["msgtype"]))
        if user.startswith("nobody"):
            return _errcode(81013)
        again = self._sent.get((user, content))
        if again and body.get("enable_duplicate_check"):
            return _ok(msgid=again)
        msgid = self._sent[user, content] = f"msg-{next(self.numbers)}"
        await self.show(f"wecom_app:{user}", "message/send", body)
        answer = {"invaliduser": user} if user.startswith("hidden") else {}
        if body["msgtype"] == "template_card":
            answer["response_code"] = f"card-{msgid}"
            self.response_codes[answer["response_code"]] = f"wecom_app:{user}"
        return _ok(msgid=msgid, **answer)

    async def _update_card(self, request: web.Request) -> web.Response:
        body = await self._body(request, "message/update_template_card")
        where = self.response_codes.pop(body["response_code"], "")
        if where != f"wecom_app:{body['userids'][0]}":
            return _errcode(40058)
        shown = {"msgtype": "text", "text": {"content": body["button"]["replace_name"]}}
        await self.show(f"update:{where}", "message/update_template_card", shown)
        return _ok()

    async def _create(self, request: web.Request) -> web.Response:
        body = await self._body(request, "appchat/create")
        if self.stale(request):
            return _errcode(42001)
        if not body["chatid"].isalnum() or len(body["chatid"]) > 32:
            return _errcode(86001)
        if body["chatid"] in self.groups:
            return _errcode(86215)
        if body["owner"] not in body["userlist"] or len(body["userlist"]) < 2:
            return _errcode(86207)
        self.groups[body["chatid"]] = body["userlist"]
        return _ok(chatid=body["chatid"])

    async def _appchat(self, request: web.Request) -> web.Response:
        body = await self._body(request, "appchat/send")
        if self.stale(request):
            return _errcode(42001)
        if body["chatid"] not in self.groups:
            return _errcode(86008)
        if code := refusal(body, "app"):
            return _errcode(code)
        await self.show(f"wecom_app:chat:{body['chatid']}", "appchat/send", body)
        return _ok()

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.calls.append(("media/upload", dict(request.query)))
        if self.stale(request):
            return _errcode(42001)
        media = form.get("media")
        if not isinstance(media, web.FileField):
            return _errcode(44001)
        name = f"media-{next(self.numbers)}"
        self.media[name] = media.file.read()
        return _ok(media_id=name)

    async def _media_get(self, request: web.Request) -> web.Response:
        self.calls.append(("media/get", dict(request.query)))
        if self.stale(request):
            return _errcode(42001)
        data = self.media.get(request.query["media_id"])
        return (
            _errcode(40007) if data is None else web.Response(body=data, content_type="image/png")
        )

    async def _media(self, request: web.Request) -> web.Response:
        data = self.media.get(request.match_info["name"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await self._body(request, "webhook/send")
        where = self.robots.get(request.query.get("key", ""))
        if where is None:
            return _errcode(93000)
        if code := refusal(body, "webhook"):
            return _errcode(code)
        await self.show(where, "webhook/send", body)
        return _ok()

    async def _response(self, request: web.Request) -> web.Response:
        body = await self._body(request, "aibot/response")
        where = self.response_codes.pop(request.query.get("response_code", ""), "")
        if not where:
            return _errcode(846606)
        if code := refusal(body, "aibot"):
            return _errcode(code)
        await self.show(where, "aibot/response", body)
        return _ok()


def _ok(**values: Any) -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok", **values})


def _errcode(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": f"error {code}"})
