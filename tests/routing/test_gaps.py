"""What a roster lacks is told to whoever keeps the lists, in their order, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from routing.roster import (
    Grid,
    Group,
    Knowledge,
    Member,
    Parts,
    Person,
    Post,
    Role,
    Roster,
    Unit,
)

NO_LEADER = "没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
NOON = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
WHOLE = Parts(
    grids=(
        Grid("c", "示范社区", "community"),
        Grid("g", "第一网格", "grid", "c"),
        Grid("m", "1幢", "micro", "g"),
    ),
    people=(Person("P", "甲", ("local:a",)), Person("Q", "乙", ("local:b",))),
    posts=(Post("P", "g", Role.LEADER),),
    units=(Unit("gongshui", "示例供水公司", "0000-21"),),
    members=(Member("gongshui", "Q"),),
    groups=(Group("local:g", "m", "1幢群"),),
    knowledge=(Knowledge(1, "", "", ("疫苗",), "有", valid_until=date(2025, 11, 20)),),
)


def gaps(**changes: object) -> list[str]:
    return Roster(replace(WHOLE, **changes)).checks(NOON)  # type: ignore[arg-type]


def test_a_complete_roster_has_none() -> None:
    assert gaps() == []


@pytest.mark.parametrize(
    ("post", "lines"),
    [
        (Post("P", "m", Role.MICRO_LEADER), ["第一网格（g）" + NO_LEADER]),
        (Post("P", "c", Role.LEADER), ["第一网格（g）没有自己的网格长，暂由上级代管。"]),
        (Post("P", "g", Role.LEADER, acting=True), []),
        (Post("P", "g", Role.LEADER, until=date(2025, 11, 20)), []),
    ],
)  # fmt: skip
def test_who_leads(post: Post, lines: list[str]) -> None:
    assert gaps(posts=(post,)) == lines


@pytest.mark.parametrize(
    "post",
    [
        Post("P", "g", Role.LEADER, until=date(2025, 11, 19)),
        Post("P", "g", Role.LEADER, since=date(2025, 11, 21)),
        Post("P", "g", Role.WORKER),
        Post("nobody", "g", Role.LEADER),
    ],
)
def test_nobody_leads(post: Post) -> None:
    assert gaps(posts=(post,)) == [
        "第一网格（g）" + NO_LEADER,
        "1幢（m）" + NO_LEADER,
    ]


def test_a_community_needs_a_leader_only_if_it_has_a_group() -> None:
    group = Group("local:c", "c", "社区大群")
    assert gaps(groups=(*WHOLE.groups, group)) == [
        "示范社区（c）没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
    ]


def test_a_leader_out_of_reach_is_told_once() -> None:
    people = (Person("P", "甲"), WHOLE.people[1])
    posts = (*WHOLE.posts, Post("P", "m", Role.MICRO_LEADER))
    assert gaps(people=people, posts=posts) == ["甲（P）是网格长，但没有登记账号，机器人提醒不到。"]


def test_a_worker_without_account_is_no_gap() -> None:
    people = (WHOLE.people[0], Person("Q", "乙"))
    assert gaps(people=people, posts=(*WHOLE.posts, Post("Q", "g", Role.WORKER))) == []


@pytest.mark.parametrize(
    ("unit", "line"),
    [
        (Unit("ranqi", "示例燃气", "0000-24"), "示例燃气没有登记承办人，只能打电话 0000-24。"),
        (Unit("ranqi", "示例燃气公司"), "示例燃气公司没有登记承办人，也没有登记电话。"),
        (Unit("wuye-2", "乙物业", "0000-5"), "乙物业没有登记承办人，只能打电话 0000-5。"),
    ],
)  # fmt: skip
def test_units_without_a_handler(unit: Unit, line: str) -> None:
    assert gaps(units=(*WHOLE.units, unit)) == [line]


@pytest.mark.parametrize("unit_id", ["grid", "community", "street", "community-2"])
def test_units_that_consist_of_posts_need_no_members(unit_id: str) -> None:
    assert gaps(units=(*WHOLE.units, Unit(unit_id, "某处"))) == []


@pytest.mark.parametrize(
    ("until", "told"), [(date(2025, 11, 19), True), (date(2025, 11, 20), False), (None, False)]
)
def test_answers_out_of_date(until: date | None, told: bool) -> None:
    entry = Knowledge(2, "", "", ("几点", "上班"), "八点", valid_until=until)
    line = "知识“几点、上班”已于2025-11-19过期，不再使用。"
    assert gaps(knowledge=(entry,)) == ([line] if told else [])


def test_the_day_is_the_local_one() -> None:
    before = datetime(2025, 11, 20, 15, 59, tzinfo=UTC)  # one minute before midnight in Shanghai
    after = datetime(2025, 11, 20, 16, 0, tzinfo=UTC)
    assert Roster(WHOLE).checks(before) == []
    assert Roster(WHOLE).checks(after) == ["知识“疫苗”已于2025-11-20过期，不再使用。"]


def test_lines_come_in_the_order_of_the_lists() -> None:
    lines = gaps(
        people=(Person("P", "甲"),),
        posts=(Post("P", "m", Role.MICRO_LEADER),),
        members=(),
        knowledge=(Knowledge(1, "", "", ("旧",), "旧", valid_until=date(2020, 1, 1)),),
    )
    assert [line[:4] for line in lines] == ["第一网格", "甲（P）", "示例供水", "知识“旧"]
