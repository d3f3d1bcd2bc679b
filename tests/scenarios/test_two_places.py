"""One matter at several places is one ticket that names them all, found again by any of them; two
matters in one building are both there."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.town import Town

BOTH = "9栋和7栋路灯都不亮"


@pytest.mark.parametrize(
    ("text", "place", "normal"),
    [
        (BOTH, "9栋、7栋", "9幢、7幢"),
        ("9栋路灯和7栋路灯都不亮", "9栋、7栋", "9幢、7幢"),
        ("东门和西门的路灯都不亮", "东门、西门", "东门、西门"),
        ("2单元和3单元楼道灯都坏了", "7幢2单元、7幢3单元", "7幢2单元、7幢3单元"),
        ("9栋和7栋中间的路灯不亮", "9栋和7栋中间", "9幢"),
    ],
)
async def test_every_place_is_named(town: Town, text: str, place: str, normal: str) -> None:
    await town.group.says("wang", text)
    (ticket,) = await town.tickets()
    assert (ticket.place, ticket.place_normal) == (place, normal)
    await town.group.expect("已登记 #1", place)
    await town.at("leader").expect("#1", place, text)


async def test_a_neighbour_at_one_of_them_joins(town: Town) -> None:
    await town.group.says("wang", BOTH)
    await town.group.says("li", "7栋路灯不亮了")
    (ticket,) = await town.tickets()
    assert ticket.voices == ("local:wang", "local:li")


async def test_who_names_one_place_more_is_not_swallowed(town: Town) -> None:
    await town.group.says("wang", "7栋路灯不亮了")
    town.at("leader").skip()
    await town.group.says("li", BOTH)
    first, second = await town.tickets()
    assert first.voices == ("local:wang",)
    assert (second.state, second.place_normal) == (State.REPORTED, "9幢、7幢")
    await town.at("leader").expect("#2", "#1", "同一件")


async def test_elsewhere_is_another_matter(town: Town) -> None:
    await town.group.says("wang", BOTH)
    await town.group.says("li", "8栋路灯不亮了")
    assert [t.state for t in await town.tickets()] == [State.REPORTED] * 2


async def test_it_comes_back_at_one_of_them(town: Town) -> None:
    await town.group.says("wang", BOTH)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "满意")
    await town.later(days=2)
    await town.group.says("wang", "7栋的路灯又不亮了")
    again = await town.tickets()
    assert again[0].state is State.IN_PROGRESS or again[-1].recurs == again[0].id


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("7幢停水了，停电了", ["7幢", "7幢"]),
        ("7幢2单元楼道灯坏了，又停电", ["7幢2单元楼道", "7幢2单元"]),
        ("北门那排路灯全不亮了。另外停电了", ["北门", ""]),
    ],
)
async def test_a_second_matter_is_in_the_building_that_was_named(
    town: Town, text: str, places: list[str]
) -> None:
    await town.group.says("wang", text)
    assert [ticket.place for ticket in await town.tickets()] == places
    assert any("请问在几号楼" in post for post in town.group.texts) is ("" in places)
