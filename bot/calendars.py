"""The working calendar that the settings describe.

What working time is says routing/calendar.py."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.settings import CalendarSection
from routing.calendar import WorkCalendar


def build_calendar(section: CalendarSection) -> WorkCalendar:
    """The working calendar with the local exceptions."""
    periods = [tuple(period.split("-")) for period in section.periods]
    exceptions = {**dict.fromkeys(section.workdays, True), **dict.fromkeys(section.holidays, False)}
    return WorkCalendar([(p[0], p[1]) for p in periods], exceptions, ZoneInfo(section.timezone))
