"""The driver of scenario tests itself: what it takes for an answer and what for silence.

The channel is the real one; the bot is an echo."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.local import LocalChannel
from routing.message import Outbound
from tests.channels.local_group import GROUP, WANG, Echo, make_channel
from tests.driver import GroupDriver


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[LocalChannel]:
    made = make_channel(tmp_path)
    yield made
    await made.aclose()


@pytest.fixture
async def echo(channel: LocalChannel) -> Echo:
    bot = Echo(channel)
    await channel.start(bot.accept)
    return bot


@pytest.fixture
def group(channel: LocalChannel) -> GroupDriver:
    return GroupDriver(channel, GROUP, timeout_s=1)


async def test_expect_takes_each_post_once_and_waits_for_later_ones(
    group: GroupDriver, channel: LocalChannel, echo: Echo
) -> None:
    await group.says("小王", "灯坏了")
    await channel.send(Outbound(1, GROUP, "已登记 #1"))
    await channel.send(Outbound(2, GROUP, "已登记 #2"))
    assert (await group.expect("已登记")).text == "已登记 #1"
    assert (await group.expect("已登记")).text == "已登记 #2"
    waiting = asyncio.create_task(group.expect("办结", "#1"))
    await channel.send(Outbound(3, GROUP, "#1 已办结"))
    assert (await waiting).platform_id == "b-3"


async def test_expect_shows_what_came_instead(channel: LocalChannel, echo: Echo) -> None:
    await channel.send(Outbound(1, GROUP, "别的话"))
    with pytest.raises(AssertionError, match="别的话"):
        await GroupDriver(channel, GROUP, timeout_s=0.01).expect("已登记")


async def test_silence_hears_a_post_that_nobody_expected(
    group: GroupDriver, channel: LocalChannel, echo: Echo
) -> None:
    async def settled() -> None: ...

    await channel.send(Outbound(1, GROUP, "旧话"))
    await group.says("小王", "今天天气真好")
    await group.silence(settled)
    await channel.send(Outbound(2, GROUP, "您好"))
    with pytest.raises(AssertionError, match="您好"):
        await group.silence(settled)
    group.skip()
    await group.silence(settled)


async def test_direct_is_the_one_to_one_of_a_person(
    group: GroupDriver, channel: LocalChannel, echo: Echo
) -> None:
    await group.direct("小王").tells("老板欠我工资")
    await channel.send(Outbound(1, WANG, "已收到，只有您能看到"))
    await group.direct(WANG).expect("只有您能看到")
    assert group.posts == []
    assert group.direct("小王") is group.direct(WANG)


async def test_an_unknown_name_joins_the_group(group: GroupDriver, echo: Echo) -> None:
    await group.says("新来的", "你好")
    assert (echo.inbox[0].sender, echo.inbox[0].sender_name) == ("local:新来的", "新来的")
