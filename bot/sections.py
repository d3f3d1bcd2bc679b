"""The sections of bot.toml with their types, bounds and defaults.

How the file and the environment are read is settings.py; channels have settings_*.py."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from bot.settings_learning import LearningSection, SecondOpinionSection
from bot.settings_onebot import OnebotSection
from bot.settings_wechat import (
    HumanSection,
    WechatKfSection,
    WechatMpSection,
    WecomArchiveSection,
)
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from routing.gaps import USUAL, Limits
from routing.parts import LEVELS

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone; use a name such as Asia/Shanghai") from None
    return name


def _day_time(text: str) -> str:
    if text and not _CLOCK.fullmatch(text):
        raise ValueError('must be a time such as 18:00, or "" for none')
    return text


def _period(text: str) -> str:
    start, _, end = text.partition("-")
    good = _CLOCK.fullmatch(start) and (end == "24:00" or _CLOCK.fullmatch(end))
    if not good or start >= end:
        raise ValueError("must be start-end, such as 08:30-12:00")
    return text


DayTime = Annotated[str, AfterValidator(_day_time)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BotSection(_Section):
    name: str = Field(default="小格", min_length=1, max_length=20)
    data_dir: Path = Path("data")
    district: str = "examples/district"
    rules: str = "examples/rules.toml"


class RosterSection(_Section):
    levels: tuple[Annotated[str, Field(min_length=1)], ...] = tuple(LEVELS.values())
    max_households: int = Field(default=USUAL.households, ge=0)
    max_persons: int = Field(default=USUAL.persons, ge=0)
    max_grids: int = Field(default=USUAL.grids, ge=0)

    @model_validator(mode="after")
    def _five(self) -> Self:
        if len(set(self.levels)) != len(LEVELS):
            raise ValueError(f"levels must be {len(LEVELS)} different names, highest first")
        return self

    @property
    def level_names(self) -> dict[str, str]:
        """What each level of the grid tree is called here, by its key."""
        return dict(zip(LEVELS, self.levels, strict=True))

    @property
    def limits(self) -> Limits:
        return Limits(self.max_households, self.max_persons, self.max_grids)


class StorageSection(_Section):
    url: str = Field(
        default="sqlite:///data/gridbot.db", pattern=r"^(sqlite:///|postgresql://).+", repr=False
    )
    retention_days: int = Field(default=180, ge=1, le=36500)


LEAST_TOKEN = 12


class WebSection(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    token: SecretStr = SecretStr("")
    public_url: str = Field(default="", pattern=r"^$|^https?://[^\s?#]*[^\s?#/]$")

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and len(token.get_secret_value()) < LEAST_TOKEN:
            raise ValueError(f"must have at least {LEAST_TOKEN} characters, or be empty")
        return token


Mode = Literal["auto", "hint", "quiet"]


class GroupSection(_Section):
    mode: Mode = "auto"
    quiet_from: DayTime = "22:00"
    quiet_to: DayTime = "07:00"
    posts_per_ticket: int = Field(default=3, ge=1)
    result_photos: bool = True
    report_confidence: float = Field(default=0.60, ge=0, le=1)
    hint_confidence: float = Field(default=0.35, ge=0, le=1)
    window_min: int = Field(default=30, ge=1, le=1440)
    reopen_days: int = Field(default=7, ge=0, le=3650)
    recurrence_days: int = Field(default=30, ge=0, le=3650)
    auto_merge: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.hint_confidence > self.report_confidence:
            raise ValueError("hint_confidence must not be above report_confidence")
        return self


class VerdictSection(_Section):
    remind_h: float = Field(default=24, gt=0, le=8760)
    lapse_h: float = Field(default=72, gt=0, le=8760)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lapse_h <= self.remind_h:
            raise ValueError("lapse_h must be later than remind_h")
        return self


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
    file: str = ""
    workdays: tuple[date, ...] = ()
    holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.periods:
            raise ValueError("periods must name at least one stretch of working time")
        ends = [period.split("-")[1] for period in self.periods[:-1]]
        starts = [period.split("-")[0] for period in self.periods[1:]]
        if any(end > start for end, start in zip(ends, starts, strict=True)):
            raise ValueError("periods must be in order and must not overlap")
        if both := sorted(set(self.workdays) & set(self.holidays)):
            raise ValueError(f"{both[0]} is in workdays and in holidays")
        return self


class IntakeSection(_Section):
    batch: int = Field(default=200, ge=1, le=10000)
    wait_ms: float = Field(default=2, ge=0, le=1000)


class WorkerSection(_Section):
    batch: int = Field(default=200, ge=1, le=10000)
    lease_s: int = Field(default=60, ge=1, le=86400)
    attempts: int = Field(default=3, ge=1, le=1000)


class DeliverySection(_Section):
    attempts: int = Field(default=8, ge=1, le=1000)
    batch: int = Field(default=100, ge=1, le=10000)


class LogSection(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class LocalSection(_Section):
    enabled: bool = True


class ChannelsSection(_Section):
    local: LocalSection = LocalSection()
    wecom_aibot: WecomAibotSection = WecomAibotSection()
    wecom_app: WecomAppSection = WecomAppSection()
    wecom_webhook: WecomWebhookSection = WecomWebhookSection()
    wecom_archive: WecomArchiveSection = WecomArchiveSection()
    wechat_mp: WechatMpSection = WechatMpSection()
    wechat_kf: WechatKfSection = WechatKfSection()
    onebot: OnebotSection = OnebotSection()


class Settings(_Section):
    """The whole configuration; see bot.toml for what each key means."""

    bot: BotSection = BotSection()
    roster: RosterSection = RosterSection()
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
    human: HumanSection = HumanSection()
    learning: LearningSection = LearningSection()
    second_opinion: SecondOpinionSection = SecondOpinionSection()
    log: LogSection = LogSection()
    channels: ChannelsSection = ChannelsSection()
