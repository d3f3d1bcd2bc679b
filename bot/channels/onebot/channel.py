"""OneBot as a Channel: what bridges tell becomes Inbounds, posts become actions.

Groups are "onebot:group:<id>", anything else after the colon is a user id; the standard allows a
group and a user of the same number."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from aiohttp import web

from bot.channels.onebot import pictures
from bot.channels.onebot.caller import Caller
from bot.channels.onebot.dialect import Action, Dialect, Heard
from bot.channels.onebot.inlets import Inlets
from bot.channels.onebot.segments import Malformed, Segment, Words, gather
from bot.channels.wecom.client import Unclear
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.split import split
from bot.channels.wecom.turns import Turns
from bot.errors import MAY_HAVE_ARRIVED, NotConfigured, NotTried, Rejected, SendError, TryLater
from bot.media import ImageError, MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Inbound, Outbound, Quote

log = structlog.get_logger(__name__)

NAME: Final = "onebot"
GROUP: Final = "group:"
MAX_BYTES: Final = 3_000
KEPT: Final = 5_000
PICTURES: Final = frozenset({"jpg", "png", "gif", "webp"})
ORIGINAL_S: Final = 2.0
LOST: Final = "［图片未能下载］"
TRIES: Final = 5
AWAY: Final = "no bridge is connected; check that it dials channels.onebot.path and its token"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the channel is built of. names: how the bot is called; now: aware UTC."""

    dialect: Dialect
    caller: Caller
    token: str
    secret: str
    path: str
    names: Sequence[str]
    media: MediaStore
    media_hosts: Sequence[str]
    answer_s: float
    rate: int
    new_id: Callable[[], int]
    now: Callable[[], datetime]


class OneBotChannel:
    """Implements ports.Channel for one bridge, or several of the same kind."""

    name = NAME

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.capabilities = Capabilities(pictures=True, max_text_bytes=MAX_BYTES, rate=parts.rate)
        self._accept: Accept | None = None
        self._posts = Posts()
        self._own: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._turns = Turns()
        self.inlets = Inlets(
            parts.dialect, parts.token, parts.secret, parts.answer_s, self._hear, self._later
        )

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`."""
        self._accept = accept

    async def aclose(self) -> None:
        self._accept = None
        await self.inlets.sessions.aclose()
        await self._turns.aclose()
        await self._parts.caller.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        """Only what has a credential is open."""
        parts, found = self._parts, []
        by_token = parts.dialect.version == 12  # noqa: PLR2004 - a version, not a measure
        if parts.token:
            found.append(web.get(f"{parts.path}/ws", self.inlets.socket))
        if parts.token if by_token else parts.secret:
            found.append(web.post(f"{parts.path}/http", self.inlets.post))
        return found

    def connected(self) -> str:
        """As in ports.Linked."""
        count = self.inlets.sessions.count
        return f"{count} connected" if count else ""

    def probes(self, reach: Reach) -> Sequence[Probe]:
        """What the bridge says of itself over its HTTP API; else whether one has dialled us."""
        if not self._parts.caller.base:
            return [("bridge", lambda: self._dialled(reach))]
        return [
            (name, partial(self._ask, Action(name, {})))
            for name in ("get_status", self._parts.dialect.who)
        ]

    async def _dialled(self, reach: Reach) -> str:
        if NAME not in reach.links:
            raise NotTried("start the bot, let the bridge dial, and check again")
        if not reach.links[NAME]:
            raise NotConfigured(AWAY)
        return reach.links[NAME]

    async def _ask(self, action: Action) -> str:
        try:
            answer = await self._parts.caller.call(action)
        except Unclear as error:
            raise TryLater(5.0, str(error)) from None
        if refusal := self._parts.dialect.error(action.name, answer):
            raise refusal
        data = answer.get("data")
        if isinstance(data, dict) and False in {data.get("online"), data.get("good")}:
            raise NotConfigured("the bridge runs, but its account is not online; log it in again")
        return "online" if action.name == "get_status" else "account known"

    # ── in

    def _later(self, heard: Heard) -> None:
        """Take it in the order of its conversation; a socket has nobody who would send again."""
        self._turns.follow(_conversation(heard), self._insist(heard))

    async def _insist(self, heard: Heard) -> None:
        for again in range(1, TRIES + 1):
            try:
                return await self._hear(heard)
            except Exception:
                log.exception("message not stored", action="onebot.not_stored", again=again)
            if self._accept is None:
                return None
            await asyncio.sleep(0.2 * again)
        return None

    async def _hear(self, heard: Heard) -> None:
        """Durable when it returns. Raises TryLater before start, and what the intake raises."""
        words = gather(heard.segments, heard.self_id, self._parts.names)
        conversation = _conversation(heard)
        self.inlets.sessions.heard(conversation, heard.self_id)
        quote = await self._quote(heard, words) if words.reply else None
        images = [one for one in [await self._store(data) for data in words.pictures] if one]
        text = words.text or (LOST if words.pictures and not images else "")
        if not text and not images and quote is not None and not quote.of_bot and words.to_me:
            text = quote.text
        if self._accept is None:
            raise TryLater(1.0, "the channel is not started")
        if text or images:
            await self._accept(self._inbound(heard, replace(words, text=text), quote, images))

    def _inbound(
        self, heard: Heard, words: Words, quote: Quote | None, images: Sequence[str]
    ) -> Inbound:
        return Inbound(
            id=self._parts.new_id(),
            channel=NAME,
            platform_id=f"{heard.self_id}:{heard.message_id}",
            conversation=_conversation(heard),
            is_group=bool(heard.group),
            sender=f"{NAME}:{heard.user}",
            sender_name=heard.name or heard.user,
            text=words.text,
            received_at=self._parts.now(),
            to_me=words.to_me or not heard.group,
            quote=quote,
            images=tuple(images),
        )

    async def _quote(self, heard: Heard, words: Words) -> Quote:
        """The quoted message; whose it is is remembered, told, or asked of the bridge."""
        platform_id = f"{heard.self_id}:{words.reply}"
        own = self._own.get((_conversation(heard), platform_id))
        if own is not None:
            return Quote(platform_id, own, of_bot=True)
        if words.reply_to == heard.self_id:
            return Quote(platform_id, "", of_bot=True)
        action = self._parts.dialect.ask_original(words.reply)
        if action is None:
            return Quote(platform_id, "", of_bot=False)
        try:
            async with asyncio.timeout(ORIGINAL_S):
                answer = await self._call(_conversation(heard), action)
            original = self._parts.dialect.read_original(answer.get("data"))
        except (SendError, TimeoutError, Malformed):
            return Quote(platform_id, "", of_bot=False)
        said = gather(original.segments, heard.self_id, self._parts.names)
        return Quote(platform_id, said.text, of_bot=original.user == heard.self_id)

    async def _store(self, data: Mapping[str, str]) -> str:
        """The media reference, "" for a picture that cannot be had."""
        parts = self._parts
        try:
            found = await pictures.fetch(
                data, parts.media_hosts, parts.caller, lambda action: self._call("", action)
            )
            return await parts.media.put(found)
        except (SendError, ImageError, OSError) as error:
            log.warning("picture lost", action="onebot.picture_lost", error=str(error))
            return ""

    # ── out

    async def send(self, message: Outbound) -> str:
        """Deliver in parts of at most MAX_BYTES, then the pictures; the id of the first part."""
        place = place_in(message, NAME)
        if not place.removeprefix(GROUP):
            raise Rejected(f"{message.conversation!r} names no group")
        spelling = self._parts.dialect.spelling
        steps: list[Step] = []
        users = [mention.partition(":")[2] for mention in message.mentions]
        called = users if place.startswith(GROUP) else []
        for number, text in enumerate(split(message.text, MAX_BYTES)):
            quote = message.quote_id.partition(":")[2] if number == 0 else ""
            segments = spelling.segments(text, quote, called if number == 0 else ())
            steps.append(partial(self._post, place, segments, text))
        push = partial(self._push_picture, place)
        steps += picture_steps(message, self._parts.media, push, PICTURES)
        return await self._posts.deliver(message, steps)

    async def _post(self, place: str, segments: Sequence[Segment], text: str) -> str:
        group = place.startswith(GROUP)
        action = self._parts.dialect.post(place.removeprefix(GROUP), group, segments)
        data = await self._carried_out(f"{NAME}:{place}", action)
        return self._keep(f"{NAME}:{place}", data, text)

    async def _carried_out(self, conversation: str, action: Action) -> Any:
        """The data of the answer; raises Rejected also when the outcome is unclear."""
        try:
            answer = await self._call(conversation, action)
        except Unclear as error:
            raise Rejected(f"{error}; not repeated, since {MAY_HAVE_ARRIVED}") from None
        if refusal := self._parts.dialect.error(action.name, answer):
            raise refusal
        return answer.get("data")

    async def _push_picture(self, place: str, data: bytes, kind: str) -> str:
        dialect = self._parts.dialect
        first = dialect.hand_over(data, kind)
        uploaded = await self._carried_out(f"{NAME}:{place}", first) if first else None
        try:
            segment = dialect.picture(data, uploaded)
        except Malformed:
            raise Rejected("the bridge gave no file_id for a picture") from None
        return await self._post(place, [segment], "")

    def _keep(self, conversation: str, data: Any, text: str) -> str:
        """Remember a post as ours; its platform id, "" where the bridge gave none."""
        number = data.get("message_id") if isinstance(data, dict) else None
        if not isinstance(number, str | int) or number == "":
            return ""
        sent = f"{self.inlets.sessions.account_for(conversation)}:{number}"
        self._own[conversation, sent] = text
        while len(self._own) > KEPT:
            self._own.popitem(last=False)
        return sent

    async def _call(self, conversation: str, action: Action) -> Mapping[str, Any]:
        """Through the socket that knows the conversation, else over HTTP. Raises SendError."""
        session = self.inlets.sessions.way_to(conversation)
        if session is not None:
            return await session.call(action)
        if self._parts.caller.base:
            return await self._parts.caller.call(action)
        raise TryLater(5.0, AWAY)


def _conversation(heard: Heard) -> str:
    return f"{NAME}:{GROUP}{heard.group}" if heard.group else f"{NAME}:{heard.user}"
