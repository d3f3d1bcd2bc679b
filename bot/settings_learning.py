"""The section of bot.toml about learning on site.

How the file is read is settings.py; what is done with the values is learning.py."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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
