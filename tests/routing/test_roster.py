"""Who is who in a small tree: inheritance down the tree, acting posts, dates, duty, answers."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.roster import (
    Duty,
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

NOON = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
"""Noon of 20 November in Shanghai."""

PARTS = Parts(
    grids=(
        Grid("d", "示例区", "district"),
        Grid("s", "样板街道", "street", "d"),
        Grid("c", "示范社区", "community", "s"),
        Grid("g1", "第一网格", "grid", "c"),
        Grid("g2", "第二网格", "grid", "c"),
        Grid("m1", "1幢", "micro", "g1"),
        Grid("m2", "2幢", "micro", "g1"),
        Grid("v", "示例村", "community", "s"),
    ),
    people=(
        Person("P1", "网格长甲", ("local:leader", "wecom:leader")),
        Person("P2", "楼道长乙", ("local:micro",)),
        Person("P3", "网格员丙", ("local:worker",)),
        Person("P4", "社工丁", ("local:community",)),
        Person("P5", "街道戊", ("local:street",)),
        Person("P6", "供水己", ("local:water",)),
        Person("P7", "居民庚", ("local:wang",)),
        Person("P8", "物业辛", ("local:wuye",)),
        Person("P9", "管理员壬", ("local:admin",)),
        Person("P10", "代理癸", ()),
        Person("P11", "书记子", ("local:secretary",)),
    ),
    posts=(
        Post("P10", "g1", Role.LEADER, acting=True),
        Post("P1", "g1", Role.LEADER, since=date(2025, 1, 1), until=date(2025, 12, 31)),
        Post("P2", "m1", Role.MICRO_LEADER),
        Post("P3", "g1", Role.WORKER),
        Post("P4", "c", Role.COMMUNITY),
        Post("P5", "s", Role.STREET),
        Post("P7", "m2", Role.RESIDENT),
        Post("P9", "", Role.ADMIN),
        Post("P11", "c", Role.SECRETARY, until=date(2025, 11, 19)),
    ),
    units=(
        Unit("gongshui", "示例供水公司", "0000-21", ("供水", "自来水公司", "水司")),
        Unit("shuiwu", "示例水务局", "", ("水务",)),
        Unit("wuye-1", "甲物业", "0000-4", ("物业",), "g1"),
        Unit("wuye", "大物业", "0000-5", ("物业",), "c"),
        Unit("community", "示范社区居委会", "0000-1", ("社区", "居委会"), "c"),
    ),
    members=(Member("gongshui", "P6"), Member("wuye-1", "P8")),
    groups=(
        Group("local:g1", "m1", "1幢群"),
        Group("local:g2", "m2", "2幢群", "quiet", ("东门",)),
        Group("local:g3", "g2", "第二网格群"),
    ),
    duties=(
        Duty("v", 2, "P3", 8, 20),
        Duty("v", 1, "P4", 8, 20),
        Duty("v", 3, "P4", 8, 20),
        Duty("v", 1, "P5", 20, 8),
    ),
    knowledge=(
        Knowledge(1, "", "14", ("疫苗",), "区里的答案"),
        Knowledge(2, "c", "1401", ("疫苗", "接种"), "社区的答案", "社区", date(2025, 12, 31)),
        Knowledge(3, "c", "", ("上班", "疫苗"), "通用的答案"),
        Knowledge(4, "g1", "1401", ("流感",), "只说流感"),
    ),
)
ROSTER = Roster(PARTS)


def names(people: tuple[Person, ...]) -> list[str]:
    return [p.id for p in people]


# ── the tree


@pytest.mark.parametrize(
    ("code", "chain"),
    [("m1", ["m1", "g1", "c", "s", "d"]), ("d", ["d"]), ("nowhere", []), ("", [])],
)
def test_ancestors(code: str, chain: list[str]) -> None:
    assert [g.code for g in ROSTER.ancestors(code)] == chain


def test_a_circle_in_the_tree_ends() -> None:
    circle = Roster(Parts(grids=(Grid("a", "甲", "grid", "b"), Grid("b", "乙", "grid", "a"))))
    assert [g.code for g in circle.ancestors("a")] == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "groups"),
    [
        ("m1", ["local:g1"]),
        ("g1", ["local:g1", "local:g2"]),
        ("d", ["local:g3", "local:g1", "local:g2"]),
        ("", ["local:g3", "local:g1", "local:g2"]),
        ("v", []),
        ("nowhere", []),
    ],
)
def test_groups_under(code: str, groups: list[str]) -> None:
    assert [g.conversation for g in ROSTER.groups_under(code)] == groups


def test_single_lookups() -> None:
    group = ROSTER.group("local:g2")
    assert group is not None
    assert (group.grid, group.mode, group.words) == ("m2", "quiet", ("东门",))
    assert ROSTER.group("local:none") is None
    assert ROSTER.grid("c") == PARTS.grids[2]
    assert ROSTER.grid("none") is None
    assert ROSTER.person("P3") == PARTS.people[2]
    assert ROSTER.unit("none") is None


def test_the_ancestor_of_a_level() -> None:
    street = ROSTER.at_level("m1", "street")
    assert street is not None
    assert street.code == "s"
    assert ROSTER.at_level("c", "micro") is None


# ── people


def test_accounts() -> None:
    person = ROSTER.person_of("wecom:leader")
    assert person is not None
    assert person.id == "P1"
    assert ROSTER.account_on(person, "local") == "local:leader"
    assert ROSTER.account_on(person, "wecom") == "wecom:leader"
    assert ROSTER.account_on(person, "onebot") == ""
    assert ROSTER.person_of("local:nobody") is None


@pytest.mark.parametrize(
    ("account", "grid", "roles"),
    [
        ("local:leader", "g1", {Role.LEADER}),
        ("local:leader", "m1", {Role.LEADER}),  # holds below
        ("local:leader", "g2", set()),  # not beside
        ("local:leader", "c", set()),  # not above
        ("local:micro", "m1", {Role.MICRO_LEADER}),
        ("local:micro", "m2", set()),
        ("local:street", "m1", {Role.STREET}),
        ("local:admin", "m1", {Role.ADMIN}),  # everywhere
        ("local:admin", "nowhere", {Role.ADMIN}),
        ("local:wang", "m2", set()),  # a resident has no role
        ("local:nobody", "m1", set()),
        ("local:water", "m1", {Role.DEPARTMENT}),  # works for a unit serving the grid
        ("local:wuye", "m1", {Role.PROPERTY}),
        ("local:wuye", "g2", set()),  # its unit serves another grid
    ],
)
def test_roles_in(account: str, grid: str, roles: set[Role]) -> None:
    assert ROSTER.roles_in(account, grid, NOON) == roles


def test_roles_end_with_the_post() -> None:
    later = NOON + timedelta(days=60)
    assert ROSTER.roles_in("local:leader", "g1", NOON) == {Role.LEADER}
    assert ROSTER.roles_in("local:leader", "g1", later) == set()
    assert ROSTER.roles_in("local:secretary", "c", NOON) == set()
    assert ROSTER.roles_in("local:secretary", "c", NOON - timedelta(days=1)) == {Role.SECRETARY}


def test_the_last_day_of_a_post_is_a_local_day() -> None:
    end = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)  # one minute before midnight in Shanghai
    assert names(ROSTER.holders("g1", Role.LEADER, end)) == ["P1", "P10"]
    assert names(ROSTER.holders("g1", Role.LEADER, end + timedelta(minutes=1))) == ["P10"]


@pytest.mark.parametrize(
    ("grid", "role", "people"),
    [
        ("g1", Role.LEADER, ["P1", "P10"]),  # acting after regular
        ("m1", Role.STREET, ["P5"]),
        ("g2", Role.LEADER, []),
        ("m1", Role.ADMIN, ["P9"]),
    ],
)
def test_holders(grid: str, role: Role, people: list[str]) -> None:
    assert names(ROSTER.holders(grid, role, NOON)) == people


@pytest.mark.parametrize(
    ("grid", "people"),
    [("m1", ["P2"]), ("m2", ["P1", "P10"]), ("g1", ["P1", "P10"]), ("g2", []), ("nowhere", [])],
)
def test_leaders_are_those_of_the_nearest_level_that_has_one(grid: str, people: list[str]) -> None:
    assert names(ROSTER.leaders(grid, NOON)) == people


@pytest.mark.parametrize(
    ("account", "groups"),
    [
        ("local:leader", ["local:g1", "local:g2"]),
        ("local:micro", ["local:g1"]),
        ("local:worker", []),
        ("local:nobody", []),
    ],
)
def test_groups_of_leader(account: str, groups: list[str]) -> None:
    assert [g.conversation for g in ROSTER.groups_of_leader(account, NOON)] == groups


def test_home_group_of_a_resident() -> None:
    home = ROSTER.home_group("local:wang")
    assert home is not None
    assert home.conversation == "local:g2"
    assert ROSTER.home_group("local:leader") is None
    assert ROSTER.home_group("local:nobody") is None


@pytest.mark.parametrize(
    ("words", "grid", "people"),
    [
        ("网格员", "m1", ["P3"]),
        ("网格长", "m1", ["P1", "P10"]),
        ("社区书记", "m1", []),  # the post has ended
        ("丁", "m1", ["P4"]),
        (" 社工 丁 ", "m1", ["P4"]),
        ("楼道长", "m2", []),  # of another block
        ("居民", "m2", []),  # residents are not staff
        ("谁", "m1", []),
        (" ", "m1", []),
    ],
)
def test_staff_named(words: str, grid: str, people: list[str]) -> None:
    assert names(ROSTER.staff_named(words, grid, NOON)) == people


# ── duty


def test_without_a_list_the_chain_runs_up_the_tree() -> None:
    assert names(ROSTER.duty_chain("m1", NOON)) == ["P2", "P3", "P4", "P5"]
    assert names(ROSTER.duty_chain("m2", NOON)) == ["P1", "P10", "P3", "P4", "P5"]


@pytest.mark.parametrize(
    ("local_hour", "people"),
    [
        (8, ["P4", "P3"]),  # in order, nobody twice
        (19, ["P4", "P3"]),
        (20, ["P5"]),  # over midnight
        (0, ["P5"]),
        (7, ["P5"]),
    ],
)
def test_a_duty_list_goes_by_the_local_hour(local_hour: int, people: list[str]) -> None:
    at = datetime(2025, 11, 19, 16, 0, tzinfo=UTC) + timedelta(hours=local_hour)
    assert names(ROSTER.duty_chain("v", at)) == people


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (8, 12, {8, 9, 10, 11}),
        (22, 2, {22, 23, 0, 1}),
        (0, 24, set(range(24))),
        (7, 7, set(range(24))),
        (18, 24, set(range(18, 24))),
        (24, 3, {0, 1, 2}),
    ],
)
def test_hours_of_a_duty_line(start: int, end: int, hours: set[int]) -> None:
    line = Duty("v", 1, "P1", start, end)
    assert {h for h in range(24) if line.covers(h)} == hours


# ── units


@pytest.mark.parametrize(
    ("words", "grid", "units"),
    [
        ("供水", "m1", ["gongshui"]),
        ("自来水公司", "m1", ["gongshui"]),
        ("gongshui", "m1", ["gongshui"]),
        ("自来水", "m1", ["gongshui"]),  # part of a name
        ("供水的师傅", "m1", ["gongshui"]),  # a name within the words
        ("水", "m1", ["gongshui", "shuiwu"]),  # both may be meant
        ("水务", "m1", ["shuiwu"]),  # exact, so not the other
        ("物业", "m1", ["wuye-1"]),  # the nearest of one department
        ("物业", "g2", ["wuye"]),
        ("物业", "v", []),
        (" 居委会 ", "m1", ["community"]),
        ("", "m1", []),
        ("火星", "m1", []),
    ],
)
def test_unit_named(words: str, grid: str, units: list[str]) -> None:
    assert [u.id for u in ROSTER.unit_named(words, grid)] == units


def test_unit_for_a_department() -> None:
    assert [u and u.id for u in (ROSTER.unit_for("wuye", g) for g in ("m1", "g2", "v"))] == [
        "wuye-1", "wuye", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "grid", "people"),
    [
        ("gongshui", "m1", ["P6"]),
        ("wuye-1", "m1", ["P8"]),
        ("grid", "m1", ["P1", "P2", "P3"]),
        ("community", "m1", ["P4"]),
        ("street", "v", ["P5"]),
        ("community", "v", ["P4"]),  # that of its own grid, called from elsewhere
        ("nobody", "m1", []),
    ],
)
def test_members(unit: str, grid: str, people: list[str]) -> None:
    assert sorted(p for p in names(ROSTER.members(unit, grid, NOON)) if p != "P10") == people


@pytest.mark.parametrize(
    ("account", "grid", "units"),
    [
        ("local:water", "", {"gongshui"}),
        ("local:wuye", "m1", {"wuye-1"}),
        ("local:wuye", "v", set()),
        ("local:community", "", {"community"}),
        ("local:community", "v", set()),
        ("local:street", "", {"street"}),
        ("local:worker", "m1", {"grid"}),
        ("local:wang", "", set()),
    ],
)
def test_units_of(account: str, grid: str, units: set[str]) -> None:
    assert ROSTER.units_of(account, NOON, grid) == units


AFTER = NOON + timedelta(days=60)
"""The leader's post is over, only the acting one is left; the secretary's ended before NOON."""


@pytest.mark.parametrize(
    ("account", "at", "units"),
    [
        ("local:leader", NOON, {"grid"}),
        ("local:leader", AFTER, set()),
        ("local:leader", NOON - timedelta(days=365), set()),  # not begun
        ("local:secretary", NOON - timedelta(days=1), {"community"}),
        ("local:secretary", NOON, set()),
        ("local:water", AFTER, {"gongshui"}),  # a company's people are listed without dates
    ],
)
def test_nobody_works_for_a_unit_by_a_post_that_is_over(
    account: str, at: datetime, units: set[str]
) -> None:
    assert ROSTER.units_of(account, at) == units
    person = ROSTER.person_of(account)
    for unit in ("grid", "community", "gongshui"):
        assert (person in ROSTER.members(unit, "m1", at)) == (unit in units)
    assert [p.grid for p in ROSTER.posts_of(account, at)] == [
        {"grid": "g1", "community": "c"}[unit] for unit in units - {"gongshui"}
    ]


def test_a_former_leader_leads_no_group() -> None:
    assert ROSTER.groups_of_leader("local:leader", AFTER) == ()
    assert ROSTER.groups_of_leader("local:micro", AFTER) == ROSTER.groups_under("m1")


# ── answers


@pytest.mark.parametrize(
    ("grid", "code", "text", "day", "answer"),
    [
        ("m1", "1401", "疫苗点还有苗吗", "2025-11-20", "社区的答案"),
        ("m1", "1401", "疫苗点还有苗吗", "2026-01-01", "通用的答案"),  # the other one is over
        ("m1", "1401", "流感疫苗还有吗", "2025-11-20", "只说流感"),  # the nearest grid wins
        ("v", "1401", "疫苗点还有苗吗", "2025-11-20", "区里的答案"),
        ("v", "1403", "疫苗", "2025-11-20", "区里的答案"),  # a major's code fits its minors
        ("v", "1501", "疫苗", "2025-11-20", None),
        ("m1", "1205", "社区几点上班", "2025-11-20", "通用的答案"),
        ("m1", "1401", "口罩还有吗", "2025-11-20", None),
    ],
)
def test_answer(grid: str, code: str, text: str, day: str, answer: str | None) -> None:
    found = ROSTER.answer(grid, code, text, date.fromisoformat(day))
    assert (found and found.answer) == answer


# ── any tree


trees = st.lists(st.integers(0, 30), min_size=1, max_size=30)


@given(trees)
def test_up_and_down_the_tree_agree(parents: list[int]) -> None:
    rows = tuple(
        Grid(f"n{i}", f"节点{i}", "grid", f"n{p % i}" if i else "") for i, p in enumerate(parents)
    )
    roster = Roster(Parts(grids=rows))
    for grid in rows:
        for above in roster.ancestors(grid.code):
            assert grid in roster.grids_under(above.code)
    assert set(roster.grids_under("n0")) == set(rows)


# ── any roster, against questions asked the slow way


def path_up(parts: Parts, code: str) -> list[str]:
    """The grid and those above it, found by searching the whole list at each step."""
    path = []
    while found := [g for g in parts.grids if g.code == code]:
        path.append(code)
        code = found[0].parent
    return [*path, ""]


days = st.none() | st.dates(date(2025, 11, 18), date(2025, 11, 22))
codes = st.sampled_from(["n0", "n1", "n2", "n3", "n4", ""])
some_posts = st.builds(
    Post,
    st.sampled_from(["P0", "P1", "P2", "P3"]),
    codes,
    st.sampled_from([Role.LEADER, Role.MICRO_LEADER, Role.WORKER, Role.STREET]),
    st.booleans(),
    days,
    days,
)


def small_roster(parents: list[int], posts: list[Post]) -> Parts:
    grids = tuple(
        Grid(f"n{i}", f"节点{i}", "grid", f"n{p % i}" if i else "") for i, p in enumerate(parents)
    )
    people = tuple(Person(f"P{i}", f"人{i}", (f"local:{i}",)) for i in range(4))
    return Parts(grids, people, tuple(posts))


rosters = st.builds(
    small_roster,
    st.lists(st.integers(0, 9), min_size=5, max_size=5),
    st.lists(some_posts, max_size=12),
)


@given(rosters, codes, st.sampled_from(list(Role)))
def test_holders_are_all_holders_nearest_first(parts: Parts, code: str, role: Role) -> None:
    path = path_up(parts, code)
    today = date(2025, 11, 20)
    fits = [
        (path.index(p.grid), p.acting, n, p.person)
        for n, p in enumerate(parts.posts)
        if p.role is role and p.grid in path and p.valid(today)
    ]
    expected = list(dict.fromkeys(person for _, _, _, person in sorted(fits)))
    assert names(Roster(parts).holders(code, role, NOON)) == expected


@given(rosters, codes, st.integers(0, 3))
def test_roles_are_those_of_the_path_up(parts: Parts, code: str, who: int) -> None:
    path, today = path_up(parts, code), date(2025, 11, 20)
    held = [p for p in parts.posts if p.person == f"P{who}" and p.grid in path]
    roles = Roster(parts).roles_in(f"local:{who}", code, NOON)
    assert roles == {p.role for p in held if p.valid(today)}


@given(rosters, codes)
def test_leaders_stand_on_the_first_led_step_of_the_path(parts: Parts, code: str) -> None:
    leading, today = (Role.LEADER, Role.MICRO_LEADER), date(2025, 11, 20)
    expected: set[str] = set()
    for step in path_up(parts, code):
        here = {p.person for p in parts.posts
                if p.grid == step and p.role in leading and p.valid(today)}  # fmt: skip
        if here and not expected:
            expected = here
    assert set(names(Roster(parts).leaders(code, NOON))) == expected


@given(rosters, codes)
def test_the_chain_names_nobody_twice_and_begins_with_the_leaders(parts: Parts, code: str) -> None:
    roster = Roster(parts)
    chain = roster.duty_chain(code, NOON)
    leaders = roster.leaders(code, NOON)
    assert len(chain) == len(set(chain))
    assert chain[: len(leaders)] == leaders
    assert set(roster.holders(code, Role.WORKER, NOON)) <= set(chain)


@given(days, days, st.dates(date(2025, 11, 17), date(2025, 11, 23)))
def test_a_post_is_valid_between_its_days(
    since: date | None, until: date | None, day: date
) -> None:
    post = Post("P", "g", Role.LEADER, False, since, until)
    assert post.valid(day) == ((since or day) <= day <= (until or day))


some_knowledge = st.lists(
    st.tuples(codes, st.sampled_from(["", "14", "1401", "12"]), st.sampled_from("甲乙丙"), days),
    max_size=8,
)


@given(rosters, some_knowledge, codes, st.text("甲乙丙", max_size=3))
def test_an_answer_fits_and_none_nearer_does(
    parts: Parts, rows: list[tuple[str, str, str, date | None]], code: str, text: str
) -> None:
    today = date(2025, 11, 20)
    entries = tuple(Knowledge(n, g, c, (w,), "答", "", d) for n, (g, c, w, d) in enumerate(rows))
    path = path_up(parts, code)
    fits = [
        k for k in entries
        if k.grid in path and "1401".startswith(k.code) and k.words[0] in text
        and (k.valid_until is None or k.valid_until >= today)
    ]  # fmt: skip
    found = Roster(replace(parts, knowledge=entries)).answer(code, "1401", text, today)
    if not fits:
        assert found is None
        return
    assert found in fits
    assert path.index(found.grid) == min(path.index(k.grid) for k in fits)
    nearest = [k for k in fits if k.grid == found.grid]
    assert len(found.code) == max(len(k.code) for k in nearest)


def test_every_role_has_a_chinese_label() -> None:
    labels = {role.label for role in Role}
    assert len(labels) == len(Role)
    assert all(not label.isascii() for label in labels)


def test_stays_quick_with_a_whole_district() -> None:
    grids = (Grid("d", "区", "district"), *(Grid(f"g{i}", "格", "grid", "d") for i in range(8000)))
    people = tuple(Person(f"P{i}", "人", (f"local:u{i}",)) for i in range(100_000))
    posts = tuple(Post(f"P{i}", f"g{i % 8000}", Role.RESIDENT if i >= 8000 else Role.LEADER)
                  for i in range(100_000))  # fmt: skip
    groups = tuple(Group(f"local:c{i}", f"g{i}", "群") for i in range(8000))
    roster = Roster(Parts(grids, people, posts, groups=groups))
    start = time.perf_counter()
    for i in range(1000):
        assert roster.leaders(f"g{i}", NOON)
        assert roster.roles_in(f"local:u{i}", f"g{i}", NOON) == {Role.LEADER}
        assert roster.home_group(f"local:u{i + 8000}")
    assert time.perf_counter() - start < 1.0  # measured: about 15 ms
