"""The sections of bot.toml for the WeCom channels; secrets are never printed.

What the values are used for lives in bot/channels/wecom/; files are read by settings.py."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

API = "https://qyapi.weixin.qq.com"
URL = r"^https?://[^/?#\s]+$"
PATH = r"^/[A-Za-z0-9/_-]+$"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WecomAibotSection(_Section):
    """智能机器人. Long connection: bot_id and secret; callback: token and aes_key."""

    enabled: bool = False
    transport: Literal["websocket", "callback"] = "websocket"
    bot_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    path: str = Field(default="/wecom/aibot", pattern=PATH)
    names: tuple[str, ...] = ()
    api_base: str = Field(default=API, pattern=URL)
    ws_url: str = Field(default="wss://openws.work.weixin.qq.com", pattern=r"^wss?://\S+$")
    media_hosts: tuple[str, ...] = ("qyapi.weixin.qq.com", ".myqcloud.com", ".qpic.cn")
    ping_s: float = Field(default=30, gt=0)
    reconnect_s: float = Field(default=1, gt=0)
    lease_s: float = Field(default=15, ge=0.1, le=3600)

    def problems(self) -> list[str]:
        """What is missing for the chosen transport, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wecom_aibot"
        if self.transport == "websocket":
            return _missing(where, bot_id=self.bot_id, secret=self.secret)
        return [*_missing(where, token=self.token), *_bad_key(where, self.aes_key)]


class WecomAppSection(_Section):
    """自建应用: one-to-one talk, cards, and groups that the app itself created."""

    enabled: bool = False
    corp_id: str = ""
    agent_id: int = Field(default=0, ge=0)
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    path: str = Field(default="/wecom/app", pattern=PATH)
    api_base: str = Field(default=API, pattern=URL)

    def problems(self) -> list[str]:
        """What is missing, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wecom_app"
        agent = [] if self.agent_id else [f"[{where}.agent_id] is 0; copy AgentId from 应用管理"]
        missing = _missing(where, corp_id=self.corp_id, secret=self.secret, token=self.token)
        return [*missing, *agent, *_bad_key(where, self.aes_key)]


class WecomWebhookSection(_Section):
    """群消息推送: robots by a name of ours; the key of a robot is its whole credential."""

    enabled: bool = False
    robots: dict[str, SecretStr] = Field(default_factory=dict)
    api_base: str = Field(default=API, pattern=URL)

    def problems(self) -> list[str]:
        """What is missing, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wecom_webhook"
        if not self.robots:
            return [f'[{where}.robots] is empty; add a line such as g1 = "env:WEBHOOK_G1"']
        return _missing(f"{where}.robots", **self.robots)


def _missing(where: str, **values: str | SecretStr) -> list[str]:
    empty = [
        key
        for key, value in values.items()
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value)
    ]
    return [f"[{where}.{key}] is empty; see docs/channels.md for where to copy it" for key in empty]


def _bad_key(where: str, key: SecretStr) -> list[str]:
    if re.fullmatch(r"[A-Za-z0-9+/]{43}", key.get_secret_value(), re.ASCII):
        return []
    return [f"[{where}.aes_key] must be the 43 characters of EncodingAESKey"]
