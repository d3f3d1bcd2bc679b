"""A leader on leave: who acts hears and may do what the leader would, from the first day to the
last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from routing.parts import Parts, Post
from routing.roster import LEADING
from routing.ticket import State
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

LEADER, ACTING = "P005", "P009"


async def go_on_leave(town: Town, until: date) -> None:
    """The leader's grids are held by somebody acting, until that day; the leader is back after."""
    today = town.local_time.date()

    def changed(parts: Parts) -> Parts:
        away = [p for p in parts.posts if p.person == LEADER and p.role in LEADING]
        back = (replace(p, since=until + timedelta(days=1)) for p in away)
        acting = (Post(ACTING, p.grid, p.role, True, today, until) for p in away)
        others = (p for p in parts.posts if p not in away)
        return replace(parts, posts=(*others, *back, *acting))

    async with town.bot.store.write() as tx:
        await tx.people.replace(changed(await tx.people.parts()))
    await town.bot.reload()


@pytest.fixture
async def absent(town: Town) -> Town:
    await go_on_leave(town, town.local_time.date())
    return town


async def test_who_acts_is_reminded_and_the_absent_leader_is_not(absent: Town) -> None:
    await absent.group.says("wang", LAMP)
    await absent.later(hours=5, minutes=31)
    assert any("还在等确认" in text for text in absent.at("leader2").news)
    assert absent.at("leader").news == []


async def test_who_acts_decides_and_the_absent_leader_again_on_return(absent: Town) -> None:
    await absent.group.says("wang", LAMP)
    await absent.group.says("leader", "确认 1")
    assert (await absent.ticket(1)).state is State.REPORTED
    await absent.group.says("leader2", "确认 1")
    assert (await absent.ticket(1)).state is State.CONFIRMED
    await absent.later(days=1)
    await absent.group.says("leader", "派单 1 物业")
    assert (await absent.ticket(1)).state is State.DISPATCHED


async def test_whose_post_is_over_hears_nothing_and_ends_nothing(town: Town) -> None:
    """What a grid's own people do, 进展 and 办结, was open to all who had ever held its posts."""
    await town.group.says("wang", town.means("楼道里的灯不亮了", "0403"))
    await town.group.says("leader", "派单 1 网格")
    assert (await town.ticket(1)).unit == "grid"
    town.at("leader").skip()
    await go_on_leave(town, town.local_time.date())
    for words in ("进展 1 看过了", "办结 1 已清理"):
        before = await town.ticket(1)
        await town.group.says("leader", words)
        assert await town.ticket(1) == before, words
    await town.later(days=1, hours=-3)
    assert town.at("leader").news == []
    assert town.at("leader2").news
    await town.later(hours=3)
    await town.group.says("leader", "办结 1 已清理")
    assert (await town.ticket(1)).state is State.RESOLVED
