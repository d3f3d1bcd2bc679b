"""公众号／服务号 as a Channel: one-to-one messages in, 客服消息 out, plain or 安全模式.

Once the platform's window has closed a template message goes out where one is configured."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import Any, Final

from aiohttp import web

from bot.channels.wechat.stable import Closed, StableApi
from bot.channels.wecom.arrivals import Arrivals
from bot.channels.wecom.callback import (
    REFUSED,
    as_xml,
    forbidden,
    open_request,
    read_body,
    reply_to,
    sealed_xml,
    stored,
)  # fmt: skip
from bot.channels.wecom.crypto import Crypto, Forged
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.probing import echo_at
from bot.channels.wecom.received import Kind, Malformed, Picture, Received
from bot.channels.wecom.split import split
from bot.channels.wecom.xmlbody import Node, parse, text_of
from bot.errors import Rejected
from bot.media import MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

NAME: Final = "wechat_mp"
SECTION: Final = "channels.wechat_mp"
MAX_BYTES: Final = 2_048
MAX_ID: Final = 256
TEMPLATE_BYTES: Final = 600
PICTURES: Final = frozenset({"jpg", "png", "gif"})
_SHOWN: Final = {"video": "［视频］", "shortvideo": "［视频］", "file": "［文件］"}


@dataclass(slots=True)
class MpParts:
    """What the channel is built of. crypto: None in plain mode; template: id and field."""

    api: StableApi
    token: str
    crypto: Crypto | None
    arrivals: Arrivals
    media: MediaStore
    path: str
    welcome: str = ""
    template: tuple[str, str] = ("", "content")
    posts: Posts = field(default_factory=Posts)


class MpChannel:
    """Implements ports.Channel."""

    name = NAME
    capabilities = Capabilities(pictures=True, max_text_bytes=MAX_BYTES)

    def __init__(self, parts: MpParts) -> None:
        self._parts = parts

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`."""
        self._parts.arrivals.start(accept)

    async def aclose(self) -> None:
        await self._parts.arrivals.aclose()
        await self._parts.api.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        path = self._parts.path
        return [web.get(path, self._verify), web.post(path, self._post)]

    def probes(self, reach: Reach) -> Sequence[Probe]:
        """The token, and the callback address."""
        return [("token", self._parts.api.probe), ("callback", lambda: self._echo(reach))]

    async def _echo(self, reach: Reach) -> str:
        moment, nonce, word = str(int(time.time())), token_hex(8), token_hex(8)
        query = {"signature": self._sign(moment, nonce), "timestamp": moment, "nonce": nonce}
        return await echo_at(reach, self._parts.path, query | {"echostr": word}, word, SECTION)

    def _sign(self, timestamp: str, nonce: str) -> str:
        parts = "".join(sorted((self._parts.token, timestamp, nonce)))
        return hashlib.sha1(parts.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

    # ── in

    async def _verify(self, request: web.Request) -> web.Response:
        """The echo as it came: it is not encrypted in either mode."""
        try:
            self._check(request)
            return web.Response(text=request.query["echostr"])
        except REFUSED:
            return forbidden()

    def _check(self, request: web.Request) -> None:
        query = request.query
        wanted = self._sign(query["timestamp"], query["nonce"])
        given = query["signature"].encode("utf-8", "replace")
        if not hmac.compare_digest(wanted.encode(), given):
            raise Forged

    async def _post(self, request: web.Request) -> web.Response:
        try:
            node = self._open(request, await read_body(request))
            got = read(node)
        except REFUSED:
            return forbidden()
        if got.kind is Kind.MESSAGE:
            answer = await stored(self._parts.arrivals.take(got), got.platform_id)
            return answer if isinstance(answer, web.Response) else web.Response()
        if got.kind is Kind.ENTER and self._parts.welcome:
            return self._reply(request, node)
        return web.Response()

    def _open(self, request: web.Request, body: bytes) -> Node:
        """The message of a verified body; with a key only what is sealed is taken."""
        crypto = self._parts.crypto
        if crypto is None:
            self._check(request)
            return parse(body)
        return parse(open_request(crypto, request, text_of(parse(body), "Encrypt")))

    def _reply(self, request: web.Request, node: Node) -> web.Response:
        user, ours = text_of(node, "FromUserName"), text_of(node, "ToUserName")
        xml = reply_to(user, ours, {"MsgType": "text", "Content": self._parts.welcome})
        if self._parts.crypto is None:
            return as_xml(xml)
        return sealed_xml(self._parts.crypto, xml, request.query["nonce"])

    # ── out

    async def send(self, message: Outbound) -> str:
        """客服消息 in parts, then the pictures; the template message once the window has closed."""
        user = place_in(message, NAME)
        steps: list[Step] = [
            partial(self._custom, user, {"msgtype": "text", "text": {"content": text}})
            for text in split(message.text, MAX_BYTES)
        ]
        steps += picture_steps(message, self._parts.media, partial(self._picture, user), PICTURES)
        try:
            return await self._parts.posts.deliver(message, steps)
        except Closed:
            await self._template(user, message.text)
            return f"o{message.id}"

    async def _custom(self, user: str, body: dict[str, Any]) -> str:
        await self._parts.api.call("/cgi-bin/message/custom/send", {"touser": user, **body})
        return ""

    async def _picture(self, user: str, data: bytes, kind: str) -> str:
        media_id = await self._parts.api.upload("image", f"picture.{kind}", data)
        return await self._custom(user, {"msgtype": "image", "image": {"media_id": media_id}})

    async def _template(self, user: str, text: str) -> None:
        """Raises Rejected that says how to reach people later, where no template is set."""
        number, key = self._parts.template
        if not number:
            raise Rejected(
                f"the person must write first; set {SECTION}.template_id to reach people later"
            )
        words = text.encode()[:TEMPLATE_BYTES].decode(errors="ignore")
        body: dict[str, Any] = {"touser": user, "template_id": number, "url": ""}
        body["data"] = {key: {"value": words}}
        await self._parts.api.call("/cgi-bin/message/template/send", body)


def read(node: Node) -> Received:
    """One message or event; raises Malformed or BadXml."""
    sender, kind = text_of(node, "FromUserName"), text_of(node, "MsgType")
    if not kind or not 0 < len(sender) <= MAX_ID:
        raise Malformed
    if kind == "event":
        entered = text_of(node, "Event").lower() == "subscribe"
        return Received(Kind.ENTER if entered else Kind.OTHER, sender=sender)
    identity = text_of(node, "MsgId")
    if not identity.isdecimal() or len(identity) > MAX_ID:
        raise Malformed
    pictures = (Picture(media_id=text_of(node, "MediaId")),) if kind == "image" else ()
    return Received(
        Kind.MESSAGE, platform_id=identity, sender=sender, text=_words(node, kind),
        pictures=pictures,
    )  # fmt: skip


def _words(node: Node, kind: str) -> str:
    match kind:
        case "text":
            return text_of(node, "Content")
        case "voice":
            return text_of(node, "Recognition") or "［语音］"
        case "location":
            return f"位置：{text_of(node, 'Label')}"
        case "link":
            return text_of(node, "Title")
        case _:
            return _SHOWN.get(kind, "")
