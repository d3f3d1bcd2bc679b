"""Offices by the names that the levels have here; a name that nobody changed changes nothing."""

from __future__ import annotations

import pytest

from routing.folder_form import ROLE_NAMES
from routing.parts import LEVELS, Role
from routing.titles import title_of

ZHANGZI = {
    "district": "县", "street": "乡镇", "community": "行政村", "grid": "网格", "micro": "微网格",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "title"),
    [
        (Role.DISTRICT, "县指挥中心"),
        (Role.STREET, "乡镇指挥中心"),
        (Role.SECRETARY, "行政村书记"),
        (Role.COMMUNITY, "行政村工作者"),
        (Role.LEADER, "网格长"),
        (Role.RESIDENT, "居民"),
    ],
)
def test_a_county_has_its_own_titles(role: Role, title: str) -> None:
    assert title_of(role, ZHANGZI) == title


@pytest.mark.parametrize("role", Role)
def test_with_the_usual_names_a_title_is_the_label(role: Role) -> None:
    assert title_of(role, LEVELS) == role.label


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STREET, Role.SECRETARY])
def test_a_title_can_be_written_into_the_lists(role: Role) -> None:
    assert ROLE_NAMES[title_of(role, ZHANGZI)] is role
