"""A grid day in a 客户群: the archive reads, the leader decides in the app and sends by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.archive import ArchiveChannel
from bot.clock import ManualClock
from routing.ticket import State, Ticket
from tests.channels.archive.conftest import record, write
from tests.channels.wecom.house import App, House, app_section, district, running, settings
from tests.fakes.wecom import FakeWecom, Post

ROOM = "wrGroup01"
GROUP = f"wecom_archive:{ROOM}"
LAMP = "7幢2单元楼道灯不亮了，晚上看不见路"
RESIDENTS = ("wang", "li", "zhao")


class Customers:
    """People in the group as the archive sees them, and the leader in the app."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self.app, self._seq = App(house), len(list(folder.iterdir()))

    async def says(self, user: str, text: str, **more: Any) -> dict[str, Any]:
        self._seq += 1
        said = record(user, text, ROOM, **more)
        await asyncio.to_thread(write, self.folder, self._seq, said)
        archive = self.house.bot.channels["wecom_archive"]
        assert isinstance(archive, ArchiveChannel)
        await archive.sync()
        await self.house.bot.settle()
        return said

    async def sends(self, *parts: str) -> None:
        """A minute passes, the leader pastes what she is asked to and says so."""
        clock = self.house.bot.clock
        assert isinstance(clock, ManualClock)
        clock.advance(timedelta(minutes=1))
        await self.house.bot.settle()
        notice = await self.hears("【请代发", *parts)
        found = re.search(r"【请代发 (\d+)】[^―]*―+\n(.*?)\n―+\n请把", notice.text, re.DOTALL)
        assert found is not None
        await self.says("leader", found[2])
        await self.app.tells("leader", f"已发 {found[1]}")
        await self.hears(f"✓ 代发{found[1]}")

    async def hears(self, *parts: str) -> Post:
        return await self.house.fake.expect("wecom_app:leader", *parts)

    async def ticket(self) -> Ticket:
        async with self.house.bot.store.read() as tx:
            found = await tx.tickets.by_number(GROUP, 1)
        assert found is not None
        return found


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[FakeWecom]:
    made = FakeWecom()
    await made.start()
    await asyncio.to_thread((tmp_path / "records").mkdir)
    yield made
    await made.aclose()


@asynccontextmanager
async def open_town(tmp_path: Path, fake: FakeWecom) -> AsyncIterator[Customers]:
    """The bot over this folder; opened again it is the same bot after a restart."""
    sheets, folder = await asyncio.to_thread(town, tmp_path), tmp_path / "records"
    chosen = settings(
        tmp_path, sheets, wecom_app=app_section(fake),
        wecom_archive={
            "enabled": True, "folder": str(folder), "check_consent": False, "poll_s": 1000
        },
    )  # fmt: skip
    async with running(fake, chosen) as house:
        yield Customers(house, folder)


@pytest.fixture
async def customers(tmp_path: Path, fake: FakeWecom) -> AsyncIterator[Customers]:
    async with open_town(tmp_path, fake) as opened:
        yield opened


def town(folder: Path) -> Path:
    """Residents are external contacts, staff have the app as well."""
    sheets = district(folder / "sheets", GROUP, "wecom_archive", "wecom_app")
    path = sheets / "人员.csv"
    words = path.read_text("utf-8")
    for name in RESIDENTS:
        both = f"wecom_archive:{name};wecom_app:{name}"
        words = words.replace(both, f"wecom_archive:wm{name}")
    path.write_text(words, "utf-8")
    return sheets


async def agree(customers: Customers) -> None:
    for name in RESIDENTS:
        await customers.says(f"wm{name}", "", msgtype="agree", agree={"userid": f"wm{name}"})


async def test_a_grid_day(customers: Customers) -> None:
    await customers.says("wmwang", "还没同意时说的话，7幢的路灯坏了")
    await agree(customers)
    await customers.says("wmwang", LAMP)
    await customers.hears("【待确认】#1")
    await customers.sends("已登记 #1", "楼道灯")
    await customers.app.tells("leader", "确认 1")
    await customers.hears("✓", "#1")
    await customers.app.tells("leader", "办结 1 换了新灯座")
    await customers.house.bot.settle()
    await customers.sends("#1", "满意／一般／不满意")
    await customers.says("wmwang", "满意")
    await customers.sends("#1", "已销号")
    assert (await customers.ticket()).state is State.CLOSED
    async with customers.house.bot.store.read() as tx:
        assert await tx.outbox.by_state("awaiting_human", 9) == []
        texts = [await tx.inbox.by_platform_id("wecom_archive", f"a{n}_external") for n in (1, 2)]
    assert texts == [None, None]


async def test_a_report_that_is_taken_back(customers: Customers) -> None:
    await agree(customers)
    said = await customers.says("wmwang", LAMP)
    await customers.hears("【待确认】#1")
    await customers.says("wmwang", "", msgtype="revoke", revoke={"pre_msgid": said["msgid"]})
    assert (await customers.ticket()).state is State.WITHDRAWN
    async with customers.house.bot.store.read() as tx:
        stored = await tx.inbox.by_platform_id("wecom_archive", said["msgid"])
    assert stored is not None
    assert (stored.text, stored.sender_name) == ("", "")


async def test_a_post_is_known_for_ours_also_after_a_restart(
    tmp_path: Path, fake: FakeWecom
) -> None:
    """It waits to be copied while the bot is stopped, and is copied once it runs again."""
    async with open_town(tmp_path, fake) as before:
        await agree(before)
        await before.says("wmwang", LAMP)
        await before.hears("【待确认】#1")
    async with open_town(tmp_path, fake) as after:
        async with after.house.bot.store.read() as tx:
            (waiting,) = await tx.outbox.by_state("awaiting_human", 9)
        pasted = await after.says("leader", waiting.message.text)
        own = await after.says("leader", "大家注意，明天检修电梯")
        async with after.house.bot.store.read() as tx:
            heard = [
                await tx.inbox.by_platform_id("wecom_archive", said["msgid"])
                for said in (pasted, own)
            ]
        assert [message and message.text for message in heard] == [None, "大家注意，明天检修电梯"]
