"""The harmless calls of the fake WeCom, by which settings are tried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.wecom import FakeWecom

LEAST_BYTES = 5


def probes(platform: FakeWecom) -> dict[str, Callable[[web.Request], Any]]:
    """The handlers by the name of the call."""
    from tests.fakes.wecom import AGENT  # noqa: PLC0415

    async def agent(request: web.Request) -> web.Response:
        platform.calls.append(("agent/get", dict(request.query)))
        if platform.stale(request):
            return _answer(42001)
        if request.query.get("agentid") != str(AGENT):
            return _answer(301002)
        return _answer(0, agentid=AGENT, name="网格应用", close=0)

    async def robot_file(request: web.Request) -> web.Response:
        media = (await request.post()).get("media")
        platform.calls.append(("webhook/upload_media", dict(request.query)))
        if request.query.get("key", "") not in platform.robots:
            return _answer(93000)
        if not isinstance(media, web.FileField) or len(media.file.read()) < LEAST_BYTES:
            return _answer(40006)
        return _answer(0, type="file", media_id="media-1", created_at="1763700000")

    return {"agent/get": agent, "webhook/upload_media": robot_file}


def _answer(code: int, **values: Any) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": f"error {code}", **values})
