"""微信客服 as a Channel: an event is only a nudge, messages are read by a cursor that is kept.

The cursor moves on once every message before it is durable; what is re-read is known by its id."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from aiohttp import web

from bot.channels.wecom.arrivals import Arrivals, Late
from bot.channels.wecom.callback import REFUSED, echo, forbidden, open_request, read_body
from bot.channels.wecom.client import Api
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.cursor import StateFile
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.probing import sealed_echo
from bot.channels.wecom.received import Kind, Malformed, Picture, Received
from bot.channels.wecom.split import split
from bot.channels.wecom.xmlbody import Node, parse, text_of
from bot.errors import NotConfigured, SendError
from bot.media import MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

log = structlog.get_logger(__name__)

NAME: Final = "wechat_kf"
SECTION: Final = "channels.wechat_kf"
MAX_BYTES: Final = 2_048
MAX_ID: Final = 256
PAGE: Final = 1_000
TOKEN_LIFE: Final = timedelta(minutes=9)
WELCOME_LIFE: Final = timedelta(seconds=20)
PICTURES: Final = frozenset({"jpg", "png"})
FROM_CUSTOMER, FROM_SYSTEM = 3, 4
RETRY_S: Final = 5.0
NUDGE: Final = "kf_msg_or_event"
_SHOWN: Final = {"voice": "［语音］", "video": "［视频］", "file": "［文件］"}


@dataclass(slots=True)
class KfParts:
    """What the channel is built of. open_kfid: the account; poll_s: longest pause between looks."""

    api: Api
    crypto: Crypto
    arrivals: Arrivals
    media: MediaStore
    state: StateFile
    open_kfid: str
    path: str
    poll_s: float
    now: Callable[[], datetime]
    welcome: str = ""
    posts: Posts = field(default_factory=Posts)


class KfChannel:
    """Implements ports.Channel."""

    name = NAME
    capabilities = Capabilities(pictures=True, max_text_bytes=MAX_BYTES)

    def __init__(self, parts: KfParts) -> None:
        self._parts = parts
        self._nudged = asyncio.Event()
        self._token: tuple[str, datetime] = ("", parts.now())
        self._task: asyncio.Task[None] | None = None

    async def start(self, accept: Accept) -> None:
        """Read what came while we were away, then wait for nudges."""
        self._parts.arrivals.start(accept)
        self._task = asyncio.create_task(self._run(), name="wechat-kf")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._parts.arrivals.aclose()
        await self._parts.api.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        path = self._parts.path
        return [web.get(path, self._verify), web.post(path, self._post)]

    def probes(self, reach: Reach) -> Sequence[Probe]:
        """The token, the account, and the callback address."""
        parts = self._parts
        return [
            ("token", parts.api.probe),
            ("account", self._account),
            ("callback", lambda: sealed_echo(parts.crypto, reach, parts.path, SECTION)),
        ]

    async def _account(self) -> str:
        page = {"offset": 0, "limit": 100}
        answer = await self._parts.api.call("/cgi-bin/kf/account/list", page, repeatable=True)
        for account in answer.get("account_list", []):
            if account.get("open_kfid") == self._parts.open_kfid:
                return str(account.get("name", ""))
        raise NotConfigured(f"{SECTION}.open_kfid is no account that this app may manage")

    # ── in

    async def _verify(self, request: web.Request) -> web.Response:
        return echo(self._parts.crypto, request)

    async def _post(self, request: web.Request) -> web.Response:
        """Answered at once: the messages stay at the platform until the cursor has passed them."""
        try:
            outer = parse(await read_body(request))
            node = parse(open_request(self._parts.crypto, request, text_of(outer, "Encrypt")))
            token = nudge_of(node, self._parts.open_kfid)
        except REFUSED:
            return forbidden()
        if token is not None:
            self._token = (token, self._parts.now())
            self._nudged.set()
        return web.Response()

    async def _run(self) -> None:
        while True:
            self._nudged.clear()
            pause = self._parts.poll_s
            try:
                await self.sync()
            except SendError as error:
                pause = RETRY_S
                log.warning("messages not read", action="wechat.not_read", error=str(error))
            except Exception:
                pause = RETRY_S
                log.exception("messages not stored", action="wechat.not_stored")
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudged.wait()

    async def sync(self) -> None:
        """Take everything behind the cursor, page by page, empty pages too."""
        more = True
        while more:
            cursor = str(self._parts.state.load().get("cursor", ""))
            answer = await self._parts.api.call(
                "/cgi-bin/kf/sync_msg", self._question(cursor), repeatable=True
            )
            for item in answer.get("msg_list") or []:
                await self._take(item)
            cursor = str(answer.get("next_cursor") or cursor)
            self._parts.state.save({"cursor": cursor})
            more = bool(answer.get("has_more"))

    def _question(self, cursor: str) -> dict[str, Any]:
        token, at = self._token
        fresh = token and self._parts.now() - at < TOKEN_LIFE
        body = {"cursor": cursor, "limit": PAGE, "open_kfid": self._parts.open_kfid}
        return {**body, "voice_format": 0, **({"token": token} if fresh else {})}

    async def _take(self, item: Any) -> None:
        """One message into the intake; raises what the intake raises."""
        try:
            if code := welcome_code(item, self._parts.now()):
                await self._greet(code)
            got = read(item, self._parts.open_kfid)
        except Malformed:
            log.warning("message not understood", action="wechat.bad_message")
            return
        while got.kind is Kind.MESSAGE and (got.text or got.pictures):
            try:
                await self._parts.arrivals.take(got)
            except Late:
                if self._parts.arrivals.open:
                    continue
                raise
            return

    async def _greet(self, code: str) -> None:
        """Once per code, within 20 s; a greeting that fails is not missed."""
        if not self._parts.welcome:
            return
        text = {"content": split(self._parts.welcome, MAX_BYTES)[0]}
        body = {"code": code, "msgtype": "text", "text": text}
        try:
            await self._parts.api.call("/cgi-bin/kf/send_msg_on_event", body)
        except SendError as error:
            log.info("not greeted", action="wechat.not_greeted", error=str(error))

    # ── out

    async def send(self, message: Outbound) -> str:
        """kf/send_msg in parts, each under an id of ours, then the pictures."""
        user, texts = place_in(message, NAME), split(message.text, MAX_BYTES)
        steps: list[Step] = [
            partial(self._send, user, f"o{message.id}-{number}", "text", {"content": text})
            for number, text in enumerate(texts)
        ]
        push = partial(self._picture, user, f"o{message.id}-p")
        steps += picture_steps(message, self._parts.media, push, PICTURES)
        await self._parts.posts.deliver(message, steps)
        return f"o{message.id}-0"

    async def _send(self, user: str, msgid: str, kind: str, content: dict[str, str]) -> str:
        body = {
            "touser": user, "open_kfid": self._parts.open_kfid, "msgid": msgid, "msgtype": kind,
            kind: content,
        }  # fmt: skip
        await self._parts.api.call("/cgi-bin/kf/send_msg", body)
        return msgid

    async def _picture(self, user: str, start: str, data: bytes, kind: str) -> str:
        media_id = await self._parts.api.upload("image", f"picture.{kind}", data)
        mark = hashlib.sha256(data).hexdigest()[:8]
        return await self._send(user, f"{start}{mark}", "image", {"media_id": media_id})


def nudge_of(node: Node, open_kfid: str) -> str | None:
    """The token to read with, "" for none; None for an event that is no nudge for this account."""
    event, account = text_of(node, "Event"), text_of(node, "OpenKfId")
    return text_of(node, "Token") if (event, account) == (NUDGE, open_kfid) else None


def read(item: Any, open_kfid: str) -> Received:
    """A message of a customer to this account, or OTHER; raises Malformed."""
    if not isinstance(item, dict):
        raise Malformed
    if item.get("origin") != FROM_CUSTOMER or item.get("open_kfid") != open_kfid:
        return Received(Kind.OTHER)
    sender, identity, kind = item.get("external_userid"), item.get("msgid"), item.get("msgtype")
    for value in (sender, identity, kind):
        if not isinstance(value, str) or not 0 < len(value) <= MAX_ID:
            raise Malformed
    own = item.get(kind)
    body = own if isinstance(own, dict) else {}
    media = str(body.get("media_id", ""))
    pictures = (Picture(media_id=media),) if kind == "image" and media else ()
    return Received(
        Kind.MESSAGE, platform_id=str(identity), sender=str(sender), text=_words(str(kind), body),
        pictures=pictures,
    )  # fmt: skip


def _words(kind: str, body: dict[str, Any]) -> str:
    match kind:
        case "text":
            return str(body.get("content", ""))
        case "location":
            return f"位置：{body.get('name', '')} {body.get('address', '')}".strip()
        case "link":
            return str(body.get("title", ""))
        case _:
            return _SHOWN.get(kind, "")


def welcome_code(item: Any, now: datetime) -> str:
    """The code of somebody who has just opened the conversation, "" otherwise."""
    if not isinstance(item, dict) or item.get("origin") != FROM_SYSTEM:
        return ""
    event, sent = item.get("event"), item.get("send_time")
    if not isinstance(event, dict) or not isinstance(sent, int):
        return ""
    late = now.timestamp() - sent > WELCOME_LIFE.total_seconds()
    return "" if late else str(event.get("welcome_code") or "")
