"""Working time: which days and hours are worked, and how much of it lies between two moments.

Statutory holidays and make-up workdays 调休 come from chinesecalendar; no deadline policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays as _holidays
from chinese_calendar.constants import workdays as _makeup_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = (("08:30", "12:00"), ("13:30", "17:30"))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_STATUTORY: Mapping[date, bool] = {
    **dict.fromkeys(_holidays, False),
    **dict.fromkeys(_makeup_days, True),
}
_STATUTORY_YEARS = frozenset(d.year for d in _holidays)
_DAY_MINUTES = 24 * 60


class WorkCalendar:
    """Several working periods a day, holidays, make-up workdays and local overrides.

    periods: ("HH:MM", "HH:MM") in local time, in order, not overlapping; "24:00" may end one.
    overrides: day → worked or not; they win over the statutory table, and are one themselves for
    a year of which they free New Year's Day and the National Day, as every official table does.
    Raises ValueError for periods that are malformed, empty or out of order."""

    def __init__(
        self,
        periods: Sequence[tuple[str, str]] = OFFICE_HOURS,
        overrides: Mapping[date, bool] | None = None,
        tz: tzinfo = SHANGHAI,
    ) -> None:
        self._periods = _minutes_of(periods)
        self._overrides = dict(overrides or {})
        self._tz = tz
        self._years = _STATUTORY_YEARS | set(_tabled(self._overrides))
        self._windows: dict[int, tuple[tuple[int, int], ...]] = {}
        self.day_length = timedelta(minutes=sum(end - start for start, end in self._periods))

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked; years without a holiday table count Monday to Friday."""
        known = self._overrides.get(day)
        if known is None:
            known = _STATUTORY.get(day)
        return day.weekday() < 5 if known is None else known  # noqa: PLR2004

    def covers(self, year: int) -> bool:
        """Whether holidays of that year are known; if not, deadlines in it are only a guess."""
        return year in self._years

    def advance(self, start: datetime, work: timedelta) -> datetime:
        """The earliest moment (UTC) by which so much has been worked since `start`.

        Raises ValueError for a negative amount or a start without time zone."""
        now, left = _ticks(start), work // _TICK
        if left < 0:
            raise ValueError(f"working time cannot run backwards: {work}")
        day = start.astimezone(self._tz).toordinal()
        while left:
            for begin, end in self._window(day):
                free = end - max(begin, now)
                if free >= left:
                    return _moment(max(begin, now) + left)
                left -= max(free, 0)
            day += 1
        return _moment(now)

    def work_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`, exact; negative when `end` comes first."""
        if end < start:
            return -self.work_between(end, start)
        low, high = _ticks(start), _ticks(end)
        first = start.astimezone(self._tz).toordinal()
        last = end.astimezone(self._tz).toordinal()
        total = 0
        for day in range(first, last + 1):
            for begin, stop in self._window(day):
                total += max(0, min(stop, high) - max(begin, low))
        return timedelta(microseconds=total)

    def windows(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        """The working periods of a local day (as date.toordinal), in microseconds since 1970."""
        return self._window(ordinal)

    def _window(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        found = self._windows.get(ordinal)
        if found is None:
            found = self._windows[ordinal] = self._open_hours(date.fromordinal(ordinal))
        return found

    def _open_hours(self, day: date) -> tuple[tuple[int, int], ...]:
        if not self.is_workday(day):
            return ()
        return tuple((self._at(day, start), self._at(day, end)) for start, end in self._periods)

    def _at(self, day: date, minute: int) -> int:
        extra, minute = divmod(minute, _DAY_MINUTES)
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self._tz)
        return _ticks(wall + timedelta(days=extra))


def _tabled(overrides: Mapping[date, bool]) -> Iterator[int]:
    for year in {day.year for day in overrides}:
        if not any(overrides.get(day, True) for day in (date(year, 1, 1), date(year, 10, 1))):
            yield year


def _minutes_of(periods: Sequence[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    found = tuple((_minute(start), _minute(end)) for start, end in periods)
    flat = [minute for period in found for minute in period]
    if not flat or any(end <= start for start, end in found) or flat != sorted(flat):
        raise ValueError(f"working periods must be in order and not empty: {list(periods)}")
    return found


def _minute(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):  # noqa: PLR2004
        raise ValueError(f"not a time of day: {text!r}; write it like 08:30")
    total = int(hours) * 60 + int(minutes)
    if total > _DAY_MINUTES:
        raise ValueError(f"later than 24:00: {text!r}")
    return total


def _ticks(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {at}")
    return (at - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + timedelta(microseconds=ticks)
