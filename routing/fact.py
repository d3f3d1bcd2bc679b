"""One ticket as the figures see it: its milestones, and the text they are kept in.

How they follow from events is facts.py, what is counted from them indicators.py."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from routing.states import OPEN, State
from routing.worktime import Stretch

_SUSPENDED = str(State.SUSPENDED)
RUNNING = frozenset(str(s) for s in OPEN if s is not State.SUSPENDED)


@dataclass(slots=True)
class Fact:
    """One ticket as its events up to a moment leave it; times in µs since 1970, 0 = never.

    filed 立案, contacted: the first word of a human (or the ready answer) to the reporter,
    signed 签收 after the first dispatch, finished: the claim that still stands, first_finish:
    the first claim. late: a deadline passed while its clock ran. rests: 挂账 and waiting for
    the verdict, when the clock stands still. answers: person → (verdict, when), the last one.
    called, arrived: unit → when it was 吹哨 called and reported for duty. returned: the first
    退单, returners: whose, bounced: one of them was told to do it all the same. first_code: what
    the report was taken for."""

    id: int
    created: int = 0
    group: str = ""
    grid: str = ""
    code: str = ""
    nature: str = ""
    reporter: str = ""
    place_normal: str = ""
    urgent: bool = False
    crowd: int = 0
    parent: int = 0
    recurs: int = 0
    state: str = ""
    unit: str = ""
    handler: str = ""
    result: str = ""
    due: int = 0
    filed: int = 0
    contacted: int = 0
    dispatched: int = 0
    first_unit: str = ""
    units: set[str] = field(default_factory=set)
    signed: int = 0
    first_finish: int = 0
    finished: int = 0
    first_close: int = 0
    closed: int = 0
    excepted: int = 0
    lapsed: int = 0
    sent_back: int = 0
    claims: int = 0
    reworks: int = 0
    suspensions: int = 0
    extensions: int = 0
    returns: int = 0
    returned: int = 0
    returners: set[str] = field(default_factory=set)
    sent_to: str = ""
    bounced: bool = False
    late: bool = False
    answers: dict[str, tuple[str, int]] = field(default_factory=dict)
    rests: list[Stretch] = field(default_factory=list)
    hands: list[str] = field(default_factory=list)
    shares: list[list[Any]] = field(default_factory=list)
    called: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    since: int = 0
    first_code: str = ""

    @property
    def open(self) -> bool:
        """Not finished, whether its clock runs or not."""
        return self.state in RUNNING or self.state == _SUSPENDED

    @property
    def running(self) -> bool:
        """Open and its clock runs."""
        return self.state in RUNNING

    def overdue(self, at: int) -> bool:
        """Open with a deadline that has passed by `at` while the clock ran."""
        return self.running and 0 < self.due < at


_NAMES = tuple(one.name for one in fields(Fact) if one.name != "id")
_values = attrgetter(*_NAMES)
_SETS = tuple(_NAMES.index(name) for name in ("units", "returners"))
_ANSWERS, _RESTS = _NAMES.index("answers"), _NAMES.index("rests")
_parse = json.JSONDecoder().raw_decode
_write = json.JSONEncoder(separators=(",", ":")).encode


def pack(fact: Fact) -> str:
    """Everything but the id, as text that any database holds; equal facts give equal texts."""
    values: list[Any] = list(_values(fact))
    for place in _SETS:
        values[place] = sorted(values[place])
    return _write(values)


def unpack(ticket_id: int, text: str) -> Fact:
    """The inverse of `pack`."""
    values = _parse(text)[0]
    for place in _SETS:
        values[place] = set(values[place])
    if values[_ANSWERS]:
        values[_ANSWERS] = {who: tuple(said) for who, said in values[_ANSWERS].items()}
    if values[_RESTS]:
        values[_RESTS] = [tuple(rest) for rest in values[_RESTS]]
    return Fact(ticket_id, *values)
