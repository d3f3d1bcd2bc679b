"""自建应用 as a Channel: one-to-one talk with staff, and posts to groups that the app created.

Group conversations are "wecom_app:chat:<chatid>"; anything else after the colon is a user id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aiohttp import web

from bot.channels.wecom import cards
from bot.channels.wecom.app_read import read
from bot.channels.wecom.arrivals import Arrivals
from bot.channels.wecom.callback import (
    REFUSED,
    echo,
    forbidden,
    open_request,
    read_body,
    reply_to,
    sealed_xml,
    stored,
)  # fmt: skip
from bot.channels.wecom.card_codes import SentCards
from bot.channels.wecom.client import Api
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.errcodes import WECOM
from bot.channels.wecom.markup import set_apart
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.probing import sealed_echo
from bot.channels.wecom.received import Kind, Received
from bot.channels.wecom.split import MOST_BYTES, check_length, split
from bot.channels.wecom.xmlbody import parse, render, text_of
from bot.media import MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

NAME: Final = "wecom_app"
SECTION: Final = "channels.wecom_app"
CHAT: Final = "chat:"
MAX_BYTES: Final = 2_048
POSTS_A_MINUTE: Final = 30
REPEAT_S: Final = 120
"""The platform drops the same post to the same person within so many seconds."""
NO_RECEIVER: Final = 81013
PICTURES: Final = frozenset({"jpg", "png"})
"""What media/upload takes as an image."""


@dataclass(slots=True)
class AppParts:
    """What the channel is built of. source: the bot's name on cards; path: of the callback."""

    api: Api
    crypto: Crypto
    arrivals: Arrivals
    media: MediaStore
    corp_id: str
    agent_id: int
    path: str
    source: str
    welcome: str = ""
    posts: Posts = field(default_factory=Posts)
    sent_cards: SentCards = field(default_factory=SentCards)


class AppChannel:
    """Implements ports.Channel."""

    name = NAME
    capabilities = Capabilities(
        pictures=True, max_text_bytes=MOST_BYTES,
        rate=POSTS_A_MINUTE,
    )  # fmt: skip

    def __init__(self, parts: AppParts) -> None:
        self._parts = parts

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`."""
        self._parts.arrivals.start(accept)

    async def aclose(self) -> None:
        await self._parts.arrivals.aclose()
        await self._parts.sent_cards.aclose()
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
        answer = await stored(self._take(got), got.platform_id)
        if isinstance(answer, web.Response):
            return answer
        return sealed_xml(parts.crypto, answer, nonce) if answer else web.Response()

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
        verb = command.partition(" ")[0]
        parts = self._parts
        parts.sent_cards.settle(parts.api, parts.agent_id, got.task_id, verb)
        button = render({"ReplaceName": f"已选：{verb}"})
        shown = button.replace("<xml>", "<Button>").replace("</xml>", "</Button>")
        return self._reply(got, {"MsgType": "update_button"}).replace("</xml>", f"{shown}</xml>")

    def _reply(self, got: Received, tags: dict[str, str | int]) -> str:
        return reply_to(got.sender, self._parts.corp_id, tags)

    # ── out

    async def send(self, message: Outbound) -> str:
        """message/send to a person, appchat/send to a group; the platform's id if it gives one."""
        place = place_in(message, NAME)
        check_length(message.text)
        bodies = self._bodies(message, place)
        steps: list[Step] = [partial(self._send, place, body) for body in bodies]
        push = partial(self._push_picture, place)
        steps += picture_steps(message, self._parts.media, push, PICTURES)
        return await self._parts.posts.deliver(message, steps)

    def _bodies(self, message: Outbound, place: str) -> list[dict[str, Any]]:
        users = [mention.partition(":")[2] for mention in message.mentions]
        extra = {"mentioned_list": users} if users and place.startswith(CHAT) else {}
        number = "" if place.startswith(CHAT) else cards.offered(message.text)
        whole = number and cards.fits(message.text)
        kind = "markdown" if message.rich else "text"
        words = set_apart(message.text) if message.rich else message.text
        bodies: list[dict[str, Any]] = [
            {"msgtype": kind, kind: {"content": text, **extra}}
            for text in ([] if whole else split(words, MAX_BYTES))
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
            raise WECOM.error(NO_RECEIVER, SECTION, "message/send")
        if card := body.get("template_card"):
            self._parts.sent_cards.keep(place, card, str(answer.get("response_code", "")))
        return str(answer.get("msgid", ""))

    async def _push_picture(self, place: str, data: bytes, kind: str) -> str:
        media_id = await self._parts.api.upload("image", f"picture.{kind}", data)
        return await self._send(place, {"msgtype": "image", "image": {"media_id": media_id}})

    async def create_group(self, chatid: str, name: str, owner: str, users: Sequence[str]) -> str:
        """A group that the app may post to, seen by its members from the first post on; returns
        its conversation. Raises SendError, Exists."""
        body = {"chatid": chatid, "name": name, "owner": owner, "userlist": list(users)}
        answer = await self._parts.api.call("/cgi-bin/appchat/create", body)
        return self.place_of(str(answer.get("chatid", chatid)))

    @staticmethod
    def place_of(chatid: str) -> str:
        """The conversation of a group of the app."""
        return f"{NAME}:{CHAT}{chatid}"
