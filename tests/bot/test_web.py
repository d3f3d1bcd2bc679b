"""The web server: health, figures, the cap on bodies, and a port chosen by the system."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter

from bot.web import MAX_BODY_BYTES, build_app, start
from tests.channels.local_group import make_channel


async def well() -> dict[str, object]:
    return {"ok": True, "waiting": 3}


@asynccontextmanager
async def running(
    health: Callable[[], Awaitable[dict[str, object]]] = well,
    registry: CollectorRegistry | None = None,
    extra: web.RouteDef | None = None,
) -> AsyncIterator[str]:
    app = build_app([], health, registry or CollectorRegistry())
    if extra:
        app.add_routes([extra])
    runner, port = await start(app, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def get(address: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, answer.content_type, await answer.text()


async def ill() -> dict[str, object]:
    return {"ok": False, "database": "gone"}


async def broken() -> dict[str, object]:
    raise OSError("secret path in the message")


@pytest.mark.parametrize(
    ("health", "status", "part"),
    [(well, 200, '"waiting": 3'), (ill, 503, "gone"), (broken, 503, "OSError")],
)
async def test_health_tells_by_its_status(
    health: Callable[[], Awaitable[dict[str, object]]], status: int, part: str
) -> None:
    async with running(health) as address:
        got, kind, text = await get(f"{address}/healthz")
    assert (got, kind) == (status, "application/json")
    assert part in text
    assert "secret" not in text


async def test_metrics_show_the_given_registry() -> None:
    registry = CollectorRegistry()
    Counter("gridbot_messages", "Messages taken in", registry=registry).inc(7)
    async with running(registry=registry) as address:
        status, kind, text = await get(f"{address}/metrics")
    assert (status, kind) == (200, "text/plain")
    assert "gridbot_messages_total 7.0" in text


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY_BYTES, 200), (MAX_BODY_BYTES + 1, 413)])
async def test_bodies_are_capped(size: int, status: int) -> None:
    async def swallow(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def body() -> AsyncIterator[bytes]:
        for start_at in range(0, size, 1 << 20):
            yield b"\0" * min(1 << 20, size - start_at)

    async with (
        running(extra=web.post("/swallow", swallow)) as address,
        aiohttp.ClientSession() as session,
        session.post(f"{address}/swallow", data=body()) as answer,
    ):
        assert answer.status == status


async def test_routes_of_channels_are_mounted(tmp_path: Path) -> None:
    app = build_app([make_channel(tmp_path)], well, CollectorRegistry())
    paths = {route.resource.canonical for route in app.router.routes() if route.resource}
    assert {"/local/", "/local/socket", "/healthz", "/metrics"} <= paths


async def test_a_taken_port_is_an_error_and_leaves_nothing_running() -> None:
    async with running() as address:
        port = int(address.rpartition(":")[2])
        app = build_app([], well, CollectorRegistry())
        with pytest.raises(OSError, match="address already in use"):
            await start(app, "127.0.0.1", port)
        assert (await get(f"{address}/healthz"))[0] == 200
