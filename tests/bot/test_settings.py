"""The settings: read whole, refused whole, every fault by its path, and no secret ever repeated.

What each key means is bot.toml's own text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import Settings, load

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "bot.toml"


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "bot.toml"


def problems(
    path: Path, text: str | None = None, env: Mapping[str, str] | None = None
) -> list[str]:
    """The faults of a file, one a line."""
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as refused:
        load(path, env or {})
    assert str(refused.value) == "\n".join(refused.value.problems)
    assert refused.value.__cause__ is None
    return refused.value.problems


def test_the_shipped_file_is_the_defaults() -> None:
    assert load(SHIPPED, {}) == Settings()


def test_the_shipped_file_names_every_key() -> None:
    written = tomllib.loads(SHIPPED.read_text("utf-8"))
    assert _keys(written) == _keys(Settings().model_dump())


def _keys(values: Mapping[str, Any], place: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in values.items():
        found |= _keys(value, f"{place}{key}.") if isinstance(value, dict) and value else {
            f"{place}{key}"
        }  # fmt: skip
    return found


def test_an_empty_file_is_the_defaults(toml: Path) -> None:
    toml.write_text("", "utf-8")
    assert load(toml, {}) == Settings()


def test_a_file_from_a_windows_editor_is_read(toml: Path) -> None:
    toml.write_bytes("\ufeff[web]\r\nport = 9000\r\n".encode())
    assert load(toml, {}).web.port == 9000


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().web.port = 1


def test_every_fault_is_named_at_once(toml: Path) -> None:
    text = """
        [bot]
        name = ""
        [web]
        port = 70000
        prot = 1
        [group]
        mode = "loud"
        quiet_from = "25:00"
        [calendar]
        periods = ["08:30-12:00", "13:30"]
        holidays = ["2026-02-30"]
        [strorage]
        url = "sqlite:///x.db"
        [storage]
        url = "mysql://localhost/x"
        [urgent]
        gas = "env:GAS_LINE"
    """
    found = problems(toml, text)
    expected = [
        "[bot.name]", "[web.port]", "[web.prot]", "[group.mode]", "[group.quiet_from]",
        "[calendar.periods.1]", "[calendar.holidays.0]", "[strorage]", "[storage.url]",
        "[urgent.gas]",
    ]  # fmt: skip
    assert len(found) == len(expected)
    for place in expected:
        assert any(f"{toml} {place} " in line for line in found), place


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[web]\nprot = 1", "[web.prot]", "did you mean 'port'?"),
        ("[stroage]\nx = 1", "[stroage]", "did you mean 'storage'?"),
        ("[group]\nreopendays = 7", "[group.reopendays]", "did you mean 'reopen_days'?"),
        ("[bot]\nport = 1", "[bot.port]", "it belongs in [web]"),
        ("[bot]\nzzzzz = 1", "[bot.zzzzz]", "see bot.toml for the known keys"),
        ("[channels.local]\nenable = true", "[channels.local.enable]", "did you mean 'enabled'?"),
        ("[channels.dingding]\nx = 1", "[channels.dingding]", "unknown key"),
        ("web = 3", "[web]", "dictionary"),
        ("[web]\nport = 'x'", "[web.port]", "found 'x'"),
        ("[web]\nport = 8080.5", "[web.port]", "found 8080.5"),
        ("[group]\nreport_confidence = nan", "[group.report_confidence]", "finite"),
        ("[verdict]\nlapse_h = inf", "[verdict.lapse_h]", "finite"),
        ("[verdict]\nremind_h = 72\nlapse_h = 24", "[verdict]", "later than remind_h"),
        ("[group]\nhint_confidence = 0.9", "[group]", "must not be above"),
        ("[group]\nquiet_to = '22:00+08:00'", "[group.quiet_to]", "18:00"),
        ("[group]\nquiet_to = '7:00'", "[group.quiet_to]", "found '7:00'"),
        ("[digest]\ngroup = '2400'", "[digest.group]", "18:00"),
        ("[calendar]\nperiods = ['12:00-08:00']", "[calendar.periods.0]", "start-end"),
        ("[calendar]\nperiods = ['08:00']", "[calendar.periods.0]", "start-end"),
        ("[calendar]\nperiods = []", "[calendar]", "at least one"),
        ("[calendar]\nperiods = ['13:00-17:00', '08:00-12:00']", "[calendar]", "in order"),
        ("[calendar]\nperiods = ['08:00-12:00', '11:00-17:00']", "[calendar]", "overlap"),
        ("[calendar]\ntimezone = 'Mars/Base'", "[calendar.timezone]", "Asia/Shanghai"),
        ("[calendar]\ntimezone = 'Asia'", "[calendar.timezone]", "Asia/Shanghai"),
        ("[calendar]\ntimezone = ''", "[calendar.timezone]", "Asia/Shanghai"),
        ("[calendar]\ntimezone = '../../etc/passwd'", "[calendar.timezone]", "Asia/Shanghai"),
        (
            "[calendar]\nworkdays = ['2026-11-22']\nholidays = ['2026-11-22']",
            "[calendar]", "2026-11-22 is in workdays and in holidays",
        ),
        ("[worker]\nattempts = 0", "[worker.attempts]", "greater than or equal to 1"),
        ("[storage]\nretention_days = 0", "[storage.retention_days]", "greater"),
        ("[log]\nlevel = 'LOUD'", "[log.level]", "'INFO'"),
    ],
)  # fmt: skip
def test_faults(toml: Path, text: str, place: str, words: str) -> None:
    (line,) = problems(toml, text)
    assert f"{toml} {place} " in line
    assert words in line


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.toml", None, "no such file; give one with --config"),
        ("broken.toml", b"[web\nport = 1", "not valid TOML"),
        ("latin.toml", "[bot]\nname = 'é'".encode("latin-1"), "not valid TOML"),
        (".", None, "cannot be read"),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (line,) = problems(path)
    assert words in line
    assert str(path) in line


# ── the environment


@pytest.mark.parametrize(
    ("name", "value", "pick", "expected"),
    [
        ("GRIDBOT_WEB_PORT", "9000", lambda s: s.web.port, 9000),
        ("GRIDBOT_BOT_NAME", "格格", lambda s: s.bot.name, "格格"),
        ("GRIDBOT_GROUP_QUIET_FROM", "", lambda s: s.group.quiet_from, ""),
        ("GRIDBOT_VERDICT_REMIND_H", "1.5", lambda s: s.verdict.remind_h, 1.5),
        ("GRIDBOT_CHANNELS_LOCAL_ENABLED", "false", lambda s: s.channels.local.enabled, False),
        ("GRIDBOT_CALENDAR_PERIODS", "09:00-12:00, 13:00-18:00",
         lambda s: s.calendar.periods, ("09:00-12:00", "13:00-18:00")),
        ("GRIDBOT_CALENDAR_HOLIDAYS", "2026-11-23,2026-11-24",
         lambda s: s.calendar.holidays, (date(2026, 11, 23), date(2026, 11, 24))),
        ("GRIDBOT_CALENDAR_HOLIDAYS", "", lambda s: s.calendar.holidays, ()),
        ("GRIDBOT_STORAGE_URL", "postgresql://u@h/d", lambda s: s.storage.url,
         "postgresql://u@h/d"),
    ],
)  # fmt: skip
def test_the_environment_wins(name: str, value: str, pick: Any, expected: object) -> None:
    assert pick(load(SHIPPED, {name: value})) == expected


def test_a_fault_in_the_environment_has_its_path_too(toml: Path) -> None:
    (line,) = problems(toml, "", {"GRIDBOT_WEB_PORT": "high"})
    assert "[web.port]" in line
    assert "'high'" in line


def test_a_misspelt_variable_is_an_error(toml: Path) -> None:
    (line,) = problems(toml, "", {"GRIDBOT_WEB_PROT": "1"})
    assert line == "GRIDBOT_WEB_PROT: unknown key; did you mean GRIDBOT_WEB_PORT?"


def test_other_variables_are_nobodys_business(toml: Path) -> None:
    toml.write_text("", "utf-8")
    load(toml, {"GRIDBOT_TEST_POSTGRES": "x", "PATH": "/bin", "gridbot_web_port": "1"})


def test_a_section_that_is_no_table_is_not_hidden_by_the_environment(toml: Path) -> None:
    (line,) = problems(toml, "web = 3", {"GRIDBOT_WEB_PORT": "1"})
    assert "[web]" in line


# ── env: and file:


def test_values_from_elsewhere(toml: Path, tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://bot:hunter2@db/grid\n", "utf-8")
    toml.write_text(f'[storage]\nurl = "file:{secret}"\n[bot]\nname = "env:BOT_NAME"', "utf-8")
    settings = load(toml, {"BOT_NAME": "小格格"})
    assert settings.storage.url == "postgresql://bot:hunter2@db/grid"
    assert settings.bot.name == "小格格"


def test_an_override_may_point_elsewhere_too() -> None:
    env = {"GRIDBOT_BOT_NAME": "env:WHO", "WHO": "阿格"}
    assert load(SHIPPED, env).bot.name == "阿格"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("env:NOT_THERE", "the environment variable NOT_THERE is not set"),
        ("file:/no/such/file", "cannot read /no/such/file: No such file or directory"),
        ("file:/", "cannot read /: Is a directory"),
        ("file:", "cannot read"),
    ],
)
def test_what_cannot_be_found_is_said_once(toml: Path, value: str, words: str) -> None:
    (line,) = problems(toml, f'[storage]\nurl = "{value}"')
    assert line.startswith(f"{toml} [storage.url] ")
    assert words in line


def test_a_file_that_is_no_text(toml: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    (line,) = problems(toml, f'[storage]\nurl = "file:{tmp_path}/key"')
    assert "no UTF-8 text" in line


def test_an_address_is_no_reference(toml: Path) -> None:
    toml.write_text('[bot]\nname = "小格:值班"', "utf-8")
    assert load(toml, {}).bot.name == "小格:值班"


# ── secrets

SECRET = "hunter2-Zk9"


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ('[storage]\nurl = "env:URL"', {"URL": f"mysql://bot:{SECRET}@db/grid"}),
        (f'[storage]\nurl = "mysql://bot:{SECRET}@db/grid"', {}),
        (f'[storage]\nurl = "mysql://bot:{SECRET}@x@db/grid"', {}),
        (f'[storage]\nurl = {{ secret = "{SECRET}" }}', {}),
        ("", {"GRIDBOT_STORAGE_URL": f"mysql://bot:{SECRET}@db/grid"}),
        ('[web]\nport = "env:PORT"', {"PORT": SECRET}),
        ('[channels]\nwecom_app = "env:APP"', {"APP": SECRET}),
        (f'[channels.wecom_app]\nsecret = ["{SECRET}"]', {}),
        (f'[channels.wecom_app]\nsecret = "{SECRET}"\nagent_id = -1', {}),
        (f'[channels.wecom_webhook]\nrobots = {{ g1 = ["{SECRET}"] }}', {}),
        (f'[channels.wecom_webhook]\nrobots = "{SECRET}"', {}),
        (f'[storage]\nurl = "postgresql://bot:{SECRET}@db/grid"\nurll = 1', {}),
    ],
)
def test_no_message_repeats_a_secret(toml: Path, text: str, env: dict[str, str]) -> None:
    toml.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as refused:
        load(toml, env)
    error: BaseException | None = refused.value
    while error is not None:
        assert SECRET not in str(error) + repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_settings_do_not_print_the_address_of_the_database(toml: Path) -> None:
    toml.write_text(
        f'[storage]\nurl = "postgresql://bot:{SECRET}@db/grid"\n'
        f'[channels.wecom_app]\nsecret = "{SECRET}"',
        "utf-8",
    )
    settings = load(toml, {})
    assert SECRET not in repr(settings) + str(settings)


def test_a_long_value_is_not_repeated_whole(toml: Path) -> None:
    (line,) = problems(toml, f'[group]\nmode = "{"x" * 5000}"')
    assert len(line) < 400 + len(str(toml))


KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(_keys(Settings().model_dump()))), VALUES)
def test_a_wrong_value_is_named_or_taken_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any-{key}.toml"
    *sections, last = key.split(".")
    path.write_text(f"[{'.'.join(sections)}]\n{last} = {_toml(value)}", "utf-8")
    lines = _refused(path)
    assert all(f"[{sections[0]}" in line for line in lines)


def _refused(path: Path) -> list[str]:
    try:
        load(path, {})
    except SettingsError as error:
        return error.problems
    return []


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08X}" for c in value) + '"'
    return repr(value)
