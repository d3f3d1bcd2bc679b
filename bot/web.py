"""The web server of the process: the channels' routes, /healthz and /metrics.

What a route means belongs to its channel; what is healthy is decided by the caller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, exposition

from bot.ports import Channel

Health = Callable[[], Awaitable[dict[str, object]]]
"""Figures of the running bot; the key "ok" (true when absent) decides between 200 and 503."""

MAX_BODY_BYTES: Final = 12 * 1024 * 1024
SHUTDOWN_S: Final = 3.0

log = structlog.get_logger(__name__)


def build_app(
    channels: Iterable[Channel],
    health: Health,
    registry: CollectorRegistry,
    more: Iterable[web.RouteDef] = (),
) -> web.Application:
    """One application with every channel's routes and more; bodies are capped at 12 MiB."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    for channel in channels:
        app.add_routes(channel.routes())
    app.add_routes(more)
    app.add_routes(
        [web.get("/healthz", _health_page(health)), web.get("/metrics", _metrics_page(registry))]
    )
    return app


async def start(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen and return the runner and the port in use (asked for 0, the system picks one).

    The caller ends it with `await runner.cleanup()`. Raises OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    taken: int = runner.addresses[0][1]
    log.info("web server listens", action="web.start", host=host, port=taken)
    return runner, taken


def _health_page(health: Health) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def page(_request: web.Request) -> web.Response:
        try:
            figures = await health()
        except Exception as error:
            log.exception("health could not be told", action="web.health_failed")
            figures = {"ok": False, "error": type(error).__name__}
        status = 200 if figures.get("ok", True) else 503
        return web.json_response(figures, status=status, headers={"Cache-Control": "no-store"})

    return page


def _metrics_page(registry: CollectorRegistry) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def page(request: web.Request) -> web.Response:
        encode, kind = exposition.choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(registry), headers={"Content-Type": kind})

    return page
