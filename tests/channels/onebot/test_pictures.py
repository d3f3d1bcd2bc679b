"""Pictures in OneBot messages: inline, by file id, and from hosts that are allowed."""

from __future__ import annotations

import base64
from collections.abc import Callable

from aiohttp import web

from tests.channels.onebot.conftest import Build
from tests.fakes.onebot import FakeBridge, text
from tests.fakes.wecom_people import PNG

Bridges = Callable[..., FakeBridge]


async def test_pictures_come_inline_by_file_or_from_allowed_hosts(
    stand: Build, bridges: Bridges
) -> None:
    inline = base64.b64encode(PNG).decode()
    made, bridge = await stand(version=12), bridges(12)
    await bridge.dial(made.port)
    bridge.files["f1"] = inline
    for number in ("f1", "f2"):
        message = [{"type": "image", "data": {"file_id": number}}]
        await bridge.tell(bridge.event("u1", message, "g1"))
    for value in (f"base64://{inline}", "base64://%%", "http://10.0.0.1/secret", "file:///etc/x"):
        message = [text("看"), {"type": "image", "data": {"file": value}}]
        await bridge.tell(bridge.event("u1", message, "g1"))
    await made.settled(6)
    assert [(m.text, len(m.images)) for m in made.taken] == [
        ("", 1), ("［图片未能下载］", 0), ("看", 1), ("看", 0), ("看", 0), ("看", 0),
    ]  # fmt: skip


async def test_a_picture_is_fetched_from_an_allowed_host(stand: Build, bridges: Bridges) -> None:
    async def picture(request: web.Request) -> web.Response:
        if request.query.get("gone"):
            return web.Response(status=404)
        return web.Response(body=PNG)

    app = web.Application()
    app.router.add_get("/p", picture)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/p"
    made, bridge = await stand(media_hosts=["127.0.0.1"]), bridges(11)
    await bridge.dial(made.port)
    for url in (base, f"{base}?gone=1", "http://127.0.0.1:1/p"):
        message = [{"type": "image", "data": {"file": "a.png", "url": url}}]
        await bridge.tell(bridge.event(77, message, 88))
    await made.settled(3)
    await runner.cleanup()
    assert [len(m.images) for m in made.taken] == [1, 0, 0]
