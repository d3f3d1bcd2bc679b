"""The working calendar and the quiet hours that the settings describe.

What working time is says routing/calendar.py."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import SettingsError
from bot.settings import CalendarSection, GroupSection
from routing.calendar import WorkCalendar
from routing.holidays import read_holidays
from routing.sheets import ImportProblems

AHEAD = timedelta(days=60)
"""So far ahead deadlines are set: the years until then must have their holidays."""


def build_calendar(section: CalendarSection) -> WorkCalendar:
    """The working calendar with the local exceptions; those of the settings win over the file.

    Raises SettingsError for a file that cannot be read."""
    periods = [tuple(period.split("-")) for period in section.periods]
    exceptions = _of_file(section.file)
    exceptions |= {
        **dict.fromkeys(section.workdays, True),
        **dict.fromkeys(section.holidays, False),
    }
    return WorkCalendar([(p[0], p[1]) for p in periods], exceptions, ZoneInfo(section.timezone))


def _of_file(file: str) -> dict[date, bool]:
    try:
        return read_holidays(Path(file)) if file else {}
    except ImportProblems as error:
        raise SettingsError([f"[calendar.file] {line}" for line in error.lines]) from error


def uncovered(calendar: WorkCalendar, now: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """The years, from now to AHEAD, whose holidays nobody has told us."""
    years = sorted({at.astimezone(zone).year for at in (now, now + AHEAD)})
    return tuple(year for year in years if not calendar.covers(year))


def warning(year: int) -> str:
    """What an operator reads of such a year, at start and in `check`."""
    return (
        f"没有{year}年的放假和调休安排，落在这一年的期限先按周一到周五计算，遇到节假日会不准。"
        "请升级 chinesecalendar，或在 [calendar] 的 file 里补上国务院公布的安排，再重新启动。"
    )


def awake_at(section: GroupSection, now: datetime, zone: ZoneInfo) -> datetime:
    """Now, or the end of the quiet hours if they are on."""
    if not section.quiet_from or not section.quiet_to:
        return now
    start, end = time.fromisoformat(section.quiet_from), time.fromisoformat(section.quiet_to)
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not quiet:
        return now
    day = local.date() + timedelta(days=1 if clock >= end else 0)
    return datetime.combine(day, end, zone).astimezone(now.tzinfo)
