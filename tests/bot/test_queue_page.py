"""The page of posts to send by hand: who may look, what is listed, what is marked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot import web
from bot.clock import ManualClock
from bot.queue_page import QueuePage
from bot.settings import Settings
from storage.store import Store
from tests.bot.loops import house, later, put, row, states

TOKEN = "an-entrance-of-24-letters"


class Visitor:
    """A browser at some address with some headers."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self.base = session, base
        self.headers: dict[str, str] = {}

    async def get(self, path: str = "list", **headers: str) -> tuple[int, Any]:
        return await self._read("GET", path, None, headers)

    async def post(self, body: Any, **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self._read("POST", "sent", data, headers)

    async def _read(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Any]:
        own = {"Content-Type": "application/json"} if data is not None else {}
        own |= {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        async with self._session.request(
            method, f"{self.base}/queue/{path}", data=data, headers=own
        ) as answer:
            text = await answer.text()
            assert answer.headers.get("Cache-Control", "no-store") == "no-store"
            return answer.status, json.loads(text) if text.startswith("{") else text


Open = Callable[..., Any]


@pytest.fixture
async def visit(lite: Store, noon: ManualClock) -> AsyncIterator[Open]:
    async with AsyncExitStack() as closing:

        async def open_page(token: str = "", *, exposed: bool = False) -> Visitor:
            surroundings = house()
            page = QueuePage(lite, lambda: surroundings, noon, token, exposed=exposed)
            app = web.build_app([], _healthy, CollectorRegistry(), page.routes())
            runner, port = await web.start(app, "127.0.0.1", 0)
            closing.push_async_callback(runner.cleanup)
            session = await closing.enter_async_context(aiohttp.ClientSession())
            return Visitor(session, f"http://127.0.0.1:{port}")

        yield open_page


async def _healthy() -> dict[str, object]:
    return {}


async def waiting(store: Store) -> None:
    """Two batches of one group, one of another, and a post without a number."""
    rows = [row("local:g1", "一"), row("local:g1", "二"), row("local:g2", "三"),
            row("local:g1", "四"), row("local:g2", "五")]  # fmt: skip
    await put(store, *rows)
    ids = [one.message.id for one in rows]
    async with store.write() as tx:
        for number in ids:
            tx.outbox.hold(number)
        for number, place, own in (
            (1, "local:g1", ids[:2]), (2, "local:g2", ids[2:3]), (3, "local:g1", ids[3:4]),
        ):  # fmt: skip
            data = {"conversation": place, "ids": own, "told": []}
            tx.jobs.put(f"batch:{number:09}", "batch", later(3600 * number), data)


def listed(values: dict[str, Any]) -> list[tuple[str, int, list[str]]]:
    return [
        (place["place"], batch["number"], [post["text"] for post in batch["posts"]])
        for place in values["places"]
        for batch in place["batches"]
    ]


async def test_an_empty_queue(visit: Open) -> None:
    status, values = await (await visit()).get()
    assert (status, values["places"]) == (200, [])


async def test_what_waits_is_grouped_by_conversation_with_its_end(lite: Store, visit: Open) -> None:
    await waiting(lite)
    status, values = await (await visit()).get()
    assert status == 200
    assert [line[1:] for line in listed(values)] == [
        (1, ["一", "二"]), (3, ["四"]), (2, ["三"]), (0, ["五"]),
    ]  # fmt: skip
    first = values["places"][0]["batches"][0]
    assert first["until"] - values["now"] == 3_600_000


async def test_a_click_marks_its_batch_once(lite: Store, visit: Open) -> None:
    await waiting(lite)
    page = await visit()
    assert await page.post({"number": 1}) == (200, {"text": "✓ 代发1：2条已记为发出，谢谢。"})
    assert await states(lite) == {"sent": 2, "awaiting_human": 3}
    status, values = await page.post({"number": 1})
    assert status == 404
    assert "没有待发的1号" in values["error"]
    assert [number for _, number, _ in listed((await page.get())[1])] == [2, 0, 3]


async def test_one_tap_marks_everything(lite: Store, visit: Open) -> None:
    await waiting(lite)
    page = await visit()
    status, values = await page.post({"all": True})
    assert (status, "5条" in values["text"]) == (200, True)
    assert await states(lite) == {"sent": 5}
    assert (await page.get())[1]["places"] == []


@pytest.mark.parametrize(
    "body",
    [{}, [], {"number": "1"}, {"number": True}, {"number": 1.5}, {"all": "yes"}, b"{", b"\xff",
     b"[" * 900, b'{"number": 1}' + b" " * 2_000],
)  # fmt: skip
async def test_a_broken_page_marks_nothing(lite: Store, visit: Open, body: Any) -> None:
    await waiting(lite)
    status, values = await (await visit()).post(body)
    assert (status, "刷新" in values["error"]) == (422, True)
    assert await states(lite) == {"awaiting_human": 5}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "bot.example.cn"},
        {"Host": "127.0.0.1.example.cn:80"},
        {"Host": "rebound.example:8080"},
        {"X_Forwarded_For": "203.0.113.9"},
        {"X_Real_IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_without_a_token_only_this_machine_itself_may_look(
    lite: Store, visit: Open, headers: dict[str, str]
) -> None:
    await waiting(lite)
    page = await visit()
    assert (await page.get())[0] == 200
    assert (await page.get(Host="localhost"))[0] == 200
    for status, values in (await page.get(**headers), await page.post({"all": True}, **headers)):
        assert (status, "token" in values["error"]) == (403, True)
    assert await states(lite) == {"awaiting_human": 5}


async def test_behind_a_proxy_nobody_may_look_without_a_token(visit: Open) -> None:
    """A proxy may add no header at all, and everybody seems to come from here."""
    page = await visit(exposed=True)
    assert (await page.get())[0] == 403
    assert (await page.post({"all": True}))[0] == 403
    page = await visit(TOKEN, exposed=True)
    assert (await page.get(Authorization=f"Bearer {TOKEN}"))[0] == 200


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer 口令", "Bearer \udcff"]
)
async def test_with_a_token_it_is_needed_also_here(lite: Store, visit: Open, given: str) -> None:
    await waiting(lite)
    page = await visit(TOKEN)
    headers = {"Authorization": given} if given else {}
    assert await page.get(**headers) == (401, {"error": "请输入访问口令。"})
    assert (await page.post({"all": True}, **headers))[0] == 401
    assert await states(lite) == {"awaiting_human": 5}
    assert (await page.get(Authorization=f"Bearer {TOKEN}", Host="bot.example.cn"))[0] == 200


async def test_another_site_cannot_mark_anything(lite: Store, visit: Open) -> None:
    await waiting(lite)
    page = await visit()
    assert (await page.post({"all": True}, Origin="https://evil.example"))[0] == 403
    assert (await page.post({"all": True}, Content_Type="text/plain"))[0] == 415
    assert await states(lite) == {"awaiting_human": 5}


async def test_the_files_hold_no_data_and_nothing_else_is_served(visit: Open) -> None:
    page = await visit(TOKEN)
    status, text = await page.get("")
    assert (status, "等待代发" in text) == (200, True)
    for name in ("app.js", "style.css"):
        assert (await page.get(name))[0] == 200
    for name in ("..%2fapp.py", "secret", "index.html%00"):
        assert (await page.get(name))[0] == 404


@pytest.mark.parametrize(("token", "good"), [("", True), ("short", False), (TOKEN, True)])
def test_a_short_token_is_refused(token: str, good: bool) -> None:
    if good:
        Settings.model_validate({"web": {"token": token}})
    else:
        with pytest.raises(ValueError, match="at least 12"):
            Settings.model_validate({"web": {"token": token}})
