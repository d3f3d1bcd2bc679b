"""bot.toml and the environment as typed, validated settings, every error named at once.

Read once by app.py; every other part receives only its own section."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone; use a name such as Asia/Shanghai") from error
    return name


def _day_time(text: str) -> str:
    if text:
        time.fromisoformat(text)
    return text


def _period(text: str) -> str:
    start, _, end = text.partition("-")
    if not time.fromisoformat(start) < time.fromisoformat(end):
        raise ValueError(f"{text!r} must be start-end, such as 08:30-12:00")
    return text


SECRET_KEYS = frozenset({"secret", "token", "aes_key", "robots"})
"""Keys whose values no message repeats."""

DayTime = Annotated[str, AfterValidator(_day_time)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BotSection(_Section):
    name: str = Field(default="小格", min_length=1, max_length=20)
    data_dir: Path = Path("data")
    district: str = "examples/district"
    rules: str = "examples/rules.toml"


class StorageSection(_Section):
    url: str = Field(default="sqlite:///data/gridbot.db", pattern=r"^(sqlite:///|postgresql://).+")
    retention_days: int = Field(default=180, ge=1)


class WebSection(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


Mode = Literal["auto", "hint", "quiet"]


class GroupSection(_Section):
    mode: Mode = "auto"
    quiet_from: DayTime = "22:00"
    quiet_to: DayTime = "07:00"
    posts_per_ticket: int = Field(default=3, ge=1)
    report_confidence: float = Field(default=0.60, ge=0, le=1)
    hint_confidence: float = Field(default=0.35, ge=0, le=1)
    window_min: int = Field(default=30, ge=1)
    reopen_days: int = Field(default=7, ge=0)
    recurrence_days: int = Field(default=30, ge=0)


class VerdictSection(_Section):
    remind_h: float = Field(default=24, gt=0)
    lapse_h: float = Field(default=72, gt=0)


class UrgentSection(_Section):
    police: str = "110"
    fire: str = "119"
    ambulance: str = "120"
    gas: str = ""


class DigestSection(_Section):
    group: DayTime = "18:00"
    community: DayTime = "18:10"
    street: DayTime = "18:20"


class CalendarSection(_Section):
    periods: tuple[Annotated[str, AfterValidator(_period)], ...] = ("08:30-12:00", "13:30-17:30")
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    workdays: tuple[date, ...] = ()
    holidays: tuple[date, ...] = ()


class IntakeSection(_Section):
    batch: int = Field(default=200, ge=1)
    wait_ms: float = Field(default=2, ge=0)


class WorkerSection(_Section):
    batch: int = Field(default=200, ge=1)
    lease_s: int = Field(default=60, ge=1)
    attempts: int = Field(default=3, ge=1)


class DeliverySection(_Section):
    attempts: int = Field(default=8, ge=1)
    batch: int = Field(default=100, ge=1)


class LogSection(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class LocalSection(_Section):
    enabled: bool = True


class ChannelsSection(_Section):
    local: LocalSection = LocalSection()
    wecom_aibot: WecomAibotSection = WecomAibotSection()
    wecom_app: WecomAppSection = WecomAppSection()
    wecom_webhook: WecomWebhookSection = WecomWebhookSection()


class Settings(_Section):
    """The whole configuration; see bot.toml for what each key means."""

    bot: BotSection = BotSection()
    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    group: GroupSection = GroupSection()
    verdict: VerdictSection = VerdictSection()
    urgent: UrgentSection = UrgentSection()
    digest: DigestSection = DigestSection()
    calendar: CalendarSection = CalendarSection()
    intake: IntakeSection = IntakeSection()
    worker: WorkerSection = WorkerSection()
    delivery: DeliverySection = DeliverySection()
    log: LogSection = LogSection()
    channels: ChannelsSection = ChannelsSection()


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and validate. Raises SettingsError with one line a fault, each with its TOML path."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError([f"{path}: no such file; give one with --config"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None
    problems: list[str] = []
    values = _resolved(_overridden(values, environ), environ, "", problems)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += [_sentence(fault, path) for fault in error.errors()]
    if problems:
        raise SettingsError(problems)
    return settings


def _overridden(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """GRIDBOT_<SECTION>_<KEY> over the file; only for keys that exist, text converted by pydantic."""
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not isinstance(model, type) or not issubclass(model, BaseModel):
            continue
        for key in model.model_fields:
            name = f"GRIDBOT_{section}_{key}".upper()
            if name in environ and isinstance(values.setdefault(section, {}), dict):
                values[section][key] = environ[name]
    return values


def _resolved(value: Any, environ: Mapping[str, str], path: str, problems: list[str]) -> Any:
    if isinstance(value, dict):
        return {k: _resolved(v, environ, f"{path}.{k}", problems) for k, v in value.items()}
    if not isinstance(value, str):
        return value
    kind, _, rest = value.partition(":")
    if kind == "env":
        if rest not in environ:
            problems.append(f"[{path.lstrip('.')}] the environment variable {rest} is not set")
        return environ.get(rest, "")
    if kind == "file":
        try:
            return Path(rest).read_text(encoding="utf-8").strip()
        except OSError as error:
            problems.append(f"[{path.lstrip('.')}] cannot read {rest}: {error.strerror}")
            return ""
    return value


def _sentence(fault: Any, path: Path) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        if SECRET_KEYS.intersection(fault["loc"]):
            return f"{path} [{place}] {fault['msg']}"
        return f"{path} [{place}] {fault['msg']}; found {fault['input']!r}"
    *parents, key = fault["loc"]
    guess = difflib.get_close_matches(str(key), _keys(parents), n=1)
    hint = f"; did you mean {guess[0]!r}?" if guess else "; see bot.toml for the known keys"
    return f"{path} [{place}] unknown key{hint}"


def _keys(parents: list[Any]) -> list[str]:
    model: Any = Settings
    for part in parents:
        model = model.model_fields[part].annotation
    return list(model.model_fields)
