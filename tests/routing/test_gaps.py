"""What a roster lacks is told to whoever keeps the lists, in their order, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from routing.gaps import CODES, TOO_LARGE, TOO_MANY, USUAL, Limits, vacancies
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

CELL, MICRO = "000000001001001", "000000001001001-01"
NO_LEADER = "没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
NOON = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
WHOLE = Parts(
    grids=(
        Grid("c", "示范社区", "community"),
        Grid(CELL, "第一网格", "grid", "c"),
        Grid(MICRO, "1幢", "micro", CELL),
    ),
    people=(Person("P", "甲", ("local:a",)), Person("Q", "乙", ("local:b",))),
    posts=(Post("P", CELL, Role.LEADER),),
    units=(Unit("gongshui", "示例供水公司", "0000-21"),),
    members=(Member("gongshui", "Q"),),
    groups=(Group("local:g", MICRO, "1幢群"),),
    knowledge=(Knowledge(1, "", "", ("疫苗",), "有", valid_until=date(2025, 11, 20)),),
)


def gaps(limits: Limits = USUAL, **changes: object) -> list[str]:
    roster = Roster(replace(WHOLE, **changes))  # type: ignore[arg-type]
    return [gap.line for gap in roster.checks(NOON, limits)]


def test_a_complete_roster_has_none() -> None:
    assert gaps() == []


@pytest.mark.parametrize(
    ("post", "lines"),
    [
        (Post("P", MICRO, Role.MICRO_LEADER), ["第一网格（" + CELL + "）" + NO_LEADER]),
        (Post("P", "c", Role.LEADER), ["第一网格（" + CELL + "）没有自己的网格长，暂由上级代管。"]),
        (Post("P", CELL, Role.LEADER, acting=True), []),
        (Post("P", CELL, Role.LEADER, until=date(2025, 11, 20)), []),
    ],
)  # fmt: skip
def test_who_leads(post: Post, lines: list[str]) -> None:
    assert gaps(posts=(post,)) == lines


@pytest.mark.parametrize(
    "post",
    [
        Post("P", CELL, Role.LEADER, until=date(2025, 11, 19)),
        Post("P", CELL, Role.LEADER, since=date(2025, 11, 21)),
        Post("P", CELL, Role.WORKER),
        Post("nobody", CELL, Role.LEADER),
    ],
)
def test_nobody_leads(post: Post) -> None:
    assert gaps(posts=(post,)) == [
        "第一网格（" + CELL + "）" + NO_LEADER,
        "1幢（" + MICRO + "）" + NO_LEADER,
    ]


def test_a_community_needs_a_leader_only_if_it_has_a_group() -> None:
    group = Group("local:c", "c", "社区大群")
    assert gaps(groups=(*WHOLE.groups, group)) == [
        "示范社区（c）没有网格长，群里的诉求没有人确认。请在“岗位”里补上。"
    ]


def test_a_leader_out_of_reach_is_told_once() -> None:
    people = (Person("P", "甲"), WHOLE.people[1])
    posts = (*WHOLE.posts, Post("P", MICRO, Role.MICRO_LEADER))
    assert gaps(people=people, posts=posts) == ["甲（P）是网格长，但没有登记账号，机器人提醒不到。"]


def test_a_worker_without_account_is_no_gap() -> None:
    people = (WHOLE.people[0], Person("Q", "乙"))
    assert gaps(people=people, posts=(*WHOLE.posts, Post("Q", CELL, Role.WORKER))) == []


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
    assert [gap.line for gap in Roster(WHOLE).checks(after)] == [
        "知识“疫苗”已于2025-11-20过期，不再使用。"
    ]


def test_lines_come_in_the_order_of_the_lists() -> None:
    lines = gaps(
        people=(Person("P", "甲"),),
        posts=(Post("P", MICRO, Role.MICRO_LEADER),),
        members=(),
        knowledge=(Knowledge(1, "", "", ("旧",), "旧", valid_until=date(2020, 1, 1)),),
    )
    assert [line[:4] for line in lines] == ["第一网格", "甲（P）", "示例供水", "知识“旧"]


def cell(
    households: int = 0, persons: int = 0, kind: str = "", above: str = ""
) -> tuple[Grid, ...]:
    """The tree with one grid of that size and kind, in a community of another kind."""
    return (
        Grid("c", "示范社区", "community", kind=above),
        Grid(CELL, "第一网格", "grid", "c", households, persons, kind),
        WHOLE.grids[2],
    )


@pytest.mark.parametrize(
    ("size", "kind", "lines"),
    [
        ((500, 1_000), "", []),
        ((501, 0), "", ["有501户，超过500户，请考虑拆分。"]),
        ((0, 1_001), "", ["有1001人，超过1000人，请考虑拆分。"]),
        (
            (700, 2_000),
            "",
            [f"有{n}，请考虑拆分。" for n in ("700户，超过500户", "2000人，超过1000人")],
        ),
        ((700, 2_000), "rural", []),
    ],
)  # fmt: skip
def test_how_large_a_grid_may_be(size: tuple[int, int], kind: str, lines: list[str]) -> None:
    assert gaps(grids=cell(*size, kind)) == [f"第一网格（{CELL}）{line}" for line in lines]
    assert gaps(Limits(700, 2_000), grids=cell(*size, kind)) == []
    assert gaps(Limits(0, 0), grids=cell(*size, kind)) == []


def test_a_large_community_is_none_of_a_grid_s_business() -> None:
    assert gaps(grids=(replace(WHOLE.grids[0], households=9_000), *WHOLE.grids[1:])) == []


WORKER = Post("Q", CELL, Role.WORKER, full_time=True)


@pytest.mark.parametrize(
    ("kind", "above", "post", "missing"),
    [
        ("urban", "", None, True),
        ("", "urban", None, True),
        ("rural", "urban", None, False),
        ("", "rural", None, False),
        ("", "", None, False),
        ("urban", "", WORKER, False),
        ("urban", "", replace(WORKER, full_time=False), True),
        ("urban", "", replace(WORKER, until=date(2025, 11, 19)), True),
        ("urban", "", replace(WORKER, grid="c"), True),
    ],
)
def test_an_urban_grid_needs_a_full_time_worker(
    kind: str, above: str, post: Post | None, missing: bool
) -> None:
    posts = (*WHOLE.posts, *([post] if post else []))
    lines = gaps(grids=cell(kind=kind, above=above), posts=posts)
    line = f"第一网格（{CELL}）没有专职网格员，城镇网格至少要有一名。"
    assert lines == ([line] if missing else [])


@pytest.mark.parametrize(("count", "limit", "told"), [(3, 3, False), (4, 3, True), (4, 0, False)])
def test_a_leader_of_too_many_grids(count: int, limit: int, told: bool) -> None:
    codes = [f"{n:015d}" for n in range(count)]
    grids = tuple(Grid(code, "某网格", "grid") for code in codes)
    posts = tuple(Post("P", code, Role.LEADER, acting=code != codes[0]) for code in codes)
    lines = gaps(Limits(grids=limit), grids=grids, posts=posts, groups=())
    assert lines == (["甲（P）一人管4个网格，超过3个。"] if told else [])


def test_micro_grids_below_the_own_grid_are_not_counted() -> None:
    micros = tuple(Grid(f"{CELL}-{n:02d}", "楼", "micro", CELL) for n in range(2, 9))
    posts = tuple(Post("P", grid.code, Role.MICRO_LEADER) for grid in micros)
    roster = {"grids": (*WHOLE.grids, *micros), "posts": (*WHOLE.posts, *posts)}
    assert gaps(**roster) == []  # type: ignore[arg-type]
    alone = {**roster, "posts": (Post("Q", CELL, Role.LEADER), *posts)}
    assert gaps(**alone) == ["甲（P）一人管7个网格，超过3个。"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "parent", "odd"),
    [("123", "", True), (f"{CELL}-02", CELL, False), ("X-02", CELL, True), ("z", "c", False)],
)
def test_codes_are_uniform(code: str, parent: str, odd: bool) -> None:
    level = "micro" if parent else "grid"
    extra = Grid(code, "新网格", level, parent)
    lines = gaps(grids=(*WHOLE.grids, extra), posts=(*WHOLE.posts, Post("Q", code, Role.LEADER)))
    assert lines == (
        [f"1个网格的编码不是统一编码（15位数字，微网格加后缀），例如新网格（{code}）。"]
        if odd
        else []
    )


def test_vacancies_of_a_district_like_haibowan() -> None:
    """435 grids, 390 of them with a leader of their own."""
    top = Grid("c", "示范社区", "community")
    grids = tuple(Grid(f"{n:015d}", f"网格{n}", "grid", "c") for n in range(435))
    people = tuple(Person(f"L{n}", "甲", (f"local:{n}",)) for n in range(390))
    posts = tuple(Post(f"L{n}", f"{n:015d}", Role.LEADER) for n in range(390))
    roster = Roster(Parts(grids=(top, *grids), people=people, posts=posts))
    assert vacancies(roster, "", NOON) == vacancies(roster, "c", NOON) == (435, 45)
    assert vacancies(roster, grids[0].code, NOON) == (1, 0)
    assert len(roster.checks(NOON)) == 45


def test_kinds_of_gaps_can_be_told_apart() -> None:
    grids = (*cell(700), Grid("odd", "乙", "grid", "c"))
    posts = tuple(Post("P", g, Role.LEADER) for g in (CELL, "odd"))
    found = Roster(replace(WHOLE, grids=grids, posts=posts)).checks(NOON, Limits(grids=1))
    assert [gap.kind for gap in found] == [TOO_LARGE, CODES, TOO_MANY]
