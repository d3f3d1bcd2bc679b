"""The life of a ticket: every (state, action) pair, and a history that can only grow.

When 已销号 may be entered at all is test_closing.py."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.ticket import (
    ALIVE,
    OPEN,
    TRANSITIONS,
    Action,
    IllegalTransition,
    Result,
    State,
    Ticket,
    TicketEvent,
    Verdict,
    open_ticket,
    plain,
    replay,
    revive,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

COLUMNS = ["报", "立", "派", "办", "挂", "结", "销", "拒", "并", "撤"]
STATES = dict(
    zip(
        COLUMNS,
        [
            State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS, State.SUSPENDED,
            State.RESOLVED, State.CLOSED, State.REJECTED, State.MERGED, State.WITHDRAWN,
        ],
        strict=True,
    )
)  # fmt: skip

# What the issue promises, by hand: a row an action, a column the state it is taken in, the cell
# the state it leads to; "·" is forbidden.
EXPECTED = """
              报 立 派 办 挂 结 销 拒 并 撤
  report      ·  ·  ·  ·  ·  ·  ·  ·  ·  ·
  confirm     立 ·  ·  ·  ·  ·  ·  立 ·  ·
  reject      拒 拒 ·  ·  ·  ·  ·  ·  ·  ·
  reclassify  报 立 派 办 挂 ·  ·  ·  ·  ·
  dispatch    派 派 派 派 ·  ·  ·  ·  ·  ·
  accept      办 办 办 办 ·  ·  ·  ·  ·  ·
  progress    办 办 办 办 挂 ·  ·  ·  ·  ·
  extend      ·  立 派 办 ·  ·  ·  ·  ·  ·
  suspend     ·  挂 挂 挂 ·  ·  ·  ·  ·  ·
  resume      ·  ·  ·  ·  办 ·  ·  ·  ·  ·
  resolve     结 结 结 结 结 ·  ·  ·  ·  ·
  return      ·  ·  立 立 ·  ·  ·  ·  ·  ·
  merge       并 并 并 并 ·  ·  ·  ·  ·  ·
  unmerge     ·  ·  ·  ·  ·  ·  ·  ·  立 ·
  withdraw    撤 撤 撤 撤 撤 ·  ·  ·  ·  ·
  satisfy     ·  ·  ·  ·  ·  销 ·  ·  ·  ·
  partly      ·  ·  ·  ·  ·  销 ·  ·  ·  ·
  dissatisfy  ·  ·  ·  ·  ·  办 ·  ·  ·  ·
  lapse       ·  ·  ·  ·  ·  结 ·  ·  ·  ·
  except      ·  ·  ·  ·  ·  销 ·  ·  ·  ·
  reopen      ·  ·  ·  ·  ·  办 办 ·  ·  ·
  support     报 立 派 办 挂 结 销 ·  ·  ·
  attach      报 立 派 办 挂 结 销 ·  ·  ·
  urge        报 立 派 办 挂 ·  ·  ·  ·  ·
  whistle     派 派 派 派 ·  ·  ·  ·  ·  ·
  arrive      ·  ·  办 办 ·  ·  ·  ·  ·  ·
  share       ·  ·  办 办 ·  ·  ·  ·  ·  ·
  supervise   报 立 派 办 挂 ·  ·  ·  ·  ·
"""


def _cells() -> dict[tuple[State, Action], State | None]:
    head, *rows = EXPECTED.strip("\n").splitlines()
    assert head.split() == COLUMNS
    found: dict[tuple[State, Action], State | None] = {}
    for row in rows:
        name, *cells = row.split()
        for column, cell in zip(COLUMNS, cells, strict=True):
            found[STATES[column], Action(name)] = STATES.get(cell)
    return found


CELLS = _cells()
LAWFUL = {
    Action(name)
    for name in ("resolve", "satisfy", "partly", "dissatisfy", "lapse", "except", "reopen")
}


def ticket(state: State = State.REPORTED, **changes: Any) -> Ticket:
    first = Ticket(
        id=7, group="local:g1", number=12, grid="7-1", code="0103", text="楼道灯坏了",
        reporter="local:wang", created_at=NOW, state=state,
    )  # fmt: skip
    return replace(first, **changes)


def move(
    before: Ticket, action: Action, by: str = "local:leader", **changes: Any
) -> tuple[Ticket, TicketEvent]:
    return before.move(action, by, NOW, event_id=1, **changes)


def test_the_expectation_names_every_pair() -> None:
    assert set(CELLS) == {(state, action) for state in State for action in Action}
    assert set(STATES.values()) == set(State)


@pytest.mark.parametrize(("pair", "target"), CELLS.items(), ids=str)
def test_every_pair_of_state_and_action(pair: tuple[State, Action], target: State | None) -> None:
    state, action = pair
    assert TRANSITIONS.get(pair) == target
    before = ticket(state)
    if target is None:
        with pytest.raises(IllegalTransition) as refused:
            move(before, action)
        _names_everything(refused.value, state, action)
        with pytest.raises(IllegalTransition):
            before.enter(state, action, "local:leader", NOW, event_id=1)
    elif action in LAWFUL:
        with pytest.raises(ValueError, match=r"routing\.closing"):
            move(before, action)
    else:
        after, event = move(before, action)
        assert (after.state, event.action, event.changes["state"]) == (target, action, target)


def _names_everything(error: IllegalTransition, state: State, action: Action) -> None:
    allowed = {a for (s, a), target in CELLS.items() if s is state and target is not None}
    assert (error.state, error.action, set(error.allowed)) == (state, action, allowed)
    words = str(error)
    assert state.label in words
    assert action.label in words
    for other in allowed:
        assert other.label in words
    assert allowed or "无" in words


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_a_move_leads_nowhere_but_to_its_target(state: State, action: Action) -> None:
    target = TRANSITIONS.get((state, action))
    for elsewhere in set(State) - {state, target}:
        with pytest.raises(IllegalTransition):
            ticket(state).enter(elsewhere, action, "local:leader", NOW, event_id=1)


_ENTERS = r"\bticket\w*\.enter\(\s*+(?!ticket\.state\b)|\bself\.enter\("


def test_only_the_closing_law_enters_a_state_of_its_choice() -> None:
    """`enter` is the one way round the table's target, so its callers are counted; to stay
    where one is takes nobody anywhere."""
    callers = [
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "storage", "routing")
        for path in (ROOT / package).rglob("*.py")
        if re.search(_ENTERS, path.read_text(encoding="utf-8"))
    ]
    assert sorted(callers) == ["routing/closing.py", "routing/ticket.py"]


@pytest.mark.parametrize("name", ["id", "group", "number", "hands", "hash", "version", "state"])
def test_a_move_cannot_set_what_identifies_a_ticket(name: str) -> None:
    changes = {name: getattr(ticket(), name)}
    with pytest.raises(TypeError):
        move(ticket(), Action.URGE, **changes)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError):
        move(ticket(), Action.URGE, colour="red")


def test_a_ticket_is_frozen() -> None:
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        ticket().state = State.CLOSED  # type: ignore[misc]


@pytest.mark.parametrize("state", [s for s in State if s is not State.REPORTED])
def test_a_ticket_cannot_begin_anywhere_else(state: State) -> None:
    with pytest.raises(ValueError, match=state.label):
        open_ticket(ticket(state), event_id=1)


@pytest.mark.parametrize(
    ("action", "by", "changes", "hands"),
    [
        (Action.ACCEPT, "local:gas", {"handler": "local:gas"}, ("local:gas",)),
        (Action.PROGRESS, "local:gas", {}, ("local:gas",)),
        (Action.PROGRESS, "", {}, ()),
        (Action.DISPATCH, "local:leader", {"handler": "local:worker"}, ("local:worker",)),
        (Action.DISPATCH, "local:leader", {"unit": "water", "handler": ""}, ()),
        (Action.ARRIVE, "local:gas", {}, ("local:gas",)),
        (Action.SHARE, "local:gas", {}, ("local:gas",)),
        (Action.EXTEND, "local:street", {}, ("local:street",)),
        (Action.EXTEND, "", {}, ()),  # a fresh deadline after rework is set by nobody
        (Action.SUSPEND, "local:street", {}, ("local:street",)),
        (Action.URGE, "local:leader", {}, ()),
        (Action.SUPERVISE, "local:street", {}, ()),
    ],
)
def test_whoever_works_on_a_ticket_leaves_a_hand(
    action: Action, by: str, changes: dict[str, Any], hands: tuple[str, ...]
) -> None:
    state = State.CONFIRMED if (State.CONFIRMED, action) in TRANSITIONS else State.DISPATCHED
    after, event = move(ticket(state), action, by, **changes)
    assert after.hands == hands
    assert tuple(event.changes.get("hands", ())) == hands


def test_who_only_resumed_it_has_a_hand_in_it() -> None:
    after, _ = move(ticket(State.SUSPENDED), Action.RESUME, "local:street")
    assert after.hands == ("local:street",)


def test_hands_are_kept_for_good() -> None:
    one, _ = move(ticket(), Action.ACCEPT, "local:gas", handler="local:gas")
    two, _ = move(one, Action.RETURN, "local:gas", handler="", unit="")
    three, _ = move(two, Action.ACCEPT, "local:water", handler="local:water")
    assert (three.handler, three.hands) == ("local:water", ("local:gas", "local:water"))


def test_the_words_people_read_are_complete_and_their_own() -> None:
    for words in (State, Action, Result):
        labels = [word.label for word in words]
        assert all(labels)
        assert len(set(labels)) == len(labels)
    assert [s.label for s in State] == [
        "待确认", "已立案", "已派遣", "处置中", "挂账", "已办结待评价", "已销号", "不予受理",
        "已并案", "已撤回",
    ]  # fmt: skip
    assert [r.label for r in Result] == ["已解决", "部分解决", "解释说明", "无法解决", "转外部"]
    assert [v.value for v in Verdict] == ["", "满意", "一般", "不满意", "未评价"]


def test_open_and_alive() -> None:
    assert {State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS} < OPEN
    assert State.SUSPENDED in OPEN
    assert {State.RESOLVED} == ALIVE - OPEN
    assert not ALIVE & {State.CLOSED, State.REJECTED, State.MERGED, State.WITHDRAWN}


@pytest.mark.parametrize(
    ("supporters", "voices"),
    [
        ((), ("local:wang",)),
        (("local:li",), ("local:wang", "local:li")),
        (("local:li", "local:wang"), ("local:wang", "local:li")),
    ],
)
def test_voices_begin_with_the_reporter(
    supporters: tuple[str, ...], voices: tuple[str, ...]
) -> None:
    assert ticket(supporters=supporters).voices == voices


@pytest.mark.parametrize(("code", "dispute"), [("0901", True), ("0905", True), ("0109", False)])
def test_disputes_are_the_ninth_class(code: str, dispute: bool) -> None:
    assert ticket(code=code).dispute is dispute


# ── the history

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PEOPLE = st.sampled_from(["local:wang", "local:li", "local:leader", "local:gas", ""])
MOMENTS = st.integers(0, 10**12).map(lambda us: NOW + timedelta(microseconds=us))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "handler": PEOPLE, "unit": TEXTS, "place": TEXTS, "text": TEXTS, "images": st.lists(TEXTS,
        max_size=2).map(tuple), "supporters": st.lists(PEOPLE, max_size=3).map(tuple),
        "due_at": st.none() | MOMENTS, "urgent": st.booleans(), "code": st.just("0901"),
        "result": st.none() | st.sampled_from(Result), "verdict": st.sampled_from(Verdict),
    },
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(Action), PEOPLE, MOMENTS, TEXTS, CHANGES), max_size=12)


def walk(steps: list[tuple[Action, str, datetime, str, dict[str, Any]]]) -> list[TicketEvent]:
    """The history of one ticket after the legal ones of some steps."""
    now, event = open_ticket(ticket(version=1), event_id=100, note="报", message_id=5)
    events = [event]
    for number, (action, by, at, note, changes) in enumerate(steps):
        target = TRANSITIONS.get((now.state, action))
        if target is not None:
            now, event = now.enter(
                target, action, by, at, event_id=101 + number, note=note, **changes
            )
            events.append(event)
    assert replay(events) == now
    return events


def stored(event: TicketEvent) -> TicketEvent:
    """The event as it comes back from a database: changes through JSON, the time in UTC."""
    return replace(event, changes=json.loads(json.dumps(dict(event.changes))), at=event.at)


@given(STEPS)
def test_events_rebuild_the_ticket(steps: list[Any]) -> None:
    events = walk(steps)
    again = replay([stored(event) for event in events])
    assert again == replay(events)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert again.version == len(events)
    assert again.hash == events[-1].hash


@given(STEPS)
def test_earlier_history_never_changes(steps: list[Any]) -> None:
    whole = walk(steps)
    for length in range(1, len(whole) + 1):
        assert replay(whole[:length]).hash == whole[length - 1].hash


TAMPERED: dict[str, Any] = {
    "id": 9, "ticket_id": 8, "seq": 77, "action": Action.EXCEPT, "by": "local:mallory",
    "at": NOW - timedelta(days=1), "note": "另一个说法", "message_id": 99,
    "changes": {"state": "closed"}, "hash": "0" * 64,
}  # fmt: skip


def test_tampering_is_tried_with_every_field() -> None:
    assert set(TAMPERED) == {field.name for field in fields(TicketEvent)}


@given(STEPS, st.sampled_from(sorted(TAMPERED)), st.data())
def test_a_changed_event_breaks_the_chain(steps: list[Any], name: str, data: st.DataObject) -> None:
    events = walk(steps)
    at = data.draw(st.integers(0, len(events) - 1))
    forged = replace(events[at], **{name: TAMPERED[name]})
    if forged == events[at]:
        return
    with pytest.raises(ValueError, match="hash chain"):
        replay([*events[:at], forged, *events[at + 1 :]])


@given(STEPS, st.data())
def test_a_left_out_doubled_or_moved_event_breaks_the_chain(
    steps: list[Any], data: st.DataObject
) -> None:
    events = walk(steps)
    if len(events) == 1:
        return
    at = data.draw(st.integers(0, len(events) - 2))
    without = [*events[:at], *events[at + 1 :]]
    doubled = [*events[: at + 1], *events[at:]]
    moved = [*events[:at], events[at + 1], events[at], *events[at + 2 :]]
    for forged in (without, doubled, moved):
        with pytest.raises(ValueError, match="hash chain"):
            replay(forged)


def test_no_events_are_no_ticket() -> None:
    with pytest.raises(ValueError, match="no events"):
        replay([])


def test_histories_of_two_tickets_do_not_mix() -> None:
    _, one = open_ticket(ticket(), event_id=1)
    _, two = open_ticket(ticket(id=8), event_id=2)
    with pytest.raises(ValueError, match="hash chain"):
        replay([one, two])


def test_the_first_event_is_the_report() -> None:
    opened, event = open_ticket(ticket(), event_id=3, note="楼道灯坏了", message_id=5)
    assert (event.action, event.by, event.at, event.seq) == (Action.REPORT, "local:wang", NOW, 1)
    assert (opened.version, opened.hash) == (1, event.hash)
    assert event.message_id == 5


@given(st.text(max_size=20))
def test_any_text_can_be_hashed(words: str) -> None:
    """Half characters too, as a broken client sends them."""
    after, event = move(ticket(), Action.URGE, note=words, text=words)
    assert re.fullmatch("[0-9a-f]{64}", event.hash)
    assert after.text == words


@pytest.mark.parametrize("field", [f.name for f in fields(Ticket)])
def test_every_field_survives_json(field: str) -> None:
    values: dict[str, Any] = {
        "due_at": NOW, "resolved_at": NOW, "closed_at": NOW, "result": Result.PARTIAL,
        "verdict": Verdict.PARTLY, "hands": ("a", "b"), "images": ("x.jpg",), "urgent": True,
        "supporters": ("local:li",), "unhappy": ("local:li",),
    }  # fmt: skip
    value = values.get(field, getattr(ticket(State.RESOLVED), field))
    assert revive(field, json.loads(json.dumps(plain(value)))) == value
    assert type(revive(field, plain(value))) is type(value)


def test_a_move_keeps_who_said_what_and_in_which_message() -> None:
    moved, event = ticket().move(
        Action.CONFIRM, "local:leader", NOW, event_id=5, note="属实", message_id=77
    )
    assert (event.id, event.ticket_id, event.seq) == (5, 7, ticket().version + 1)
    assert (event.by, event.at, event.note, event.message_id) == ("local:leader", NOW, "属实", 77)
    assert moved.version == event.seq
    assert not {"version", "hash"} & {*event.changes, *open_ticket(ticket(), event_id=1)[1].changes}
    assert moved.hash == event.hash


def test_the_hash_covers_the_event_and_the_one_before_in_one_written_form() -> None:
    """Whoever checks a chain with other tools needs no more than this line."""
    before, first = open_ticket(ticket(), event_id=1, message_id=3)
    _, event = before.move(
        Action.SUPPORT, "local:li", NOW, event_id=2, note="我家也是“黑”的\n", message_id=4,
        supporters=("local:li",),
    )  # fmt: skip
    said = '{"state":"reported","supporters":["local:li"]}'
    body = (
        f'["{first.hash}",2,7,{event.seq},"support","local:li","{NOW.isoformat()}",'
        f'"我家也是“黑”的\\n",4,{said}]'
    )
    assert event.hash == hashlib.sha256(body.encode()).hexdigest()


@pytest.mark.parametrize("field", ["id", "ticket_id", "seq", "action", "by", "at", "note"])
def test_no_field_of_an_event_can_be_changed_unnoticed(field: str) -> None:
    opened, first = open_ticket(ticket(), event_id=1)
    moved, event = opened.move(Action.CONFIRM, "local:leader", NOW, event_id=2)
    assert replay([first, event]) == moved
    other: Any = {
        "id": 3, "ticket_id": 8, "seq": 9, "action": Action.REJECT, "by": "local:li",
        "at": NOW + timedelta(seconds=1), "note": "别的",
    }[field]  # fmt: skip
    changed: dict[str, Any] = {field: other}
    forged = replace(event, **changed)
    with pytest.raises(ValueError, match="breaks the hash chain"):
        replay([first, forged])
