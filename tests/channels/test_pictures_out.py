"""Pictures that go out with a post, over every channel that can show them.

What comes in is tested with each platform; that a lost picture costs no words, in the contract."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.onebot.build import build as onebot
from bot.channels.wechat.build import build as wechat
from bot.errors import TryLater
from bot.media import MediaStore
from bot.ports import Channel
from bot.settings_onebot import OnebotSection
from bot.settings_wechat import WechatKfSection, WechatMpSection
from tests.channels.onebot.conftest import section as onebot_section
from tests.channels.stand import Inbox, outbound, surroundings
from tests.channels.wechat.conftest import kf_section, mp_section
from tests.channels.wecom.conftest import Build, fake, stand
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.fakes.board import Board
from tests.fakes.onebot import FakeBridge
from tests.fakes.wechat import FakeWechat
from tests.fakes.wecom import FakeWecom, Fault
from tests.fakes.wecom_people import PNG

__all__ = ["fake", "stand"]

GIF, LARGE = b"GIF89a a lamp", PNG + b"x" * (1 << 20)
Seen = tuple[Channel, MediaStore, Board[Any]]


@pytest.fixture
async def corp(fake: FakeWecom, stand: Build) -> Callable[[str], Awaitable[Seen]]:
    async def make(name: str) -> Seen:
        sections = {
            "wecom_app": app_section(fake), "wecom_webhook": webhook_section(fake),
            "wecom_aibot": aibot_section(fake, "websocket"),
        }  # fmt: skip
        made = await stand(**{name: sections[name]})
        fake.groups["g1"] = []
        fake.socket.talked["wecom_aibot:wrG"] = "wang"
        if name == "wecom_aibot":
            await asyncio.wait_for(fake.socket.subscribed.wait(), 5)
            channel: Any = made.channels[name]
            await asyncio.wait_for(channel.transport.link.ready.wait(), 5)
        return made.channels[name], made.media, fake

    return make


CORP = ["wecom_app:wang", "wecom_app:chat:g1", "wecom_webhook:g1", "wecom_aibot:wrG"]


@pytest.mark.parametrize("place", CORP)
async def test_over_wecom(corp: Callable[[str], Awaitable[Seen]], place: str) -> None:
    channel, media, board = await corp(place.partition(":")[0])
    assert channel.capabilities.pictures
    images = tuple([await media.put(data) for data in (PNG, GIF, LARGE)])
    assert await channel.send(outbound(place, "已办结 #1", images=images))
    assert board.said(place) == ["已办结 #1", f"[picture {len(PNG)}]", f"[picture {len(LARGE)}]"]


@pytest.mark.parametrize("place", CORP)
async def test_a_picture_is_tried_again_without_its_words(
    corp: Callable[[str], Awaitable[Seen]], place: str, fake: FakeWecom
) -> None:
    channel, media, board = await corp(place.partition(":")[0])
    post = outbound(place, "已办结 #1", images=(await media.put(PNG),))
    calls = ("media/upload", "webhook/send", "aibot_upload_media_chunk")
    fake.faults[calls[0]].append(Fault(errcode=45009))
    fake.faults[calls[1]].extend([Fault(), Fault(errcode=45009)])
    fake.faults[calls[2]].append(Fault(errcode=6000))
    with pytest.raises(TryLater):
        await channel.send(post)
    assert board.said(place) == ["已办结 #1"]
    assert await channel.send(post)
    assert board.said(place) == ["已办结 #1", f"[picture {len(PNG)}]"]


async def test_what_a_robot_cannot_show_is_left_away(
    corp: Callable[[str], Awaitable[Seen]],
) -> None:
    channel, media, board = await corp("wecom_webhook")
    images = (await media.put(LARGE + LARGE),)
    assert await channel.send(outbound("wecom_webhook:g1", "已办结 #1", images=images))
    assert board.said("wecom_webhook:g1") == ["已办结 #1"]


async def test_an_upload_goes_in_pieces_that_fit_together(
    corp: Callable[[str], Awaitable[Seen]], fake: FakeWecom
) -> None:
    channel, media, _ = await corp("wecom_aibot")
    await channel.send(outbound("wecom_aibot:wrG", "已办结", images=(await media.put(LARGE),)))
    sent = [f["body"] for f in fake.socket.frames if f["cmd"].startswith("aibot_upload")]
    assert sent[0] == {
        "type": "image", "filename": "picture.png", "total_size": len(LARGE), "total_chunks": 3,
        "md5": hashlib.md5(LARGE).hexdigest(),
    }  # fmt: skip
    assert [body["chunk_index"] for body in sent[1:-1]] == [0, 1, 2]


@asynccontextmanager
async def account(folder: Path, name: str) -> AsyncIterator[Seen]:
    """公众号 or 微信客服 before its platform."""
    platform, around = FakeWechat(), surroundings(folder)
    await platform.start()
    mp = WechatMpSection.model_validate(mp_section(platform) if name == "wechat_mp" else {})
    kf = WechatKfSection.model_validate(kf_section(platform) if name == "wechat_kf" else {})
    channel = wechat(mp, kf, around)[name]
    yield channel, around.media, platform
    await channel.aclose()
    await platform.aclose()


@pytest.mark.parametrize("name", ["wechat_mp", "wechat_kf"])
async def test_over_accounts(tmp_path: Path, name: str) -> None:
    async with account(tmp_path, name) as (channel, media, board):
        images = (await media.put(PNG), await media.put(LARGE))
        post = outbound(f"{name}:u1", "已办结 #1", images=images)
        assert await channel.send(post)
        shown = ["已办结 #1", f"[picture {len(PNG)}]", f"[picture {len(LARGE)}]"]
        assert board.said("u1") == shown
        calls = board.called("media/upload")  # type: ignore[attr-defined]
        assert calls == [{"type": "image", "as": "picture.png"}] * 2


@pytest.mark.parametrize("version", [11, 12])
@pytest.mark.parametrize("place", ["group:88", "77"])
async def test_over_bridges(tmp_path: Path, version: int, place: str) -> None:
    bridge, around = FakeBridge(version), surroundings(tmp_path)
    await bridge.serve()
    chosen = onebot_section(version=version, api_base=bridge.base)
    channel = onebot(OnebotSection.model_validate(chosen), around)["onebot"]
    await channel.start(Inbox().accept)
    images = (await around.media.put(GIF),)
    assert await channel.send(outbound(f"onebot:{place}", "已办结 #1", images=images))
    assert bridge.said(place) == ["已办结 #1", f"[picture {4 * ((len(GIF) + 2) // 3)}]"]
    await channel.aclose()
    await bridge.aclose()
