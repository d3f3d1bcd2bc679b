"""Both channels behind a real web server, in front of an inbox that only remembers."""

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
from bot.channels.wechat.build import build
from bot.channels.wecom.build import Surroundings
from bot.media import MediaStore
from bot.ports import Channel
from bot.settings_wechat import WechatKfSection, WechatMpSection
from routing.message import Inbound, Outbound
from tests.fakes.wechat import (
    AES_KEY,
    APP,
    APP_SECRET,
    CORP,
    KF,
    KF_SECRET,
    STAMP,
    TOKEN,
    FakeWechat,
)  # fmt: skip

EXAMPLES = int(os.environ.get("GRIDBOT_FUZZ_EXAMPLES", "150"))
"""Bodies that a fuzz test tries; the release runs 10,000."""
NOW = datetime.fromtimestamp(int(STAMP) + 5, UTC)


@dataclass
class Stand:
    """Started channels and what they have taken in; the first `broken` calls fail."""

    fake: FakeWechat
    channels: dict[str, Channel] = field(default_factory=dict)
    taken: list[Inbound] = field(default_factory=list)
    broken: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def accept(self, message: Inbound) -> bool:
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


def mp_section(fake: FakeWechat, **more: Any) -> dict[str, Any]:
    return {
        "enabled": True, "app_id": APP, "secret": APP_SECRET, "token": TOKEN, "aes_key": AES_KEY,
        "api_base": fake.base, **more,
    }  # fmt: skip


def kf_section(fake: FakeWechat, **more: Any) -> dict[str, Any]:
    return {
        "enabled": True, "corp_id": CORP, "secret": KF_SECRET, "token": TOKEN,
        "aes_key": AES_KEY, "open_kfid": KF, "api_base": fake.base, **more,
    }  # fmt: skip


_numbers = itertools.count(1)


def outbound(conversation: str, words: str) -> Outbound:
    """A post with a fresh id."""
    return Outbound(next(_numbers), conversation, words)


Build = Callable[..., Awaitable[Stand]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeWechat]:
    platform = FakeWechat()
    await platform.start()
    yield platform
    await platform.aclose()


@pytest.fixture
async def stand(fake: FakeWechat, tmp_path: Path) -> AsyncIterator[Build]:
    """`await stand(mp={…}, kf={…})`: the channels of these sections, started and reachable."""
    async with AsyncExitStack() as closing:

        async def make(mp: Any = None, kf: Any = None) -> Stand:
            numbers = itertools.count(1)
            around = Surroundings(
                "小格", "您好，有事请说。", tmp_path, MediaStore(tmp_path / "media"),
                lambda: next(numbers), lambda: NOW,
            )  # fmt: skip
            made = Stand(fake)
            made.channels = build(
                WechatMpSection.model_validate(mp or {}), WechatKfSection.model_validate(kf or {}),
                around,
            )  # fmt: skip
            for channel in made.channels.values():
                await channel.start(made.accept)
                closing.push_async_callback(channel.aclose)
            app = web.build_app(list(made.channels.values()), _healthy, CollectorRegistry())
            runner, port = await web.start(app, "127.0.0.1", 0)
            closing.push_async_callback(runner.cleanup)
            fake.bot = f"http://127.0.0.1:{port}"
            return made

        yield make


async def _healthy() -> dict[str, object]:
    return {}
