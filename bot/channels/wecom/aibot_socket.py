"""智能机器人 over the long connection: frames become messages, posts become answers or pushes.

Keeping the connection is aibot_link.py's business."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

import structlog
from aiohttp import web

from bot.channels.wecom.aibot import Desk, NoTarget, Target
from bot.channels.wecom.aibot_link import Frame, Link, LinkSettings
from bot.channels.wecom.aibot_read import read
from bot.channels.wecom.aibot_upload import upload
from bot.channels.wecom.arrivals import Late
from bot.channels.wecom.client import Http, Unclear
from bot.channels.wecom.errcodes import WECOM, code_of
from bot.channels.wecom.received import Kind, Malformed, Received
from bot.channels.wecom.turns import Turns
from bot.errors import MAY_HAVE_ARRIVED, NotConfigured, Rejected, TryLater
from bot.leader import Leadership
from bot.ports import Probe, Reach

log = structlog.get_logger(__name__)

SECTION: Final = "channels.wecom_aibot"
ANSWERABLE: Final = timedelta(hours=23)
"""A message may be answered for 24 h."""
KEPT: Final = 5_000
LONGEST_WAIT: Final = 30
UNANSWERABLE: Final = frozenset({846605, 846606, 846608})
"""The message is unknown, answered, or its stream has ended: push instead."""
NOT_SUBSCRIBED: Final = 846609
CALLBACKS: Final = frozenset({"aibot_msg_callback", "aibot_event_callback"})
EVICTED: Final = (
    "another connection of the same bot took over; run one process per bot, "
    f"or give this one its own {SECTION}.bot_id"
)


class SocketTransport:
    """Implements Transport over one Link."""

    can_push = True

    def __init__(
        self,
        desk: Desk,
        settings: LinkSettings,
        lead: Leadership,
        now: Callable[[], datetime],
        http: Http,
    ) -> None:
        self._desk, self._now, self._settings = desk, now, settings
        self._http = http
        self.link = Link(settings, lead, self._on_frame)
        self._asked: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self.turns = Turns()

    @property
    def away(self) -> bool:
        return not self.link.lead.leading

    def connected(self) -> str:
        if self.away:
            return "another process is connected, or about to be"
        return "subscribed" if self.link.ready.is_set() else ""

    def probes(self, reach: Reach) -> Sequence[Probe]:
        return [("connection", lambda: self._try_connection(reach))]

    async def _try_connection(self, reach: Reach) -> str:
        """Connect for a moment, unless that would end the connection of a bot that runs."""
        if state := reach.links.get("wecom_aibot", ""):
            return state
        if "wecom_aibot" in reach.links:
            raise NotConfigured(f"the running bot is not connected; see {SECTION} and its log")
        lead = self.link.lead
        lead.start()
        try:
            async with asyncio.timeout(lead.lease_s * 1.5):
                await lead.won.wait()
            return await self.link.try_once()
        except TimeoutError:
            return "another process of this database is connected"
        finally:
            await lead.aclose()

    async def start(self) -> None:
        self.link.start()

    async def aclose(self) -> None:
        await self.link.aclose()
        await self.turns.aclose()
        await self._http.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        return []

    # ── in

    def _on_frame(self, cmd: str, req_id: str, body: Frame) -> None:
        if cmd not in CALLBACKS:
            return
        try:
            got = read(body, self._settings.bot_id)
        except Malformed:
            log.warning("message not understood", action="wecom.bad_message")
            return
        if got.kind is Kind.EVICTED:
            self.link.evicted(EVICTED)
        elif got.kind is Kind.MESSAGE:
            self._ask_of(got, req_id)
            self._in_order(got.chat or got.sender, self._take(got))
        elif got.kind is Kind.CLICK:
            self._in_order(got.chat or got.sender, self._click(got, req_id))
        elif got.kind is Kind.ENTER and self._desk.welcome:
            self._in_order(got.sender, self._greet(req_id))

    def _ask_of(self, got: Received, req_id: str) -> None:
        self._desk.meet(got)
        self._asked[got.platform_id] = (req_id, self._now())
        while len(self._asked) > KEPT:
            self._asked.popitem(last=False)

    def _in_order(self, chat: str, work: Coroutine[None, None, None]) -> None:
        """One after the other within a chat, so that a picture does not fall behind its text."""
        self.turns.follow(chat, self._careful(work))

    async def _careful(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (Late, TryLater, Unclear, Rejected) as error:
            log.warning("frame not answered", action="wecom.unanswered", error=str(error))
        except Exception:
            log.exception("frame not answered", action="wecom.unanswered")
        finally:
            work.close()

    async def _take(self, got: Received) -> None:
        """Nobody sends it again here, so a slow picture or a failing database is waited for."""
        wait_s = self._settings.unit_s
        while self._desk.arrivals.open:
            try:
                await self._desk.arrivals.take(got)
            except Late:
                continue
            except Exception:
                log.exception("message not stored", action="wecom.not_stored", id=got.platform_id)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT * self._settings.unit_s)
            else:
                return

    async def _click(self, got: Received, req_id: str) -> None:
        card = await self._desk.click(got)
        if card is not None:
            body = {"response_type": "update_template_card", "template_card": card}
            await self.link.request("aibot_respond_update_msg", req_id, body)

    async def _greet(self, req_id: str) -> None:
        body = {"msgtype": "text", "text": {"content": self._desk.welcome}}
        await self.link.request("aibot_respond_welcome_msg", req_id, body)

    # ── out

    async def deliver(self, target: Target, body: dict[str, Any], key: str) -> None:
        """Answer the message if it may still be answered, else push to the chat."""
        req_id, asked_at = self._asked.get(target.answers, ("", self._now()))
        if req_id and self._now() - asked_at < ANSWERABLE and await self._answer(req_id, body, key):
            self._asked.pop(target.answers, None)
            return
        self._asked.pop(target.answers, None)
        kind = {True: 2, False: 1, None: 0}[target.is_group]
        push = {"chatid": target.chat, "chat_type": kind, **body}
        try:
            ack = await self.link.request("aibot_send_msg", f"aibot_send_msg_{token_hex(8)}", push)
        except Unclear as error:
            raise Rejected(f"{error}; not repeated, since {MAY_HAVE_ARRIVED}") from None
        if code_of(ack) not in WECOM and code_of(ack):
            raise NoTarget(
                f"aibot_send_msg refused (errcode {code_of(ack)}): whoever is to be reached must "
                "open the bot once and say a word, or switch on channels.wecom_app"
            )
        await self._check(ack, "aibot_send_msg")

    async def upload(self, name: str, data: bytes) -> str:
        """In pieces over the connection; nobody sees anything yet. Raises SendError."""
        try:
            return await upload(self.link, name, data)
        except Unclear as error:
            raise TryLater(5.0, str(error)) from None

    async def _answer(self, req_id: str, body: dict[str, Any], key: str) -> bool:
        """False when the platform does not take an answer to this message any more.

        A stream with the same id replaces itself, so that an unclear answer may be repeated."""
        if body["msgtype"] == "markdown":
            stream = {"id": key, "finish": True, "content": body["markdown"]["content"]}
            body = {"msgtype": "stream", "stream": stream}
        try:
            ack = await self.link.request("aibot_respond_msg", req_id, body)
        except Unclear as error:
            raise TryLater(5.0, str(error)) from None
        if code_of(ack) in UNANSWERABLE:
            return False
        await self._check(ack, "aibot_respond_msg")
        return True

    async def _check(self, ack: Frame, call: str) -> None:
        code = code_of(ack)
        if code == NOT_SUBSCRIBED:
            await self.link.hang_up()
        if code:
            raise WECOM.error(code, SECTION, call)
