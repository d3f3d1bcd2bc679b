"""The section of bot.toml for OneBot bridges.

Secrets are never printed; what the values are used for lives in bot/channels/onebot/."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from bot.settings_wecom import PATH, URL, _Section


class OnebotSection(_Section):
    """token opens the reverse WebSocket (and v12's HTTP), secret opens v11's HTTP POST."""

    enabled: bool = False
    version: Literal[11, 12] = 11
    path: str = Field(default="/onebot", pattern=PATH)
    token: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    api_base: str = Field(default="", pattern=rf"^$|{URL}")
    names: tuple[str, ...] = ()
    media_hosts: tuple[str, ...] = ()
    rate: int = Field(default=20, ge=0)
    answer_s: float = Field(default=10, gt=0)

    def problems(self) -> list[str]:
        """What is missing, each with its TOML path."""
        where = "channels.onebot"
        token, secret = self.token.get_secret_value(), self.secret.get_secret_value()
        if not self.enabled:
            return []
        if self.version == 12 and not token:  # noqa: PLR2004 - a version, not a measure
            return [f"[{where}.token] is empty; give the bridge's access token"]
        if not token and not secret:
            return [f"[{where}] give token for the reverse WebSocket or secret for HTTP POST"]
        if secret and not token and not self.api_base:
            return [f"[{where}.api_base] is empty; with HTTP POST alone nothing could be sent"]
        return []
