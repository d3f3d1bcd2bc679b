"""The whole product in a browser: a report, the leader's reply and the verdict, in two windows.

The bot is the real one with its real loops, database and classifier, started as a process."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Windows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ROOT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture(loop_scope="module")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The address that `run_bot.py run` prints on a first start; stopped by SIGTERM at the end."""
    own = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{tmp_path}/bot.db",
        "GRIDBOT_BOT_DATA_DIR": str(tmp_path),
        "GRIDBOT_WEB_PORT": "0",
        "GRIDBOT_GROUP_QUIET_FROM": "",
        "PYTHONUNBUFFERED": "1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "run_bot.py"), "run",
        cwd=ROOT, env={**os.environ, **own},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    found = re.search(r"(http://\S+)/local/", line)
    assert found, line
    yield found[1]
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def write(page: Page, text: str) -> None:
    await page.fill("#group-pane textarea", text)
    await page.press("#group-pane textarea", "Enter")


async def test_a_report_is_closed_by_the_residents_word(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    windows = Windows(chromium, address)
    resident, leader = await windows.open("wang", PHONE), await windows.open("leader")
    group = leader.locator("#group-pane")
    await write(resident, "7幢2单元的楼道灯坏了好几天了，摸黑上楼")
    await expect(group.get_by_text("已登记 #1 楼道灯")).to_be_visible()
    await expect(leader.locator("#direct-pane").get_by_text("【待确认】#1")).to_be_visible()
    await write(leader, "1")
    await expect(leader.locator("#direct-pane").get_by_text("已立案")).to_be_visible()
    await write(leader, "办结 换了新灯泡")
    await expect(resident.get_by_text("已办结：换了新灯泡")).to_be_visible()
    await write(resident, "满意")
    await expect(group.get_by_text("#1 楼道灯已销号")).to_be_visible()
    await resident.screenshot(path=tmp_path / "resident.png")
    await leader.screenshot(path=tmp_path / "leader.png")
    assert (tmp_path / "resident.png").stat().st_size > 5_000
    assert windows.complaints == []
    for context in chromium.contexts:
        await context.close()


async def test_ordinary_talk_gets_no_answer(chromium: Browser, address: str) -> None:
    windows = Windows(chromium, address)
    page = await windows.open("li")
    await write(page, "今天天气真好，大家吃了吗")
    await write(page, "7幢门口的井盖不见了，太危险了")
    await expect(page.get_by_text("已登记 #1")).to_be_visible()
    assert await page.locator("#group-pane .avatar.of-bot").count() == 1
    for context in chromium.contexts:
        await context.close()
