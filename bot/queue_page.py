"""The page of posts that a person sends: what waits, how long it may, 复制 and 已发.

Whoever opens it sees residents' matters: only this machine itself may, or who has [web] token."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot import outbox_queue, texts
from bot.house import House
from bot.outbox_queue import Batch
from bot.ports import Clock
from storage.outbox import OutRow
from storage.store import Store, Transaction

FOLDER: Final = Path(__file__).parent / "queue_files"
KINDS: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
MOST_BYTES: Final = 1_000
NOT_HERE: Final = "这里要先在 bot.toml 的 [web] 里设置 token（访问口令）才能打开。"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class QueuePage:
    """Everything under /queue/. token: "" where only this machine may look; exposed: whether a
    proxy stands before the server, so that everybody seems to come from this machine."""

    def __init__(
        self,
        store: Store,
        house: Callable[[], House],
        clock: Clock,
        token: str = "",
        *,
        exposed: bool = False,
    ) -> None:
        self._store, self._house, self._clock, self._token = store, house, clock, token
        self._exposed = exposed
        self._files = {
            path.name: (path.read_bytes(), KINDS[path.suffix]) for path in FOLDER.iterdir()
        }

    def routes(self) -> Sequence[web.RouteDef]:
        """The page and its calls."""
        return [
            web.get("/queue", self._redirect),
            web.get("/queue/", self._static),
            web.get("/queue/list", self._guarded(self._list)),
            web.post("/queue/sent", self._guarded(self._sent)),
            web.get("/queue/{file}", self._static),
        ]

    # ── who may

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if self._token:
                given = request.headers.get("Authorization", "").removeprefix("Bearer ")
                if not hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
                    return _json({"error": "请输入访问口令。"}, 401)
            elif self._exposed or not _from_here(request):
                return _json({"error": NOT_HERE}, 403)
            return await handler(request)

        return guarded

    async def _redirect(self, _request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/queue/"})

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info.get("file", "index.html")
        if name not in self._files:
            raise web.HTTPNotFound(text="没有这个页面。")
        body, kind = self._files[name]
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=HEADERS)

    # ── what they see and do

    async def _list(self, _request: web.Request) -> web.Response:
        async with self._store.read() as tx:
            batches, waiting = await outbox_queue.open_batches(tx), await outbox_queue.held(tx)
        return _json({"now": _ms(self._clock.now()), "places": self._places(batches, waiting)})

    def _places(self, batches: Sequence[Batch], waiting: dict[int, OutRow]) -> list[dict[str, Any]]:
        """By conversation: its numbered batches, then what has no number yet."""
        found: dict[str, list[dict[str, Any]]] = {}
        numbered: set[int] = set()
        for batch in batches:
            numbered.update(batch.ids)
            rows = [waiting[id_] for id_ in batch.ids if id_ in waiting]
            found.setdefault(batch.conversation, []).append(
                {"number": batch.number, "until": _ms(batch.until), "posts": _posts(rows)}
            )
        for id_, row in waiting.items():
            if id_ not in numbered:
                loose = {"number": 0, "until": 0, "posts": _posts([row])}
                found.setdefault(row.message.conversation, []).append(loose)
        name, roster = outbox_queue.place_name, self._house().roster
        return [{"place": name(roster, place), "batches": rows} for place, rows in found.items()]

    async def _sent(self, request: web.Request) -> web.Response:
        """Mark one batch as sent, or all. Only JSON from our own page is taken."""
        _check_origin(request)
        wanted = await _body(request)
        now = self._clock.now()
        if wanted.get("all") is True:
            count = await self._store.run(lambda tx: outbox_queue.mark_all_sent(tx, now))
            return _json({"text": f"✓ {count}条已记为发出，谢谢。"})
        number = wanted.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            return _json({"error": "页面版本不对，请刷新页面。"}, 422)
        count = await self._store.run(lambda tx: _mark(tx, number, now))
        if count < 0:
            return _json({"error": texts.nothing_to_send(number)}, 404)
        return _json({"text": texts.marked_sent(number, count)})


async def _mark(tx: Transaction, number: int, now: datetime) -> int:
    """How many posts of the batch were marked; -1 for no such batch."""
    for batch in await outbox_queue.open_batches(tx):
        if batch.number == number:
            return await outbox_queue.mark_sent(tx, batch, now)
    return -1


def _from_here(request: web.Request) -> bool:
    """Whether a browser on this machine asks us itself: a proxy in front, or a name that another
    site has bent to this address, is not that."""
    try:
        here = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    host = request.host.rpartition(":")[0] if request.host[-1:].isdecimal() else request.host
    return here and (host or request.host) in HERE and not any(map(request.headers.get, PASSED_ON))


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin", "")
    if origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="请直接打开本页面使用。")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="请直接打开本页面使用。")


async def _body(request: web.Request) -> dict[str, Any]:
    if (request.content_length or 0) > MOST_BYTES:
        return {}
    try:
        found = await request.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _posts(rows: Sequence[OutRow]) -> list[dict[str, Any]]:
    return [{"text": row.message.text, "at": _ms(row.due_at)} for row in rows]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _json(values: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(values, status=status, headers=HEADERS)
