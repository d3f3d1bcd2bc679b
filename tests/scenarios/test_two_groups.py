"""Two chat groups on one grid, owners and tenants of 7幢: each hears of its own matters only; the
leader and the levels above have both before them and are never left to guess which is meant."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from routing.parts import Group
from routing.ticket import State
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import MONDAY, Interpreter, Town

CELL = "990101001001001-07"
OWNERS, TENANTS = "示范社区7幢微网格群", "7幢租户群"


@pytest.fixture
async def town(
    district_file: Path, tmp_path: Path, interpreter: Interpreter
) -> AsyncIterator[Town]:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    clock = ManualClock(MONDAY)
    settings = settings_in(tmp_path, GRIDBOT_DIGEST_GROUP="18:00", GRIDBOT_DIGEST_STREET="18:20")
    bot = await Bot.open(settings, clock, interpreter)
    async with bot.store.write() as tx:
        parts = await tx.people.parts()
        more = Group("local:g10", CELL, TENANTS, "auto")
        await tx.people.replace(replace(parts, groups=(*parts.groups, more)))
    await bot.reload()
    town = Town(bot, clock, interpreter)
    town.channel.groups["local:g10"] = TENANTS
    await bot.start()
    yield town
    await bot.aclose()


async def both(town: Town) -> None:
    """#1 of the owners is a lamp, #1 of the tenants the gymnastic equipment."""
    await town.group.says("wang", LAMP)
    await town.at("g10").says("li", GYM)


async def test_each_group_hears_of_its_own_and_numbers_for_itself(town: Town) -> None:
    await both(town)
    await town.group.expect("已登记 #1 楼道灯")
    await town.at("g10").expect("已登记 #1 健身儿童设施")
    await town.group.silence()
    await town.at("g10").silence()
    assert [(await town.ticket(1, g)).grid for g in ("g1", "g10")] == [CELL, CELL]


async def test_the_leaders_word_in_a_group_is_about_that_group(town: Town) -> None:
    await both(town)
    await town.at("g10").says("leader", "办结 1 拧紧了螺丝")
    assert (await town.ticket(1)).state is State.REPORTED
    assert (await town.ticket(1, "g10")).state is State.RESOLVED
    await town.at("g10").expect("拧紧了螺丝", "满意")
    assert not any("拧紧了螺丝" in text for text in town.group.texts)
    await town.at("g10").says("li", "满意")
    assert (await town.ticket(1, "g10")).state is State.CLOSED


async def test_one_to_one_the_leader_is_asked_which_group_is_meant(town: Town) -> None:
    await both(town)
    town.at("leader").skip()
    await town.at("leader").tells("进展 1 看过了")
    await town.at("leader").expect("有2件都是 #1", OWNERS, TENANTS, "引用小格说那件事的消息")
    post = next(post for post in town.at("leader").posts if "健身儿童设施" in post.text)
    await town.at("leader").says("leader", "确认", quote=post)
    assert (await town.ticket(1, "g10")).state is State.CONFIRMED
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("who", ["leader", "community", "street"])
async def test_a_list_over_several_groups_names_them(town: Town, who: str) -> None:
    await both(town)
    town.at(who).skip()
    await town.at(who).tells("待办")
    post = await town.at(who).expect("待办2件")
    lamp, gym = sorted(post.text.splitlines()[1:], key=lambda row: "健身儿童设施" in row)
    assert lamp.endswith(f"，{OWNERS}）")
    assert gym.endswith(f"，{TENANTS}）")


async def test_a_list_of_one_group_does_not_repeat_its_name(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").tells("待办")
    post = await town.at("leader").expect("待办1件")
    assert OWNERS not in post.text


async def test_each_group_has_its_digest_and_the_street_a_line_for_each(town: Town) -> None:
    await both(town)
    await town.at("g10").says("zhao", "3楼窗户玻璃碎了")
    await town.at("g10").says("leader", "办结 1 拧紧了螺丝")
    for room in ("g1", "g10", "street"):
        town.at(room).skip()
    await town.later(hours=9)
    (owners,) = [text for text in town.group.news if "日报" in text]
    (tenants,) = [text for text in town.at("g10").news if "日报" in text]
    assert owners.startswith(f"【{OWNERS} 日报")
    assert "新增1件" in owners
    assert "办结0件" in owners
    assert tenants.startswith(f"【{TENANTS} 日报")
    assert "办结1件" in tenants
    (street,) = [text for text in town.at("street").news if "日报" in text]
    assert f"· {OWNERS}：新增1，办结0" in street
    assert f"· {TENANTS}：新增" in street


async def test_what_is_told_one_to_one_goes_to_the_first_group_of_the_home(town: Town) -> None:
    await town.at("wang").tells(LAMP)
    assert [t.number for t in await town.tickets()] == [1]
    assert await town.tickets("g10") == []


async def test_a_mode_is_set_for_the_group_it_is_said_in(town: Town) -> None:
    await town.at("g10").says("leader", "模式 静默")
    await both(town)
    await town.group.expect("已登记 #1 楼道灯")
    assert not any("已登记" in text for text in town.at("g10").texts)
    await town.at("li").expect("已登记 #1 健身儿童设施")
