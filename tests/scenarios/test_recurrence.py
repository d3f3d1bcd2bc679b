"""The same fault at the same place within thirty days is linked, after them it is a new one."""

from __future__ import annotations

import pytest

from tests.scenarios.town import Town


async def closed_once(town: Town, code: str = "0403", place: str = "7幢2单元") -> None:
    await town.group.says("wang", town.means("2单元的灯坏了", code, place=place))
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "满意 1")
    town.group.skip()


@pytest.mark.parametrize(("days", "linked"), [(8, True), (29, True), (31, False), (90, False)])
async def test_it_is_linked_for_thirty_days(town: Town, days: int, linked: bool) -> None:
    await closed_once(town)
    await town.later(days=days)
    await town.group.says("li", town.means("2单元的灯不亮", "0403", place="7幢2单元"))
    first, second = await town.tickets()
    assert second.recurs == (first.id if linked else 0)
    receipt = await town.group.expect("已登记 #2")
    assert ("同一地点近期已办过同类问题" in receipt.text) is linked


@pytest.mark.parametrize(("code", "place"), [("0404", "7幢2单元"), ("0403", "7幢3单元")])
async def test_another_fault_or_place_is_not(town: Town, code: str, place: str) -> None:
    await closed_once(town)
    await town.later(days=8)
    await town.group.says("li", town.means("这里又出问题", code, place=place))
    assert (await town.ticket(2)).recurs == 0
