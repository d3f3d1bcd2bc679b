"""`run_bot.py group`: made at the platform, bound in the roster, greeted; once for each grid."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import groups
from bot.app import Bot
from bot.errors import GridbotError, Rejected, SettingsError
from bot.settings import Settings
from routing.roster import Group
from tests.channels.wecom.house import app_section, district, settings
from tests.fakes.wecom import FakeWecom, Fault

GRID, MICRO, VILLAGE = "990101001001001", "990101001001001-07", "990101001002001-01"
PLACE = "wecom_app:chat:grid990101001001001"


@pytest.fixture
async def fake() -> AsyncIterator[FakeWecom]:
    made = FakeWecom()
    await made.start()
    yield made
    await made.aclose()


@pytest.fixture
async def chosen(tmp_path: Path, fake: FakeWecom) -> Settings:
    return await opened(tmp_path, fake, "wecom_app")


async def opened(tmp_path: Path, fake: FakeWecom, channel: str) -> Settings:
    """Settings over a database that has the sample district with its accounts on a channel."""
    sheets = await asyncio.to_thread(district, tmp_path / "sheets", "wecom_app:chat:g1", channel)
    found = settings(tmp_path, sheets, wecom_app=app_section(fake))
    await (await Bot.open(found)).aclose()
    return found


async def bound(chosen: Settings) -> list[Group]:
    bot = await Bot.open(chosen)
    found = [g for g in bot.house.roster.parts.groups if g.grid == GRID]
    await bot.aclose()
    return found


async def test_a_group_is_made_bound_and_greeted(chosen: Settings, fake: FakeWecom) -> None:
    said: list[str] = []
    assert await groups.create(chosen, GRID, "", said.append) == 0
    (call,) = fake.called("appchat/create")
    assert call["name"] == "示范社区第一网格工作群"
    assert call["owner"] == call["userlist"][0] == "leader"
    assert len(call["userlist"]) >= 2
    assert await bound(chosen) == [Group(PLACE, GRID, "示范社区第一网格工作群")]
    assert "大家好" in fake.said(PLACE)[0]
    assert PLACE in said[0]


async def test_it_is_made_once(chosen: Settings, fake: FakeWecom) -> None:
    await groups.create(chosen, GRID, "值班群", print)
    with pytest.raises(GridbotError, match="已经有群"):
        await groups.create(chosen, GRID, "又一个", print)
    assert len(fake.called("appchat/create")) == 1


async def test_what_an_unclear_try_has_left_is_taken_over(
    chosen: Settings, fake: FakeWecom
) -> None:
    fake.faults["appchat/create"].append(Fault(status=500, acted=True))
    with pytest.raises(Rejected, match="may have arrived"):
        await groups.create(chosen, GRID, "值班群", print)
    assert await bound(chosen) == []
    await groups.create(chosen, GRID, "值班群", print)
    assert [group.conversation for group in await bound(chosen)] == [PLACE]
    assert len(fake.groups) == 1


async def test_what_cannot_be_made_says_why(chosen: Settings, fake: FakeWecom) -> None:
    with pytest.raises(GridbotError, match="没有这个网格"):
        await groups.create(chosen, "nowhere", "", print)
    with pytest.raises(GridbotError, match="已经有群"):
        await groups.create(chosen, MICRO, "", print)
    alone = chosen.model_copy(update={"channels": type(chosen.channels)()})
    with pytest.raises(SettingsError, match="wecom_app"):
        await groups.create(alone, GRID, "", print)
    assert fake.called("appchat/create") == []


async def test_residents_do_not_come_into_it(chosen: Settings, fake: FakeWecom) -> None:
    await groups.create(chosen, VILLAGE, "", print)
    (call,) = fake.called("appchat/create")
    assert "yang" not in call["userlist"]
    assert set(call["userlist"]) >= {"leader2", "worker2"}


async def test_a_group_needs_two_people_with_an_account(tmp_path: Path, fake: FakeWecom) -> None:
    made = await opened(tmp_path, fake, "wecom_aibot")
    with pytest.raises(GridbotError, match="不到2人"):
        await groups.create(made, GRID, "", print)
    assert fake.called("appchat/create") == []
