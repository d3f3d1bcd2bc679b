"""智能机器人 as a Channel: in groups it hears what @s it, one-to-one everything.

How frames travel is aibot_socket.py or aibot_callback.py; what they say is aibot_read.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from aiohttp import web

from bot.channels.wecom import cards
from bot.channels.wecom.arrivals import Arrivals
from bot.channels.wecom.markup import harmless, set_apart, with_mentions
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.received import Received
from bot.channels.wecom.split import MOST_BYTES, check_length, split
from bot.errors import NotConfigured, Rejected
from bot.media import MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

NAME: Final = "wecom_aibot"
MAX_BYTES: Final = 20_480
POSTS_A_MINUTE: Final = 30
PICTURES: Final = frozenset({"jpg", "png"})

Elsewhere = Callable[[Outbound], Awaitable[str]]
"""Another channel's way to the same chat or person; returns the sent id, raises SendError."""


class NoWay(NotConfigured):
    """The transport cannot start a conversation now; only another channel could.

    Waiting would hold up what the person asks for next, so the post is put aside at once."""


class NoTarget(Rejected):
    """The platform does not let us speak to this chat, as to one that never spoke to the bot."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post goes: a group's chatid or a user id, and which message it answers, if any.

    is_group: None while we have not seen the chat."""

    chat: str
    is_group: bool | None
    answers: str = ""


@dataclass(slots=True)
class Desk:
    """What both transports share. source: the bot's name on cards; welcome: for a first opening."""

    arrivals: Arrivals
    source: str
    welcome: str = ""
    posts: Posts = field(default_factory=Posts)
    titles: cards.Titles = field(default_factory=cards.Titles)
    chats: dict[str, bool] = field(default_factory=dict)
    """Chats that have spoken to us: True for a group, False for one person."""

    def meet(self, got: Received) -> None:
        """Remember what kind of chat a message came from."""
        self.chats[got.chat or got.sender] = bool(got.chat)

    async def click(self, got: Received) -> cards.Card | None:
        """Take a click as its command; the card to show afterwards, None if it was none of ours."""
        command = cards.command_of(got.text)
        if not command:
            return None
        await self.arrivals.take(got, command)
        return self.titles.after(got.task_id, command, self.source)


class Transport(Protocol):
    """Long connection or callbacks."""

    can_push: bool

    def probes(self, reach: Reach) -> Sequence[Probe]: ...

    def connected(self) -> str: ...

    @property
    def away(self) -> bool:
        """Whether another process has the connection, so that only it can speak."""
        ...

    async def start(self) -> None: ...

    async def deliver(self, target: Target, body: dict[str, Any], key: str) -> None:
        """One markdown, template_card or image body; `key` is the same when it is tried again."""
        ...

    async def upload(self, name: str, data: bytes) -> str:
        """The media_id of a picture. Raises SendError, NoWay where there is no upload."""
        ...

    def routes(self) -> Sequence[web.RouteDef]: ...

    async def aclose(self) -> None: ...


class AibotChannel:
    """Implements ports.Channel over either transport."""

    name = NAME

    def __init__(
        self,
        desk: Desk,
        transport: Transport,
        media: MediaStore,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.desk, self.transport, self._elsewhere = desk, transport, elsewhere
        self._media = media
        self.capabilities = Capabilities(
            can_push=transport.can_push,
            pictures=transport.can_push,
            max_text_bytes=MOST_BYTES,
            rate=POSTS_A_MINUTE,
        )

    @property
    def away(self) -> bool:
        """As in `Transport`; posts wait for the process that leads."""
        return self.transport.away

    def probes(self, reach: Reach) -> Sequence[Probe]:
        """The connection, or the callback address."""
        return self.transport.probes(reach)

    def connected(self) -> str:
        """As in ports.Linked."""
        return self.transport.connected()

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`."""
        self.desk.arrivals.start(accept)
        await self.transport.start()

    def routes(self) -> Sequence[web.RouteDef]:
        return self.transport.routes()

    async def aclose(self) -> None:
        await self.desk.arrivals.aclose()
        await self.transport.aclose()

    async def send(self, message: Outbound) -> str:
        """Answer, push, or hand over to another channel; the id of the post is ours."""
        chat = place_in(message, NAME)
        check_length(message.text)
        sent_id = f"o{message.id}"
        self.desk.posts.keep(message.conversation, message.text, sent_id)
        try:
            return await self.desk.posts.deliver(message, self._steps(message, chat, sent_id))
        except (NoWay, NoTarget):
            if self._elsewhere is None:
                raise
            return await self._elsewhere(message)

    def _steps(self, message: Outbound, chat: str, sent_id: str) -> list[Step]:
        known = self.desk.chats.get(chat)
        steps: list[Step] = []
        for number, body in enumerate(self._bodies(message, chat, sent_id)):
            target = Target(chat, known, message.quote_id if number == 0 else "")
            steps.append(partial(self._deliver, target, body, f"{sent_id}-{number}"))
        push = partial(self._push_picture, Target(chat, known))
        return steps + picture_steps(message, self._media, push, PICTURES)

    async def _deliver(self, target: Target, body: dict[str, Any], key: str) -> str:
        await self.transport.deliver(target, body, key)
        return ""

    async def _push_picture(self, target: Target, data: bytes, kind: str) -> str:
        media_id = await self.transport.upload(f"picture.{kind}", data)
        body = {"msgtype": "image", "image": {"media_id": media_id}}
        return await self._deliver(target, body, media_id)

    def _bodies(self, message: Outbound, chat: str, sent_id: str) -> list[dict[str, Any]]:
        users = [mention.partition(":")[2] for mention in message.mentions]
        plain = set_apart(message.text) if message.rich else harmless(message.text)
        text = with_mentions(plain, users)
        number = cards.offered(message.text) if not self.desk.chats.get(chat) else ""
        parts = [] if number and cards.fits(message.text) else split(text, MAX_BYTES)
        bodies = [markdown(part) for part in parts]
        if number:
            card = cards.decision(message.text, number, f"t{sent_id}", self.desk.source)
            self.desk.titles.keep(card)
            bodies.append({"msgtype": "template_card", "template_card": card})
        return bodies


def markdown(text: str) -> dict[str, Any]:
    """A markdown body."""
    return {"msgtype": "markdown", "markdown": {"content": text}}
