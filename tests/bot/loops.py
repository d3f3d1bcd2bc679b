"""What the tests of the loops share: a house without residents, messages, and a wire to listen on.

The store is always a real SQLite file; nothing here stands in for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aiohttp import web

from bot.clock import ManualClock
from bot.house import House
from bot.opening import build_house
from bot.ports import Accept, Capabilities, Classifier
from bot.settings import Settings
from nlp.reading import Reading
from routing.message import Inbound, Outbound
from routing.parts import Parts
from routing.roster import Roster
from storage.errors import Busy
from storage.ids import Ids
from storage.outbox import OutRow
from storage.store import Store, Transaction

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
IDS = Ids()
T = TypeVar("T")


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Deaf(Classifier):
    """A classifier for tests in which nothing is understood; `fails` makes it raise."""

    fails = False

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        if self.fails:
            raise ValueError("deaf today")
        return Reading(kind="chat")


def house() -> House:
    settings = Settings.model_validate({"bot": {"rules": ""}, "group": {"quiet_from": ""}})
    return replace(
        build_house(settings, Roster(Parts()), Deaf()), capabilities={"local": Capabilities()}
    )


def said(platform_id: str, text: str = "你好", where: str = "local:g1", **more: Any) -> Inbound:
    message = Inbound(
        IDS.new(), "local", platform_id, where, True, "local:wang", "小王", text, NOON
    )
    return replace(message, **more)


def row(where: str = "local:g1", text: str = "已登记", **more: Any) -> OutRow:
    post = OutRow(Outbound(IDS.new(), where, text), "answer", (), "", NOON, True)
    return replace(post, **more)


class Wire:
    """A channel that keeps what it was given and does what `script` says for a text first."""

    away = False

    def __init__(self, name: str = "local", **capabilities: Any) -> None:
        self.name = name
        self.capabilities = Capabilities(**capabilities)
        self.sent: list[tuple[str, str]] = []
        self.script: dict[str, list[Exception]] = {}
        self.before: Callable[[Outbound], Awaitable[None]] | None = None

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]

    async def start(self, accept: Accept) -> None:
        return None

    async def send(self, message: Outbound) -> str:
        if self.before is not None:
            await self.before(message)
        if self.script.get(message.text):
            raise self.script[message.text].pop(0)
        self.sent.append((message.conversation, message.text))
        return f"b-{message.id}"

    def routes(self) -> Sequence[web.RouteDef]:
        return ()

    async def aclose(self) -> None:
        return None


class Unlucky(Store):
    """A real store where transactions of the functions named so fail as busy, as often as said."""

    def __init__(self, store: Store, **busy: int) -> None:
        super().__init__(store._database)
        self.busy = busy

    async def run(self, fn: Callable[[Transaction], Awaitable[T]]) -> T:
        name = getattr(getattr(fn, "func", fn), "__name__", "")
        if self.busy.get(name):
            self.busy[name] -= 1
            raise Busy("database is locked")
        return await super().run(fn)


class Counted(Store):
    """A real store that counts its write transactions."""

    def __init__(self, store: Store) -> None:
        super().__init__(store._database)
        self.writes = 0

    async def run(self, fn: Callable[[Transaction], Awaitable[T]]) -> T:
        self.writes += 1
        return await super().run(fn)


async def put(store: Store, *rows: OutRow) -> None:
    async with store.write() as tx:
        for one in rows:
            tx.outbox.put(one)


async def states(store: Store) -> dict[str, int]:
    async with store.read() as tx:
        return await tx.outbox.count_by_state()


def clock() -> ManualClock:
    return ManualClock(NOON)
