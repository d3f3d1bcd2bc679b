"""Why people were not satisfied, by the few grounds that somebody can do something about.

The words themselves stay with the ticket; only how often each ground was given is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

UNSAID = "没说原因"
OTHER = "其他"
_GROUNDS = (
    ("又出现了", (r"又[^,，。]{0,6}(?:坏|漏|堵|停|黑|灭|响|臭|脏|来|出|犯|这样)|复发|反复|没几天"
     r"|过两天|老毛病")),
    ("态度不好", r"态度|凶|骂|吼|推[诿脱]|踢皮球|敷衍|应付|爱[答搭]不理|不耐烦"),
    ("太慢了", r"太?慢|拖|等[了得]?[^,，。]{0,4}(?:久|天|周|月)|催[了过]?[^,，。]{0,3}[次遍回]|迟"),
    ("没说清楚", (r"不清楚|没(?:人)?(?:说|讲|告诉|通知|解释|回复|回音|答复|交代)|没有?说法"
     r"|看不懂|不明白")),
    ("只办了一半", (r"一半|没(?:弄|修|做|清|搞|收拾)?(?:完|干净|彻底|全)|留下|还剩"
     r"|只(?:修|弄|清|换)")),
    ("没有解决", r"没|不亮|不行|不通|不热|还是|还在|还有|依旧|照样|白修|根本|坏"),
)  # fmt: skip
_RULES = tuple((name, re.compile(rule)) for name, rule in _GROUNDS)
GROUNDS = (*(name for name, _ in _GROUNDS), OTHER, UNSAID)


def ground_of(words: str, unsaid: str = "") -> str:
    """The ground that somebody's words give, the most telling one first.

    unsaid: the note that stands where nobody gave a reason."""
    if not words.strip() or words.strip() == unsaid:
        return UNSAID
    return next((name for name, rule in _RULES if rule.search(words)), OTHER)


def counted(notes: Iterable[str], unsaid: str = "") -> dict[str, int]:
    """How often each ground was given, in the order of GROUNDS, without those never given."""
    found = Counter(ground_of(note, unsaid) for note in notes)
    return {name: found[name] for name in GROUNDS if found[name]}
