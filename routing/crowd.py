"""How many people a message speaks for: "我们二十多个人", "20余名工友", "全楼五十户".

Five or more make it a group matter (群体诉求), whose deadline class is raised by one."""

from __future__ import annotations

import re

from routing.numerals import han_number

GROUP = 5
"""From so many people on a matter counts as a group's (petition practice: five and more)."""

RAISED = {"C": "O", "O": "U", "Q": "O"}
"""The deadline class of a group's matter; U and E stay."""

_COUNT = re.compile(
    r"(\d{1,4}|[零〇一二两三四五六七八九十百]{1,5})\s*(?:多|来|几|余)?\s*(?:个|名|位)?\s*"
    r"(?:人|工友|工人|同事|员工|业主|居民|村民|家长|住户|农民工|户|兄弟|姐妹)(?!民币|行道|次|均|字)"
)
_FEW = re.compile(r"[一二两]三|三四|三五|[一二两]个?人|一家")


def people(text: str) -> int:
    """The largest number of people or households named, 0 if none; "二十多" counts as 20."""
    found = [_value(match[1]) for match in _COUNT.finditer(text) if not _FEW.match(match[0])]
    return max(found, default=0)


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else han_number(digits)
