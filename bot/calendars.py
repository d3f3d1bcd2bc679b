"""The working calendar and the quiet hours that the settings describe.

What working time is says routing/calendar.py."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.settings import CalendarSection, GroupSection
from routing.calendar import WorkCalendar


def build_calendar(section: CalendarSection) -> WorkCalendar:
    """The working calendar with the local exceptions."""
    periods = [tuple(period.split("-")) for period in section.periods]
    exceptions = {**dict.fromkeys(section.workdays, True), **dict.fromkeys(section.holidays, False)}
    return WorkCalendar([(p[0], p[1]) for p in periods], exceptions, ZoneInfo(section.timezone))


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
