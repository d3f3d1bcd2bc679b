"""The whole bot beside the fake WeCom: real HTTP, real sockets, a real database, a manual clock.

People are the sample district's, with their accounts moved to the channel under test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.app import Bot
from bot.clock import ManualClock
from bot.settings import Settings
from tests.channels.stand import MORNING
from tests.fakes.wecom import (
    AES_KEY,
    AGENT,
    BOT,
    BOT_SECRET,
    CORP,
    ROBOT_KEY,
    SECRET,
    TOKEN,
    FakeWecom,
    Post,
)  # fmt: skip
from tests.fakes.wecom_people import (
    Answer,
    Platform,
    aibot_click,
    aibot_message,
    app_click,
    app_xml,
)

SAMPLE = Path(__file__).parents[3] / "examples" / "district"


def district(folder: Path, group: str, *channels: str) -> Path:
    """The sample district with group g1 as `group` and everybody's accounts on the channels."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SAMPLE.iterdir():
        text = sheet.read_text(encoding="utf-8-sig")
        if sheet.stem == "人员":
            text = "\n".join(_moved(line, channels) for line in text.splitlines())
        text = text.replace("local:g1", group).replace("local:", f"{channels[0]}:")
        (folder / sheet.name).write_text(text, encoding="utf-8")
    return folder


def _moved(line: str, channels: tuple[str, ...]) -> str:
    head, _, user = line.partition("local:")
    return head + ";".join(f"{name}:{user}" for name in channels) if user else line


def settings(folder: Path, sheets: Path | str, **channels: dict[str, Any]) -> Settings:
    """Settings of a bot with only these channels."""
    return Settings.model_validate(
        {
            "bot": {"data_dir": folder / "data", "district": str(sheets), "rules": ""},
            "storage": {"url": f"sqlite:///{folder}/gridbot.db"},
            "web": {"port": 0},
            "channels": {"local": {"enabled": False}, **channels},
        }
    )


def aibot_section(fake: FakeWecom, transport: str) -> dict[str, Any]:
    return {
        "enabled": True, "transport": transport, "bot_id": BOT, "secret": BOT_SECRET,
        "token": TOKEN, "aes_key": AES_KEY, "api_base": fake.base, "ws_url": fake.ws_url,
        "media_hosts": ["127.0.0.1"], "reconnect_s": 0.01,
    }  # fmt: skip


def app_section(fake: FakeWecom) -> dict[str, Any]:
    return {
        "enabled": True, "corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN,
        "aes_key": AES_KEY, "api_base": fake.base,
    }  # fmt: skip


def webhook_section(fake: FakeWecom, name: str = "g1") -> dict[str, Any]:
    return {"enabled": True, "robots": {name: ROBOT_KEY}, "api_base": fake.base}


class House:
    """The running bot and the platform that calls it."""

    def __init__(self, fake: FakeWecom, bot: Bot, port: int) -> None:
        self.fake, self.bot = fake, bot
        self.platform = Platform(f"http://127.0.0.1:{port}")

    async def stored(self) -> dict[str, int]:
        """Rows of the inbox by state."""
        async with self.bot.store.read() as tx:
            counts: dict[str, int] = await tx.inbox.count_by_state()
        return counts


@asynccontextmanager
async def running(fake: FakeWecom, chosen: Settings) -> AsyncIterator[House]:
    """Bot.run with its real loops and web server."""
    bot = await Bot.open(chosen, ManualClock(MORNING))
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(bot.run(port.set_result))
    try:
        task.add_done_callback(lambda _: port.cancel())
        yield House(fake, bot, await asyncio.wait_for(port, 10))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bot.aclose()


class Aibot:
    """People in the internal group and one-to-one with the aibot, over either transport."""

    name = "wecom_aibot"
    group = "wecom_aibot:wrGroup01"

    def __init__(self, house: House, transport: str) -> None:
        self.house, self.fake, self.socket = house, house.fake, transport == "websocket"

    async def says(self, user: str, text: str, quote: Post | str = "", **more: Any) -> None:
        """In the group, with a mention as WeCom puts it."""
        if quote:
            words = quote.text if isinstance(quote, Post) else quote
            more["quote"] = {"msgtype": "text", "text": {"content": words}}
        await self._send(aibot_message(self.fake, user, f"@小格\u2005{text}", "wrGroup01", **more))

    async def tells(self, user: str, text: str) -> None:
        """One-to-one."""
        await self._send(aibot_message(self.fake, user, text))

    async def clicks(self, user: str, post: Post, verb: str) -> str:
        """Press a button; returns what the card shows afterwards, as JSON."""
        body = aibot_click(self.fake, user, post.card, verb)
        if not self.socket:
            return json.dumps((await self._call(body)).json, ensure_ascii=False)
        await self.fake.socket.says(body)
        shown = await self.fake.expect(f"update:{self.name}:{user}")
        return json.dumps(shown.body, ensure_ascii=False)

    async def _send(self, body: dict[str, Any]) -> None:
        if self.socket:
            await self.fake.socket.says(body)
        else:
            await self._call(body)

    async def _call(self, body: dict[str, Any]) -> Answer:
        answer = await self.house.platform.aibot(body)
        assert (answer.status, answer.tries) == (200, 1)
        return answer


class App:
    """People one-to-one with the app; there is no group talk."""

    name = "wecom_app"
    group = "wecom_app:chat:g1"

    def __init__(self, house: House) -> None:
        self.house, self.fake = house, house.fake

    async def says(self, user: str, text: str, quote: Post | str = "") -> None:
        assert not quote, "the app knows no quotes"
        await self.tells(user, text)

    async def tells(self, user: str, text: str) -> None:
        await self._call(app_xml(self.fake, user, Content=text))

    async def clicks(self, user: str, post: Post, verb: str) -> str:
        answer = await self._call(app_click(self.fake, user, post.card, verb))
        return json.dumps(answer.xml, ensure_ascii=False)

    async def _call(self, xml: str) -> Answer:
        answer = await self.house.platform.app(xml)
        assert (answer.status, answer.tries) == (200, 1)
        return answer
