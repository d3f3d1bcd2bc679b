"""Where bridges reach us: HTTP POST and the reverse WebSocket, each verified before it is parsed.

What people say or take back goes on to `hear`; what is forged or malformed gets a status and no
word."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, Final

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from bot.channels.onebot.dialect import Dialect, Event
from bot.channels.onebot.segments import MAX_ID
from bot.channels.onebot.sessions import Session, Sessions
from bot.channels.wecom.callback import MAX_BODY, REFUSED, forbidden, read_body, unavailable

log = structlog.get_logger(__name__)

ROLES: Final = frozenset({"Universal", "API", "Event"})
PING_S: Final = 30.0

Hear = Callable[[Event], Awaitable[None]]
"""Takes one event; returns once it is durable. Raises what the intake raises."""


@dataclass(slots=True)
class Inlets:
    """Handlers of the two endpoints. `hear` answers after the commit, `later` in its turn."""

    dialect: Dialect
    token: str
    secret: str
    answer_s: float
    hear: Hear
    later: Callable[[Event], None]
    sessions: Sessions = field(default_factory=Sessions)
    _numbers: count[int] = field(default_factory=count)

    # ── HTTP POST

    async def post(self, request: web.Request) -> web.Response:
        """204 once it is durable, or for an event that is none of ours."""
        try:
            body = await read_body(request)
            if refusal := self._refusal(request, body):
                return refusal
            heard = self._read(request, json.loads(body))
        except REFUSED:
            return forbidden()
        try:
            if heard is not None:
                await self.hear(heard)
        except Exception:
            log.exception("message not stored", action="onebot.not_stored")
            return unavailable()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    def _refusal(self, request: web.Request, body: bytes) -> web.Response | None:
        if self.dialect.version == 12:  # noqa: PLR2004 - a version, not a measure
            return None if self._known(request) else forbidden()
        given = request.headers.get("X-Signature")
        if given is None:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        wanted = "sha1=" + hmac.new(self.secret.encode(), body, hashlib.sha1).hexdigest()
        same = hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
        return None if same else forbidden()

    def _read(self, request: web.Request, event: Any) -> Event | None:
        """The event of a verified body; raises ValueError when header and body disagree."""
        heard = self.dialect.read(event)
        named = request.headers.get("X-Self-ID")
        if self.dialect.version == 11 and heard and named != heard.self_id:  # noqa: PLR2004
            raise ValueError
        return heard

    def _known(self, request: web.Request) -> bool:
        """Whether the bridge gave our token, as a header or, as some can only, in the query."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token if kind in {"Bearer", "Token"} else request.query.get("access_token", "")
        same = hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())
        return same and bool(self.token)

    # ── reverse WebSocket

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One bridge for as long as it stays; closed with 1008 when it may not."""
        wanted = request.headers.get("Sec-WebSocket-Protocol", "")
        spoken = [p.strip() for p in wanted.split(",") if p.strip().startswith("12.")]
        ws = web.WebSocketResponse(max_msg_size=MAX_BODY, heartbeat=PING_S, protocols=spoken)
        await ws.prepare(request)
        session = self._session(request, ws)
        if session is None or not self.sessions.add(session):
            await ws.close(code=WSCloseCode.POLICY_VIOLATION)
            return ws
        log.info("bridge connected", action="onebot.connected", role=session.role)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._frame(session, message.data)
        finally:
            self.sessions.remove(session)
        return ws

    def _session(self, request: web.Request, ws: web.WebSocketResponse) -> Session | None:
        if not self._known(request):
            return None
        if self.dialect.version == 12:  # noqa: PLR2004 - a version, not a measure
            return Session(ws, f"#{next(self._numbers)}", "Universal", self.answer_s)
        self_id = request.headers.get("X-Self-ID", "")
        role = request.headers.get("X-Client-Role", "Universal")
        if not 0 < len(self_id) <= MAX_ID or role not in ROLES:
            return None
        return Session(ws, self_id, role, self.answer_s)

    def _frame(self, session: Session, data: str) -> None:
        try:
            frame = json.loads(data)
            if _is_answer(frame):
                session.answered(frame)
                return
            heard = self.dialect.read(frame)
        except REFUSED:
            log.warning("frame not understood", action="onebot.bad_frame")
            return
        if heard is None or session.role == "API":
            return
        if self.dialect.version == 11 and heard.self_id != session.self_id:  # noqa: PLR2004
            log.warning("frame of another account", action="onebot.bad_frame")
            return
        self.later(heard)


def _is_answer(frame: Any) -> bool:
    return isinstance(frame, Mapping) and "retcode" in frame
