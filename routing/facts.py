"""The milestones of one ticket, folded from its raw events one by one.

What a fact holds, and how it is kept, is fact.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from routing.fact import RUNNING, Fact
from routing.states import Action, State, Verdict

Step = tuple[int, str, str, int, str]
"""One event: ticket, the action's value, who, when (µs since 1970), the changes as JSON."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_RESTING = frozenset({str(State.SUSPENDED), str(State.RESOLVED), str(State.CLOSED)})
_SHORT = 64
_REPORT, _RESOLVE = str(Action.REPORT), str(Action.RESOLVE)
_parse = json.JSONDecoder().raw_decode
_CLOSED = str(State.CLOSED)
_KEPT: dict[str, str | int] = {
    **dict.fromkeys(
        ("group", "grid", "code", "unit", "handler", "nature", "reporter", "place_normal"), ""
    ),
    "result": "",
    **dict.fromkeys(("urgent", "crowd", "parent", "recurs"), 0),
}
"""Fields taken over as they are, with what None means."""


def fold(ticket_id: int, steps: Iterable[Step], as_of: int | None = None) -> Fact:
    """The fact that the steps of one ticket, in order, add up to; later ones than as_of are left
    out. An action that the figures do not know still changes the fields it says it changes."""
    fact = Fact(ticket_id)
    for step in steps:
        if as_of is not None and step[3] >= as_of:
            break
        fact = advance(fact, step)
    return fact if as_of is None else seen_at(fact, as_of)


def advance(fact: Fact, step: Step) -> Fact:
    """The fact one step later; the given one is used up."""
    number, action, by, at, text = step
    if 0 < fact.due < at and fact.state in RUNNING and not fact.late:
        fact.late = fact.since <= fact.due or action == _RESOLVE
    changes = _parsed(text) if len(text) < _SHORT else _parse(text)[0]
    if action == _REPORT:
        return _begun(number, changes, at)
    _take(fact, changes, at)
    if (what := _STEPS.get(action)) is not None:
        what(fact, by, at)
    return fact


def seen_at(fact: Fact, as_of: int) -> Fact:
    """The fact as it looks at a moment (µs) after its last step: it may have become late."""
    fact.late = fact.late or fact.overdue(as_of)
    return fact


def _begun(ticket_id: int, changes: dict[str, Any], at: int) -> Fact:
    """The fact as the report leaves it; the fields in the order of the class."""
    fact = Fact(ticket_id, at, *_first(changes))
    fact.due = _micros_of(changes["due_at"])
    fact.since = at
    fact.first_code = fact.code
    return fact


_first = itemgetter(
    "group", "grid", "code", "nature", "reporter", "place_normal", "urgent", "crowd", "parent",
    "recurs", "state", "unit", "handler",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _parsed(text: str) -> dict[str, Any]:
    """Most moves change little but the state, and say so in the same few words."""
    found: dict[str, Any] = _parse(text)[0]
    return found


def micros(at: datetime) -> int:
    """An aware time as microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def _micros_of(text: str | None) -> int:
    return micros(datetime.fromisoformat(text)) if text else 0


def _take(fact: Fact, changes: dict[str, Any], at: int) -> None:
    for name, value in changes.items():
        if name == "state":
            if fact.state in _RESTING and value != fact.state:
                fact.rests.append((fact.since, at))
            if value != fact.state:
                fact.since = at
            fact.state = value
        elif name == "due_at":
            fact.due = _micros_of(value)
        elif name == "shares":
            _arrivals(fact, value)
        elif name == "hands":
            fact.hands = value
        elif name in _KEPT:
            setattr(fact, name, value or _KEPT[name])


def _arrivals(fact: Fact, shares: list[list[Any]]) -> None:
    fact.shares = shares
    for unit, _, arrived, *_ in shares:
        if arrived:
            fact.arrived.setdefault(unit, _micros_of(arrived))


def _file(fact: Fact, _by: str, at: int) -> None:
    fact.filed = fact.filed or at


def _dispatch(fact: Fact, by: str, at: int) -> None:
    _file(fact, by, at)
    fact.first_unit = fact.first_unit if fact.dispatched else fact.unit
    fact.dispatched = fact.dispatched or at
    fact.units.add(fact.unit)
    fact.bounced = fact.bounced or fact.unit in fact.returners
    fact.sent_to = fact.unit


def _whistle(fact: Fact, by: str, at: int) -> None:
    _dispatch(fact, by, at)
    for unit, *_ in fact.shares:
        fact.called.setdefault(unit, at)


def _work(fact: Fact, by: str, at: int) -> None:
    _file(fact, by, at)
    fact.contacted = fact.contacted or at
    if fact.dispatched:
        fact.signed = fact.signed or at


def _return(fact: Fact, _by: str, at: int) -> None:
    fact.returns += 1
    fact.returned = fact.returned or at
    if fact.sent_to:
        fact.returners.add(fact.sent_to)


def _resolve(fact: Fact, by: str, at: int) -> None:
    _work(fact, by, at)
    fact.first_finish = fact.first_finish or at
    fact.finished = at
    fact.claims += 1


def _extend(fact: Fact, by: str, _at: int) -> None:
    """A fresh deadline after rework is set by the bot (by nobody) and is no 延期."""
    fact.extensions += bool(by)


def _more(name: str) -> Callable[[Fact, str, int], None]:
    def count(fact: Fact, _by: str, _at: int) -> None:
        setattr(fact, name, getattr(fact, name) + 1)

    return count


def _answer(verdict: Verdict) -> Callable[[Fact, str, int], None]:
    def take(fact: Fact, by: str, at: int) -> None:
        fact.answers[by] = (str(verdict), at)
        _close(fact, at)

    return take


def _close(fact: Fact, at: int) -> None:
    if fact.state == _CLOSED:
        fact.closed = at
        fact.first_close = fact.first_close or at


def _send_back(fact: Fact, by: str, at: int) -> None:
    fact.answers[by] = (str(Verdict.DISSATISFIED), at)
    fact.sent_back = fact.sent_back or at
    fact.reworks += 1
    fact.finished = fact.closed = fact.excepted = fact.lapsed = 0


def _lapse(fact: Fact, _by: str, at: int) -> None:
    fact.lapsed = at


def _except(fact: Fact, _by: str, at: int) -> None:
    fact.excepted = at
    _close(fact, at)


_STEPS: dict[str, Callable[[Fact, str, int], None]] = {
    str(Action.CONFIRM): _file,
    str(Action.DISPATCH): _dispatch,
    str(Action.ACCEPT): _work,
    str(Action.PROGRESS): _work,
    str(Action.WHISTLE): _whistle,
    str(Action.ARRIVE): _work,
    str(Action.SHARE): _work,
    str(Action.RESOLVE): _resolve,
    str(Action.SUSPEND): _more("suspensions"),
    str(Action.EXTEND): _extend,
    str(Action.RETURN): _return,
    str(Action.SATISFY): _answer(Verdict.SATISFIED),
    str(Action.PARTLY): _answer(Verdict.PARTLY),
    str(Action.DISSATISFY): _send_back,
    str(Action.REOPEN): _send_back,
    str(Action.LAPSE): _lapse,
    str(Action.EXCEPT): _except,
}
