"""Actions over a bridge's HTTP API, for bridges that only post to us.

One call, one JSON answer; what it means is the dialect's."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.channels.onebot.dialect import Action
from bot.channels.wecom.client import Unclear
from bot.errors import NotConfigured, Rejected, TryLater

RETRY_S: Final = 5.0
_SECTION: Final = "channels.onebot"


class Caller:
    """The HTTP side of one bridge; the session opens with the first call."""

    def __init__(self, base: str, token: str, version: int, timeout_s: float) -> None:
        self.base, self._token, self._version = base, token, version
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"Caller({self.base})"

    @property
    def session(self) -> aiohttp.ClientSession:
        """Also used for pictures; it carries no token of its own."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        return self._session

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, action: Action) -> Mapping[str, Any]:
        """The answer; raises TryLater, Unclear, Rejected or NotConfigured."""
        url, body = URL(self.base) / action.name, dict(action.params)
        if self._version == 12:  # noqa: PLR2004 - a version, not a measure
            url, body = URL(self.base), {"action": action.name, "params": body}
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            async with self.session.post(
                url, json=body, headers=headers, allow_redirects=False
            ) as response:
                _check(response.status, action.name)
                answer = await response.json(content_type=None)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            why = f"the bridge cannot be reached ({type(error).__name__}); see {_SECTION}.api_base"
            raise TryLater(RETRY_S, why) from None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unclear(f"{action.name}: no clear answer ({type(error).__name__})") from None
        return answer if isinstance(answer, dict) else {}


def _check(status: int, name: str) -> None:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise NotConfigured(f"{_SECTION}.token is refused by the bridge's HTTP API ({status})")
    if status == HTTPStatus.NOT_FOUND:
        raise Rejected(f"{name}: the bridge has no such action; see {_SECTION}.api_base")
    if status // 100 == HTTPStatus.BAD_REQUEST // 100:
        raise Rejected(f"{name}: HTTP {status}")
    if status != HTTPStatus.OK:
        raise Unclear(f"{name}: HTTP {status}")
