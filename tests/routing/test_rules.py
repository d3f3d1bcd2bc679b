"""Who gets a matter first: the category's unit, the property company, local rules, nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.taxonomy import load
from routing.roster import Grid, Parts, Roster, Unit
from routing.rules import Rule, RuleProblems, explain, first_unit, idle, load_rules
from routing.workbook import read_folder

EXAMPLES = Path(__file__).parents[2] / "examples"
TAXONOMY = load()
URGENT = "紧急，立即派单不等确认。"
ROSTER = Roster(
    Parts(
        grids=(
            Grid("d", "示例区", "district"),
            Grid("s", "样板街道", "street", "d"),
            Grid("c", "示范社区", "community", "s"),
            Grid("g1", "第一网格", "grid", "c"),
            Grid("g2", "第二网格", "grid", "c"),
            Grid("v", "示例村", "community", "s"),
        ),
        units=(
            Unit("wuye-1", "甲物业", "0000-4", grid="g1"),
            Unit("wuye-2", "乙物业", "0000-5", grid="v"),
            Unit("community", "社区居委会", "0000-1"),
            Unit("street", "样板街道", "0000-2"),
            Unit("gongshui", "示例供水公司", "0000-21"),
            Unit("shizheng", "市政设施中心"),
            Unit("grid", "网格工作站"),
        ),
    )
)


@pytest.mark.parametrize(
    ("grid", "code", "urgent", "unit"),
    [
        ("g1", "0403", False, "wuye-1"),  # the property company first
        ("g1", "0403", True, "wuye-1"),
        ("g2", "0403", False, "community"),  # nobody manages this grid
        ("v", "0403", False, "wuye-2"),
        ("g1", "0301", False, "gongshui"),
        ("nowhere", "0301", False, "gongshui"),
        ("g1", "0701", False, "grid"),
        ("g1", "0401", False, "community"),
        ("g1", "0303", True, "street"),  # no gas company on the list
        ("g1", "7777", False, "grid"),  # an unknown category is 无法归类
    ],
)
def test_first_unit(grid: str, code: str, urgent: bool, unit: str) -> None:
    choice = first_unit(ROSTER, TAXONOMY, grid, code, urgent)
    assert choice.unit is not None
    assert choice.unit.id == unit


def test_with_no_units_at_all_the_leader_is_asked() -> None:
    choice = first_unit(Roster(Parts()), TAXONOMY, "g1", "0403", False)
    assert choice.unit is None
    assert choice.reasons[-1] == "没有登记任何可以承接的单位，请网格长指定。"


@pytest.mark.parametrize("code", list(TAXONOMY.minors))
@pytest.mark.parametrize("urgent", [False, True])
def test_no_category_of_the_sample_district_is_left_without_a_unit(code: str, urgent: bool) -> None:
    roster = Roster(read_folder(EXAMPLES / "district"))
    for grid in ("990101001001001-07", "990101001002001-01"):
        unit, reasons = first_unit(roster, TAXONOMY, grid, code, urgent)
        assert unit is not None
        assert unit.name in reasons[-1]


RULES = (
    Rule("shizheng", code="02"),
    Rule("gongshui", grid="c", code="02"),
    Rule("wuye", grid="c", code="0203"),
    Rule("street", grid="g1", code="0203", urgent=True),
    Rule("wuye-2", grid="g2", code="05"),
    Rule("ranqi", grid="v"),
)


@pytest.mark.parametrize(
    ("grid", "code", "urgent", "unit"),
    [
        ("s", "0201", False, "shizheng"),
        ("g1", "0201", False, "gongshui"),  # the nearer rule
        ("g1", "0203", False, "wuye-1"),  # the narrower category
        ("g1", "0203", True, "street"),  # the nearer one, for urgent matters only
        ("g2", "0203", True, "shizheng"),  # the rule names wuye, which g2 has not
        ("g2", "0501", False, "wuye-2"),  # one certain unit
        ("v", "0301", False, "gongshui"),  # the rule's unit is not on the list
        ("g1", "0301", False, "gongshui"),
    ],
)
def test_local_rules(grid: str, code: str, urgent: bool, unit: str) -> None:
    choice = first_unit(ROSTER, TAXONOMY, grid, code, urgent, rules=RULES)
    assert choice.unit is not None
    assert choice.unit.id == unit


@pytest.mark.parametrize(
    ("code", "urgent", "unit"),
    [
        ("0901", False, "street"),  # 邻里纠纷 is handled out of the group
        ("0403", False, "gongshui"),  # 楼道灯 is not
        ("0902", True, "community"),  # both conditions before one
        ("0902", False, "street"),
    ],
)
def test_rules_for_private_matters_alone(code: str, urgent: bool, unit: str) -> None:
    rules = (
        Rule("street", private=True),
        Rule("community", urgent=True, private=True),
        Rule("gongshui", private=False),
    )
    for order in (rules, rules[::-1]):
        choice = first_unit(ROSTER, TAXONOMY, "g1", code, urgent, rules=order)
        assert choice.unit is not None
        assert choice.unit.id == unit


def test_a_rule_says_for_which_matters_it_is() -> None:
    rules = (Rule("gongshui", code="09", urgent=False, private=True, why="示例"),)
    assert explain(ROSTER, TAXONOMY, "g1", "0901", False, rules=rules)[2] == (
        "2. 本地规则：全部网格的“矛盾纠纷（不紧急、隐私）”先找示例供水公司，因为示例。"
    )


def test_the_order_of_rules_in_the_file_does_not_matter() -> None:
    for code in ("0201", "0203", "0501"):
        for grid in ("s", "g1", "g2", "v"):
            ahead = first_unit(ROSTER, TAXONOMY, grid, code, True, rules=RULES)
            back = first_unit(ROSTER, TAXONOMY, grid, code, True, rules=RULES[::-1])
            assert ahead == back


def test_explains_an_ordinary_case() -> None:
    assert explain(ROSTER, TAXONOMY, "g1", "0403", False) == [
        "地点：示范社区第一网格",
        "1. 类别“楼道灯”（0403）：一般由网格一级办理，责任单位是物业服务企业。",
        "2. 本地规则：没有适用的。",
        "3. 由甲物业（0000-4）先办。它退单或者一直不签收，就转给社区居委会。",
    ]


def test_explains_falling_through_and_urgency() -> None:
    assert explain(ROSTER, TAXONOMY, "g2", "0404", True) == [
        "地点：示范社区第二网格",
        "1. 类别“电梯”（0404）：一般由社区一级办理，责任单位是物业服务企业，" + URGENT,
        "2. 本地规则：没有适用的。",
        "3. 这个网格没有登记物业服务企业，往下找。",
        "4. 由社区居委会（0000-1）先办。",
    ]


def test_explains_a_local_rule_and_its_reason() -> None:
    rules = (Rule("wuye", grid="c", code="0203", urgent=False, why="院内路灯由物业养护"),)
    assert explain(ROSTER, TAXONOMY, "g1", "0203", False, rules=rules)[2:] == [
        "2. 本地规则：示范社区的“路灯（不紧急）”先找物业服务企业，因为院内路灯由物业养护。",
        "3. 由甲物业（0000-4）先办。它退单或者一直不签收，就转给社区居委会。",
    ]


def test_explains_an_unknown_category_and_place() -> None:
    lines = explain(ROSTER, TAXONOMY, "nowhere", "7777", False)
    assert lines[0] == "地点：未登记的网格"
    assert "类别“7777”不在目录里，按类别“无法归类”（9901）处理" in lines[1]


# ── the file


def test_the_shipped_rules_fit_the_sample_district() -> None:
    roster = Roster(read_folder(EXAMPLES / "district"))
    rules = load_rules(EXAMPLES / "rules.toml", TAXONOMY)
    assert [r.unit for r in rules] == ["wuye", "paishui"]
    village, _ = first_unit(roster, TAXONOMY, "990101001002001-01", "0306", False, rules=rules)
    assert village is not None
    assert village.id == "paishui"


def test_reads_a_file_with_bom_and_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\nunit = "wuye-2"\ngrid = "g2"\nurgent = true', encoding="utf-8-sig")
    assert load_rules(path, TAXONOMY) == (Rule("wuye-2", "g2", urgent=True),)
    path.write_text("# 还没有规则\n", encoding="utf-8")
    assert load_rules(path, TAXONOMY) == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            '[[rule]]\nunit = "moon"',
            ["rules.toml 第1条规则：unit“moon”不是部门编号，也不是单位表里的编号"],
        ),
        (
            '[[rule]]\ncode = "03"',
            ['rules.toml 第1条规则：缺少 unit，要写先派给谁，例如 unit = "wuye"'],
        ),
        (
            '[[rule]]\nunit = "wuye"\n[[rule]]\nunit = "wuye"\ngrid = "x"\ncode = "9"\n',
            [
                "rules.toml 第2条规则：code“9”不是类别编码，要写四位小类或两位大类",
            ],
        ),
        (
            '[[rule]]\nunit = "wuye"\nurgent = "是"\nbecause = "x"\ncode = 403',
            [
                "rules.toml 第1条规则：urgent = '是' 写法不对，要写 true 或 false",
                (
                    "rules.toml 第1条规则：不认识“because”，"
                    "可以写 grid、code、unit、urgent、private、why"
                ),
                "rules.toml 第1条规则：code = 403 写法不对，要加双引号",
                "rules.toml 第1条规则：code“403”不是类别编码，要写四位小类或两位大类",
            ],
        ),
        ('unit = "wuye"', ["rules.toml：不认识“unit”，规则要写在 [[rule]] 下面"]),
        ('rule = "wuye"', ["rules.toml：每条规则都要以 [[rule]] 这一行开头"]),
    ],
)
def test_names_every_mistake(text: str, lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleProblems) as caught:
        load_rules(path, TAXONOMY)
    assert caught.value.lines == lines


def test_rules_that_the_lists_have_left_behind_are_told() -> None:
    rules = (
        Rule("wuye", "g1"), Rule("wuye", "gone"), Rule("wuye-9", "g1"), Rule("wuye-2", "g2"),
        Rule("gongshui"),
    )  # fmt: skip
    assert idle(rules, ROSTER) == [
        "第2条用不上：网格表里没有“gone”。",
        "第3条用不上：单位表里没有“wuye-9”。",
    ]
    choice = first_unit(ROSTER, TAXONOMY, "g1", "0403", False, rules=(Rule("wuye-9", "gone"),))
    assert choice == first_unit(ROSTER, TAXONOMY, "g1", "0403", False)


def test_says_where_the_syntax_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nunit = wuye\n", encoding="utf-8")
    with pytest.raises(RuleProblems, match="line 2"):
        load_rules(path, TAXONOMY)


@pytest.mark.parametrize(
    ("units", "code", "unit"),
    [
        (("community", "street"), "0403", "community"),  # no property company
        (("street",), "0403", "street"),  # nor a community
        (("street",), "0701", "street"),  # the grid's own matter
        (("community", "street"), "0701", "community"),
        (("street",), "0401", "street"),  # the community's
        (("community",), "0301", None),  # a company's matter goes to the street, not lower
        (("wuye",), "0401", None),
    ],
)
def test_where_a_matter_falls_to_without_its_unit(
    units: tuple[str, ...], code: str, unit: str | None
) -> None:
    grids = (Grid("s", "样板街道", "street"), Grid("c", "示范社区", "community", "s"))
    roster = Roster(Parts(grids, units=tuple(Unit(name, name) for name in units)))
    found = first_unit(roster, TAXONOMY, "c", code, False).unit
    assert (found and found.id) == unit
