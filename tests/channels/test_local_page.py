"""The page's server side in everyday use: live posts, re-sends, privacy, pictures, files.

What it refuses is in test_local_refusals.py; how it looks in tests/browser/."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.local import LocalChannel, page
from routing.message import Outbound
from tests.channels.local_group import (
    GROUP,
    LEADER,
    PNG,
    WANG,
    Browser,
    Echo,
    make_channel,
    serving,
)


@pytest.fixture
async def channel(tmp_path: Path) -> LocalChannel:
    return make_channel(tmp_path)


@pytest.fixture
async def echo(channel: LocalChannel) -> Echo:
    bot = Echo(channel)
    await channel.start(bot.accept)
    return bot


@pytest.fixture
async def browser(channel: LocalChannel, echo: Echo) -> AsyncIterator[Browser]:
    async with serving(channel) as address, aiohttp.ClientSession() as session:
        yield Browser(session, address)


# --- talking -----------------------------------------------------------------------------------


async def test_one_writes_and_the_other_sees_it_live(browser: Browser, echo: Echo) -> None:
    wang, leader = await browser.open(WANG), await browser.open(LEADER)
    await wang.say("楼道灯坏了")
    seen = (await leader.hear("post"))["post"]
    assert (seen["name"], seen["label"], seen["text"], seen["bot"]) == (
        "小王",
        "居民",
        "楼道灯坏了",
        False,
    )
    assert (await wang.hear("ack"))["id"] == "message-1"
    assert [inbound.platform_id for inbound in echo.inbox] == ["p-wang-message-1"]


async def test_the_welcome_holds_what_the_page_needs(
    browser: Browser, channel: LocalChannel
) -> None:
    await channel.send(Outbound(1, GROUP, "大家好"))
    await channel.send(Outbound(2, WANG, "只有小王能看"))
    await channel.send(Outbound(3, LEADER, "只有老李能看"))
    welcome = (await browser.open(WANG)).welcome
    assert [one["title"] for one in welcome["groups"]] == ["7号楼1单元", "7号楼2单元"]
    assert welcome["people"][0] == {"account": WANG, "name": "小王", "label": "居民"}
    assert [post["text"] for post in welcome["posts"]] == ["大家好", "只有小王能看"]


async def test_private_posts_reach_only_their_person(
    browser: Browser, channel: LocalChannel
) -> None:
    wang, leader = await browser.open(WANG), await browser.open(LEADER)
    await channel.send(Outbound(1, LEADER, "请确认 #1"))
    await channel.send(Outbound(2, GROUP, "大家好"))
    assert (await wang.hear("post"))["post"]["text"] == "大家好"
    assert (await leader.hear("post"))["post"]["text"] == "请确认 #1"


async def test_a_resend_after_a_lost_connection_is_confirmed_and_not_doubled(
    browser: Browser, echo: Echo, channel: LocalChannel
) -> None:
    first = await browser.open(WANG)
    await first.say("楼道灯坏了")
    await first.socket.close()
    second = await browser.open(WANG)
    await second.say("楼道灯坏了")
    assert (await second.hear("ack"))["post"] == "p-wang-message-1"
    assert len(echo.inbox) == len(channel.history(GROUP)) == 1


async def test_the_same_message_id_of_two_people_is_two_messages(
    browser: Browser, echo: Echo
) -> None:
    for account in (WANG, LEADER):
        window = await browser.open(account)
        await window.say("在的")
        await window.hear("ack")
    assert len(echo.inbox) == 2


async def test_a_message_that_could_not_be_stored_is_asked_for_again(
    browser: Browser, echo: Echo, channel: LocalChannel
) -> None:
    window = await browser.open(WANG)
    echo.fault = OSError("disk full")
    await window.say("楼道灯坏了")
    assert await window.hear("later") == {
        "type": "later",
        "id": "message-1",
        "text": "服务正忙，稍后会自动重发。",
    }
    assert channel.history(GROUP) == []
    echo.fault = None
    await window.say("楼道灯坏了")
    await window.hear("ack")


async def test_a_window_can_change_its_person(browser: Browser, echo: Echo) -> None:
    window = await browser.open(WANG)
    await window.send(type="hello", account=LEADER)
    await window.hear("welcome")
    await window.say("我是老李")
    await window.hear("ack")
    assert echo.inbox[0].sender == LEADER


async def test_quotes_and_pictures_travel(
    browser: Browser, echo: Echo, channel: LocalChannel
) -> None:
    status, answer = await browser.upload(PNG)
    assert status == 200
    await channel.send(Outbound(7, GROUP, "已登记 #1"))
    window = await browser.open(WANG)
    await window.say("看图", quote="b-7", images=[answer["image"]])
    post = (await window.hear("post"))["post"]
    assert post["quote"] == {"id": "b-7", "name": "小格", "text": "已登记 #1"}
    assert echo.inbox[0].images == (answer["image"],)
    async with browser.session.get(browser.address + post["images"][0]) as picture:
        assert (picture.status, picture.content_type) == (200, "image/png")
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in picture.headers["Content-Security-Policy"]
        assert await picture.read() == PNG


async def test_closing_the_channel_hangs_up(browser: Browser, channel: LocalChannel) -> None:
    window = await browser.open(WANG)
    await channel.aclose()
    assert (await window.socket.receive(timeout=5)).type == aiohttp.WSMsgType.CLOSE


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "pictures/..%2f..%2fbot.toml",
        "pictures/x.png",
        f"pictures/{'0' * 64}.png",
        "../bot.toml",
        "page.py",
        "%2e%2e%2fpage.py",
    ],
)
async def test_paths_outside_are_not_found(browser: Browser, path: str) -> None:
    async with browser.session.get(f"{browser.address}/local/{path}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html"),
        ("app.js", "text/javascript"),
        ("style.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_the_page_is_served_under_a_strict_policy(
    browser: Browser, path: str, kind: str
) -> None:
    async with browser.session.get(f"{browser.address}/local/{path}") as answer:
        assert (answer.status, answer.content_type) == (200, kind)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_the_address_without_a_slash_leads_to_the_page(browser: Browser) -> None:
    async with browser.session.get(f"{browser.address}/local") as answer:
        assert (answer.status, answer.url.path) == (200, "/local/")


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    for path in page.FOLDER.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, path
        assert "https://" not in text, path
        assert "innerHTML" not in text, path
