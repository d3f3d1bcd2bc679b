"""The sections of bot.toml for 公众号, 微信客服, 会话内容存档 and posts that a person has to send.

Secrets are never printed; what the values are used for lives in bot/channels/."""

from __future__ import annotations

from pydantic import Field, SecretStr

from bot.settings_wecom import API, PATH, URL, _bad_key, _missing, _Section


class WechatMpSection(_Section):
    """公众号／服务号. Without aes_key plain mode, with it only 安全模式 is taken."""

    enabled: bool = False
    app_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    path: str = Field(default="/wechat/mp", pattern=PATH)
    template_id: str = ""
    template_field: str = Field(default="content", min_length=1)
    api_base: str = Field(default="https://api.weixin.qq.com", pattern=URL)

    def problems(self) -> list[str]:
        """What is missing, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wechat_mp"
        missing = _missing(where, app_id=self.app_id, secret=self.secret, token=self.token)
        sealed = bool(self.aes_key.get_secret_value())
        return [*missing, *(_bad_key(where, self.aes_key) if sealed else [])]


class WechatKfSection(_Section):
    """微信客服: one customer-service account, read by cursor."""

    enabled: bool = False
    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    open_kfid: str = Field(default="", pattern=r"^[A-Za-z0-9_-]*$")
    path: str = Field(default="/wechat/kf", pattern=PATH)
    poll_s: float = Field(default=300, gt=0)
    api_base: str = Field(default=API, pattern=URL)

    def problems(self) -> list[str]:
        """What is missing, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wechat_kf"
        missing = _missing(
            where, corp_id=self.corp_id, secret=self.secret, token=self.token,
            open_kfid=self.open_kfid,
        )  # fmt: skip
        return [*missing, *_bad_key(where, self.aes_key)]


class WecomArchiveSection(_Section):
    """会话内容存档: from a folder of <seq>.json, or through the platform's native library."""

    enabled: bool = False
    folder: str = ""
    library: str = ""
    corp_id: str = ""
    secret: SecretStr = SecretStr("")
    private_keys: dict[str, SecretStr] = Field(default_factory=dict)
    check_consent: bool = True
    contact_secret: SecretStr = SecretStr("")
    raw_days: int = Field(default=30, ge=1, le=3650)
    names: tuple[str, ...] = ()
    poll_s: float = Field(default=15, gt=0)
    api_base: str = Field(default=API, pattern=URL)

    def problems(self) -> list[str]:
        """What is missing for the chosen source, each with its TOML path."""
        if not self.enabled:
            return []
        where = "channels.wecom_archive"
        found = []
        if bool(self.folder) == bool(self.library):
            found.append(f"[{where}] set exactly one of folder and library")
        needs_api = self.check_consent or bool(self.contact_secret.get_secret_value())
        if self.library or needs_api:
            found += _missing(where, corp_id=self.corp_id)
        if self.library or self.check_consent:
            found += _missing(where, secret=self.secret)
        if self.library and not self.private_keys:
            found.append(f'[{where}.private_keys] is empty; add a line such as 1 = "file:/…/1.pem"')
        return found


class HumanSection(_Section):
    """Posts that a person must send: how long to gather, when they are stale, who is told."""

    gather_s: int = Field(default=60, ge=1, le=3600)
    expire_h: float = Field(default=24, gt=0, le=720)
    staff: tuple[str, ...] = ()
