"""The OneBot channel behind a real web server, in front of an inbox that only remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.channels.onebot.build import build
from bot.channels.onebot.channel import OneBotChannel
from bot.media import MediaStore
from bot.recalls import Recall
from bot.settings_onebot import OnebotSection
from tests.channels.stand import Inbox, open_to_the_world, surroundings
from tests.fakes.onebot import SECRET, TOKEN, FakeBridge


@dataclass
class Stand(Inbox):
    """A started channel and what it has taken in."""

    channel: OneBotChannel = field(init=False)
    media: MediaStore = field(init=False)
    port: int = 0
    gone: list[Recall] = field(default_factory=list)
    ticket: int = 7
    """What every message that is taken back was about."""

    async def forget(self, recall: Recall) -> bool:
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        self.gone.append(recall)
        return bool(self.ticket)


def section(**more: Any) -> dict[str, Any]:
    """The settings that fit the fake bridge."""
    return {"enabled": True, "token": TOKEN, "secret": SECRET, **more}


Build = Callable[..., Awaitable[Stand]]


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Build]:
    """`await stand(version=12, …)`: the channel of this section, started and reachable."""
    async with AsyncExitStack() as closing:

        async def make(**more: Any) -> Stand:
            around, made = surroundings(tmp_path), Stand()
            chosen = OnebotSection.model_validate(section(**more))
            channel = build(chosen, around)["onebot"]
            assert isinstance(channel, OneBotChannel)
            made.channel, made.media = channel, around.media
            channel.forget_through(made.forget)
            await channel.start(made.accept)
            closing.push_async_callback(channel.aclose)
            made.port = await open_to_the_world([channel], closing)
            return made

        yield make


@pytest.fixture
async def bridges() -> AsyncIterator[Callable[..., FakeBridge]]:
    """`bridges(12, strings=True)`: fake bridges that are closed after the test."""
    async with AsyncExitStack() as closing:

        def make(*args: Any, **more: Any) -> FakeBridge:
            bridge = FakeBridge(*args, **more)
            closing.push_async_callback(bridge.aclose)
            return bridge

        yield make
