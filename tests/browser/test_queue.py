"""The page of posts to send by hand, as staff use it: copy, 已发, the end of a batch, the token."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect
from prometheus_client import CollectorRegistry

from bot import web
from bot.clock import ManualClock
from bot.queue_page import QueuePage
from storage.store import Store
from tests.bot.loops import house, later, put, row, states
from tests.bot.test_queue_page import TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PHONE = ViewportSize(width=360, height=740)
HOSTILE = "<img src=x onerror=alert(1)>第二条"


@pytest_asyncio.fixture(loop_scope="module")
async def store(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'q.db')}")
    yield opened
    await opened.aclose()


@asynccontextmanager
async def page_of(
    chromium: Browser, store: Store, token: str = ""
) -> AsyncIterator[tuple[Page, ManualClock]]:
    """The page on a phone; complaints of the browser fail the test."""
    clock, surroundings, complaints = ManualClock(later(0)), house(), list[str]()
    async with AsyncExitStack() as closing:
        queue = QueuePage(store, lambda: surroundings, clock, token)
        app = web.build_app([], _healthy, CollectorRegistry(), queue.routes())
        runner, port = await web.start(app, "127.0.0.1", 0)
        closing.push_async_callback(runner.cleanup)
        context = await chromium.new_context(viewport=PHONE, locale="zh-CN")
        closing.push_async_callback(context.close)
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(10_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"http://127.0.0.1:{port}/queue/")
        yield page, clock
        assert complaints == []


async def _healthy() -> dict[str, object]:
    return {}


async def held(store: Store, hours: float, *texts: str, number: int = 1) -> None:
    rows = [row("local:g1", text) for text in texts]
    await put(store, *rows)
    async with store.write() as tx:
        for one in rows:
            tx.outbox.hold(one.message.id)
        ids = [one.message.id for one in rows]
        data = {"conversation": "local:g1", "ids": ids, "told": []}
        tx.jobs.put(f"batch:{number:09}", "batch", later(3600 * hours), data)


async def test_a_batch_is_copied_sent_and_gone(chromium: Browser, store: Store) -> None:
    await held(store, 3.5, "已登记 #1 楼道灯", HOSTILE)
    await held(store, 30, "停水通知", number=2)
    async with page_of(chromium, store) as (page, _clock):
        first = page.locator("article").first
        await expect(first.locator("li")).to_have_text(["已登记 #1 楼道灯", HOSTILE])
        await expect(first.locator(".head b")).to_have_text("1 号，2 条")
        await expect(first.locator(".until")).to_have_text("还有 3 小时 30 分钟作废")
        await expect(page.locator("#count")).to_have_text("3")
        await expect(page).to_have_title("(3) 代发消息")
        assert await page.locator("img").count() == 0

        await first.locator(".copy").click()
        await expect(page.locator("#toast")).to_contain_text("已复制")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == f"已登记 #1 楼道灯\n{HOSTILE}"
        assert await states(store) == {"awaiting_human": 3}, "to copy is not to send"

        await first.locator(".sent").click()
        await expect(page.locator("#toast")).to_contain_text("代发1：2条已记为发出")
        await expect(page.locator("article")).to_have_count(1)
        assert await states(store) == {"sent": 2, "awaiting_human": 1}
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert await page.evaluate(wide) is False


async def test_one_tap_for_all_asks_first_and_leaves_an_empty_page(
    chromium: Browser, store: Store
) -> None:
    await held(store, 1, "一")
    await held(store, 1, "二", number=2)
    async with page_of(chromium, store) as (page, _clock):
        await expect(page.locator("article")).to_have_count(2)
        page.once("dialog", lambda dialog: dialog.dismiss())
        await page.click("#all")
        assert await states(store) == {"awaiting_human": 2}
        page.once("dialog", lambda dialog: dialog.accept())
        await page.click("#all")
        await expect(page.locator("#empty")).to_be_visible()
        await expect(page.locator("#all")).to_be_hidden()
        assert await states(store) == {"sent": 2}


async def test_what_ends_soon_stands_out_and_the_list_follows(
    chromium: Browser, store: Store
) -> None:
    async with page_of(chromium, store) as (page, clock):
        await expect(page.locator("#empty")).to_have_text("现在没有等待代发的消息。")
        await held(store, 3, "新来的")
        look = "document.dispatchEvent(new Event('visibilitychange'))"
        await page.evaluate(look)
        until = page.locator(".until")
        await expect(until).to_have_text("还有 3 小时作废")
        await expect(until).not_to_have_class("until soon")
        clock.advance(timedelta(hours=2, minutes=20))
        await page.evaluate(look)
        await expect(until).to_have_text("还有 40 分钟作废")
        await expect(until).to_have_class("until soon")


async def test_sent_by_somebody_else_meanwhile(chromium: Browser, store: Store) -> None:
    await held(store, 3, "一")
    async with page_of(chromium, store) as (page, _clock):
        await expect(page.locator("article")).to_have_count(1)
        async with store.write() as tx:
            tx.jobs.cancel("batch:")
        await page.locator(".sent").click()
        await expect(page.locator("#toast")).to_contain_text("可能已经发出或者作废了")


async def test_the_token_opens_the_page(chromium: Browser, store: Store) -> None:
    await held(store, 3, "一")
    async with page_of(chromium, store, TOKEN) as (page, _clock):
        await expect(page.locator("#door")).to_be_visible()
        assert await page.locator("article").count() == 0
        await page.fill("#token", "a-wrong-one-of-letters")
        await page.press("#token", "Enter")
        await expect(page.locator("#state")).to_have_text("请输入访问口令。")
        await page.fill("#token", TOKEN)
        await page.press("#token", "Enter")
        await expect(page.locator("article")).to_have_count(1)
        await expect(page.locator("#door")).to_be_hidden()
        await page.reload()
        await expect(page.locator("article")).to_have_count(1)
