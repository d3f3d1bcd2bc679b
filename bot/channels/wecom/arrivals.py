"""Between the platform and `accept`: pictures are fetched first, and re-sends join the first try.

The platform is told "received" only after the durable insert, or "try again" at its deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

import structlog

from bot.channels.wecom.received import Maker, Picture, Received
from bot.errors import SendError
from bot.media import ImageError, MediaStore
from bot.ports import Accept

log = structlog.get_logger(__name__)

ANSWER_S: Final = 4.0
"""The platform hangs up after 5 s and sends the same message again, three times in all."""

Fetch = Callable[[Picture], Awaitable[bytes]]
LOST: Final = "［图片未能下载］"


class Late(Exception):
    """Not durable within the platform's deadline; the work goes on for the next re-send."""


class Arrivals:
    """Takes what was received into the intake. `fetch` gives a picture's decrypted bytes."""

    def __init__(
        self, maker: Maker, media: MediaStore, fetch: Fetch, answer_s: float = ANSWER_S
    ) -> None:
        self.maker = maker
        self._media, self._fetch, self._answer_s = media, fetch, answer_s
        self._accept: Accept | None = None
        self._running: dict[str, asyncio.Task[bool]] = {}

    @property
    def open(self) -> bool:
        return self._accept is not None

    def start(self, accept: Accept) -> None:
        self._accept = accept

    async def aclose(self) -> None:
        """Take nothing more; what was not answered yet will be sent again by the platform."""
        self._accept = None
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def take(self, got: Received, text: str = "") -> bool:
        """True when the message is new and durable; one without any content is passed over.

        Raises Late when pictures are not there at the deadline; a slow database is waited for,
        the platform hangs up by itself."""
        if self._accept is None:
            raise Late
        if not (text or got.text or got.pictures or got.quote):
            return False
        if not got.pictures:
            return await self._accept(self.maker.inbound(got, text))
        return await self._join(got.platform_id, lambda: self._with_pictures(got))

    async def _join(self, key: str, work: Callable[[], Coroutine[None, None, bool]]) -> bool:
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(work(), name="wecom-pictures")
            task.add_done_callback(lambda _: self._running.pop(key, None))
        done, _ = await asyncio.wait({task}, timeout=self._answer_s)
        if not done or task.cancelled():
            raise Late
        return task.result()

    async def _with_pictures(self, got: Received) -> bool:
        found = await asyncio.gather(*(self._store(picture) for picture in got.pictures))
        images = [reference for reference in found if reference]
        message = self.maker.inbound(got, images=images)
        if not message.text and not images:
            message = self.maker.inbound(got, LOST)
        if self._accept is None:
            raise Late
        return await self._accept(message)

    async def _store(self, picture: Picture) -> str:
        """The media reference, "" for a picture that cannot be had any more."""
        try:
            return await self._media.put(await self._fetch(picture))
        except (SendError, ImageError, ValueError, OSError) as error:
            log.warning("picture lost", action="wecom.picture_lost", error=type(error).__name__)
            return ""
