"""A real Chromium found on this machine, and windows of the page in it.

Without a browser these tests are skipped; where CI=true that is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.channels.local import LocalChannel
from tests.channels.local_group import Echo, make_channel, serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = (390, 844)
DESK = (1280, 800)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no browser found: install one of {', '.join(NAMES)}")
        pytest.skip(f"no browser found ({', '.join(NAMES)})")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def channel(tmp_path: Path) -> LocalChannel:
    people = [
        ("local:wang", "小王", "居民"),
        ("local:bold", "<b>粗</b><img src=x onerror=alert(1)>", "居民"),
        ("local:leader", "老李", "网格长"),
        ("local:tang", "小唐", "物业"),
    ]
    return make_channel(tmp_path, people=people)


@pytest_asyncio.fixture(loop_scope="module")
async def echo(channel: LocalChannel) -> Echo:
    bot = Echo(channel)
    await channel.start(bot.accept)
    return bot


@dataclass
class Windows:
    """Opens windows; each has its own storage, as two browsers of two people would."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, person: str = "", size: tuple[int, int] = DESK) -> Page:
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
        )
        context.set_default_timeout(10_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._note(line.type, line.text))
        await page.goto(f"{self.address}/local/" + (f"?me={person}" if person else ""))
        if person:
            await page.locator("#group-pane .word").first.wait_for(state="attached")
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "WebSocket" not in text:
            self.complaints.append(text)


@pytest_asyncio.fixture(loop_scope="module")
async def windows(chromium: Browser, channel: LocalChannel, echo: Echo) -> AsyncIterator[Windows]:
    async with serving(channel) as address:
        opened = Windows(chromium, address)
        yield opened
        for context in chromium.contexts:
            await context.close()
        assert opened.complaints == []
