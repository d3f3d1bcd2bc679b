"""The page as people use it: two windows, a phone, a photo, a quote, a lost connection.

Real Chromium, real server; the bot behind the channel is an echo that posts when told."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from bot.channels.local import LocalChannel, Post
from routing.message import Outbound, Quote
from tests.browser.conftest import PHONE, Windows
from tests.channels.local_group import GROUP, LEADER, WANG, Echo, make_channel, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def picture(width: int = 320, height: int = 200) -> bytes:
    """A real PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + b"\x40\x90\x70" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


async def write(page: Page, text: str, pane: str = "group") -> None:
    await page.fill(f"#{pane}-pane textarea", text)
    await page.press(f"#{pane}-pane textarea", "Enter")


async def attach(page: Page, data: bytes) -> None:
    file = FilePayload(name="灯.png", mimeType="image/png", buffer=data)
    await page.set_input_files("#group-pane input[type=file]", file)


async def test_one_writes_on_a_phone_and_the_other_sees_it_live(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    phone, desk = await windows.open("wang", PHONE), await windows.open("leader")
    await write(phone, "3楼的楼道灯半掉下来了")
    theirs = desk.locator("#group-pane .post")
    await expect(theirs.locator(".bubble")).to_have_text("3楼的楼道灯半掉下来了")
    await expect(theirs.locator(".name")).to_have_text("小王")
    await expect(theirs.locator(".tag")).to_have_text("居民")
    await expect(phone.locator(".post.mine .fate")).to_have_text("")
    await channel.send(Outbound(1, GROUP, "已登记 #1，请确认", mentions=(LEADER,)))
    await expect(desk.locator(".post.bot .for-me")).to_have_text("@老李 已登记 #1，请确认")
    await expect(phone.locator(".post.bot .bubble")).to_have_text("@老李 已登记 #1，请确认")


async def test_the_first_thing_asked_is_who_one_is(windows: Windows) -> None:
    page = await windows.open()
    await page.click("#people .row-button:has-text('老李')")
    await expect(page.locator("#me b")).to_have_text("老李")
    await expect(page.locator("#group-pane .word").first).to_have_text("确认")
    await expect(page.locator("#group-pane .empty")).to_be_visible()
    await page.reload()
    await expect(page.locator("#me b")).to_have_text("老李")


async def test_a_photo_is_attached_seen_and_enlarged(windows: Windows, echo: Echo) -> None:
    wang, leader = await windows.open("wang", PHONE), await windows.open("leader")
    await attach(wang, picture())
    await expect(wang.locator("#group-pane .attached li:not(.uploading)")).to_have_count(1)
    await write(wang, "就是这盏")
    image = leader.locator("#group-pane .picture img")
    await expect(image).to_have_js_property("naturalWidth", 320)
    await leader.click("#group-pane .picture")
    await expect(leader.locator("#viewer")).to_be_visible()
    await leader.click("#viewer")
    await expect(leader.locator("#viewer")).to_be_hidden()
    assert len(echo.inbox[0].images) == 1
    await expect(wang.locator("#group-pane .attached li")).to_have_count(0)


async def test_a_file_that_is_no_picture_is_refused_in_plain_words(windows: Windows) -> None:
    page = await windows.open("wang")
    await attach(page, b"not a picture")
    await expect(page.locator("#toast")).to_contain_text("不是图片")
    await expect(page.locator("#group-pane .attached li")).to_have_count(0)
    assert any("422" in line for line in windows.complaints)
    windows.complaints.clear()


async def test_a_quote_travels_with_the_answer(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    leader, wang = await windows.open("leader"), await windows.open("wang", PHONE)
    await channel.send(Outbound(7, GROUP, "已登记 #1 楼道灯"))
    await leader.hover("#group-pane .post.bot")
    await leader.click("#group-pane .post.bot .quote-it")
    await expect(leader.locator("#group-pane .quoting")).to_contain_text("已登记 #1 楼道灯")
    await leader.click("#group-pane .word:has-text('办结')")
    await leader.press("#group-pane textarea", "Enter")
    await expect(wang.locator("#group-pane .quoted")).to_have_text("小格：已登记 #1 楼道灯")
    await expect(leader.locator("#group-pane .quoting")).to_be_hidden()
    assert echo.inbox[0].quote == Quote("b-7", "已登记 #1 楼道灯", of_bot=True)


async def test_markup_in_names_and_texts_is_only_text(windows: Windows, echo: Echo) -> None:
    bold, leader = await windows.open("bold"), await windows.open("leader")
    await write(bold, "<script>alert(1)</script><i>斜</i>")
    await expect(leader.locator("#group-pane .bubble")).to_have_text(
        "<script>alert(1)</script><i>斜</i>"
    )
    await expect(leader.locator("#group-pane .name")).to_have_text(
        "<b>粗</b><img src=x onerror=alert(1)>"
    )
    assert await leader.locator("#group-pane .post :is(i, script, img)").count() == 0


async def test_private_words_wait_behind_a_badge(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    phone, other = await windows.open("wang", PHONE), await windows.open("tang", PHONE)
    await channel.send(Outbound(1, WANG, "您报的事有进展了"))
    badge = phone.locator("#tab-direct .badge")
    await expect(badge).to_have_text("1")
    await expect(phone).to_have_title("(1) 7号楼1单元")
    await phone.click("#tab-direct")
    await expect(phone.locator("#direct-pane .bubble")).to_have_text("您报的事有进展了")
    await expect(badge).to_be_hidden()
    await write(phone, "谢谢", "direct")
    await channel.send(Outbound(2, GROUP, "大家好"))
    await expect(other.locator("#group-pane .bubble")).to_have_text("大家好")
    assert await other.locator("#direct-pane .post").count() == 0
    assert echo.inbox[0].conversation == WANG


async def test_a_second_group_has_its_own_posts(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    page = await windows.open("wang")
    await channel.send(Outbound(1, "local:g-7-2", "2单元停水"))
    await expect(page.locator("#groups .badge")).to_have_text("1")
    await page.click("#groups .row-button:has-text('2单元')")
    await expect(page.locator("#group-pane .bubble")).to_have_text("2单元停水")
    await expect(page.locator("#groups .badge")).to_have_count(0)


async def test_a_message_written_while_the_line_is_dead_arrives_once_later(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    page = await windows.open("wang")
    await write(page, "第一句")
    await expect(page.locator(".post.mine:not(.pending)")).to_have_count(1)
    await page.context.set_offline(True)
    await channel.aclose()
    await expect(page.locator("#link")).to_contain_text("重连")
    await write(page, "断线时写的")
    await expect(page.locator(".post.pending .fate")).to_have_text("发送中…")
    await channel.start(echo.accept)
    await page.context.set_offline(False)
    await expect(page.locator("#link")).to_have_text("已连接")
    await expect(page.locator(".post.mine:not(.pending)")).to_have_count(2)
    assert [inbound.text for inbound in echo.inbox] == ["第一句", "断线时写的"]


async def test_a_message_the_server_could_not_keep_is_sent_again_by_itself(
    windows: Windows, echo: Echo
) -> None:
    page = await windows.open("wang")
    echo.fault = OSError("disk full")
    await write(page, "灯坏了")
    await expect(page.locator("#toast")).to_contain_text("自动重发")
    echo.fault = None
    await expect(page.locator(".post.mine:not(.pending)")).to_have_count(1)
    assert [inbound.text for inbound in echo.inbox] == ["灯坏了"]


async def test_a_very_long_text_is_refused_and_stays_in_the_box(
    windows: Windows, echo: Echo
) -> None:
    page = await windows.open("wang")
    await page.eval_on_selector("#group-pane textarea", "box => { box.value = '长'.repeat(7000) }")
    await page.press("#group-pane textarea", "Enter")
    await expect(page.locator("#toast")).to_contain_text("太长")
    assert len(await page.input_value("#group-pane textarea")) == 7000
    assert echo.inbox == []


async def test_nothing_is_wider_than_a_phone_even_in_large_type(
    windows: Windows, echo: Echo, channel: LocalChannel
) -> None:
    page = await windows.open("wang", PHONE)
    at = datetime(2025, 11, 20, 4, tzinfo=UTC)
    channel.preload([Post(0, "m-0", GROUP, LEADER, "老李", "昨天的话", at)])
    await channel.send(Outbound(1, GROUP, "http" + "x" * 300 + " 长词"))
    await page.reload()
    await page.click("#big")
    await expect(page.locator("#big")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#group-pane .post")).to_have_count(2)
    wide = "[document.documentElement, ...document.querySelectorAll('.scroll')]"
    wide += ".some(box => box.scrollWidth > innerWidth)"
    assert await page.evaluate(wide) is False
    await page.reload()
    await expect(page.locator("#big")).to_have_attribute("aria-pressed", "true")


async def test_a_restarted_server_keeps_the_page_in_order(
    chromium: Browser, tmp_path: Path
) -> None:
    before, after = make_channel(tmp_path), make_channel(tmp_path)
    await before.start(Echo(before).accept)
    await after.start(Echo(after).accept)
    async with serving(before) as address:
        page = await Windows(chromium, address).open("wang")
        for number in range(1, 4):
            await before.send(Outbound(number, GROUP, f"旧 {number}"))
        await expect(page.locator("#group-pane .post")).to_have_count(3)
    await expect(page.locator("#link")).to_contain_text("重连")
    async with serving(after, port=int(address.rpartition(":")[2])):
        await write(page, "还在吗")
        await expect(page.locator(".post.mine:not(.pending)")).to_have_count(1)
        await after.send(Outbound(4, GROUP, "在的"))
        bubbles = page.locator("#group-pane .bubble")
        await expect(bubbles).to_have_text(["旧 1", "旧 2", "旧 3", "还在吗", "在的"])
    await page.context.close()
