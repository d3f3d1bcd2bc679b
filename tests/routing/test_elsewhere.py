"""Units called from other grids: found by name, acting where they were called, never mixed up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import elsewhere
from routing.parts import Grid, Member, Parts, Person, Post, Role, Unit
from routing.roster import Roster

NOON = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
PARTS = Parts(
    grids=(
        Grid("d", "示例区", "district"),
        Grid("a", "城西街道", "street", "d"),
        Grid("ac", "城西社区", "community", "a"),
        Grid("ag", "城西社区第一网格", "grid", "ac"),
        Grid("am", "7幢微网格", "micro", "ag"),
        Grid("b", "城东镇", "street", "d"),
        Grid("bv", "河湾村", "community", "b"),
        Grid("x", "别的区", "district"),
        Grid("xs", "别的街道", "street", "x"),
    ),
    people=tuple(
        Person(name, name, (f"local:{name}",))
        for name in ("county", "west", "east", "admin", "police", "east_police", "clean", "old")
    ),
    posts=(
        Post("county", "d", Role.DISTRICT),
        Post("west", "a", Role.STREET),
        Post("east", "b", Role.STREET),
        Post("admin", "", Role.ADMIN),
        Post("old", "b", Role.STREET, until=date(2025, 11, 19)),
        Post("west", "ac", Role.LEADER),
    ),
    units=(
        Unit("street", "城西街道办", words=("街道",), grid="a"),
        Unit("street-2", "城东镇政府", words=("城东镇",), grid="b"),
        Unit("gongan", "城西派出所", words=("派出所",), grid="a"),
        Unit("gongan-2", "城东派出所", words=("派出所",), grid="b"),
        Unit("gongan-3", "别的派出所", grid="xs"),
        Unit("huanwei-2", "河湾保洁", grid="bv"),
        Unit("gongshui", "供水公司", words=("供水",)),
    ),
    members=(
        Member("gongan", "police"), Member("gongan-2", "east_police"), Member("huanwei-2", "clean"),
        Member("gongshui", "clean"),
    ),
)  # fmt: skip
ROSTER = Roster(PARTS)


@pytest.mark.parametrize(
    ("account", "under"),
    [
        ("county", "d"), ("west", "a"), ("admin", ""), ("east", "am"), ("police", "am"),
        ("nobody", "am"), ("old", "am"),
    ],
)  # fmt: skip
def test_how_far_somebody_may_call(account: str, under: str) -> None:
    assert elsewhere.reach(ROSTER, f"local:{account}", "am", NOON) == under


@pytest.mark.parametrize(
    ("words", "under", "units"),
    [
        ("供水", "d", ["gongshui"]),
        ("派出所", "d", ["gongan"]),  # the own one, though both are called so
        ("城东派出所", "d", ["gongan-2"]),  # the whole name before 派出所 in the own street
        ("城东派出所", "am", ["gongan"]),  # a leader means the own one
        ("gongan-2", "d", ["gongan-2"]),
        ("城东镇", "d", ["street-2"]),
        ("城东镇", "a", []),
        ("保洁", "d", ["huanwei-2"]),  # a part of a name, where nothing nearer fits
        ("河湾 保洁", "d", ["huanwei-2"]),
        ("别的派出所", "d", ["gongan"]),  # another county is out of reach
        ("别的派出所", "", ["gongan-3"]),
        ("火星", "d", []),
        ("", "d", []),
    ],
)
def test_which_unit_is_meant(words: str, under: str, units: list[str]) -> None:
    assert [u.id for u in elsewhere.units_meant(ROSTER, words, "am", under)] == units


@pytest.mark.parametrize(
    ("account", "grid", "units"),
    [
        ("police", "am", {"gongan"}),
        ("east_police", "am", {"gongan-2"}),
        ("east", "am", {"street-2"}),
        ("west", "am", {"street", "grid"}),
        ("clean", "am", {"gongshui", "huanwei-2"}),
        ("old", "am", set()),
        ("county", "am", set()),
        ("nobody", "am", set()),
    ],
)
def test_for_which_units_somebody_acts(account: str, grid: str, units: set[str]) -> None:
    found = elsewhere.acts_for(ROSTER, f"local:{account}", grid, NOON)
    assert found - {"community"} == units


@pytest.mark.parametrize(
    ("account", "within"),
    [("police", True), ("east", True), ("clean", True), ("county", False), ("old", False)],
)
def test_who_may_be_called_out_of_a_part_of_the_tree(account: str, within: bool) -> None:
    assert elsewhere.works_within(ROSTER, f"local:{account}", NOON) is within


@pytest.mark.parametrize(
    ("grid", "address"),
    [
        ("am", "城西街道城西社区7幢微网格"),
        ("ag", "城西街道城西社区第一网格"),
        ("ac", "城西街道城西社区"),
        ("a", "城西街道"),
        ("d", "示例区"),
        ("nowhere", ""),
    ],
)
def test_where_a_grid_lies(grid: str, address: str) -> None:
    assert elsewhere.address(ROSTER, grid) == address


def test_members_of_a_unit_from_elsewhere_are_those_of_its_own_grid() -> None:
    assert [p.id for p in ROSTER.members("street-2", "am", NOON)] == ["east"]
    assert [p.id for p in ROSTER.members("street", "am", NOON)] == ["west"]


@given(st.sampled_from(PARTS.units), st.sampled_from(PARTS.grids))
def test_a_unit_is_found_by_its_whole_name_wherever_it_is(unit: Unit, grid: Grid) -> None:
    assert unit in elsewhere.units_meant(ROSTER, unit.name, grid.code, "")


@given(st.sampled_from(PARTS.people), st.sampled_from(PARTS.grids))
def test_nobody_acts_for_a_unit_that_is_not_his(person: Person, grid: Grid) -> None:
    own = ROSTER.units_of(person.accounts[0], NOON)
    assert elsewhere.acts_for(ROSTER, person.accounts[0], grid.code, NOON) <= own
