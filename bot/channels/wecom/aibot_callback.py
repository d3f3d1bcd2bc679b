"""智能机器人 over encrypted callbacks: answers leave through each message's one-use response_url.

There is no push in this mode; who has not spoken within the hour is reached by another channel."""

from __future__ import annotations

import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiohttp import web
from yarl import URL

from bot.channels.wecom.aibot import Desk, NoWay, Target
from bot.channels.wecom.aibot_read import load, read, text_at
from bot.channels.wecom.callback import (
    REFUSED,
    echo,
    forbidden,
    open_request,
    read_body,
    stored,
)  # fmt: skip
from bot.channels.wecom.client import Http
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.errcodes import WECOM, code_of
from bot.channels.wecom.probing import sealed_echo
from bot.channels.wecom.received import Kind, Received
from bot.errors import TryLater
from bot.ports import Probe, Reach

log = structlog.get_logger(__name__)

URL_LIFE: Final = timedelta(minutes=55)
"""A response_url lives an hour."""
CHATS: Final = 5_000
URLS_A_CHAT: Final = 50
USED: Final = 20_000
SECTION: Final = "channels.wecom_aibot"
MAX_URL: Final = 2_000


class Replies:
    """Unused response_urls by chat; each is a secret, works once and ages quickly."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._chats: OrderedDict[str, deque[tuple[str, str, datetime]]] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def keep(self, chat: str, answers: str, url: str) -> None:
        """Keep the URL of a message; that of a re-send is not kept twice."""
        if not url or url in self._seen:
            return
        self._seen[url] = None
        self._chats.setdefault(chat, deque(maxlen=URLS_A_CHAT)).append((url, answers, self._now()))
        self._chats.move_to_end(chat)
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        while len(self._seen) > USED:
            self._seen.popitem(last=False)

    def give_back(self, chat: str, answers: str, url: str) -> None:
        """Keep a URL again that was taken but certainly not used."""
        self._seen.pop(url, None)
        self.keep(chat, answers, url)

    def take(self, chat: str, answers: str) -> str:
        """The URL of the answered message, else the oldest one of the chat, else ""."""
        waiting = self._chats.get(chat, deque())
        while waiting and self._now() - waiting[0][2] > URL_LIFE:
            waiting.popleft()
        if not waiting:
            return ""
        entry = next((one for one in waiting if one[1] == answers), waiting[0])
        waiting.remove(entry)
        return entry[0]


class CallbackTransport:
    """GET verification, POST callbacks, and replies by response_url; implements Transport."""

    can_push = False
    away = False

    def probes(self, reach: Reach) -> Sequence[Probe]:
        return [("callback", lambda: sealed_echo(self._crypto, reach, self._path, SECTION))]

    def connected(self) -> str:
        return "by callbacks"

    def __init__(
        self, desk: Desk, crypto: Crypto, http: Http, path: str, now: Callable[[], datetime],
        bot_id: str = "",
    ) -> None:  # fmt: skip
        self._desk, self._crypto, self._http = desk, crypto, http
        self._path, self._bot_id = path, bot_id
        self._replies = Replies(now)

    async def start(self) -> None:
        """Callbacks need no connection of ours."""

    async def aclose(self) -> None:
        await self._http.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        return [web.get(self._path, self._verify), web.post(self._path, self._post)]

    async def _verify(self, request: web.Request) -> web.Response:
        return echo(self._crypto, request)

    async def _post(self, request: web.Request) -> web.Response:
        try:
            outer = load(await read_body(request))
            plain = open_request(self._crypto, request, text_at(outer, "encrypt"))
            got = read(load(plain), self._bot_id)
            nonce = request.query["nonce"]
        except REFUSED:
            return forbidden()
        answer = await stored(self._take(got), got.platform_id)
        if isinstance(answer, web.Response):
            return answer
        return self._sealed(answer, nonce) if answer else web.Response()

    async def _take(self, got: Received) -> dict[str, Any] | None:
        """What to answer at once; everything else is answered later or not at all."""
        if got.kind is Kind.MESSAGE:
            self._desk.meet(got)
            self._remember(got)
            await self._desk.arrivals.take(got)
            return None
        if got.kind is Kind.CLICK:
            self._remember(got)
            card = await self._desk.click(got)
            return card and {
                "response_type": "update_template_card",
                "userids": [got.sender],
                "template_card": card,
            }
        if got.kind is Kind.ENTER and self._desk.welcome:
            return {"msgtype": "text", "text": {"content": self._desk.welcome}}
        if got.kind is Kind.REFRESH:
            return {
                "msgtype": "stream",
                "stream": {"id": got.stream_id, "finish": True, "content": ""},
            }
        return None

    def _remember(self, got: Received) -> None:
        """Keep a response_url only where it leads to the platform itself."""
        if not got.response_url or len(got.response_url) > MAX_URL:
            return
        try:
            ours = URL(got.response_url).origin() == self._http.base.origin()
        except ValueError:
            ours = False
        if ours:
            self._replies.keep(got.chat or got.sender, got.platform_id, got.response_url)
        else:
            log.warning("response_url of another host", action="wecom.foreign_url")

    def _sealed(self, answer: dict[str, Any], nonce: str) -> web.Response:
        moment = int(time.time())
        plain = json.dumps(answer, ensure_ascii=False).encode()
        sealed = self._crypto.seal(plain, str(moment), nonce)
        return web.json_response(
            {
                "encrypt": sealed.encrypt, "msgsignature": sealed.signature,
                "timestamp": moment, "nonce": nonce,
            }
        )  # fmt: skip

    async def deliver(self, target: Target, body: dict[str, Any], key: str) -> None:
        """Use up one response_url; a spent one is passed over. Raises NoWay without any."""
        while url := self._replies.take(target.chat, target.answers):
            try:
                answer = await self._http.post(url, body)
            except TryLater:
                self._replies.give_back(target.chat, target.answers, url)
                raise
            if not code_of(answer):
                return
            error = WECOM.error(code_of(answer), SECTION, "aibot/response")
            if isinstance(error, TryLater):
                self._replies.give_back(target.chat, target.answers, url)
                raise error
            log.info("response_url spent", action="wecom.url_spent", code=code_of(answer), key=key)
        raise NoWay(
            f'no unused response_url for this chat: set {SECTION}.transport = "websocket", '
            "or switch on channels.wecom_app and channels.wecom_webhook",
        )

    async def upload(self, name: str, data: bytes) -> str:
        """There is none without the long connection."""
        raise NoWay(f'{name}: pictures need {SECTION}.transport = "websocket" ({len(data)} bytes)')
