"""公众号 and 微信客服 that never leave this machine: their HTTP API on port 0, with faults.

Callbacks are signed and sealed by wechatpy, so that our own crypto meets another implementation."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from wechatpy.crypto import WeChatCrypto as MpCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as CorpCrypto

from tests.fakes.board import Board
from tests.fakes.wecom import Fault
from tests.fakes.wecom_people import tags_of

APP, APP_SECRET, ACCOUNT = "wx00112233445566aa", "mp-secret-A1", "gh_0011"
CORP, KF_SECRET, KF = "ww00112233445566aa", "kf-secret-B2", "wkAJ2GCAAA"
TOKEN, AES_KEY = "wangge", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
STAMP, NONCE = "1763700000", "n0nce7"
MOST_BYTES: Final = 2_048

Handle = Callable[[web.Request], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Post:
    """What a resident sees. how: the call it came by."""

    where: str
    how: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What the bot answered to a callback."""

    status: int
    body: str


class FakeWechat(Board[Post]):
    """Start it, give its `base` to the bot and its people the bot's address; read `posts`."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.closed: set[str] = set()
        self.media: dict[str, bytes] = {}
        self.inbox: list[dict[str, Any]] = []
        self.page = 2
        self.tokens: set[str] = set()
        self.numbers = itertools.count(1)
        self.base = self.bot = ""
        self._sent: set[str] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=32 << 20)
        calls: dict[str, Handle] = {
            "stable_token": self._stable_token, "gettoken": self._gettoken,
            "message/custom/send": self._custom, "message/template/send": self._template,
            "kf/sync_msg": self._sync, "kf/send_msg": self._send,
            "kf/send_msg_on_event": self._on_event, "kf/account/list": self._accounts,
        }  # fmt: skip
        for name, handle in calls.items():
            app.router.add_route("*", f"/cgi-bin/{name}", self._wrapped(name, handle))
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_post("/cgi-bin/media/upload", self._upload)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def aclose(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def called(self, name: str) -> list[dict[str, Any]]:
        """The bodies of every call of that name."""
        return [body for call, body in self.calls if call == name]

    # ── people

    def mp_xml(self, user: str, text: str = "", kind: str = "text", **tags: str) -> str:
        """A message or event to the 公众号."""
        number = {} if kind == "event" else {"MsgId": str(7234567890000000000 + next(self.numbers))}
        values = {
            "ToUserName": ACCOUNT, "FromUserName": user, "CreateTime": STAMP, "MsgType": kind,
            **number, **({"Content": text} if kind == "text" else {}), **tags,
        }  # fmt: skip
        return f"<xml>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in values.items())}</xml>"

    async def mp(self, xml: str, sealed: bool = True) -> Answer:
        """Bring it to the bot, in 安全模式 or plain."""
        query = {"signature": signature(), "timestamp": STAMP, "nonce": NONCE}
        if sealed:
            outer = tags_of(MpCrypto(TOKEN, AES_KEY, APP).encrypt_message(xml, NONCE, STAMP))
            query |= {"encrypt_type": "aes", "msg_signature": outer["MsgSignature"]}
            xml = f"<xml><Encrypt>{outer['Encrypt']}</Encrypt></xml>"
        return await self.call("/wechat/mp", query, xml.encode())

    def kf_item(self, user: str, text: str = "", kind: str = "text", **more: Any) -> dict[str, Any]:
        """A customer's message as sync_msg gives it; kept until it is read."""
        body = {"content": text} if kind == "text" else more.pop(kind, {})
        item = {
            "msgid": f"kf-{next(self.numbers)}", "open_kfid": KF, "external_userid": user,
            "send_time": int(STAMP), "origin": 3, "msgtype": kind, kind: body, **more,
        }  # fmt: skip
        self.inbox.append(item)
        return item

    async def nudge(self, account: str = KF) -> Answer:
        """Tell the bot that there is something to read."""
        xml = (
            f"<xml><ToUserName>{CORP}</ToUserName><CreateTime>{STAMP}</CreateTime>"
            "<MsgType>event</MsgType><Event>kf_msg_or_event</Event>"
            f"<Token>KT{next(self.numbers)}</Token><OpenKfId>{account}</OpenKfId></xml>"
        )
        outer = tags_of(CorpCrypto(TOKEN, AES_KEY, CORP).encrypt_message(xml, NONCE, STAMP))
        query = {"msg_signature": outer["MsgSignature"], "timestamp": STAMP, "nonce": NONCE}
        body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt>{outer['Encrypt']}</Encrypt></xml>"
        return await self.call("/wechat/kf", query, body.encode())

    async def call(self, path: str, query: dict[str, str], data: bytes) -> Answer:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.bot + path, params=query, data=io.BytesIO(data)) as response,
        ):
            return Answer(response.status, await response.text())

    # ── the API

    def _wrapped(self, name: str, handle: Handle) -> Callable[[web.Request], Any]:
        async def run(request: web.Request) -> web.Response:
            body = dict(request.query) if request.method == "GET" else await request.json()
            self.calls.append((name, body))
            fault = self.faults[name].popleft() if self.faults[name] else Fault()
            if fault.status:
                return web.Response(status=fault.status)
            if fault.errcode:
                return web.json_response({"errcode": fault.errcode, "errmsg": "fault"})
            known = "token" in name or request.query.get("access_token") in self.tokens
            answer = await handle(request) if known else {"errcode": 40014}
            return web.json_response({"errcode": 0, "errmsg": "ok", **answer})

        return run

    def _new_token(self) -> dict[str, Any]:
        token = f"t-{next(self.numbers)}"
        self.tokens.add(token)
        return {"access_token": token, "expires_in": 7200}

    async def _stable_token(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        if body.get("appid") != APP:
            return {"errcode": 40013}
        right = body.get("secret") == APP_SECRET and body["grant_type"] == "client_credential"
        return self._new_token() if right else {"errcode": 40125}

    async def _gettoken(self, request: web.Request) -> dict[str, Any]:
        right = dict(request.query) == {"corpid": CORP, "corpsecret": KF_SECRET}
        return self._new_token() if right else {"errcode": 40001}

    async def _custom(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        if body["touser"] in self.closed:
            return {"errcode": 45015}
        return await self._show(body["touser"], "custom/send", self._words(body))

    async def _template(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        (field,) = body["data"].values()
        return await self._show(body["touser"], "template/send", field["value"])

    async def _sync(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        start = int(body["cursor"] or 0)
        end = min(start + self.page, len(self.inbox))
        items = self.inbox[start:end]
        return {"next_cursor": str(end), "has_more": int(end < len(self.inbox)), "msg_list": items}

    async def _accounts(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        assert (body["offset"], body["limit"]) == (0, 100)
        return {"account_list": [{"open_kfid": KF, "name": "网格客服"}]}

    async def _send(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        if body["open_kfid"] != KF or body["msgid"] in self._sent or len(body["msgid"]) > 32:
            return {"errcode": 40058}
        self._sent.add(body["msgid"])
        return await self._show(body["touser"], "kf/send_msg", self._words(body))

    def _words(self, body: dict[str, Any]) -> str:
        """What a person sees: the words, or a picture that was uploaded before."""
        if body["msgtype"] == "text":
            return str(body["text"]["content"])
        return f"[picture {len(self.media[body['image']['media_id']])}]"

    async def _upload(self, request: web.Request) -> web.Response:
        form, token = await request.post(), request.query.get("access_token")
        media = form.get("media")
        if token not in self.tokens or not isinstance(media, web.FileField):
            return web.json_response({"errcode": 40014 if token not in self.tokens else 41005})
        name = f"up-{next(self.numbers)}"
        self.media[name] = media.file.read()
        self.calls.append(("media/upload", {"type": request.query["type"], "as": media.filename}))
        return web.json_response({"type": "image", "media_id": name})

    async def _on_event(self, request: web.Request) -> dict[str, Any]:
        body = await request.json()
        return await self._show(body["code"], "kf/send_msg_on_event", body["text"]["content"])

    async def _show(self, where: str, how: str, text: str) -> dict[str, Any]:
        if not 0 < len(text.encode()) <= MOST_BYTES:
            return {"errcode": 45002}
        await self.put(Post(where, how, text))
        return {}

    async def _media(self, request: web.Request) -> web.Response:
        if request.query.get("access_token") not in self.tokens:
            return web.json_response({"errcode": 40001})
        data = self.media.get(request.query["media_id"])
        if data is None:
            return web.json_response({"errcode": 40007})
        return web.Response(body=data, content_type="image/png")


def signature() -> str:
    """The plain signature of a callback at STAMP."""
    parts = "".join(sorted((TOKEN, STAMP, NONCE)))
    return hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()
