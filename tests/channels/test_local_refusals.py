"""What a broken or hostile page may try: every frame gets a sentence, nothing is stored.

The server and the sockets are real."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.local import LocalChannel
from bot.channels.local.frames import FrameError, Hello, Say, parse
from bot.media import MAX_IMAGE_BYTES
from tests.channels.local_group import (
    GROUP,
    LEADER,
    PNG,
    WANG,
    Browser,
    Echo,
    Frame,
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


# --- what is refused ---------------------------------------------------------------------------

SAY = {"type": "say", "id": "message-1", "conversation": GROUP, "text": "灯"}


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("{", "看不懂"),
        ("[" * 100_000, "看不懂"),
        ("[]", "看不懂"),
        ('"say"', "看不懂"),
        (json.dumps({"type": "shout"}), "刷新"),
        (json.dumps({"type": "hello", "account": 5}), "看不懂"),
        (json.dumps({"type": "hello", "account": "local:nobody"}), "没有这个人"),
        (json.dumps(SAY | {"id": "x"}), "刷新"),
        (json.dumps(SAY | {"id": "../../etc"}), "刷新"),
        (json.dumps(SAY | {"text": ["灯"]}), "看不懂"),
        (json.dumps(SAY | {"text": "灯" * 6_667}), "太长"),
        (json.dumps(SAY | {"text": "长" * 100_000}), "太长"),
        (json.dumps(SAY | {"text": " \n "}), "空消息"),
        (json.dumps(SAY | {"conversation": "local:nowhere"}), "群不存在"),
        (json.dumps(SAY | {"conversation": LEADER}), "群不存在"),
        (json.dumps(SAY | {"images": "media:x"}), "图片"),
        (json.dumps(SAY | {"images": ["media:../../etc/passwd"]}), "图片没有传上来"),
        (json.dumps(SAY | {"images": ["media:" + "0" * 64 + ".png"]}), "图片没有传上来"),
        (json.dumps(SAY | {"images": ["x"] * 10}), "最多"),
    ],
)
async def test_a_bad_frame_gets_a_sentence_and_the_socket_stays(
    browser: Browser, echo: Echo, data: str, part: str
) -> None:
    window = await browser.open(WANG)
    await window.socket.send_str(data)
    assert part in (await window.hear("error"))["text"]
    assert echo.inbox == []
    await window.say("还在", number="message-2")
    assert (await window.hear("ack"))["id"] == "message-2"


async def test_bytes_are_answered_and_not_fatal(browser: Browser) -> None:
    window = await browser.open(WANG)
    await window.socket.send_bytes(b"\x00\xff")
    assert "文字" in (await window.hear("error"))["text"]


async def test_nobody_cannot_speak(browser: Browser, echo: Echo) -> None:
    window = await browser.open("")
    await window.say("匿名")
    assert "您是谁" in (await window.hear("error"))["text"]
    assert echo.inbox == []


@pytest.mark.parametrize("path", ["socket", "pictures"])
async def test_other_sites_are_refused(browser: Browser, path: str) -> None:
    ours = browser.address
    for origin, refused in (("https://evil.example", True), ("null", True), (ours, False)):
        if path == "pictures":
            status, _ = await browser.upload(PNG, Origin=origin)
            assert (status == 403) is refused
        elif refused:
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.open(WANG, Origin=origin)
        else:
            await browser.open(WANG, Origin=origin)


async def test_there_is_a_limit_of_open_windows(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, max_windows=1)
    await channel.start(Echo(channel).accept)
    async with serving(channel) as address, aiohttp.ClientSession() as session:
        browser = Browser(session, address)
        first = await browser.open(WANG)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await browser.open(LEADER)
        await first.say("我还能说")
        await first.hear("ack")


@pytest.mark.parametrize(
    ("data", "status", "part"),
    [
        (b"<svg onload=alert(1)>", 422, "不是图片"),
        (b"", 422, "不是图片"),
        (PNG + b"\0" * MAX_IMAGE_BYTES, 422, "10 MB"),
        (PNG + b"\0" * (13 << 20), 413, "太大"),
    ],
)
async def test_uploads_that_are_refused(
    browser: Browser, data: bytes, status: int, part: str
) -> None:
    got, answer = await browser.upload(data)
    assert got == status
    assert part in answer["error"]


# --- frames, pure ------------------------------------------------------------------------------


def test_frames_are_read_whole() -> None:
    assert parse('{"type":"hello","account":"local:wang"}') == Hello(WANG)
    assert parse(json.dumps(SAY | {"text": " 灯\x00 ", "quote": "b-1"})) == Say(
        "message-1", GROUP, "灯", "b-1", ()
    )


def test_half_a_surrogate_pair_is_replaced() -> None:
    frame = parse('{"type":"say","id":"message-1","text":"\\ud83d灯"}')
    assert isinstance(frame, Say)
    assert frame.text.encode().decode() == "?灯"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(["type", "id", "text", "account", "conversation", "quote", "images"])


@given(st.dictionaries(KEYS, JSON | st.sampled_from(["say", "hello", "message-1"]), max_size=7))
def test_any_object_is_a_frame_or_a_sentence(frame: Frame) -> None:
    try:
        parsed: Hello | Say | str = parse(json.dumps(frame))
    except FrameError as fault:
        parsed = str(fault)
    assert parsed
