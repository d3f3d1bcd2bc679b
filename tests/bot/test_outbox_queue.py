"""Posts that a person has to send: gathered, numbered, told, confirmed by word or command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import service
from bot.app import Bot
from bot.clock import ManualClock
from bot.errors import NeedsHuman
from bot.ports import Capabilities
from bot.settings import Settings, load
from routing.message import Outbound
from storage.outbox import OutRow
from storage.store import Store

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
GROUP = "local:g1"


class OneWay:
    """The simulated group as a platform that lets the bot speak to staff only."""

    capabilities = Capabilities()

    def __init__(self, inner: Any, deaf: bool = False) -> None:
        self._inner, self.deaf = inner, deaf
        self.tasks: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def send(self, message: Outbound) -> str:
        place = message.conversation.removeprefix("local:")
        if place.startswith("task:"):
            self.tasks.append(f"{place} {message.text}")
            return "task-1"
        if self.deaf or place not in {"leader", "worker"}:
            raise NeedsHuman("only a person may send here")
        sent: str = await self._inner.send(message)
        return sent


class Office:
    """A bot whose posts to the group are sent by hand."""

    def __init__(self, bot: Bot, clock: ManualClock) -> None:
        self.bot, self.clock = bot, clock
        self.way = OneWay(bot.channels["local"])
        bot.channels["local"] = self.way
        bot.delivery._channels = bot.channels
        self._posts = 0

    async def post(self, *texts: str, place: str = GROUP, kind: str = "update", slot: str = ""):  # type: ignore[no-untyped-def]
        async with self.bot.store.write() as tx:
            for text in texts:
                message = Outbound(self.bot.house.new_id(), place, text)
                tx.outbox.put(OutRow(message, kind, (), slot, self.clock.now(), place == GROUP))
        await self.bot.settle()

    async def wait(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))
        await self.bot.settle()

    async def says(self, who: str, text: str) -> None:
        await self.way.say(f"local:{who}", f"local:{who}", text)
        await self.bot.settle()

    def told(self, who: str = "leader") -> list[str]:
        return [p.text for p in self.way.history(f"local:{who}") if p.of_bot]

    async def states(self) -> dict[str, int]:
        async with self.bot.store.read() as tx:
            found: dict[str, int] = await tx.outbox.count_by_state()
            return found


def chosen(folder: Path, **more: str) -> Settings:
    environ = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/bot.db",
        "GRIDBOT_BOT_DATA_DIR": str(folder),
        **{f"GRIDBOT_DIGEST_{level}": "" for level in ("GROUP", "COMMUNITY", "STREET")},
        **more,
    }
    return load(ROOT / "bot.toml", environ)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = ManualClock(NOON)
    bot = await Bot.open(chosen(tmp_path), clock)
    await bot.start()
    yield Office(bot, clock)
    await bot.aclose()


async def test_one_confirmation_sends_what_is_due(office: Office) -> None:
    await office.post("停水通知", "已登记 #1")
    assert office.told() == []
    await office.wait(seconds=60)
    (notice,) = office.told()
    assert "【请代发 1】" in notice
    assert "停水通知" in notice
    assert "已登记 #1" in notice
    assert "微网格群" in notice
    assert (await office.states())["awaiting_human"] == 2
    await office.says("leader", "已发 1")
    assert office.told()[-1] == "✓ 代发1：2条已记为发出，谢谢。"
    assert "awaiting_human" not in await office.states()
    await office.says("leader", "已发 1")
    assert "没有待发的1号" in office.told()[-1]


async def test_what_comes_later_is_a_batch_of_its_own(office: Office) -> None:
    await office.post("一")
    await office.wait(seconds=60)
    await office.post("二")
    await office.wait(seconds=60)
    assert "【请代发 2】" in office.told()[-1]
    assert "一" not in office.told()[-1].split("\n")[2]
    await office.says("leader", "已发")
    assert "1号" in office.told()[-1]
    assert "2号" in office.told()[-1]
    await office.says("leader", "已发 1、2")
    assert "awaiting_human" not in await office.states()


async def test_all_at_once(office: Office) -> None:
    for text in ("一", "二"):
        await office.post(text)
        await office.wait(seconds=60)
    await office.says("leader", "待发")
    assert office.told()[-1].startswith("等待代发：")
    await office.says("leader", "都发了")
    assert "awaiting_human" not in await office.states()
    await office.says("leader", "待发")
    assert office.told()[-1] == "现在没有等待代发的消息。"


async def test_an_urgent_post_is_told_at_once(office: Office) -> None:
    await office.post("请离开，不要开关电器", kind="urgent")
    assert "请离开" in office.told()[0]


async def test_only_the_latest_of_a_slot_is_sent(office: Office) -> None:
    await office.post("师傅在路上", slot="status:1")
    await office.post("已修好", slot="status:1")
    await office.wait(seconds=60)
    assert "师傅在路上" not in office.told()[0]
    assert "已修好" in office.told()[0]
    assert (await office.states())["dead"] == 1


async def test_stale_posts_expire_with_a_note(office: Office) -> None:
    await office.post("停水通知")
    await office.wait(seconds=60)
    await office.wait(hours=23)
    assert len(office.told()) == 1
    await office.wait(hours=1)
    assert "没有人发出，已经作废" in office.told()[-1]
    states = await office.states()
    assert states["dead"] == 1
    assert "awaiting_human" not in states
    async with office.bot.store.read() as tx:
        (row,) = await tx.outbox.by_state("dead", 9)
        assert "[human.expire_h]" in tx.outbox.errors[row.message.id]


async def test_where_nobody_can_be_told_the_setting_is_named(office: Office) -> None:
    office.way.deaf = True
    await office.post("停水通知")
    await office.wait(seconds=60)
    async with office.bot.store.read() as tx:
        (row,) = await tx.outbox.by_state("dead", 9)
        assert "[human.staff]" in tx.outbox.errors[row.message.id]
    assert (await office.states())["awaiting_human"] == 1


async def test_a_task_is_made_for_the_platform(office: Office) -> None:
    await office.post("停水通知", "今晚恢复")
    await office.wait(seconds=60)
    await office.says("leader", "群发 1")
    assert office.way.tasks == ["task:leader:g1 停水通知\n今晚恢复"]
    assert (await office.states())["awaiting_human"] == 2
    await office.says("leader", "已发1")
    assert "awaiting_human" not in await office.states()


@pytest.mark.parametrize("words", ["已发 1", "待发", "群发 1"])
async def test_a_resident_has_nothing_to_confirm(office: Office, words: str) -> None:
    await office.post("停水通知")
    await office.wait(seconds=60)
    await office.says("wang", words)
    assert (await office.states())["awaiting_human"] >= 1


async def test_the_command_line_lists_and_marks(office: Office, tmp_path: Path) -> None:
    await office.post("停水通知")
    await office.wait(seconds=60)
    await office.post("今晚恢复")
    settings, lines = chosen(tmp_path), list[str]()
    await office.bot.aclose()
    assert await service.outbox(settings, 0, False, lines.append) == 0
    assert lines[0].startswith("1号 → ")
    assert "    停水通知" in lines
    assert "    今晚恢复" in lines
    assert await service.outbox(settings, 9, False, lines.append) == 1
    assert await service.outbox(settings, 1, False, lines.append) == 0
    assert "✓ 代发1：1条" in lines[-1]
    assert await service.outbox(settings, 0, True, lines.append) == 0
    store = await Store.open(settings.storage.url)
    async with store.read() as tx:
        states = await tx.outbox.count_by_state()
        assert states["sent"] >= 2
        assert "awaiting_human" not in states
    await store.aclose()
