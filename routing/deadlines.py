"""By when: spans of natural and working time, deadline classes, pauses, and how a deadline is said.

Working time itself lives in calendar.py; reminding and escalating are decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from nlp.taxonomy import Sla, Taxonomy
from routing.calendar import SHANGHAI, WorkCalendar
from routing.crowd import GROUP, RAISED

Pause = tuple[datetime, datetime | None]
"""One stretch in which the clock stands still; an end of None: still standing."""

URGENT = "E"
ORDINARY = "O"

_SPAN = re.compile(r"(\d{1,6})(s|m|h|d|wh|wd)")
_NATURAL = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_SPOKEN = {"s": "秒", "m": "分钟", "h": "小时", "d": "天", "wh": "个工作小时", "wd": "个工作日"}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time: s m h d run day and night, wh and wd only in working time."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read "10s", "5m", "2h", "15d", "4wh" or "3wd". Raises ValueError for anything else."""
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a span of time: {text!r}; write it like 30m, 2h, 15d, 4wh, 3wd")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def working(self) -> bool:
        """Whether only working time counts."""
        return self.unit in ("wh", "wd")

    @property
    def spoken(self) -> str:
        """As people say it: "5个工作日", "2小时"."""
        return f"{self.amount}{_SPOKEN[self.unit]}"

    def length(self, calendar: WorkCalendar) -> timedelta:
        """The running time it takes; a wd is one full working day of the calendar."""
        if self.unit == "wd":
            return self.amount * calendar.day_length
        return self.amount * (timedelta(hours=1) if self.unit == "wh" else _NATURAL[self.unit])


@dataclass(frozen=True, slots=True)
class Deadline:
    """The spans of one deadline class, counted from the report (accept: from the dispatch).

    extend: the longest 延期 that needs no consent from above, None where every one does."""

    sla: str
    name: str
    receipt: Span
    confirm: Span
    accept: Span
    contact: Span
    finish: Span
    extend: Span | None = None


def deadline_of(taxonomy: Taxonomy, code: str, urgent: bool, crowd: int = 0) -> Deadline:
    """The class of a category; anything urgent is class E, whatever the category.

    The category's own `finish` wins over its class, but not over E. A matter of a whole group of
    people (crowd.py) is one class higher. Unknown codes are 一般."""
    minor = taxonomy.minor(code)
    name = URGENT if urgent else minor.sla if minor else ORDINARY
    own = minor.finish if minor and not urgent else ""
    if crowd >= GROUP and name in RAISED:
        name, own = RAISED[name], ""
    return _deadline(taxonomy.slas[name], own)


@lru_cache(maxsize=1024)
def _deadline(sla: Sla, finish: str) -> Deadline:
    return Deadline(
        sla=sla.id,
        name=sla.name,
        receipt=Span.parse(sla.receipt),
        confirm=Span.parse(sla.confirm),
        accept=Span.parse(sla.accept),
        contact=Span.parse(sla.contact),
        finish=Span.parse(finish or sla.finish),
        extend=Span.parse(sla.extend) if sla.extend else None,
    )


def due_at(
    start: datetime, span: Span, calendar: WorkCalendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The earliest moment (UTC) by which the span has run since `start`, pauses left out.

    Pauses may overlap, come in any order or lie before the start. None while the clock stands
    still and the deadline was not reached before it stopped."""
    left, now = span.length(calendar), start
    for begin, end in _merged(pauses, start):
        ran = _elapsed(now, begin, span, calendar)
        if left <= ran:
            break
        if end is None:
            return None
        left, now = left - ran, end
    return _advanced(now, left, span, calendar)


def _elapsed(start: datetime, end: datetime, span: Span, calendar: WorkCalendar) -> timedelta:
    return calendar.work_between(start, end) if span.working else end - start


def _advanced(start: datetime, left: timedelta, span: Span, calendar: WorkCalendar) -> datetime:
    working = left if span.working else timedelta()
    return calendar.advance(start if span.working else start + left, working)


def _merged(pauses: Iterable[Pause], start: datetime) -> list[Pause]:
    """Sorted, disjoint, cut at the start; empty and reversed ones dropped."""
    merged: list[Pause] = []
    cut = [(max(begin, start), end) for begin, end in pauses if _counts((begin, end), start)]
    for begin, end in sorted(cut, key=lambda pause: pause[0]):
        last = merged[-1] if merged else None
        if last is None or (last[1] is not None and begin > last[1]):
            merged.append((begin, end))
        elif last[1] is not None and (end is None or end > last[1]):
            merged[-1] = (last[0], end)
    return merged


def _counts(pause: Pause, start: datetime) -> bool:
    begin, end = pause
    return end is None or end > max(begin, start)


def spoken(due: datetime, now: datetime, tz: tzinfo = SHANGHAI, *, near: bool = True) -> str:
    """A deadline as people say it: "今天18:00前", "明天10:30前", "11月25日17:30前".

    near: whether 今天 and 明天 may be said; not in what is read on another day."""
    local, today = due.astimezone(tz), now.astimezone(tz).date()
    day = f"{local.month}月{local.day}日"
    if local.year != today.year:
        day = f"{local.year}年{day}"
    if near:
        day = {0: "今天", 1: "明天"}.get((local.date() - today).days, day)
    return f"{day}{local:%H:%M}前"


def lateness(late: timedelta) -> str:
    """How long a deadline has passed, as people say it: "不到1小时", "5小时", "2天"."""
    if late.days:
        return f"{late.days}天"
    hours = late.seconds // 3600
    return f"{hours}小时" if hours else "不到1小时"
