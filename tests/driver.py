"""People in a simulated group, as sentences of a test: says, expect, silence.

Waiting has a deadline and never sleeps; what the bot is made of is up to the caller."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.local import LocalChannel, Post

Settled = Callable[[], Awaitable[object]]


async def next_post(
    channel: LocalChannel,
    conversation: str,
    fits: Callable[[Post], bool] = lambda _: True,
    *,
    timeout_s: float = 5.0,
) -> Post:
    """The earliest post of the bot in a conversation that fits, waited for if need be.

    Raises TimeoutError after `timeout_s` seconds of real time."""
    changed = asyncio.Event()
    unsubscribe = channel.subscribe(lambda _: changed.set())
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                posts = (post for post in channel.history(conversation) if post.of_bot)
                if post := next(filter(fits, posts), None):
                    return post
                changed.clear()
                await changed.wait()
    finally:
        unsubscribe()


class GroupDriver:
    """One conversation: a group, or the one-to-one with the bot when it is an account.

    settled: awaited by `silence`, returns when the bot has nothing left to do."""

    def __init__(
        self,
        channel: LocalChannel,
        conversation: str,
        *,
        settled: Settled | None = None,
        timeout_s: float = 5.0,
    ) -> None:
        self.channel = channel
        self.conversation = conversation
        self.timeout_s = timeout_s
        self._settled = settled
        self._seen: set[str] = set()
        self._since = 0
        self._directs: dict[str, GroupDriver] = {}

    @property
    def posts(self) -> list[Post]:
        """Everything the bot posted here, oldest first."""
        return [post for post in self.channel.history(self.conversation) if post.of_bot]

    @property
    def unseen(self) -> list[Post]:
        """The bot's posts which no `expect` has taken yet."""
        return [post for post in self.posts if post.platform_id not in self._seen]

    async def says(
        self,
        who: str,
        text: str,
        *,
        quote: str | Post = "",
        images: Sequence[str] = (),
        platform_id: str = "",
    ) -> str:
        """Somebody ("小王" or "local:wang") speaks; returns the platform id once it is durable.

        A name nobody carries joins as the resident "local:<name>"."""
        earlier = self.channel.history(self.conversation)
        self._since = earlier[-1].order if earlier else 0
        return await self.channel.say(
            self.account(who),
            self.conversation,
            text,
            name="" if ":" in who else who,
            quote=quote.platform_id if isinstance(quote, Post) else quote,
            images=images,
            platform_id=platform_id,
        )

    async def tells(self, text: str, *, quote: str | Post = "", images: Sequence[str] = ()) -> str:
        """In a one-to-one conversation its person speaks."""
        return await self.says(self.conversation, text, quote=quote, images=images)

    async def expect(self, *parts: str) -> Post:
        """The bot's next unseen post that holds every part; each post is taken once."""

        def fits(post: Post) -> bool:
            return post.platform_id not in self._seen and all(part in post.text for part in parts)

        try:
            post = await next_post(self.channel, self.conversation, fits, timeout_s=self.timeout_s)
        except TimeoutError:
            raise AssertionError(self._report(f"no post with {parts}")) from None
        self._seen.add(post.platform_id)
        return post

    async def silence(self, settled: Settled | None = None) -> None:
        """Assert that since the last `says` nothing came but what was expected."""
        wait = settled or self._settled
        assert wait is not None, "silence() needs something that tells when the bot has settled"
        await wait()
        loud = [post for post in self.unseen if post.order > self._since]
        assert not loud, self._report("expected silence")

    def skip(self) -> None:
        """Take everything posted so far as seen."""
        self._seen.update(post.platform_id for post in self.posts)

    def direct(self, who: str) -> GroupDriver:
        """The same person's one-to-one conversation with the bot."""
        account = self.account(who)
        if account not in self._directs:
            self._directs[account] = GroupDriver(
                self.channel, account, settled=self._settled, timeout_s=self.timeout_s
            )
        return self._directs[account]

    def account(self, who: str) -> str:
        """The account of a name; an account stays as it is."""
        if ":" in who:
            return who
        named = (person.account for person in self.channel.people.values() if person.name == who)
        return next(named, f"{self.channel.name}:{who}")

    def _report(self, why: str) -> str:
        lines = [
            f"  {'·' if post.platform_id in self._seen else '?'} {post.text}" for post in self.posts
        ]
        return "\n".join([f"{why} in {self.conversation}; the bot's posts (· = taken):", *lines])
