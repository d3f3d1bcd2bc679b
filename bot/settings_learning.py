"""The sections of bot.toml about learning on site and about the second opinion.

How the file is read is settings.py; what is done with the values learning.py and
second_opinion.py."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _hour(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("must be a time such as 02:30")
    return text


class LearningSection(BaseModel):
    """Fitting the model to the leaders' corrections."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    enabled: bool = True
    at: Annotated[str, AfterValidator(_hour)] = "02:30"
    least_lessons: int = Field(default=5, ge=1, le=10000)
    keep_days: int = Field(default=365, ge=1, le=36500)
    limit_s: int = Field(default=600, ge=10, le=86400)


class SecondOpinionSection(BaseModel):
    """Another model, over HTTP, for messages that the bot is not sure about."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    enabled: bool = False
    url: str = Field(default="", pattern=r"^(https?://[^\s@]+)?$")
    model: str = Field(default="", max_length=200)
    key: SecretStr = SecretStr("")
    line: float = Field(default=0.6, ge=0, le=1)
    timeout_s: float = Field(default=20, gt=0, le=300)
    daily_budget: int = Field(default=200, ge=1, le=1_000_000)
    failures: int = Field(default=3, ge=1, le=100)
    pause_s: int = Field(default=300, ge=1, le=86400)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in ("url", "model") if self.enabled and not getattr(self, name)]
        if missing:
            raise ValueError(f"{' and '.join(missing)} must be set where it is enabled")
        return self
