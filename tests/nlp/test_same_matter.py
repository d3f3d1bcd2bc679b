"""Spots taken apart and compared: how two places lie to each other, and what else is weighed."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import find_places
from nlp.same_matter import WEIGHTS, Report, Spot, Traits, between, features, score, spot_of, traits

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def report(text: str, code: str = "0301", days: float = 0) -> Report:
    return Report(0, "g", (code,), find_places(text), NOON + timedelta(days=days), text)


@pytest.mark.parametrize(
    ("normal", "spot"),
    [
        ("7幢", Spot("", "7幢")),
        ("7幢2单元", Spot("", "7幢", "2单元")),
        ("7幢2单元501室", Spot("", "7幢", "2单元", "501室")),
        ("7幢5层", Spot("", "7幢", "", "5层")),
        ("7幢负1层", Spot("", "7幢", "", "负1层")),
        ("A3幢", Spot("", "A3幢")),
        ("B幢", Spot("", "B幢")),
        ("锦绣园7幢", Spot("锦绣园", "7幢")),
        ("锦绣园7幢甲单元", Spot("锦绣园", "7幢", "甲单元")),
        ("2单元", Spot("", "", "2单元")),
        ("501室", Spot("", "", "", "501室")),
        ("东门", Spot("东门")),
        ("滨河路", Spot("滨河路")),
        ("7幢对面", Spot("7幢对面")),
        ("", None),
        ("小区", None),
    ],
)
def test_a_normal_form_taken_apart(normal: str, spot: Spot | None) -> None:
    assert spot_of(normal) == spot


LIE = """
7幢 | 7幢 | same
7幢 | 8幢 | apart
7幢 | 17幢 | apart
7幢 | 7幢2单元 | near
7幢2单元 | 7幢2单元 | same
7幢2单元 | 7幢3单元 | apart
7幢2单元 | 7幢2单元501室 | near
7幢501室 | 7幢502室 | apart
7幢501室 | 7幢2单元501室 | near
7幢8层 | 7幢801室 | near
7幢18层 | 7幢1801室 | near
7幢8层 | 7幢1801室 | apart
7幢1层 | 7幢1801室 | apart
7幢负1层 | 7幢101室 | apart
7幢8层 | 7幢9层 | apart
7幢8层 | 7幢8层 | same
锦绣园7幢 | 7幢 | same
锦绣园7幢 | 翠湖苑7幢 | apart
7幢 | 东门 | unlike
7幢 | 2单元 | unlike
2单元 | 2单元 | near
2单元 | 3单元 | unlike
501室 | 501室 | near
东门 | 东门 | same
东门 | 西门 | apart
滨河路 | 滨河路桥 | near
滨河路 | 解放路 | apart
7幢对面 | 7幢隔壁 | apart
"""


@pytest.mark.parametrize("row", LIE.strip().splitlines())
def test_how_two_spots_lie_either_way(row: str) -> None:
    one, other, lie = (cell.strip() for cell in row.split("|"))
    a, b = spot_of(one), spot_of(other)
    assert a is not None
    assert b is not None
    assert between(a, b) == between(b, a) == lie


parts = st.builds(
    Spot,
    st.sampled_from(["", "锦绣园", "东门", "锦绣园北门"]),
    st.sampled_from(["", "7幢", "8幢"]),
    st.sampled_from(["", "1单元", "2单元"]),
    st.sampled_from(["", "5层", "501室", "601室", "负1层"]),
)


@given(parts, parts)
def test_lying_is_mutual(a: Spot, b: Spot) -> None:
    assert between(a, b) == between(b, a)


@given(parts)
def test_a_spot_with_a_building_is_where_it_is(a: Spot) -> None:
    if a.building or a.name:
        assert between(a, a) in ("same", "unlike" if not a.building else "same", "near")
    if a.building:
        assert between(a, a) == "same"
        assert between(a, replace(a, building="99幢")) == "apart"


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("停水了", "没水了", "nowhere"),
        ("7号楼停水了", "没水了", "silent"),
        ("7号楼停水了", "7栋没水", "same"),
        ("7号楼停水了", "9栋没水", "apart"),
        ("7号楼停水了", "9栋没水，7栋也没水", "same"),
        ("7号楼停水了", "7号楼2单元没水", "near"),
    ],
)
def test_the_best_relation_of_any_two_places_counts(one: str, other: str, relation: str) -> None:
    a, b = traits(report(one)), traits(report(other))
    names = {"same", "near", "unlike", "apart", "silent", "nowhere"}
    assert names & features(a, b).keys() == {relation}
    assert names & features(b, a).keys() == {relation}


@pytest.mark.parametrize(
    ("one", "other", "feature"),
    [("0301", "0301", ""), ("0301", "0302", "kin"), ("0301", "0901", "other")],
)
def test_other_categories_speak_against(one: str, other: str, feature: str) -> None:
    found = features(traits(report("停水", one)), traits(report("停水", other)))
    assert {"kin", "other"} & found.keys() == ({feature} if feature else set())


def test_a_shared_second_category_is_kin() -> None:
    two = replace(report("停水"), codes=("0301", "0901"))
    found = features(traits(two), traits(report("停水", "0901")))
    assert "kin" in found
    assert "other" not in found


@pytest.mark.parametrize(("days", "stale"), [(0, False), (7, False), (-7, False), (8, True)])
def test_a_week_is_fresh(days: float, stale: bool) -> None:
    found = features(traits(report("停水")), traits(report("停水", days=days)))
    assert (found["days"] > 0) is stale


@given(st.floats(7, 900), st.floats(0.5, 900))
def test_older_is_ever_less_likely(days: float, more: float) -> None:
    first = traits(report("7号楼停水了"))
    near, far = (traits(report("7栋没水", days=d)) for d in (days, days + more))
    assert score(first, near) > score(first, far)


def test_every_feature_has_a_weight() -> None:
    texts = ["7号楼左边电梯坏了", "7栋右边电梯停了", "停水了", "水发黄", "9号楼水压小", "", "东门"]
    codes = ["0301", "0302", "0901", "1503"]
    all_of = [traits(report(t, c)) for t in texts for c in codes]
    seen = {name for a in all_of for b in all_of for name in features(a, b)}
    assert seen <= set(WEIGHTS)
    assert {"sides", "text", "same", "apart", "silent", "nowhere", "kin", "other"} <= seen


def test_the_same_words_in_the_place_do_not_make_the_texts_alike() -> None:
    """Two reports from 滨河路 say the same name, not the same thing."""
    a, b = traits(report("滨河路路灯不亮")), traits(report("滨河路垃圾成堆"))
    assert not a.pairs & b.pairs


WATER = Traits("0301", frozenset({"0301"}), (), frozenset(), frozenset(), frozenset(), 0.0)
HERE, NEAR, AWAY = (Spot("", "7幢"),), (Spot("", "7幢", "2单元"),), (Spot("", "8幢"),)
SAID, ALSO = frozenset({"水管", "管爆"}), frozenset({"水管", "管漏"})


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        ({}, {}, {"nowhere": 1}),
        ({"spots": HERE}, {}, {"silent": 1}),
        ({"spots": HERE}, {"spots": HERE}, {"same": 1}),
        ({"spots": HERE}, {"spots": NEAR}, {"near": 1}),
        ({"spots": HERE}, {"spots": AWAY}, {"apart": 1}),
        ({"spots": (*AWAY, *HERE)}, {"spots": NEAR}, {"near": 1}),
        ({"pairs": SAID}, {"pairs": ALSO}, {"nowhere": 1, "text": 0.5}),
        ({"pairs": SAID}, {"pairs": SAID}, {"nowhere": 1, "text": 1}),
        ({"pairs": SAID}, {}, {"nowhere": 1}),
        ({"pairs": SAID, "spots": HERE}, {"pairs": SAID, "spots": AWAY}, {"apart": 1}),
        ({"aspects": {1, 2}}, {"aspects": {2, 3}}, {"nowhere": 1, "agree": 1}),
        ({"aspects": {1}}, {"aspects": {3}}, {"nowhere": 1, "differ": 1}),
        ({"aspects": {1}}, {}, {"nowhere": 1}),
        ({"sides": {"左"}}, {"sides": {"右"}}, {"nowhere": 1, "sides": 1}),
        ({"sides": {"左"}}, {"sides": {"左", "右"}}, {"nowhere": 1}),
        ({"sides": {"左"}}, {}, {"nowhere": 1}),
        ({"code": "0302"}, {}, {"nowhere": 1, "kin": 1}),
        ({"code": "0501", "codes": {"0501"}}, {}, {"nowhere": 1, "other": 1}),
        ({"code": "0501", "codes": {"0501", "0301"}}, {}, {"nowhere": 1, "kin": 1}),
        ({"code": "0901"}, {"code": "0901"}, {"nowhere": 1, "own": 1}),
        ({"code": "0901", "spots": HERE}, {"code": "0901", "spots": NEAR}, {"near": 1}),
        ({"code": "0901", "spots": HERE}, {"code": "0901"}, {"silent": 1, "own": 1}),
    ],
)
def test_what_speaks_for_and_against_two_being_one(
    one: dict[str, Any], other: dict[str, Any], more: dict[str, float]
) -> None:
    """Either way round: each of the two may be the ticket that is there already."""
    a, b = replace(WATER, **one), replace(WATER, **other)
    assert features(a, b) == features(b, a) == {"bias": 1, "days": 0, **more}
    total = sum(WEIGHTS[name] * value for name, value in features(a, b).items())
    assert score(a, b) == pytest.approx(1 / (1 + math.exp(-total)))
