"""Duplicates: pairs written by hand decide the quality of what is merged and what is proposed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import find_places
from nlp.similar import (
    HIGH,
    LOW,
    Report,
    apart,
    contradicts,
    elsewhere,
    neighbourhood,
    similarity,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "pairs.jsonl").read_text("utf-8").splitlines()
]


def report(code: str, text: str, *, hours: float = 0, number: int = 0, grid: str = "g1") -> Report:
    at = NOON + timedelta(hours=hours)
    return Report(number, grid, (code,), find_places(text), at, text)


def pair(row: dict[str, Any]) -> tuple[Report, Report]:
    a, b = row["a"], row["b"]
    return report(a["code"], a["text"]), report(b["code"], b["text"], hours=row["hours"])


def test_the_labelled_pairs_are_many_and_of_every_kind() -> None:
    assert len(PAIRS) >= 300
    kinds = {row["kind"] for row in PAIRS}
    assert {"other words", "other building", "other issue", "other thing", "come back"} <= kinds


def test_pairwise_f1_of_what_is_proposed_or_merged() -> None:
    right = wrong = missed = 0
    for row in PAIRS:
        same = similarity(*pair(row)) >= LOW
        right += same and row["same"]
        wrong += same and not row["same"]
        missed += row["same"] and not same
    assert 2 * right / (2 * right + wrong + missed) >= 0.90


def test_wrong_automatic_merges_stay_below_half_a_percent() -> None:
    merged = [row["same"] for row in PAIRS if similarity(*pair(row)) >= HIGH]
    assert len(merged) >= 100
    assert merged.count(False) / len(merged) <= 0.005


@pytest.mark.parametrize("row", [r for r in PAIRS if r["kind"] == "come back"][:20])
def test_what_comes_back_months_later_is_not_the_same_ticket(row: dict[str, Any]) -> None:
    assert similarity(*pair(row)) < HIGH


SAME = [
    ("0403", "三号楼二单元楼道灯不亮了", "0403", "3-2单元黑咕隆咚的"),
    ("0301", "7号楼又停水了吧", "0301", "7栋没水了，正洗头呢"),
    ("0404", "6号楼电梯停在五楼不动了", "0404", "6栋电梯坏了"),
    ("0203", "滨河路路灯一排都不亮", "0203", "滨河路晚上漆黑一片"),
]
OTHER = [
    ("0403", "3号楼灯不亮", "0403", "13号楼灯不亮"),
    ("0404", "6号楼左边电梯坏了", "0404", "6号楼右边电梯坏了"),
    ("0301", "7号楼停水了", "0302", "7号楼停电了"),
    ("0301", "7号楼水压太小", "0301", "7号楼水发黄"),
    ("0101", "东门垃圾没人收", "0101", "西门垃圾没人收"),
    ("1503", "刷单被骗两万", "1503", "冒充客服骗了我妈三千"),
]


@pytest.mark.parametrize(("code", "text", "code2", "text2"), SAME)
def test_the_same_matter_in_other_words_merges(
    code: str, text: str, code2: str, text2: str
) -> None:
    assert similarity(report(code, text), report(code2, text2, hours=3)) >= HIGH


@pytest.mark.parametrize(("code", "text", "code2", "text2"), OTHER)
def test_near_misses_never_merge(code: str, text: str, code2: str, text2: str) -> None:
    assert similarity(report(code, text), report(code2, text2, hours=3)) < HIGH


def test_without_agreeing_places_nothing_merges_by_itself() -> None:
    text = "停水了，一滴没有"
    assert LOW <= similarity(report("0301", text), report("0301", text)) < HIGH


def test_a_week_changes_nothing_and_two_months_do() -> None:
    a = report("0403", "3号楼灯不亮")
    later = [similarity(a, report("0403", "3栋灯灭了", hours=24 * d)) for d in (0, 6, 20, 90)]
    assert later[0] == later[1] > later[2] > later[3]
    assert later[1] >= HIGH
    assert later[3] < LOW


def test_other_grids_are_never_the_same() -> None:
    a, b = report("0403", "3号楼灯不亮"), report("0403", "3号楼灯不亮", grid="g2")
    assert similarity(a, b) == 0.0


def test_other_categories_are_never_even_proposed() -> None:
    """Candidates are looked for among one 小类 only, so nothing may be lost by it."""
    for row in PAIRS:
        a, b = pair(row)
        if a.codes != b.codes:
            assert similarity(a, b) < LOW, row


def test_what_lies_apart_is_never_even_proposed() -> None:
    """Such tickets are passed over unscored, so nothing may be lost by it."""
    lie_apart = 0
    for row in PAIRS:
        (a, b) = pair(row)
        for one in a.places:
            for two in b.places:
                alone, other = replace(a, places=(one,)), replace(b, places=(two,))
                if apart(one.normal, two.normal):
                    lie_apart += 1
                    assert similarity(alone, other) < LOW, row
    assert lie_apart > 50


@pytest.mark.parametrize(
    ("a", "b", "lie_apart"),
    [
        ("7幢对面", "7幢对面", False), ("7幢对面", "7幢斜对面", True), ("7幢对面", "9幢对面", True),
        ("7幢2单元隔壁单元", "7幢隔壁单元", True), ("7幢", "9幢", True), ("7幢", "7幢2单元", False),
        ("东门", "西门", True), ("7幢", "东门", False), ("", "7幢", False),
    ],
)  # fmt: skip
def test_which_places_lie_apart(a: str, b: str, lie_apart: bool) -> None:
    assert apart(a, b) is apart(b, a) is lie_apart


@pytest.mark.parametrize(
    ("text", "text2", "other"),
    [
        ("7号楼水压太小", "7号楼水发黄", True),
        ("6号楼左边电梯坏了", "6号楼右边电梯坏了", True),
        ("7号楼水发黄", "水黄得像茶", False),
        ("6号楼电梯坏了", "6号楼左边电梯坏了", False),
        ("灯不亮", "随便说说", False),
        ("", "", False),
    ],
)
def test_other_faults_and_other_sides_contradict(text: str, text2: str, other: bool) -> None:
    a, b = report("0301", text), report("0301", text2)
    assert contradicts(a, b) is contradicts(b, a) is other


@pytest.mark.parametrize(
    ("normal", "near"),
    [
        ("7幢", "7幢"), ("7幢2单元", "7幢"), ("7幢2单元501室", "7幢"), ("7幢5层", "7幢"),
        ("锦绣园7幢2单元", "锦绣园7幢"), ("东门", "东门"), ("滨河路", "滨河路"),
        ("2单元", ""), ("501室", ""), ("", ""), ("小区", ""),
    ],
)  # fmt: skip
def test_near_places_begin_with_the_building_or_the_name(normal: str, near: str) -> None:
    assert neighbourhood(normal) == near


@given(st.from_regex(r"(?:\d{1,2}幢)?(?:\d单元)?(?:\d{3}室)?", fullmatch=True))
def test_a_place_begins_as_its_neighbourhood_does(normal: str) -> None:
    assert normal.startswith(neighbourhood(normal))


codes = st.sampled_from(["", "0101", "0403", "0404", "9901"])
texts = st.one_of(st.text(max_size=40), st.sampled_from([r["a"]["text"] for r in PAIRS]))


@given(codes, texts, codes, texts, st.floats(-5000, 5000))
def test_scores_are_symmetric_probabilities(
    code: str, text: str, code2: str, text2: str, hours: float
) -> None:
    a, b = report(code, text), report(code2, text2, hours=hours)
    assert 0.0 <= similarity(a, b) <= 1.0
    assert similarity(a, b) == pytest.approx(similarity(b, a))


@pytest.mark.parametrize(
    ("text", "other", "found"),
    [
        ("7幢楼道灯坏了，在3楼", "7幢楼道灯坏了，在5楼", True),
        ("7幢楼道灯坏了，在3楼", "7幢楼道灯坏了，三层的", False),
        ("7幢2单元灯坏了", "7幢3单元灯坏了", True),
        ("7幢2单元灯坏了", "7幢二单元灯不亮", False),
        ("7幢2单元灯坏了", "7幢5楼灯坏了", True),
        ("7幢2单元5楼灯坏了", "7幢5楼灯坏了", False),
        ("7幢2单元灯坏了", "7幢2单元5楼灯坏了", False),
        ("7幢灯坏了", "7幢5楼灯坏了", False),
        ("7幢501漏水", "7幢302漏水", True),
        ("7幢501漏水", "7幢5楼漏水", False),
        ("我家下水道堵了", "我们家下水道堵了", True),
        ("我家下水道堵了", "7幢下水道堵了", False),
        ("路灯不亮", "东门路灯不亮", False),
        ("", "", False),
    ],
)
def test_other_floors_units_and_homes(text: str, other: str, *, found: bool) -> None:
    one, two = report("0403", text), report("0403", other)
    assert elsewhere(one, two) is found
    assert elsewhere(two, one) is found


def test_hardly_a_pair_that_is_one_is_taken_apart() -> None:
    parted = [row for row in PAIRS if elsewhere(*pair(row))]
    assert len(parted) >= 10
    assert not any(row["same"] for row in parted)
