"""Shares of a joint case: one lead, nobody lost, nothing finished twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import joint
from routing.joint import Share, Shares

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
THREE = joint.called(["gongshui", "paishui", "wuye"])

units = st.sampled_from(["gongshui", "paishui", "wuye", "zhujian", "nobody"])
moves = st.lists(
    st.tuples(st.sampled_from(["arrive", "finish", "again", "drop"]), units), max_size=20
)


def play(steps: list[tuple[str, str]], shares: Shares = THREE) -> Shares:
    for number, (step, unit) in enumerate(steps):
        at = AT + timedelta(minutes=number)
        if step == "arrive":
            shares = joint.arrive(shares, unit, at)
        elif step == "finish":
            shares = joint.finish(shares, unit, "修好了", at)
        elif step == "drop":
            shares = joint.drop(shares, unit)
        else:
            shares = joint.again(shares)
    return shares


def test_the_first_unit_called_leads() -> None:
    assert joint.lead(THREE) == "gongshui"
    assert [s.lead for s in THREE] == [True, False, False]
    assert joint.missing(THREE) == joint.unfinished(THREE) == ("gongshui", "paishui", "wuye")


def test_a_unit_named_twice_is_called_once() -> None:
    assert [s.unit for s in joint.called(["wuye", "wuye", "paishui"])] == ["wuye", "paishui"]


def test_calling_again_keeps_what_was_done() -> None:
    done = joint.finish(THREE, "paishui", "疏通了", AT)
    more = joint.called(["paishui", "zhujian"], done)
    assert joint.lead(more) == "paishui"
    assert joint.unfinished(more) == ("zhujian",)


def test_arriving_twice_keeps_the_first_time() -> None:
    once = joint.arrive(THREE, "wuye", AT)
    assert joint.arrive(once, "wuye", AT + timedelta(hours=1)) == once
    assert joint.missing(once) == ("gongshui", "paishui")


def test_finishing_without_having_reported_counts_as_arrival() -> None:
    done = joint.finish(THREE, "wuye", "换了管子", AT)
    assert joint.missing(done) == ("gongshui", "paishui")
    assert joint.unfinished(done) == ("gongshui", "paishui")


def test_after_dissatisfaction_only_the_lead_is_open_again() -> None:
    done = play([("finish", s.unit) for s in THREE])
    assert joint.unfinished(done) == ()
    assert joint.unfinished(joint.again(done)) == ("gongshui",)


@pytest.mark.parametrize(
    ("gone", "lead", "left"),
    [("gongshui", "paishui", 2), ("wuye", "gongshui", 2), ("nobody", "gongshui", 3)],
)
def test_a_unit_that_leaves_passes_on_the_lead(gone: str, lead: str, left: int) -> None:
    shares = joint.drop(THREE, gone)
    assert joint.lead(shares) == lead
    assert len(shares) == left


def test_one_unit_alone_is_no_joint_case() -> None:
    assert joint.drop(joint.called(["wuye", "paishui"]), "wuye") == (Share("paishui", lead=True),)
    assert joint.drop((Share("paishui", lead=True),), "paishui") == ()


@given(moves)
def test_there_is_always_exactly_one_lead_or_no_case(steps: list[tuple[str, str]]) -> None:
    shares = play(steps)
    assert sum(s.lead for s in shares) == (1 if shares else 0)
    assert len({s.unit for s in shares}) == len(shares)


@given(moves)
def test_who_has_finished_has_been_there(steps: list[tuple[str, str]]) -> None:
    for share in play(steps):
        assert share.open or share.arrived_at is not None


@given(moves)
def test_json_brings_them_back(steps: list[tuple[str, str]]) -> None:
    shares = play(steps)
    text = json.dumps(joint.plain(shares))
    assert joint.revive(json.loads(text)) == shares
    assert joint.revive(shares) == shares


def test_a_share_is_open_until_it_is_finished() -> None:
    assert Share("wuye").open
    assert not Share("wuye", finished_at=AT).open
