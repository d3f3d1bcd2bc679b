"""Connections that bridges opened to us: actions go out with an echo, answers come back by it.

Who may connect is checked in inlets.py; what an event means is read elsewhere."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final

from aiohttp import web

from bot.channels.onebot.dialect import Action
from bot.channels.wecom.client import Unclear
from bot.errors import TryLater

AWAY_S: Final = 5.0
KEPT: Final = 20_000


class Session:
    """One WebSocket of a bridge. self_id: the bot's account there; role: what it serves."""

    def __init__(self, ws: web.WebSocketResponse, self_id: str, role: str, timeout_s: float):
        self.ws, self.self_id, self.role = ws, self_id, role
        self._timeout_s = timeout_s
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}

    async def call(self, action: Action) -> Mapping[str, Any]:
        """The bridge's answer; raises TryLater when it is away, Unclear without an answer."""
        if self.ws.closed:
            raise TryLater(AWAY_S, "the bridge has just hung up")
        echo = token_hex(8)
        waiting: asyncio.Future[Mapping[str, Any]]
        waiting = self._waiting[echo] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self.ws.send_json(
                    {"action": action.name, "params": action.params, "echo": echo}
                )
                return await waiting
        except (TimeoutError, ConnectionError) as error:
            raise Unclear(f"{action.name}: no answer ({type(error).__name__})") from None
        finally:
            self._waiting.pop(echo, None)

    def answered(self, frame: Mapping[str, Any]) -> None:
        """An answer came in; one that nobody waits for any more is dropped."""
        echo = frame.get("echo")
        waiting = self._waiting.get(echo) if isinstance(echo, str) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def ended(self) -> None:
        """The connection is gone; whoever waits will not hear of it any more."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError())


class Sessions:
    """Every open connection, and through which one a conversation was heard last."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Session] = {}
        self._heard: OrderedDict[str, str] = OrderedDict()

    def add(self, session: Session) -> bool:
        """False when this account is connected in this role already."""
        key = (session.self_id, session.role)
        if key in self._open:
            return False
        self._open[key] = session
        return True

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def remove(self, session: Session) -> None:
        session.ended()
        self._open.pop((session.self_id, session.role), None)

    def heard(self, conversation: str, self_id: str) -> None:
        self._heard[conversation] = self_id
        self._heard.move_to_end(conversation)
        while len(self._heard) > KEPT:
            self._heard.popitem(last=False)

    def account_for(self, conversation: str) -> str:
        """The bot's account through which the conversation was heard last, else any that is
        known; "" while none is."""
        if conversation in self._heard:
            return self._heard[conversation]
        open_ones = (one.self_id for one in self._open.values() if not one.self_id.startswith("#"))
        return next(iter((*open_ones, *reversed(self._heard.values()), "")))

    def way_to(self, conversation: str) -> Session | None:
        """A connection that takes actions, the one that knows the conversation before others."""
        able = [one for one in self._open.values() if one.role != "Event"]
        wanted = self.account_for(conversation)
        return next((one for one in able if one.self_id == wanted), able[0] if able else None)

    async def aclose(self) -> None:
        for session in list(self._open.values()):
            await session.ws.close(code=1001)
