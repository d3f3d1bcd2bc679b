"""A grid day over OneBot: the whole bot, both transports, both versions, numeric and string ids.

Three residents write, the leader decides, one answers by quoting, everything is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.settings import Settings
from tests.channels.onebot.conftest import section
from tests.channels.stand import MORNING
from tests.fakes.onebot import FakeBridge, Post, at, reply, text

SAMPLE = Path(__file__).parents[3] / "examples" / "district"
PEOPLE = {"wang": 71, "li": 72, "zhao": 73, "leader": 81, "worker": 82}
LAMP = "7幢2单元楼道灯掉下来半个，晃悠悠的，怕砸到人"
CAR = "单元门口被一辆白车堵死了，能通知车主来挪一下车吗"
VACCINE = "社区疫苗接种点还有疫苗吗"


@dataclass
class Town:
    """People behind the bridge and the running bot."""

    bridge: FakeBridge
    bot: Bot
    heard: dict[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> Any:
        return "123@chatroom" if self.bridge.strings else 88

    @property
    def group_place(self) -> str:
        return f"group:{self.group}"

    def account(self, name: str) -> Any:
        return f"wxid_{name}" if self.bridge.strings else PEOPLE[name]

    async def says(self, name: str, words: str, quote: Post | None = None) -> None:
        """In the group."""
        message = [text(words)]
        if quote is not None:
            message = [reply(self.bridge.version, quote.message_id), *message]
        event = self.bridge.event(self.account(name), message, self.group)
        self.heard[words] = event["message_id"]
        await self.bridge.tell(event, times=2)

    async def tells(self, name: str, words: str) -> None:
        """One-to-one."""
        await self.bridge.tell(self.bridge.event(self.account(name), words))

    async def hears(self, name: str, *parts: str) -> Post:
        return await self.bridge.expect(str(self.account(name)), *parts)

    async def sees(self, *parts: str) -> Post:
        return await self.bridge.expect(self.group_place, *parts)


def district(folder: Path, town_group: str, strings: bool) -> Path:
    """The sample district with its people and first group moved behind the bridge."""
    folder.mkdir(parents=True)
    for sheet in SAMPLE.iterdir():
        words = sheet.read_text(encoding="utf-8-sig").replace("local:g1", f"onebot:{town_group}")
        for name, number in PEOPLE.items():
            user = f"wxid_{name}" if strings else str(number)
            words = words.replace(f"local:{name}\n", f"onebot:{user}\n")
            words = words.replace(f"local:{name},", f"onebot:{user},")
        (folder / sheet.name).write_text(words.replace("local:", "onebot:"), encoding="utf-8")
    return folder


@asynccontextmanager
async def running(tmp_path: Path, bridge: FakeBridge, transport: str) -> AsyncIterator[Town]:
    """Bot.run with its real loops and web server, the bridge connected."""
    api = {}
    if transport == "http":
        await bridge.serve()
        api = {"api_base": bridge.base}
    place = "group:123@chatroom" if bridge.strings else "group:88"
    sheets = district(tmp_path / "sheets", place, bridge.strings)
    onebot = section(version=bridge.version, rate=0, **api)
    chosen = Settings.model_validate(
        {
            "bot": {"data_dir": tmp_path / "data", "district": str(sheets), "rules": ""},
            "storage": {"url": f"sqlite:///{tmp_path}/gridbot.db"},
            "web": {"port": 0},
            "channels": {"local": {"enabled": False}, "onebot": onebot},
        }
    )
    bot = await Bot.open(chosen, ManualClock(MORNING))
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(bot.run(port.set_result))
    task.add_done_callback(lambda _: port.cancel())
    try:
        listening = await asyncio.wait_for(port, 10)
        await (bridge.dial(listening) if transport == "ws" else _reach(bridge, listening))
        yield Town(bridge, bot)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bridge.aclose()
        await bot.aclose()


async def _reach(bridge: FakeBridge, port: int) -> None:
    bridge.reach(port)


async def grid_day(town: Town) -> None:
    await town.says("wang", LAMP)
    receipt = await town.sees("已登记 #1", "楼道灯")
    assert receipt.quote == str(town.heard[LAMP])
    await town.hears("leader", "【待确认】#1")
    await town.says("li", CAR)
    await town.sees("已登记 #2")
    await town.hears("leader", "【待确认】#2")
    await town.says("zhao", VACCINE)
    answered = await town.sees("#3", "流感疫苗")
    await town.tells("leader", "确认 1")
    await town.hears("leader", "✓", "#1")
    await town.tells("leader", "确认 2")
    await town.hears("leader", "✓", "#2")
    await town.tells("worker", "办结 2 已联系车主，车开走了")
    asked = await town.sees("#2", "满意／一般／不满意")
    await town.says("li", "满意", quote=asked)
    await town.sees("#2", "已销号")
    await town.says("leader", "办结 1 换了新灯座，拧紧了")
    await town.sees("#1", "满意／一般／不满意")
    await town.says("wang", "满意，谢谢网格长")
    await town.sees("#1", "已销号")
    await town.says("zhao", "满意", quote=answered)
    await town.sees("#3", "已销号")


async def closed(town: Town) -> None:
    """Every ticket is closed and its history unbroken; nothing was heard twice."""
    async with town.bot.store.read() as tx:
        tickets = [await tx.tickets.by_number(f"onebot:{town.group_place}", n) for n in (1, 2, 3)]
        assert [t.state.label for t in tickets if t] == ["已销号"] * 3
        for ticket in tickets:
            assert ticket is not None
            await tx.tickets.verify(ticket.id)
        assert (await tx.inbox.count_by_state()) == {"done": 10}


@pytest.mark.parametrize("transport", ["ws", "http"])
@pytest.mark.parametrize(
    ("version", "strings", "cq"),
    [(11, False, True), (11, True, False), (12, True, False)],
    ids=["v11-cq-numbers", "v11-array-strings", "v12"],
)
async def test_a_grid_day(
    tmp_path: Path, version: int, strings: bool, cq: bool, transport: str
) -> None:
    bridge = FakeBridge(version, strings=strings, cq=cq)
    async with running(tmp_path, bridge, transport) as town:
        await grid_day(town)
        await closed(town)
        assert set(bridge.statuses) <= {204}


async def test_a_leader_registers_a_quoted_neighbour(tmp_path: Path) -> None:
    bridge = FakeBridge(11)
    async with running(tmp_path, bridge, "ws") as town:
        words = "今天天气真好啊"
        await town.says("wang", words)
        quote = Post("", words, town.heard[words], "", ())
        await town.says("leader", "建单", quote=quote)
        await town.sees("已登记 #1")


async def test_a_mention_of_the_bot_is_understood_and_removed(tmp_path: Path) -> None:
    bridge = FakeBridge(12)
    async with running(tmp_path, bridge, "ws") as town:
        message = [at(12, bridge.me), text(" 3号楼2单元楼道灯不亮了，晚上看不见路")]
        await bridge.tell(bridge.event("wxid_wang", message, town.group))
        await town.sees("已登记 #1")
        async with town.bot.store.read() as tx:
            ticket = await tx.tickets.by_number(f"onebot:{town.group_place}", 1)
    assert ticket is not None
    assert ticket.text == "3号楼2单元楼道灯不亮了，晚上看不见路"


@pytest.mark.parametrize("transport", ["ws", "http"])
@pytest.mark.parametrize(("version", "strings"), [(11, False), (12, True)])
async def test_what_is_taken_back_is_withdrawn_and_its_words_go(
    tmp_path: Path, version: int, strings: bool, transport: str
) -> None:
    bridge = FakeBridge(version, strings=strings)
    async with running(tmp_path, bridge, transport) as town:
        said = bridge.event(town.account("wang"), LAMP, town.group)
        await bridge.tell(said)
        await town.sees("已登记 #1")
        elsewhere = {**said, "user_id": town.account("li")}
        await bridge.tell(bridge.recall(elsewhere), times=2)
        other = bridge.event(town.account("li"), CAR, town.group)
        await bridge.tell(other)
        await town.sees("已登记 #2")
        assert await words(town, said) == LAMP
        await bridge.tell(bridge.recall(other, by=town.account("leader")))
        await bridge.tell(bridge.recall(said), times=2)
        await town.hears("leader", "#1", "撤回")
        assert await words(town, said) == await words(town, other) == ""
        assert await states(town) == ["已撤回", "待确认"]
        assert set(bridge.statuses) <= {204}


async def words(town: Town, said: dict[str, Any]) -> str:
    """What is stored of a message."""
    async with town.bot.store.read() as tx:
        found = await tx.inbox.by_platform_id("onebot", f"{town.bridge.me}:{said['message_id']}")
    assert found is not None
    return found.text


async def states(town: Town) -> list[str]:
    async with town.bot.store.read() as tx:
        found = [await tx.tickets.by_number(f"onebot:{town.group_place}", n) for n in (1, 2)]
    return [ticket.state.label for ticket in found if ticket]
