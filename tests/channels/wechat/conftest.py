"""Both channels behind a real web server, in front of an inbox that only remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat.build import build
from bot.ports import Channel
from bot.settings_wechat import WechatKfSection, WechatMpSection
from tests.channels.stand import Inbox, open_to_the_world, surroundings
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

NOW = datetime.fromtimestamp(int(STAMP) + 5, UTC)


@dataclass
class Stand(Inbox):
    """Started channels and what they have taken in."""

    channels: dict[str, Channel] = field(default_factory=dict)


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
            made = Stand()
            made.channels = build(
                WechatMpSection.model_validate(mp or {}), WechatKfSection.model_validate(kf or {}),
                surroundings(tmp_path, lambda: NOW),
            )  # fmt: skip
            for channel in made.channels.values():
                await channel.start(made.accept)
                closing.push_async_callback(channel.aclose)
            port = await open_to_the_world(made.channels.values(), closing)
            fake.bot = f"http://127.0.0.1:{port}"
            return made

        yield make
