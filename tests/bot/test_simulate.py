"""The group in a terminal: every command, the numbers for quotes, and the end of input.

The channel is real; the keyboard is a list of lines and the screen a StringIO."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.local import LocalChannel
from bot.simulate import HELP, Terminal, simulate
from routing.message import Outbound, Quote
from tests.channels.local_group import GROUP, LEADER, WANG, Echo, make_channel


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


async def type_in(channel: LocalChannel, *lines: str) -> str:
    """What stands on the screen after these lines."""
    screen = io.StringIO()
    rest = iter(lines)

    async def following() -> str | None:
        return next(rest, None)

    await Terminal(channel, following, screen).run()
    return screen.getvalue()


async def test_a_line_is_said_by_the_first_person_in_the_first_group(
    channel: LocalChannel, echo: Echo
) -> None:
    screen = await type_in(channel, "楼道灯坏了", "  ", "")
    assert [(one.sender, one.conversation, one.text) for one in echo.inbox] == [
        (WANG, GROUP, "楼道灯坏了")
    ]
    assert "[1] 12:00 7号楼1单元 小王（居民）：楼道灯坏了" in screen


@pytest.mark.parametrize("who", ["网格长", "老李", "老", "网格"])
async def test_people_are_chosen_by_name_or_role(
    channel: LocalChannel, echo: Echo, who: str
) -> None:
    screen = await type_in(channel, f"/我是 {who}", "确认")
    assert echo.inbox[0].sender == LEADER
    assert "您是老李（网格长）" in screen


@pytest.mark.parametrize("which", ["2", "g2", "local:g-7-2", "2单元"])
async def test_groups_are_chosen_by_number_or_name(
    channel: LocalChannel, echo: Echo, which: str
) -> None:
    await type_in(channel, f"/群 {which}", "有人吗")
    assert echo.inbox[0].conversation == "local:g-7-2"


async def test_one_to_one_follows_the_person_and_ends_with_a_group(
    channel: LocalChannel, echo: Echo
) -> None:
    await type_in(channel, "/单聊", "甲", "/我是 网格长", "乙", "/群 1", "丙")
    places = [(one.sender, one.conversation) for one in echo.inbox]
    assert places == [(WANG, WANG), (LEADER, LEADER), (LEADER, GROUP)]


async def test_a_quote_names_the_number_on_the_screen(channel: LocalChannel, echo: Echo) -> None:
    screen = io.StringIO()
    rest = iter(["灯坏了", "/我是 网格长", "/引用 2 确认"])

    async def following() -> str | None:
        if len(echo.inbox) == 1:
            await channel.send(Outbound(7, GROUP, "已登记 #1"))
        return next(rest, None)

    await Terminal(channel, following, screen).run()
    last = echo.inbox[-1]
    assert (last.text, last.quote) == ("确认", Quote("b-7", "已登记 #1", of_bot=True))
    assert "[2] 12:00 7号楼1单元 小格：已登记 #1" in screen.getvalue()
    assert "┃ 已登记 #1" in screen.getvalue()


async def test_a_message_that_was_not_stored_is_asked_for_again(
    channel: LocalChannel, echo: Echo
) -> None:
    echo.fault = OSError("disk full")
    assert "请再发一次" in await type_in(channel, "灯坏了")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/我是 没这人", "没有“没这人”这个人"),
        ("/我是", "没有“”这个人"),
        ("/群 99", "没有“99”这个群"),
        ("/群", "没有“”这个群"),
        ("/引用", "这样写"),
        ("/引用 一 好", "这样写"),
        ("/引用 1", "这样写"),
        ("/引用 9 好", "没有 [9]"),
        ("/引用 0 好", "没有 [0]"),
        ("/跳舞", "没有“/跳舞”这个命令"),
        ("长" * 7000, "太长"),
        ("/帮助", HELP),
        ("/谁", "老李（网格长）"),
        ("/谁", "群 2：7号楼2单元"),
    ],
)
async def test_every_line_gets_an_answer_and_nothing_is_said(
    channel: LocalChannel, echo: Echo, line: str, answer: str
) -> None:
    assert answer in await type_in(channel, line)
    assert echo.inbox == []


async def test_a_quote_from_another_place_is_refused(channel: LocalChannel, echo: Echo) -> None:
    screen = await type_in(channel, "灯坏了", "/群 2", "/引用 1 好的")
    assert "请先到那里再引用" in screen
    assert len(echo.inbox) == 1


async def test_leaving_stops_the_talk_and_the_printing(channel: LocalChannel, echo: Echo) -> None:
    screen = io.StringIO()
    await simulate(channel, io.StringIO("在吗\n/退出\n听不到了\n"), screen)
    await channel.send(Outbound(9, GROUP, "晚了"))
    assert [one.text for one in echo.inbox] == ["在吗"]
    assert "晚了" not in screen.getvalue()


async def test_the_end_of_input_ends_it(channel: LocalChannel, echo: Echo) -> None:
    screen = io.StringIO()
    await asyncio.wait_for(simulate(channel, io.StringIO(""), screen), 5)
    assert "您是小王（居民），在“7号楼1单元”" in screen.getvalue()


async def test_posts_of_several_lines_and_pictures_are_readable(
    channel: LocalChannel, echo: Echo
) -> None:
    screen = io.StringIO()
    first = True

    async def following() -> str | None:
        nonlocal first
        if not first:
            return None
        first = False
        await channel.send(Outbound(1, GROUP, "第一行\n第二行"))
        await channel.say(WANG, GROUP, "", images=["media:x", "media:y"])
        return "/谁"

    await Terminal(channel, following, screen).run()
    assert "小格：第一行\n    第二行" in screen.getvalue()
    assert "小王（居民）： [图片 2 张]" in screen.getvalue()
