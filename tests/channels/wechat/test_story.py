"""A report over 公众号 and over 微信客服 with the whole bot: registered, judged and closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from routing.ticket import State
from tests.channels.wechat.conftest import kf_section, mp_section
from tests.channels.wecom.house import App, House, app_section, district, running, settings
from tests.fakes.wechat import FakeWechat
from tests.fakes.wecom import FakeWecom

LAMP = "7幢2单元楼道灯不亮了，晚上看不见路"
GROUP = App.group
Says = Callable[[str, str], Awaitable[None]]


@asynccontextmanager
async def town(tmp_path: Path, fake: FakeWechat, channel: str) -> AsyncIterator[tuple[House, Says]]:
    """The bot with this channel for residents and the app for staff."""
    wecom = FakeWecom()
    await wecom.start()
    wecom.groups["g1"] = ["leader", "worker"]
    sheets = district(tmp_path / "sheets", GROUP, "wecom_app", channel)
    section = mp_section(fake) if channel == "wechat_mp" else kf_section(fake)
    chosen = settings(tmp_path, sheets, wecom_app=app_section(wecom), **{channel: section})
    async with running(wecom, chosen) as house:
        fake.bot = house.platform.base

        async def says(user: str, text: str) -> None:
            if channel == "wechat_mp":
                assert (await fake.mp(fake.mp_xml(user, text))).status == 200
                return
            fake.kf_item(user, text)
            assert (await fake.nudge()).status == 200

        yield house, says
    await wecom.aclose()


@pytest.mark.parametrize("channel", ["wechat_mp", "wechat_kf"])
async def test_one_report_from_end_to_end(tmp_path: Path, fake: FakeWechat, channel: str) -> None:
    async with town(tmp_path, fake, channel) as (house, says):
        staff, people = App(house), fake
        await says("wang", LAMP)
        await people.expect("wang", "已登记 #1", "楼道灯")
        await house.fake.expect("wecom_app:leader", "【待确认】#1")
        await staff.tells("leader", "确认 1")
        await house.fake.expect("wecom_app:leader", "✓", "#1")
        await says("wang", "进度 1")
        await people.expect("wang", "#1")
        await staff.tells("worker", "办结 1 换了新灯座")
        await people.expect("wang", "#1", "满意／一般／不满意")
        await says("wang", "满意")
        await people.expect("wang", "#1", "已销号")
        async with house.bot.store.read() as tx:
            ticket = await tx.tickets.by_number(GROUP, 1)
            assert ticket is not None
            await tx.tickets.verify(ticket.id)
        assert ticket.state is State.CLOSED
        assert ticket.origin == f"{channel}:wang"
        assert house.fake.said(GROUP) == []
