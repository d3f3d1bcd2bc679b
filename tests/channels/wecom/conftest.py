"""The fake platform, and channels that are built from settings but stand without a bot.

The whole bot is put together in house.py."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot import web
from bot.channels.wecom.build import Surroundings, build
from bot.leader import Leadership, process_name
from bot.media import MediaStore
from bot.ports import Accept, Channel
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from routing.message import Inbound, Outbound
from storage.store import Store
from tests.channels.wecom.house import MORNING
from tests.fakes.wecom import FakeWecom
from tests.fakes.wecom_people import Platform


@dataclass
class Stand:
    """Channels behind a real web server, in front of an inbox that only remembers."""

    fake: FakeWecom
    channels: dict[str, Channel]
    platform: Platform
    media: MediaStore
    taken: list[Inbound] = field(default_factory=list)
    now: datetime = MORNING
    broken: bool = False
    failed: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def accept(self, message: Inbound) -> bool:
        """De-duplicates as the real intake does."""
        if self.broken:
            self.failed += 1
            raise OSError("disk full")
        fresh = message.platform_id not in {kept.platform_id for kept in self.taken}
        if fresh:
            self.taken.append(message)
        return fresh

    def outbound(self, conversation: str, text: str, **more: Any) -> Outbound:
        return Outbound(next(self._numbers), conversation, text, **more)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def clock(self) -> datetime:
        return self.now.astimezone(UTC)


Build = Callable[..., Awaitable[Stand]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeWecom]:
    """A fresh platform."""
    platform = FakeWecom()
    await platform.start()
    yield platform
    await platform.aclose()


@pytest.fixture
async def stand(fake: FakeWecom, tmp_path: Path, sqlite_url: str) -> AsyncIterator[Build]:
    """`await stand(wecom_app={…})`: the channels of these sections, started."""
    async with AsyncExitStack() as closing:
        store = await Store.open(sqlite_url)
        closing.push_async_callback(store.aclose)

        async def make(accept: Accept | None = None, **sections: dict[str, Any]) -> Stand:
            media = MediaStore(tmp_path / "media")
            made = Stand(fake, {}, Platform(""), media)
            numbers = itertools.count(1)
            around = Surroundings(
                "小格", "您好，有事请说。", tmp_path, media, lambda: next(numbers), made.clock
            )
            made.channels = build(
                WecomAibotSection.model_validate(sections.get("wecom_aibot", {})),
                WecomAppSection.model_validate(sections.get("wecom_app", {})),
                WecomWebhookSection.model_validate(sections.get("wecom_webhook", {})),
                around,
                lambda name, lease_s: Leadership(store, name, process_name(), lease_s),
            )
            for channel in made.channels.values():
                closing.push_async_callback(channel.aclose)
                await channel.start(accept or made.accept)
            app = web.build_app(list(made.channels.values()), _healthy, CollectorRegistry())
            runner, port = await web.start(app, "127.0.0.1", 0)
            closing.push_async_callback(runner.cleanup)
            made.platform.base = f"http://127.0.0.1:{port}"
            return made

        yield make


async def _healthy() -> dict[str, object]:
    return {}
