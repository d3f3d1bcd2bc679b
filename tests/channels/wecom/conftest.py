"""The fake platform, and channels that are built from settings but stand without a bot.

The whole bot is put together in house.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.build import build
from bot.leader import Leadership, process_name
from bot.media import MediaStore
from bot.ports import Accept, Channel
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from storage.store import Store
from tests.channels.stand import MORNING, Inbox, open_to_the_world, surroundings
from tests.fakes.wecom import FakeWecom
from tests.fakes.wecom_people import Platform


@dataclass
class Stand(Inbox):
    """Channels behind a real web server, in front of an inbox that only remembers."""

    fake: FakeWecom = field(default_factory=FakeWecom)
    channels: dict[str, Channel] = field(default_factory=dict)
    platform: Platform = field(default_factory=lambda: Platform(""))
    media: MediaStore = field(init=False)
    now: datetime = MORNING

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
            made = Stand(fake=fake)
            around = surroundings(tmp_path, made.clock)
            made.media = around.media
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
            port = await open_to_the_world(made.channels.values(), closing)
            made.platform.base = f"http://127.0.0.1:{port}"
            return made

        yield make
