"""The whole bot on a copy of the seeded file, with one more channel that sends at once.

Loops, handlers, classifier and storage are those of the product; nothing is replaced."""

from __future__ import annotations

import asyncio
import gc
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import web

from bench.district import CHANNEL
from bot.app import Bot
from bot.ports import Accept, Capabilities, Classifier
from bot.settings import BotSection, GroupSection, Settings, StorageSection, WebSection
from routing.message import Outbound

PATIENCE_S = 120
_OPEN = frozenset({"new", "doing"})


class InstantChannel:
    """Takes every post at once and remembers when the answer to a message went out."""

    name = CHANNEL
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.answered: dict[str, float] = {}
        self._count = 0

    async def start(self, accept: Accept) -> None:
        self.accept = accept

    async def send(self, message: Outbound) -> str:
        self._count += 1
        if message.quote_id:
            self.answered.setdefault(message.quote_id, time.perf_counter())
        return f"b{self._count}"

    def routes(self) -> Sequence[web.RouteDef]:
        return ()

    async def aclose(self) -> None:
        """Nothing is open."""


def settings(file: Path) -> Settings:
    """The shipped defaults on this file; no quiet hours, so that receipts go at any time of day."""
    return Settings(
        bot=BotSection(data_dir=file.parent, district="", rules=""),
        storage=StorageSection(url=f"sqlite:///{file}"),
        web=WebSection(port=0),
        group=GroupSection(quiet_from="", quiet_to=""),
    )


@asynccontextmanager
async def opened(
    seeded: Path, file: Path, classifier: Classifier
) -> AsyncIterator[tuple[Bot, InstantChannel]]:
    """A bot on a fresh copy of `seeded`, not running yet."""
    shutil.copyfile(seeded, file)
    bot = await Bot.open(settings(file), classifier=classifier)
    channel = InstantChannel()
    bot.channels[CHANNEL] = channel
    try:
        yield bot, channel
    finally:
        await bot.aclose()


@asynccontextmanager
async def serving(bot: Bot) -> AsyncIterator[None]:
    """The bot with all its loops, set up as bot/service.py does it."""
    gc.freeze()
    ready = asyncio.Event()
    task = asyncio.create_task(bot.run(lambda _: ready.set()))
    try:
        await asyncio.wait_for(ready.wait(), 30)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        gc.unfreeze()


async def worked_off(bot: Bot) -> None:
    """Return when no message waits any more. Raises RuntimeError if some were given up and
    TimeoutError after PATIENCE_S: figures of a bot that does not work mean nothing."""
    async with asyncio.timeout(PATIENCE_S):
        while _OPEN & (left := await _messages_by_state(bot)).keys():  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.005)
    if left.keys() - {"done"}:
        raise RuntimeError(f"not every message was handled: {left}")


async def _messages_by_state(bot: Bot) -> dict[str, int]:
    async with bot.store.read() as tx:
        return await tx.inbox.count_by_state()
