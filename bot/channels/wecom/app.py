"""自建应用 as a Channel: one-to-one talk with staff, and posts to groups that the app created.

Group conversations are "wecom_app:chat:<chatid>"; anything else after the colon is a user id."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from aiohttp import web

from bot.channels.wecom import cards
from bot.channels.wecom.app_read import read
from bot.channels.wecom.arrivals import Arrivals, Late
from bot.channels.wecom.callback import (
    REFUSED,
    echo,
    forbidden,
    open_request,
    read_body,
    unavailable,
)  # fmt: skip
from bot.channels.wecom.client import Api
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.errcodes import error_of
from bot.channels.wecom.posts import Posts
from bot.channels.wecom.probing import sealed_echo
from bot.channels.wecom.received import Kind, Picture, Received
from bot.channels.wecom.split import MOST_BYTES, check_length, split
from bot.channels.wecom.xmlbody import parse, render, text_of
from bot.errors import Rejected
from bot.media import MAX_IMAGE_BYTES
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

log = structlog.get_logger(__name__)

NAME: Final = "wecom_app"
SECTION: Final = "channels.wecom_app"
CHAT: Final = "chat:"
MAX_BYTES: Final = 2_048
POSTS_A_MINUTE: Final = 30
REPEAT_S: Final = 120
"""The platform drops the same post to the same person within so many seconds."""
NO_RECEIVER: Final = 81013


@dataclass(slots=True)
class AppParts:
    """What the channel is built of. source: the bot's name on cards; path: of the callback."""

    api: Api
    crypto: Crypto
    arrivals: Arrivals
    corp_id: str
    agent_id: int
    path: str
    source: str
    welcome: str = ""
    posts: Posts = field(default_factory=Posts)
    titles: cards.Titles = field(default_factory=cards.Titles)


class AppChannel:
    """Implements ports.Channel."""

    name = NAME
    capabilities = Capabilities(
        sees="direct", can_update_card=True, max_text_bytes=MOST_BYTES, rate=POSTS_A_MINUTE
    )

    def __init__(self, parts: AppParts) -> None:
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
        """The token, the agent it belongs to, and the callback address."""
        parts = self._parts
        agent = {"agentid": str(parts.agent_id)}

        async def known() -> str:
            return str((await parts.api.call("/cgi-bin/agent/get", query=agent)).get("name", ""))

        return [
            ("token", parts.api.probe),
            ("agent", known),
            ("callback", lambda: sealed_echo(parts.crypto, reach, parts.path, SECTION)),
        ]

    # ── in

    async def _verify(self, request: web.Request) -> web.Response:
        return echo(self._parts.crypto, request)

    async def _post(self, request: web.Request) -> web.Response:
        parts = self._parts
        try:
            outer = parse(await read_body(request))
            got = read(parse(open_request(parts.crypto, request, text_of(outer, "Encrypt"))))
            nonce = request.query["nonce"]
        except REFUSED:
            return forbidden()
        try:
            answer = await self._take(got)
        except Late:
            return unavailable()
        except Exception:
            log.exception("callback not stored", action="wecom.not_stored", id=got.platform_id)
            return unavailable()
        return self._sealed(answer, nonce) if answer else web.Response()

    async def _take(self, got: Received) -> str:
        """The XML to answer at once, "" for none."""
        if got.kind is Kind.MESSAGE:
            await self._parts.arrivals.take(got)
            return ""
        if got.kind is Kind.ENTER and self._parts.welcome:
            return self._reply(got, {"MsgType": "text", "Content": self._parts.welcome})
        command = cards.command_of(got.text) if got.kind is Kind.CLICK else ""
        if not command:
            return ""
        await self._parts.arrivals.take(got, command)
        button = render({"ReplaceName": f"已选：{command.partition(' ')[0]}"})
        shown = button.replace("<xml>", "<Button>").replace("</xml>", "</Button>")
        return self._reply(got, {"MsgType": "update_button"}).replace("</xml>", f"{shown}</xml>")

    def _reply(self, got: Received, tags: dict[str, str | int]) -> str:
        corp = self._parts.corp_id
        head: dict[str, str | int] = {"ToUserName": got.sender, "FromUserName": corp}
        return render({**head, "CreateTime": int(time.time()), **tags})

    def _sealed(self, answer: str, nonce: str) -> web.Response:
        moment = int(time.time())
        sealed = self._parts.crypto.seal(answer.encode(), str(moment), nonce)
        xml = render(
            {
                "Encrypt": sealed.encrypt, "MsgSignature": sealed.signature,
                "TimeStamp": moment, "Nonce": nonce,
            }
        )  # fmt: skip
        return web.Response(text=xml, content_type="application/xml")

    # ── out

    async def send(self, message: Outbound) -> str:
        """message/send to a person, appchat/send to a group; the platform's id if it gives one."""
        channel, _, place = message.conversation.partition(":")
        if channel != NAME or not place:
            raise Rejected(f"{message.conversation!r} is no conversation of this channel")
        check_length(message.text)
        posts, sent = self._parts.posts, ""
        bodies = self._bodies(message, place)
        for body in bodies[posts.parts_sent(message.id) :]:
            sent = await self._send(place, body)
            posts.part_sent(message.id)
        posts.finished(message.id)
        return sent or f"o{message.id}"

    def _bodies(self, message: Outbound, place: str) -> list[dict[str, Any]]:
        users = [mention.partition(":")[2] for mention in message.mentions]
        extra = {"mentioned_list": users} if users and place.startswith(CHAT) else {}
        number = "" if place.startswith(CHAT) else cards.offered(message.text)
        whole = number and cards.fits(message.text)
        texts = [] if whole else split(message.text, MAX_BYTES)
        bodies: list[dict[str, Any]] = [
            {"msgtype": "text", "text": {"content": text, **extra}} for text in texts
        ]
        if number:
            card = cards.decision(message.text, number, f"to{message.id}", self._parts.source)
            bodies.append({"msgtype": "template_card", "template_card": card})
        return bodies

    async def _send(self, place: str, body: dict[str, Any]) -> str:
        api = self._parts.api
        if place.startswith(CHAT):
            await api.call("/cgi-bin/appchat/send", {"chatid": place[len(CHAT) :], **body})
            return ""
        once = {"enable_duplicate_check": 1, "duplicate_check_interval": REPEAT_S}
        full = {"touser": place, "agentid": self._parts.agent_id, **body, **once}
        answer = await api.call("/cgi-bin/message/send", full, repeatable=True)
        if place in str(answer.get("invaliduser", "")).split("|"):
            raise error_of(NO_RECEIVER, SECTION, "message/send")
        return str(answer.get("msgid", ""))

    async def fetch(self, picture: Picture) -> bytes:
        """A picture that somebody sent to the app; raises SendError."""
        return await self._parts.api.download(picture.media_id, MAX_IMAGE_BYTES)

    async def push_markdown(self, place: str, text: str) -> None:
        """Markdown to a user id or "chat:<chatid>", in parts. Raises SendError."""
        for part in split(text, MAX_BYTES):
            await self._send(place, {"msgtype": "markdown", "markdown": {"content": part}})

    async def push_image(self, place: str, data: bytes) -> None:
        """A picture to a user id or "chat:<chatid>". Raises SendError."""
        if len(data) > MAX_IMAGE_BYTES:
            raise Rejected("media/upload takes pictures of at most 10 MB")
        media_id = await self._parts.api.upload("image", "picture", data)
        await self._send(place, {"msgtype": "image", "image": {"media_id": media_id}})

    async def create_group(self, chatid: str, name: str, owner: str, users: Sequence[str]) -> str:
        """A group that the app may post to; returns its conversation. Raises SendError."""
        body = {"chatid": chatid, "name": name, "owner": owner, "userlist": list(users)}
        answer = await self._parts.api.call("/cgi-bin/appchat/create", body)
        return f"{NAME}:{CHAT}{answer.get('chatid', chatid)}"
