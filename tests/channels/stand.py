"""What every channel test stands on: an inbox that only remembers, a web server, fresh posts.

The channels under test are built by the conftest of each platform."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from bot import web
from bot.channels.wecom.build import Surroundings
from bot.media import MediaStore
from bot.ports import Channel
from routing.message import Inbound, Outbound

MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
EXAMPLES = int(os.environ.get("GRIDBOT_FUZZ_EXAMPLES", "300"))
"""Bodies that a fuzz test tries; the release runs 10,000."""

_numbers = itertools.count(1)


def outbound(conversation: str, words: str, **more: Any) -> Outbound:
    """A post with a fresh id."""
    return Outbound(next(_numbers), conversation, words, **more)


@dataclass
class Inbox:
    """De-duplicates as the real intake does; the first `broken` messages fail."""

    taken: list[Inbound] = field(default_factory=list)
    broken: int = 0
    failed: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def accept(self, message: Inbound) -> bool:
        if self.broken:
            self.broken -= 1
            self.failed += 1
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


def surroundings(folder: Path, now: Callable[[], datetime] = lambda: MORNING) -> Surroundings:
    """What channels need of the process, with everything they keep below `folder`."""
    numbers = itertools.count(1)
    return Surroundings(
        name="小格", welcome="您好，有事请说。", data_dir=folder,
        media=MediaStore(folder / "media"),
        new_id=lambda: next(numbers), now=now,
    )  # fmt: skip


async def open_to_the_world(channels: Iterable[Channel], closing: AsyncExitStack) -> int:
    """The routes of the channels behind the real web server; its port."""
    app = web.build_app(list(channels), _healthy, CollectorRegistry())
    runner, port = await web.start(app, "127.0.0.1", 0)
    closing.push_async_callback(runner.cleanup)
    return port


async def _healthy() -> dict[str, object]:
    return {}
