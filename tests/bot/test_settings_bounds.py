"""Every bound of the settings: the last good value is taken, the first bad one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load

BOUNDS = [
    ("bot", "name", '"格"', '""'),
    ("bot", "name", f'"{"格" * 20}"', f'"{"格" * 21}"'),
    ("roster", "max_households", "0", "-1"),
    ("roster", "max_persons", "0", "-1"),
    ("roster", "max_grids", "0", "-1"),
    ("storage", "retention_days", "1", "0"),
    ("storage", "retention_days", "36500", "36501"),
    ("storage", "url", '"postgresql://h/d"', '"mysql://h/d"'),
    ("storage", "url", '"sqlite:///x.db"', '"sqlite:///"'),
    ("web", "port", "0", "-1"),
    ("web", "port", "65535", "65536"),
    ("web", "token", '"123456789012"', '"12345678901"'),
    ("web", "token", '""', '"x"'),
    ("web", "public_url", '"https://a.example"', '"https://a.example/"'),
    ("web", "public_url", '"http://a.example/b"', '"a.example"'),
    ("web", "public_url", '""', '"https://a.example?b=1"'),
    ("group", "mode", '"hint"', '"loud"'),
    ("group", "quiet_from", '"23:59"', '"24:00"'),
    ("group", "quiet_to", '"07:05"', '"7:05"'),
    ("group", "quiet_to", '""', '"07:60"'),
    ("group", "posts_per_ticket", "1", "0"),
    ("group", "report_confidence", "1", "1.01"),
    ("group", "hint_confidence", "0", "-0.01"),
    ("group", "hint_confidence", "0.60", "nan"),
    ("group", "window_min", "1", "0"),
    ("group", "window_min", "1440", "1441"),
    ("group", "reopen_days", "0", "-1"),
    ("group", "recurrence_days", "3650", "3651"),
    ("group", "auto_merge", "false", '"vielleicht"'),
    ("verdict", "remind_h", "0.5", "0"),
    ("verdict", "lapse_h", "8760", "8761"),
    ("verdict", "lapse_h", "8760", "inf"),
    ("digest", "group", '""', '"18.00"'),
    ("digest", "community", '"00:00"', '"18"'),
    ("digest", "street", '"09:30"', '"09:30:00"'),
    ("calendar", "periods", '["08:30-24:00"]', '["08:30-24:01"]'),
    ("calendar", "periods", '["08:30-12:00"]', '["12:00-08:30"]'),
    ("calendar", "periods", '["08:30-12:00"]', '["08:30-08:30"]'),
    ("calendar", "timezone", '"Asia/Urumqi"', '"Mars/Base"'),
    ("calendar", "timezone", '"UTC"', '"../etc"'),
    ("calendar", "workdays", "[2026-10-10]", '["soon"]'),
    ("intake", "batch", "1", "0"),
    ("intake", "wait_ms", "0", "-1"),
    ("intake", "wait_ms", "1000", "1001"),
    ("worker", "batch", "10000", "10001"),
    ("worker", "lease_s", "1", "0"),
    ("worker", "attempts", "1", "0"),
    ("delivery", "attempts", "1000", "1001"),
    ("delivery", "batch", "1", "0"),
    ("learning", "at", '"00:00"', '""'),
    ("learning", "at", '"23:59"', '"25:00"'),
    ("learning", "least_lessons", "1", "0"),
    ("learning", "keep_days", "36500", "36501"),
    ("learning", "limit_s", "10", "9"),
    ("second_opinion", "url", '"https://m.example/v1"', '"https://u:p@m.example"'),
    ("second_opinion", "url", '""', '"ftp://m.example"'),
    ("second_opinion", "line", "1", "1.1"),
    ("second_opinion", "timeout_s", "300", "301"),
    ("second_opinion", "daily_budget", "1", "0"),
    ("second_opinion", "failures", "100", "101"),
    ("second_opinion", "pause_s", "1", "0"),
    ("log", "level", '"DEBUG"', '"debug"'),
    ("channels.onebot", "version", "12", "10"),
    ("channels.onebot", "path", '"/x"', '"x"'),
    ("channels.onebot", "rate", "0", "-1"),
    ("channels.onebot", "answer_s", "0.1", "0"),
    ("channels.wechat_kf", "open_kfid", '"wk_A-1"', '"wk A"'),
    ("channels.wechat_kf", "poll_s", "0.1", "0"),
    ("channels.wechat_mp", "template_field", '"content"', '""'),
    ("channels.wecom_archive", "raw_days", "1", "0"),
    ("channels.wecom_archive", "raw_days", "3650", "3651"),
    ("channels.wecom_archive", "poll_s", "0.5", "0"),
]  # fmt: skip


def _file(folder: Path, section: str, key: str, value: str) -> Path:
    path = folder / "bot.toml"
    path.write_text(f"[{section}]\n{key} = {value}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("section", "key", "good", "bad"), BOUNDS)
def test_a_bound_is_where_it_is_said_to_be(
    tmp_path: Path, section: str, key: str, good: str, bad: str
) -> None:
    load(_file(tmp_path, section, key, good), {})
    path = _file(tmp_path, section, key, bad)
    with pytest.raises(SettingsError) as caught:
        load(path, {})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{path} [{section}.{key}"), problem


TOGETHER = [
    ("group", "report_confidence = 0.3\nhint_confidence = 0.4", "hint_confidence must not"),
    ("verdict", "remind_h = 48\nlapse_h = 48", "lapse_h must be later"),
    ("calendar", "periods = []", "at least one stretch"),
    ("calendar", 'periods = ["13:30-17:30", "08:30-12:00"]', "in order"),
    ("calendar", 'periods = ["08:30-12:00", "11:59-17:30"]', "not overlap"),
    ("calendar", "workdays = [2026-10-10]\nholidays = [2026-10-10]", "2026-10-10 is in workdays"),
    ("roster", 'levels = ["一", "二"]', "different names, highest first"),
    ("second_opinion", "enabled = true", "url and model must be set"),
    ("second_opinion", 'enabled = true\nurl = "https://m.example"', "model must be set"),
]


@pytest.mark.parametrize(("section", "lines", "words"), TOGETHER)
def test_values_that_do_not_fit_together(
    tmp_path: Path, section: str, lines: str, words: str
) -> None:
    path = tmp_path / "bot.toml"
    path.write_text(f"[{section}]\n{lines}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path, {})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{path} [{section}")
    assert words in problem


def test_periods_may_touch(tmp_path: Path) -> None:
    path = _file(tmp_path, "calendar", "periods", '["08:00-12:00", "12:00-18:00"]')
    assert load(path, {}).calendar.periods == ("08:00-12:00", "12:00-18:00")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("GRIDBOT_WEB_PORT", "99999", "web.port"), ("GRIDBOT_GROUP_MODE", "loud", "group.mode"),
        ("GRIDBOT_CALENDAR_PERIODS", "08:30-12:00,x", "calendar.periods.1"),
        ("GRIDBOT_CHANNELS_ONEBOT_VERSION", "9", "channels.onebot.version"),
    ],
)  # fmt: skip
def test_the_environment_is_checked_like_the_file(
    tmp_path: Path, name: str, value: str, field: str
) -> None:
    path = tmp_path / "bot.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path, {name: value})
    (problem,) = caught.value.problems
    assert f"[{field}]" in problem
    assert value.rpartition(",")[2] in problem
