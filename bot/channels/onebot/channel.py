"""OneBot as a Channel: built of its parts, started and stopped, and how posts become actions.

What bridges tell is read in hearing.py; how conversations are named, in parts.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from aiohttp import web

from bot.channels.onebot.dialect import Action
from bot.channels.onebot.hearing import TAKEN_BACK, Hearing
from bot.channels.onebot.inlets import Inlets
from bot.channels.onebot.parts import GROUP, NAME, Own, Parts
from bot.channels.onebot.segments import Malformed, Segment
from bot.channels.onebot.sessions import Sessions
from bot.channels.wecom.client import Unclear
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.split import split
from bot.errors import MAY_HAVE_ARRIVED, NotConfigured, NotTried, Rejected, TryLater
from bot.ports import Accept, Capabilities, Probe, Reach
from bot.recalls import Forget
from routing.message import Outbound

MAX_BYTES: Final = 3_000
PICTURES: Final = frozenset({"jpg", "png", "gif", "webp"})
AWAY: Final = "no bridge is connected; check that it dials channels.onebot.path and its token"


class OneBotChannel:
    """Implements ports.Channel for one bridge, or several of the same kind."""

    name = NAME

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.capabilities = Capabilities(pictures=True, max_text_bytes=MAX_BYTES, rate=parts.rate)
        self._posts, self._own, sessions = Posts(), Own(), Sessions()
        self._hearing = Hearing(parts, self._own, self._call, sessions)
        self.inlets = Inlets(
            parts.dialect, parts.token, parts.secret, parts.answer_s,
            self._hearing.hear, self._hearing.later, sessions,
        )  # fmt: skip

    def forget_through(self, forgets: Forget) -> None:
        """As in recalls.Recalling."""
        self._hearing.forgets = forgets

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`."""
        self._hearing.accept = accept

    async def aclose(self) -> None:
        await self.inlets.sessions.aclose()
        await self._hearing.aclose()
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
            quote = _quoted(message.quote_id) if number == 0 else ""
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
        self._own.keep(conversation, sent, text)
        return sent

    async def _call(self, conversation: str, action: Action) -> Mapping[str, Any]:
        """Through the socket that knows the conversation, else over HTTP. Raises SendError."""
        session = self.inlets.sessions.way_to(conversation)
        if session is not None:
            return await session.call(action)
        if self._parts.caller.base:
            return await self._parts.caller.call(action)
        raise TryLater(5.0, AWAY)


def _quoted(quote_id: str) -> str:
    """The bridge's id of the quoted message, "" for what nobody can quote."""
    return "" if quote_id.startswith(TAKEN_BACK) else quote_id.partition(":")[2]
