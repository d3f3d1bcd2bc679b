"""An OpenAI-compatible server over real HTTP that answers as a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

KEY = "sk-sample"


class Opinions:
    """What was asked, and what is answered: a kind and code, or a scripted fault."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.content: Any = {"kind": "report", "code": "0404"}
        self.status = 200
        self.raw: bytes | None = None
        self.stuck = asyncio.Event()
        self.slow = False
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": {"message": "bad key"}}, status=401)
        if self.slow:
            await self.stuck.wait()
        if self.status != 200:
            headers = {"Location": "/v1/elsewhere"} if self.status == 302 else {}
            return web.Response(status=self.status, text="no", headers=headers)
        if self.raw is not None:
            return web.Response(body=self.raw)
        said = self.content if isinstance(self.content, str) else json.dumps(self.content)
        return web.json_response({"choices": [{"message": {"content": said}}]})

    def message(self, number: int = -1) -> str:
        """The message that was asked about."""
        content = self.asked[number]["messages"][-1]["content"]
        return str(json.loads(content)["message"])


@asynccontextmanager
async def opinions() -> AsyncIterator[Opinions]:
    """The server on a free port of the loopback."""
    fake = Opinions()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", fake.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield fake
    finally:
        fake.stuck.set()
        await runner.cleanup()
