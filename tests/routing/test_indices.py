"""Composite figures: weights from a file, every input shown, mistakes named at once; 剔除."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from routing.breakdown import Cell
from routing.exclusions import COLUMNS, Exclusion, read_exclusions, refusals
from routing.indicators import NAMES
from routing.indices import Index, WeightProblems, load_weights, parts, score
from routing.sheets import ImportProblems
from routing.ticket import Action
from tests.routing.histories import CLOCK, Life, table

SHIPPED = Path(__file__).parents[2] / "examples" / "indices.toml"


def cell(**ratios: tuple[float, int]) -> Cell:
    """Rates by key; the ones of one cohort must share their whole."""
    found = Cell()
    for key, (part, whole) in ratios.items():
        found.hits[key], found.cases[NAMES[key].cohort] = part, whole
    return found


def test_the_shipped_weights_are_those_of_the_domain() -> None:
    weights = load_weights(SHIPPED)
    found = {index.key: index for index in weights.indices}
    assert weights.version
    assert list(map(float, found["three_rates"].weights.values())) == [0.30, 0.35, 0.35]
    assert found["duty"].weights["-rework"] == Decimal("0.2")
    assert found["content"].shrink == 20
    assert set(weights.curves) >= {"province_satisfaction", "callback_satisfaction"}
    assert weights.curves["province_satisfaction"].points(Decimal("87.5")) == Decimal("19.75")


def test_three_rates() -> None:
    index = load_weights(SHIPPED).indices[0]
    row = cell(response=(99, 100), solved=(70, 100), satisfied=(85, 100))
    found = score(index, row, row)
    assert found.shown() == "83.95"
    assert "0.3×响应率" in found.formula
    assert "99.00%（99/100）" in found.inputs


def test_a_rate_enters_as_what_is_left_of_it() -> None:
    index = Index("x", "x", {"signed": Decimal("0.5"), "-rework": Decimal("0.5")})
    row = cell(signed=(9, 10), rework=(1, 10))
    found = score(index, row, row)
    assert found.shown() == "90.00"
    assert "(100%−返工率)" in found.formula


def test_missing_rates_leave_their_weight_to_the_others_and_are_named() -> None:
    index = Index("x", "x", {"signed": Decimal("0.6"), "check_in": Decimal("0.4")})
    row = cell(signed=(9, 10))
    found = score(index, row, row)
    assert found.shown() == "90.00"
    assert "缺吹哨报到率" in found.inputs
    assert score(index, Cell(), Cell()).shown() == "—"


def test_few_cases_lean_towards_the_whole() -> None:
    index = Index("x", "x", {"satisfied": Decimal(1)}, shrink=20)
    few, whole = cell(satisfied=(5, 5)), cell(satisfied=(80, 100))
    assert score(index, few, whole).shown() == "85.00"
    assert "收缩" in score(index, few, whole).inputs
    assert score(index, whole, whole).shown() == "80.00"


def test_peace_is_what_burdens_leave() -> None:
    index = Index("p", "平安", burdens={"hazards": Decimal(1), "urgent": Decimal("0.5")})
    row = Cell()
    row.counts.update({"hazards": 10, "urgent": 4, "reported": 200})
    assert score(index, row, row).shown() == "88.00"
    scaled = Index("p", "平安", burdens=index.burdens, per=100)
    assert score(scaled, row, row).shown() == "94.00"
    row.counts["hazards"] = 500
    assert score(index, row, row).shown() == "0.00"
    assert score(scaled, Cell(), Cell()).shown() == "—"


RATED = 'version = "1"\n[index.a]\nname = "a"\nweights = { signed = 1 }\n'
PARTED = (
    'version = "1"\n[index.a]\nname = "a"\nburdens = { hazards = 1 }\npart_burdens = { open = 1 }\n'
)
PEACE = Index(
    "peace", "平安指数", burdens={"hazards": Decimal(1)}, per=100,
    parts={"生产安全": ("08", "0303"), "食药安全": ("1102",), "空": ("1505",)},
    part_burdens={"open": Decimal(1), "urgent": Decimal("0.5"), "recurrences": Decimal(2)},
)  # fmt: skip


def test_a_part_is_what_its_own_categories_leave() -> None:
    row = Cell()
    row.counts["reported"] = 50
    row.of_code.update(
        {("open", "0802"): 3, ("open", "0303"): 1, ("urgent", "0303"): 2, ("open", "0301"): 9,
         ("recurrences", "1102"): 1}
    )  # fmt: skip
    found = parts(PEACE, row)
    assert {name: one.shown() for name, one in found.items()} == {
        "生产安全": "90.00",  # 100 − (4 + 0.5×2) × 100/50
        "食药安全": "96.00",
        "空": "100.00",
    }
    assert found["生产安全"].inputs == "在办 4，紧急 2，复发 0，上报 50"
    assert "100 − 1×在办 − 0.5×紧急 − 2×复发（各按每100件上报计）" in found["生产安全"].formula


def test_a_part_of_nothing_reported_is_no_figure_and_none_is_below_zero() -> None:
    row = Cell()
    row.of_code["open", "0801"] = 9
    assert {one.shown() for one in parts(PEACE, row).values()} == {"—"}
    row.counts["reported"] = 1
    assert parts(PEACE, row)["生产安全"].shown() == "0.00"


def test_parts_of_rows_add_up_and_are_counted_from_tickets() -> None:
    lives = [
        Life(code="0801", urgent=True), Life(code="0801").finish(5), Life(code="1102"),
        Life(code="1102", recurs=7).finish(5), Life(code="1505").do(Action.WITHDRAW, 1),
    ]  # fmt: skip
    found = table([life.fact() for life in lives], lambda fact, _at: fact.code[:2])
    assert found.cells[("08",)].of_code == {("open", "0801"): 1, ("urgent", "0801"): 1}
    assert found.total.of_code == {
        ("open", "0801"): 1, ("urgent", "0801"): 1, ("open", "1102"): 1, ("recurrences", "1102"): 1,
    }  # fmt: skip


def test_the_shipped_parts_are_the_eight_of_the_domain() -> None:
    (peace,) = (index for index in load_weights(SHIPPED).indices if index.parts)
    assert list(peace.parts) == [
        "社会治安", "矛盾纠纷", "生产安全", "生态环境", "政治安全", "食药安全", "经济安全",
        "社会服务",
    ]  # fmt: skip
    codes = [code for part in peace.parts.values() for code in part]
    assert len(codes) == len(set(codes)), "no category weighs on two of them"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("partly = 0.5", "缺少 version"),
        ('version = "1"\npartly = 2', "在 0 和 1 之间"),
        ('version = "1"\n[index.a]\nweights = { done = 1 }', "缺少 name"),
        ('version = "1"\n[index.a]\nname = "a"', "只写一样"),
        ('version = "1"\n[index.a]\nname = "a"\nweights = { dnoe = 1 }', "没有“dnoe”这个指标"),
        ('version = "1"\n[index.a]\nname = "a"\nburdens = { noise = 1 }', "没有“noise”这一项"),
        ('version = "1"\n[index.a]\nname = "a"\nweights = { done = 0.9 }', "现在是 0.9"),
        ('version = "1"\n[curve.a]\nfull = 1', "full target slope floor"),
        (f"{PARTED}parts = {{ 甲 = ['77'] }}\n".replace("甲", '"甲"'), "“甲”：没有“77”这一类"),
        (f"{PARTED}parts = {{ 'a' = [] }}", "“a”：没有“”这一类"),
        (f"{PARTED.replace('open', 'noise')}parts = {{ a = ['08'] }}", "没有“noise”这一项"),
        (PARTED, "parts 和 part_burdens 要一起写"),
        (f"{RATED}part_burdens = {{ open = 1 }}\nparts = {{ a = ['08'] }}", "只有写 burdens 的"),
        ("version = ", "不是有效的 TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "weights.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightProblems) as caught:
        load_weights(path)
    assert expected in str(caught.value)
    assert all(line.startswith("weights.toml") for line in caught.value.lines)


# ── 剔除


def exclusions(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "剔除.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8-sig")
    return path


def test_an_exclusion_needs_a_reason_and_two_people(tmp_path: Path) -> None:
    good = exclusions(tmp_path, "local:g,#3,重复上报,local:a,local:b")
    assert read_exclusions(good) == (Exclusion("local:g", 3, "重复上报", "local:a", "local:b"),)
    bad = exclusions(
        tmp_path, "local:g,3,,local:a,local:b", "local:g,x,理由,local:a,local:a", "local:g,3,理由,,"
    )
    with pytest.raises(ImportProblems) as caught:
        read_exclusions(bad)
    lines = caught.value.lines
    assert [line[8] for line in lines] == list("23344")
    assert "“理由”没有填" in lines[0]
    assert "同一个人" in lines[1]
    assert "“编号”要写数字" in lines[2]


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("会话,编号\nlocal:g,1\n", encoding="utf-8")
    with pytest.raises(ImportProblems, match="复核人"):
        read_exclusions(path)


@pytest.mark.parametrize("action", [Action.PROGRESS, Action.EXTEND, Action.SUSPEND])
def test_who_worked_on_it_or_put_it_off_cannot_be_the_second(action: Action) -> None:
    fact = Life().do(Action.CONFIRM, 1).do(action, 2, "local:c").fact()
    asked = {fact.id: Exclusion("local:g", 1, "理由", "local:a", "local:c")}
    assert refusals(asked, [fact], CLOCK) == ["local:g #1：复核人参与过这件事的办理，要换一个人"]


def test_class_e_stays_and_who_worked_on_it_cannot_be_the_second() -> None:
    life = Life(urgent=True).do(Action.ACCEPT, 1, "local:w", handler="local:w")
    fact, clean = life.fact(), Life().fact()
    asked = {
        fact.id: Exclusion("local:g", 1, "理由", "local:a", "local:w"),
        clean.id: Exclusion("local:g", 2, "理由", "local:a", "local:b"),
    }
    lines = refusals(asked, [fact, clean], CLOCK)
    assert len(lines) == 2
    assert "紧急事项不能剔除" in lines[0]
    assert "换一个人" in lines[1]
    assert refusals({}, [fact], CLOCK) == []
