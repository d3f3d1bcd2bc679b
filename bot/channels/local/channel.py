"""The simulated group as a Channel: people speak, the bot posts, whoever listens is told.

Sockets and HTML live in page.py; what a message means is decided behind `accept`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from aiohttp import web

from bot.channels.local.frames import MAX_TEXT_BYTES
from bot.channels.local.page import Page
from bot.channels.local.room import Person, Post, Room, split_mention, with_mentions
from bot.errors import NotConfigured, Rejected
from bot.media import MediaStore
from bot.ports import Accept, Capabilities
from routing.message import Inbound, Outbound, Quote

BOT_ID = "b-"
"""Platform ids of the bot's posts start with this, so a quote of a forgotten post is still known
to be of the bot."""


class LocalChannel:
    """Groups and one-to-one conversations held in memory; implements ports.Channel.

    groups: (conversation, title); people: (account, name, role label), the ones the page can
    speak as. new_id and now give ids and aware UTC times; bot_names[0] is the name shown.
    timezone: of the times on the page; max_windows: pages open at once."""

    name = "local"
    capabilities = Capabilities(pictures=True, max_text_bytes=MAX_TEXT_BYTES)

    def __init__(
        self,
        *,
        groups: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str, str]],
        media: MediaStore,
        new_id: Callable[[], int],
        now: Callable[[], datetime],
        bot_names: Sequence[str] = ("小格",),
        timezone: str = "Asia/Shanghai",
        max_windows: int = 200,
    ) -> None:
        self.groups = dict(groups)
        self.people = {person[0]: Person(*person) for person in people}
        self.media = media
        self.bot_names = tuple(bot_names)
        self.timezone = timezone
        self._new_id = new_id
        self._now = now
        self._accept: Accept | None = None
        self._rooms: dict[str, Room] = {}
        self._coming: dict[str, Post] = {}
        self._order = count(1)
        self._listeners: list[Callable[[Post], None]] = []
        self._page = Page(self, max_windows)

    async def start(self, accept: Accept) -> None:
        """From now on messages go to `accept`; before, `say` raises NotConfigured."""
        self._accept = accept

    def routes(self) -> Sequence[web.RouteDef]:
        """The page, its WebSocket, picture upload and pictures, all under /local/."""
        return self._page.routes()

    async def aclose(self) -> None:
        """Stop taking messages and hang up on every open page."""
        self._accept = None
        await self._page.aclose()

    def preload(self, posts: Iterable[Post]) -> None:
        """Show earlier posts, oldest first; their `order` is given anew."""
        for post in posts:
            self._room(post.conversation).add(replace(post, order=next(self._order)))

    def subscribe(self, listener: Callable[[Post], None]) -> Callable[[], None]:
        """Call `listener` for every new post; returns what ends that. It must not block."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def history(self, conversation: str) -> list[Post]:
        """The remembered posts of a conversation, oldest first."""
        room = self._rooms.get(conversation)
        return list(room.posts) if room else []

    def name_of(self, account: str) -> str:
        """How an account is called in the group; its user part when it is unknown."""
        person = self.people.get(account)
        return person.name if person else account.partition(":")[2]

    async def say(
        self,
        account: str,
        conversation: str,
        text: str,
        *,
        name: str = "",
        quote: str = "",
        images: Sequence[str] = (),
        platform_id: str = "",
    ) -> str:
        """A person speaks; returns the platform id once the message is durable.

        quote: platform id of an earlier post. images: media references. A platform_id seen
        before is a re-send: accepted again, shown once. Raises ValueError for a conversation the
        person is not in or a text over MAX_TEXT_BYTES, and whatever `accept` raises."""
        self._check(account, conversation, text)
        if self._accept is None:
            raise NotConfigured("the local channel is not started; call start(accept) first")
        self._meet(account, name)
        number = self._new_id()
        post = self._line(account, conversation, text, quote, platform_id or f"m-{number}")
        post = replace(post, images=tuple(images))
        self._coming[post.platform_id] = post
        try:
            await self._accept(self._inbound(number, post))
        finally:
            self._coming.pop(post.platform_id, None)
        self._show(post)
        return post.platform_id

    async def send(self, message: Outbound) -> str:
        """The bot posts; the same Outbound sent twice is shown once. Raises Rejected."""
        if not message.conversation.startswith(f"{self.name}:"):
            raise Rejected(f"{message.conversation!r} is no conversation of this channel")
        if len(message.text.encode()) > MAX_TEXT_BYTES:
            raise Rejected(f"text over {MAX_TEXT_BYTES} bytes; split it before sending")
        text = with_mentions(message.text, [self.name_of(one) for one in message.mentions])
        identity = f"{BOT_ID}{message.id}"
        post = self._line("", message.conversation, text, message.quote_id, identity)
        post = replace(post, name=self.bot_names[0], of_bot=True, images=message.images)
        self._show(post)
        return identity

    def _check(self, account: str, conversation: str, text: str) -> None:
        if conversation not in self.groups and conversation != account:
            raise ValueError(f"{account!r} is in no conversation {conversation!r}")
        if len(text.encode()) > MAX_TEXT_BYTES:
            raise ValueError(f"text over {MAX_TEXT_BYTES} bytes")

    def _meet(self, account: str, name: str) -> None:
        if name and account not in self.people:
            self.people[account] = Person(account, name)

    def _line(
        self, sender: str, conversation: str, text: str, quote: str, platform_id: str
    ) -> Post:
        quoted = self._room(conversation).by_id.get(quote) or self._coming.get(quote)
        if quoted is not None and quoted.conversation != conversation:
            quoted = None
        return Post(
            order=next(self._order),
            platform_id=platform_id,
            conversation=conversation,
            sender=sender,
            name=self.name_of(sender),
            text=text,
            at=self._now(),
            quote=self._quote(quote, quoted),
            quote_name=quoted.name if quoted else "",
        )

    def _quote(self, platform_id: str, post: Post | None) -> Quote | None:
        if not platform_id:
            return None
        if post is None:
            return Quote(platform_id, "", platform_id.startswith(BOT_ID))
        return Quote(platform_id, post.text, post.of_bot)

    def _inbound(self, number: int, post: Post) -> Inbound:
        is_group = post.conversation in self.groups
        people = (person.name for person in self.people.values())
        text, called = split_mention(post.text, self.bot_names, people)
        return Inbound(
            id=number,
            channel=self.name,
            platform_id=post.platform_id,
            conversation=post.conversation,
            is_group=is_group,
            sender=post.sender,
            sender_name=post.name,
            text=text,
            received_at=post.at,
            to_me=called or not is_group,
            quote=post.quote,
            images=post.images,
        )

    def _show(self, post: Post) -> None:
        if not self._room(post.conversation).add(post):
            return
        for listener in tuple(self._listeners):
            listener(post)

    def _room(self, conversation: str) -> Room:
        return self._rooms.setdefault(conversation, Room())
