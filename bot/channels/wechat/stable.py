"""The API of 公众号: stable_token, and what its error codes mean for us.

The HTTP below it is wecom/client.py; what is sent, and when, is decided by mp.py."""

from __future__ import annotations

from typing import Any, Final

from bot.channels.wecom.client import Api
from bot.channels.wecom.errcodes import Codes, code_of
from bot.errors import Rejected

STALE: Final = frozenset({40001, 40014, 42001})
"""The access token is refused: drop it, fetch another, try once more."""
CLOSED: Final = frozenset({45015, 45047})
"""Nothing may be said until the person writes again."""

_WAIT_S: Final = {-1: 2.0, 45009: 3600.0, 45011: 60.0}
_SETTINGS: Final = {
    40001: "{section}.secret is refused; copy AppSecret again from 基本配置",
    40013: "{section}.app_id is unknown; copy AppID again from 基本配置",
    40014: "{section}.secret: its token was refused twice; copy AppSecret again",
    40125: "{section}.secret is not the AppSecret of this account",
    40164: "{section}: add this server's address to IP白名单 of the account",
    42001: "{section}.secret: its token was refused twice; copy AppSecret again",
    40037: "{section}.template_id is unknown; copy it again from 模板消息",
    48001: "{section}: the account has no right to this call; it must be verified for 客服消息",
    50002: "{section}: the account is restricted; see its notices",
}
_REFUSED: Final = {
    40003: "no such openid", 40007: "unknown media_id", 44004: "the text is empty",
    45002: "the text is too long", 45015: "48 hours since the person wrote are over",
    45047: "five messages went out since the person wrote last", 43004: "the person has left",
}  # fmt: skip


class Closed(Rejected):
    """Refused until the person writes again."""


CODES: Final = Codes(_WAIT_S, _SETTINGS, _REFUSED, dict.fromkeys(CLOSED, Closed))


class StableApi(Api):
    """Calls with a stable_token, which does not invalidate those of other holders."""

    stale = STALE

    async def _fetch_token(self) -> None:
        body = {
            "grant_type": "client_credential", "appid": self._corp_id, "secret": self._secret,
        }  # fmt: skip
        answer = await self.post("/cgi-bin/stable_token", body, repeatable=True)
        self._keep(self.checked(answer, "stable_token"))

    def checked(self, answer: dict[str, Any], call: str) -> dict[str, Any]:
        """As in Api, with the error codes of 公众号."""
        if code := code_of(answer):
            raise CODES.error(code, self.section, call)
        return answer
