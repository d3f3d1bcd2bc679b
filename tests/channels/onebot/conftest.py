"""The OneBot channel behind a real web server, in front of an inbox that only remembers."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot import web
from bot.channels.onebot.build import build
from bot.channels.onebot.channel import OneBotChannel
from bot.channels.wecom.build import Surroundings
from bot.media import MediaStore
from bot.settings_onebot import OnebotSection
from routing.message import Inbound, Outbound
from tests.fakes.onebot import SECRET, TOKEN, FakeBridge

EXAMPLES = int(os.environ.get("GRIDBOT_FUZZ_EXAMPLES", "150"))
"""Bodies that a fuzz test tries; the release runs 10,000."""
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@dataclass
class Stand:
    """A started channel and what it has taken in."""

    channel: OneBotChannel
    port: int
    media: MediaStore
    taken: list[Inbound] = field(default_factory=list)
    broken: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def accept(self, message: Inbound) -> bool:
        """De-duplicates as the real intake does; `broken` calls fail first."""
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        fresh = message.platform_id not in {kept.platform_id for kept in self.taken}
        if fresh:
            async with self.changed:
                self.taken.append(message)
                self.changed.notify_all()
        return fresh

    async def settled(self, count: int) -> None:
        """Until so many messages were taken, five seconds at most."""
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.taken) >= count)


_numbers = itertools.count(1)


def outbound(conversation: str, words: str, **more: Any) -> Outbound:
    """A post with a fresh id."""
    return Outbound(next(_numbers), conversation, words, **more)


def section(**more: Any) -> dict[str, Any]:
    """The settings that fit the fake bridge."""
    return {"enabled": True, "token": TOKEN, "secret": SECRET, **more}


Build = Callable[..., Awaitable[Stand]]


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Build]:
    """`await stand(version=12, …)`: the channel of this section, started and reachable."""
    async with AsyncExitStack() as closing:

        async def make(**more: Any) -> Stand:
            media = MediaStore(tmp_path / "media")
            numbers = itertools.count(1)
            around = Surroundings(
                "小格", "您好", tmp_path, media, lambda: next(numbers), lambda: MORNING
            )
            chosen = OnebotSection.model_validate(section(**more))
            channel = build(chosen, around)["onebot"]
            assert isinstance(channel, OneBotChannel)
            made = Stand(channel, 0, media)
            await channel.start(made.accept)
            closing.push_async_callback(channel.aclose)
            app = web.build_app([channel], _healthy, CollectorRegistry())
            runner, made.port = await web.start(app, "127.0.0.1", 0)
            closing.push_async_callback(runner.cleanup)
            return made

        yield make


async def _healthy() -> dict[str, object]:
    return {}


@pytest.fixture
async def bridges() -> AsyncIterator[Callable[..., FakeBridge]]:
    """`bridges(12, strings=True)`: fake bridges that are closed after the test."""
    async with AsyncExitStack() as closing:

        def make(*args: Any, **more: Any) -> FakeBridge:
            bridge = FakeBridge(*args, **more)
            closing.push_async_callback(bridge.aclose)
            return bridge

        yield make
