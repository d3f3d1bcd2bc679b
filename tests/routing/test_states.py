"""The transition table cell by cell, written down a second time by state instead of by action."""

from __future__ import annotations

import pytest

from routing.states import (
    ALIVE,
    BY_LAW,
    OPEN,
    TRANSITIONS,
    Action,
    IllegalTransition,
    State,
    Verdict,
)
from routing.states import Result as Outcome

TABLE = """
reported: confirm>confirmed reject>rejected reclassify> dispatch>dispatched accept>in_progress
reported: progress>in_progress resolve>resolved merge>merged withdraw>withdrawn support> attach>
reported: urge> whistle>dispatched supervise>
confirmed: reject>rejected reclassify> dispatch>dispatched accept>in_progress progress>in_progress
confirmed: extend> suspend>suspended resolve>resolved merge>merged withdraw>withdrawn support>
confirmed: attach> urge> whistle>dispatched supervise>
dispatched: reclassify> dispatch>dispatched accept>in_progress progress>in_progress extend>
dispatched: suspend>suspended resolve>resolved return>confirmed merge>merged withdraw>withdrawn
dispatched: support> attach> urge> whistle>dispatched arrive>in_progress share>in_progress
dispatched: supervise>
in_progress: reclassify> dispatch>dispatched accept>in_progress progress>in_progress extend>
in_progress: suspend>suspended resolve>resolved return>confirmed merge>merged withdraw>withdrawn
in_progress: support> attach> urge> whistle>dispatched arrive>in_progress share>in_progress
in_progress: supervise>
suspended: reclassify> progress> resume>in_progress resolve>resolved withdraw>withdrawn support>
suspended: attach> urge> supervise>
resolved: satisfy>closed partly>closed dissatisfy>in_progress lapse> except>closed
resolved: reopen>in_progress support> attach>
closed: reopen>in_progress support> attach>
rejected: confirm>confirmed
merged: unmerge>confirmed
"""


def written() -> dict[tuple[State, Action], State]:
    found = {}
    for line in TABLE.strip().splitlines():
        origin, moves = line.split(":")
        for move in moves.split():
            action, _, target = move.partition(">")
            found[State(origin), Action(action)] = State(target or origin)
    return found


@pytest.mark.parametrize("state", list(State))
def test_every_move_out_of_a_state(state: State) -> None:
    real = {action: to for (origin, action), to in TRANSITIONS.items() if origin is state}
    assert real == {action: to for (origin, action), to in written().items() if origin is state}


def test_only_the_law_leads_to_a_result_or_a_closing() -> None:
    for (origin, action), target in TRANSITIONS.items():
        if target is not origin and target in (State.RESOLVED, State.CLOSED):
            assert action in BY_LAW, (origin, action)


def test_nothing_closes_but_what_is_resolved() -> None:
    closing = {origin for (origin, _), to in TRANSITIONS.items() if to is State.CLOSED}
    assert closing - {State.CLOSED} == {State.RESOLVED}


def test_silence_closes_nothing_by_itself() -> None:
    assert TRANSITIONS[State.RESOLVED, Action.LAPSE] is State.RESOLVED


def test_from_everywhere_but_a_withdrawal_work_can_begin_again() -> None:
    for start in set(State) - {State.WITHDRAWN}:
        reached, seen = {start}, set[State]()
        while reached - seen:
            seen |= reached
            reached |= {to for (origin, _), to in TRANSITIONS.items() if origin in seen}
        assert State.IN_PROGRESS in reached, start


def test_what_is_over_takes_no_urging_and_no_new_handler() -> None:
    for state in set(State) - OPEN:
        for action in (Action.URGE, Action.DISPATCH, Action.EXTEND, Action.SUPERVISE):
            assert (state, action) not in TRANSITIONS


def test_a_paused_deadline_is_not_extended_or_paused_again() -> None:
    assert (State.SUSPENDED, Action.EXTEND) not in TRANSITIONS
    assert (State.SUSPENDED, Action.SUSPEND) not in TRANSITIONS


def test_open_and_alive() -> None:
    assert {State.RESOLVED} == ALIVE - OPEN
    assert {State.CLOSED, State.REJECTED, State.MERGED, State.WITHDRAWN} == set(State) - ALIVE


@pytest.mark.parametrize("words", [State, Action, Outcome])
def test_every_word_reads_differently(words: type[State | Action | Outcome]) -> None:
    labels = [word.label for word in words]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("state", "action", "says"),
    [
        (State.WITHDRAWN, Action.URGE, "已撤回时不能催办；可以：无"),
        (State.MERGED, Action.RESOLVE, "已并案时不能办结；可以：撤销并案"),
        (State.CLOSED, Action.EXTEND, "已销号时不能延期；可以：重开、附和、补充"),
    ],
)
def test_a_refusal_says_what_would_be_possible(state: State, action: Action, says: str) -> None:
    refusal = IllegalTransition(state, action)
    assert str(refusal) == says
    assert all((state, one) in TRANSITIONS for one in refusal.allowed)


def test_what_the_closing_law_decides_is_not_a_plain_move() -> None:
    """Each of them is refused even where the table allows it; see routing/closing.py."""
    assert {action.value for action in BY_LAW} == {
        "resolve", "satisfy", "partly", "dissatisfy", "lapse", "except", "reopen",
    }  # fmt: skip
    assert all(any(action is known for _, known in TRANSITIONS) for action in BY_LAW)


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (State, "待确认 已立案 已派遣 处置中 挂账 已办结待评价 已销号 不予受理 已并案 已撤回"),
        (Outcome, "已解决 部分解决 解释说明 无法解决 转外部"),
    ],
)
def test_states_and_results_have_the_names_of_the_field(
    words: type[State | Outcome], labels: str
) -> None:
    assert [word.label for word in words] == labels.split()


def test_verdicts_have_the_names_of_the_field() -> None:
    assert [verdict.value for verdict in Verdict] == ["", "满意", "一般", "不满意", "未评价"]
