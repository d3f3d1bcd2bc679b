"""The calendar of the settings: local days over the official ones, and years nobody has told us."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendar, uncovered
from bot.errors import SettingsError
from bot.sections import CalendarSection, StorageSection
from bot.service import check, migrate
from bot.settings import Settings
from routing.calendar import WorkCalendar

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
YEAR_2099 = "2099-01-01,,休,\n2099-02-02,2099-02-08,休,\n2099-02-14,,班,\n2099-10-01,,休,\n"


@pytest.fixture
def days(tmp_path: Path) -> Path:
    """A district's own list of 2099."""
    path = tmp_path / "节假日.csv"
    path.write_text(f"开始,结束,安排,说明\n{YEAR_2099}", encoding="utf-8")
    return path


def test_the_file_says_what_is_worked(days: Path) -> None:
    calendar = build_calendar(CalendarSection(file=str(days)))
    assert not calendar.is_workday(date(2099, 2, 2))  # a Monday
    assert calendar.is_workday(date(2099, 2, 14))  # a Saturday
    assert calendar.covers(2099)
    assert not calendar.is_workday(date(2026, 10, 1)), "the built-in table stays"


def test_the_settings_win_over_the_file(days: Path) -> None:
    section = CalendarSection(
        file=str(days), workdays=(date(2099, 2, 2),), holidays=(date(2099, 2, 14),)
    )
    calendar = build_calendar(section)
    assert calendar.is_workday(date(2099, 2, 2))
    assert not calendar.is_workday(date(2099, 2, 14))
    assert not calendar.is_workday(date(2099, 2, 3))


def test_the_settings_alone_can_be_a_years_table() -> None:
    section = CalendarSection(holidays=(date(2099, 1, 1), date(2099, 10, 1)))
    assert build_calendar(section).covers(2099)


@pytest.mark.parametrize("text", ["开始,安排\n明天,休\n", "日期\n2099-01-01\n"])
def test_a_bad_file_stops_the_start_with_its_place(days: Path, text: str) -> None:
    days.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        build_calendar(CalendarSection(file=str(days)))
    assert all(line.startswith("[calendar.file] 节假日.csv") for line in caught.value.problems)


@pytest.mark.parametrize(
    ("now", "years"),
    [
        ("2098-10-31T00:00", (2098,)),
        ("2098-11-02T23:59", (2098, 2099)),
        ("2098-12-31T23:59", (2098, 2099)),
        ("2099-01-01T00:00", (2099,)),
        ("2026-03-01T00:00", ()),
    ],
)
def test_years_are_missed_sixty_days_ahead(now: str, years: tuple[int, ...]) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=ZONE).astimezone(UTC)
    assert uncovered(WorkCalendar(), at, ZONE) == years


def test_the_year_is_the_local_one() -> None:
    eve = datetime(2098, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert uncovered(WorkCalendar(), eve, ZONE) == (2099,)


def checked(settings: Settings, now: datetime) -> list[str]:
    """What `check` prints of holidays at that time."""
    lines: list[str] = []

    async def both() -> None:
        await migrate(settings, lines.append)
        assert await check(settings, lines.append, now=now) == 0

    asyncio.run(both())
    return [line for line in lines if "放假" in line]


def test_check_warns_until_somebody_has_filled_in_the_year(days: Path, tmp_path: Path) -> None:
    storage = StorageSection(url=f"sqlite:///{tmp_path}/c.db")
    new_year = datetime(2099, 1, 1, tzinfo=UTC)
    (line,) = checked(Settings(storage=storage), new_year)
    assert line.startswith("注意：没有2099年的放假和调休安排")
    assert "[calendar]" in line
    own = Settings(storage=storage, calendar=CalendarSection(file=str(days)))
    assert checked(own, new_year) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize("listed", [False, True])
def test_the_start_warns_of_a_year_without_holidays(tmp_path: Path, listed: bool) -> None:
    """By the real clock: which years are missed depends on the day on which this runs."""
    missed = uncovered(WorkCalendar(), datetime.now(UTC), ZONE)
    path = tmp_path / "节假日.csv"
    rows = [f"{year}-{month}-01,,休," for year in missed if listed for month in ("01", "10")]
    path.write_text("\n".join(["开始,结束,安排,说明", *rows]), encoding="utf-8")
    said = _start_and_stop(tmp_path, path)
    for year in missed:
        assert (f"注意：没有{year}年的放假和调休安排" in said) is not listed
    assert ("放假和调休安排" in said) is (bool(missed) and not listed)


def _start_and_stop(folder: Path, holidays: Path) -> str:
    """What `run` prints as errors and warnings until it listens."""
    own = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/bot.db",
        "GRIDBOT_BOT_DATA_DIR": str(folder),
        "GRIDBOT_CALENDAR_FILE": str(holidays),
        "GRIDBOT_WEB_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), "run"],
        cwd=ROOT, env={**os.environ, **own}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        started = process.stdout.readline()
        process.terminate()
        said = process.communicate(timeout=60)[1]
    assert "小格已启动" in started, said
    return said
