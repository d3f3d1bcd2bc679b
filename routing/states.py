"""The words of a ticket's life: states, results, verdicts, actions, and the one transition table.

How a move is recorded is ticket.py's business; when 已销号 may be entered is closing.py's."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands; `label` is what people read."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.REPORTED: "待确认",
    State.CONFIRMED: "已立案",
    State.DISPATCHED: "已派遣",
    State.IN_PROGRESS: "处置中",
    State.SUSPENDED: "挂账",
    State.RESOLVED: "已办结待评价",
    State.CLOSED: "已销号",
    State.REJECTED: "不予受理",
    State.MERGED: "已并案",
    State.WITHDRAWN: "已撤回",
}

OPEN = frozenset(
    {State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS, State.SUSPENDED}
)
"""Not yet finished: the deadline runs (or is paused) and the leader owes an answer."""

ALIVE = OPEN | {State.RESOLVED}
"""Open or waiting for the resident's verdict."""


class Result(StrEnum):
    """How a ticket was finished; a claim until the reporter has spoken."""

    SOLVED = "solved"
    PARTIAL = "partial"
    EXPLAINED = "explained"
    UNABLE = "unable"
    EXTERNAL = "external"

    @property
    def label(self) -> str:
        return _RESULT_LABELS[self]


_RESULT_LABELS = {
    Result.SOLVED: "已解决",
    Result.PARTIAL: "部分解决",
    Result.EXPLAINED: "解释说明",
    Result.UNABLE: "无法解决",
    Result.EXTERNAL: "转外部",
}


class Verdict(StrEnum):
    """What the reporter said about the result; UNRATED is silence, never satisfaction."""

    NONE = ""
    SATISFIED = "满意"
    PARTLY = "一般"
    DISSATISFIED = "不满意"
    UNRATED = "未评价"


class Action(StrEnum):
    """Everything that can happen to a ticket; each one leaves an event."""

    REPORT = "report"
    CONFIRM = "confirm"
    REJECT = "reject"
    RECLASSIFY = "reclassify"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    PROGRESS = "progress"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESOLVE = "resolve"
    RETURN = "return"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"
    SATISFY = "satisfy"
    PARTLY = "partly"
    DISSATISFY = "dissatisfy"
    LAPSE = "lapse"
    EXCEPT = "except"
    REOPEN = "reopen"
    SUPPORT = "support"
    ATTACH = "attach"
    URGE = "urge"
    WHISTLE = "whistle"
    ARRIVE = "arrive"
    SHARE = "share"
    SUPERVISE = "supervise"

    @property
    def label(self) -> str:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.REPORT: "上报",
    Action.CONFIRM: "立案",
    Action.REJECT: "不予受理",
    Action.RECLASSIFY: "改类",
    Action.DISPATCH: "派遣",
    Action.ACCEPT: "签收",
    Action.PROGRESS: "进展",
    Action.EXTEND: "延期",
    Action.SUSPEND: "挂账",
    Action.RESUME: "恢复",
    Action.RESOLVE: "办结",
    Action.RETURN: "退单",
    Action.MERGE: "并案",
    Action.UNMERGE: "撤销并案",
    Action.WITHDRAW: "撤回",
    Action.SATISFY: "满意",
    Action.PARTLY: "一般",
    Action.DISSATISFY: "不满意",
    Action.LAPSE: "未评价",
    Action.EXCEPT: "特殊销号",
    Action.REOPEN: "重开",
    Action.SUPPORT: "附和",
    Action.ATTACH: "补充",
    Action.URGE: "催办",
    Action.WHISTLE: "吹哨",
    Action.ARRIVE: "报到",
    Action.SHARE: "分办完成",
    Action.SUPERVISE: "督办",
}

BY_LAW = frozenset(
    {
        Action.RESOLVE, Action.SATISFY, Action.PARTLY, Action.DISSATISFY, Action.LAPSE,
        Action.EXCEPT, Action.REOPEN,
    }
)  # fmt: skip
"""Results, verdicts and closings: taken by the functions of closing.py only."""

HANDLING = frozenset(
    {
        Action.CONFIRM, Action.ACCEPT, Action.PROGRESS, Action.RESOLVE, Action.ARRIVE,
        Action.SHARE, Action.EXTEND, Action.SUSPEND, Action.RESUME,
    }
)  # fmt: skip
"""Whoever does one of these has had a hand in the ticket."""

_WORKING = (State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS)


def _table() -> dict[tuple[State, Action], State]:
    rows: dict[tuple[State, Action], State] = {}

    def allow(action: Action, origins: Iterable[State], target: State | None = None) -> None:
        rows.update({(origin, action): target or origin for origin in origins})

    allow(Action.CONFIRM, [State.REPORTED, State.REJECTED], State.CONFIRMED)
    allow(Action.REJECT, [State.REPORTED, State.CONFIRMED], State.REJECTED)
    allow(Action.RECLASSIFY, [State.REPORTED, *_WORKING, State.SUSPENDED])
    allow(Action.DISPATCH, [State.REPORTED, *_WORKING], State.DISPATCHED)
    allow(Action.ACCEPT, [State.REPORTED, *_WORKING], State.IN_PROGRESS)
    allow(Action.PROGRESS, [State.REPORTED, *_WORKING], State.IN_PROGRESS)
    allow(Action.PROGRESS, [State.SUSPENDED])
    allow(Action.EXTEND, _WORKING)
    allow(Action.SUSPEND, _WORKING, State.SUSPENDED)
    allow(Action.RESUME, [State.SUSPENDED], State.IN_PROGRESS)
    allow(Action.RESOLVE, OPEN, State.RESOLVED)
    allow(Action.RETURN, [State.DISPATCHED, State.IN_PROGRESS], State.CONFIRMED)
    allow(Action.MERGE, [State.REPORTED, *_WORKING], State.MERGED)
    allow(Action.UNMERGE, [State.MERGED], State.CONFIRMED)
    allow(Action.WITHDRAW, OPEN, State.WITHDRAWN)
    allow(Action.SATISFY, [State.RESOLVED], State.CLOSED)
    allow(Action.PARTLY, [State.RESOLVED], State.CLOSED)
    allow(Action.DISSATISFY, [State.RESOLVED], State.IN_PROGRESS)
    allow(Action.LAPSE, [State.RESOLVED])
    allow(Action.EXCEPT, [State.RESOLVED], State.CLOSED)
    allow(Action.REOPEN, [State.RESOLVED, State.CLOSED], State.IN_PROGRESS)
    allow(Action.SUPPORT, [*ALIVE, State.CLOSED])
    allow(Action.ATTACH, [*ALIVE, State.CLOSED])
    allow(Action.URGE, OPEN)
    allow(Action.WHISTLE, [State.REPORTED, *_WORKING], State.DISPATCHED)
    allow(Action.ARRIVE, [State.DISPATCHED, State.IN_PROGRESS], State.IN_PROGRESS)
    allow(Action.SHARE, [State.DISPATCHED, State.IN_PROGRESS], State.IN_PROGRESS)
    allow(Action.SUPERVISE, OPEN)
    return rows


TRANSITIONS: dict[tuple[State, Action], State] = _table()
"""Every legal move. A move into CLOSED is made only where the closing law agrees (closing.py)."""


class IllegalTransition(Exception):
    """The move is not in the table; names the state, the action and what would be allowed."""

    def __init__(self, state: State, action: Action) -> None:
        self.state, self.action = state, action
        self.allowed = tuple(a for a in Action if (state, a) in TRANSITIONS)
        names = "、".join(a.label for a in self.allowed) or "无"
        super().__init__(f"{state.label}时不能{action.label}；可以：{names}")
