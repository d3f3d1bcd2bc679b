"""Who has agreed to be archived: what records said, and what the platform answers when asked.

Unknown is no: a person outside who has not agreed is never stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from bot.channels.wecom.archive_read import outside
from bot.channels.wecom.client import Api
from bot.channels.wecom.cursor import StateFile

FRESH: Final = timedelta(minutes=10)
AGREED: Final = frozenset({"Agree", "Default_Agree"})
_MISSPELT: Final = "exteranalopenid"
"""The platform's own spelling."""


class Consent:
    """Remembers answers on disk. api: None where only records tell."""

    def __init__(self, state: StateFile, api: Api | None, now: Callable[[], datetime]) -> None:
        self._state, self._api, self._now = state, api, now
        self._known: dict[str, bool] = {k: v is True for k, v in state.load().items()}
        self._asked: dict[str, datetime] = {}

    def note(self, user: str, agreed: bool) -> None:
        """A record said so; durable when it returns."""
        if self._known.get(user) is not agreed:
            self._known[user] = agreed
            self._state.save(dict(self._known))

    async def allows(self, user: str, room: str, staff: str) -> bool:
        """Whether this person's words may be stored. Raises SendError when it cannot be known."""
        if not outside(user):
            return True
        if self._api is not None and self._due(f"{room}/{user}"):
            await self._ask(user, room, staff)
            self._asked[f"{room}/{user}"] = self._now()
        return self._known.get(user, False)

    def _due(self, key: str) -> bool:
        asked = self._asked.get(key)
        return asked is None or self._now() - asked >= FRESH

    async def _ask(self, user: str, room: str, staff: str) -> None:
        assert self._api is not None
        if room:
            path, body = "check_room_agree", {"roomid": room}
        else:
            pair = {"userid": staff, "exteranalopenid": user}
            path, body = "check_single_agree", {"info": [pair]}  # type: ignore[dict-item]
        answer = await self._api.call(f"/cgi-bin/msgaudit/{path}", body, repeatable=True)
        for info in answer.get("agreeinfo") or []:
            self._take(info)

    def _take(self, info: Any) -> None:
        if isinstance(info, dict) and isinstance(user := info.get(_MISSPELT), str):
            self.note(user, info.get("agree_status") in AGREED)
