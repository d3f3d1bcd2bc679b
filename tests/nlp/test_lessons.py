"""How much each lesson counts: contradictions cancel, repetition and large grids are capped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lessons import COUNT, MOST_PER_GRID, MOST_PER_TEXT, Taught, weighed
from tests.nlp.small import lesson

REPORT, CHAT = ("report", "0404"), ("chat", "")
VOTES = [
    ([REPORT], REPORT, COUNT),
    ([REPORT, REPORT], REPORT, MOST_PER_TEXT),
    ([REPORT] * 9, REPORT, MOST_PER_TEXT),
    ([REPORT, CHAT], None, 0),
    ([CHAT, REPORT, ("report", "0203")], None, 0),
    ([REPORT, REPORT, CHAT], REPORT, COUNT),
    ([("report", ""), REPORT], REPORT, MOST_PER_TEXT),
    ([("report", ""), CHAT], None, 0),
    ([("report", "")], ("report", ""), COUNT),
]


@pytest.mark.parametrize(("said", "right", "weight"), VOTES)
def test_the_lessons_of_one_text(
    said: list[tuple[str, str]], right: tuple[str, str] | None, weight: float
) -> None:
    found = weighed([lesson("门口的灯", kind, code) for kind, code in said])
    expected = [] if right is None else [(*right, weight)]
    assert [(one.lesson.kind, one.lesson.code, one.weight) for one in found] == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3号楼的灯坏了！", "5号楼的灯坏了", True),
        ("[姓名]家漏水", "[电话] 家漏水", True),
        ("灯坏了", "门坏了", False),
    ],
)
def test_what_counts_as_one_text(one: str, other: str, same: bool) -> None:
    found = weighed([lesson(one, "report", "0404"), lesson(other, "chat")])
    assert len(found) == (0 if same else 2)


def test_what_was_masked_teaches_nothing() -> None:
    assert weighed([lesson("[姓名] [电话]", "chat")]) == []
    (one,) = weighed([lesson("[姓名]家漏水，[电话]", "report", "0501")])
    assert one.lesson.text == "家漏水，"


def many(count: int, grid: str) -> list[Taught]:
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    texts = [f"{a}{b}的灯" for a in names for b in names][:count]
    return [lesson(grid[-1] + text, "report", "0404", grid) for text in texts]


def test_a_grid_counts_so_much_at_most() -> None:
    found = weighed([*many(250, "大"), *many(3, "小")])
    by_grid = {g: sum(o.weight for o in found if o.lesson.grid == g) for g in ("大", "小")}
    assert by_grid["大"] == pytest.approx(MOST_PER_GRID)
    assert by_grid["小"] == pytest.approx(3 * COUNT)


@given(st.lists(st.sampled_from([REPORT, CHAT, ("report", ""), ("report", "0203")]), max_size=9))
def test_the_order_of_contradiction_does_not_matter(said: list[tuple[str, str]]) -> None:
    def outcome(votes: list[tuple[str, str]]) -> list[tuple[str, str, float]]:
        found = weighed([lesson("灯", kind, code) for kind, code in votes])
        return [(one.lesson.kind, one.lesson.code, one.weight) for one in found]

    assert sum(w for *_, w in outcome(said)) == sum(w for *_, w in outcome(said[::-1]))
