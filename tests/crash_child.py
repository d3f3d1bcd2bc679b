"""A bot that dies when it is told to: the process that test_crash.py kills again and again.

`python -m tests.crash_child FOLDER` imports everything once and then forks a real bot (real SQLite
file, real loops, web server on port 0) for each line of JSON on its standard input:

    {"run": 3, "kill": ["before", "Worker._claim", 1]}   SIGKILL at the first such boundary
    {"run": 4, "after_s": 0.08}                          SIGKILL after so many seconds
    {"run": 5}                                           works everything off and ends by itself

Boundaries are "before" and "after" each COMMIT, named after the function that ran in the
transaction, and "sent": a post is out, its result is not yet recorded."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sys
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from bot.app import Bot
from bot.clock import SystemClock
from bot.ports import Accept, Capabilities, Classifier
from bot.settings import Settings, load
from nlp.reading import Place, Reading
from routing.message import Inbound, Outbound
from storage.store import Store, Transaction

ROOT = Path(__file__).parents[1]
LOG, SCRIPT, DATABASE = "log.jsonl", "script.json", "bot.db"
SENT = "Recorder.send"

T = TypeVar("T")
_WHO: ContextVar[str] = ContextVar("_WHO", default="?")


class Scripted(Classifier):
    """A classifier that needs no model: what begins with 报修 is a report at the building named."""

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        if not text.startswith("报修"):
            return Reading(kind="chat", confidence=0.99)
        place = Place(text.split()[1], text.split()[1])
        return Reading(
            kind="report", codes=("0103",), nature="求助", places=(place,), confidence=0.99
        )


class Fate:
    """Writes down every boundary and dies at the one it was given."""

    def __init__(self, folder: Path, order: dict[str, Any]) -> None:
        self.run: int = order["run"]
        self._kill: list[Any] = order.get("kill", [])
        self._counts: Counter[tuple[str, str]] = Counter()
        self._file = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.changed = asyncio.Event()

    def note(self, *, surely: bool = False, **entry: Any) -> None:
        os.write(self._file, json.dumps({"run": self.run, **entry}).encode() + b"\n")
        if surely:
            os.fsync(self._file)

    def reach(self, when: str, who: str) -> None:
        self.note(at=[when, who])
        self._counts[when, who] += 1
        if self._kill == [when, who, self._counts[when, who]]:
            os.kill(os.getpid(), signal.SIGKILL)
        self.changed.set()

    def watch_the_store(self) -> None:
        """Put a boundary before and after every COMMIT of this process."""
        run, write, fate = Store.run, Store.write, self

        async def labelled(store: Store, fn: Callable[[Transaction], Awaitable[T]]) -> T:
            token = _WHO.set(getattr(fn, "func", fn).__qualname__)
            try:
                return await run(store, fn)
            finally:
                _WHO.reset(token)

        @asynccontextmanager
        async def bounded(store: Store) -> AsyncIterator[Transaction]:
            who = _WHO.get()
            async with write(store) as tx:
                yield tx
                await tx.flush()
                fate.reach("before", who)
            fate.reach("after", who)

        Store.run = labelled  # type: ignore[method-assign, assignment]
        Store.write = bounded  # type: ignore[method-assign, assignment]


class Recorder:
    """A channel whose posts end in the log, safe on the disk before `send` returns."""

    name = "local"
    capabilities = Capabilities()

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self.accept: asyncio.Future[Accept] = asyncio.get_running_loop().create_future()

    async def start(self, accept: Accept) -> None:
        self.accept.set_result(accept)

    async def send(self, message: Outbound) -> str:
        self._fate.note(sent=message.id, where=message.conversation, surely=True)
        self._fate.reach("sent", SENT)
        return f"b-{message.id}"

    def routes(self) -> Sequence[web.RouteDef]:
        return ()

    async def aclose(self) -> None:
        return None


def settings_in(folder: Path) -> Settings:
    """The shipped settings, no quiet hours, and reminders that are due at once."""
    return load(
        ROOT / "bot.toml",
        {
            "GRIDBOT_STORAGE_URL": f"sqlite:///{folder / DATABASE}",
            "GRIDBOT_BOT_DATA_DIR": str(folder),
            "GRIDBOT_BOT_DISTRICT": str(ROOT / "examples/district"),
            "GRIDBOT_BOT_RULES": str(ROOT / "examples/rules.toml"),
            "GRIDBOT_GROUP_QUIET_FROM": "",
            "GRIDBOT_VERDICT_REMIND_H": "0.000001",
            "GRIDBOT_VERDICT_LAPSE_H": "0.000002",
            "GRIDBOT_WEB_PORT": "0",
            "GRIDBOT_WORKER_BATCH": "7",
        },
    )


async def live(folder: Path, order: dict[str, Any]) -> None:
    """One life of the bot: take what is not yet acknowledged, and end when nothing is left."""
    acked = acknowledged(folder)
    fate = Fate(folder, order)
    fate.watch_the_store()
    bot = await Bot.open(settings_in(folder), SystemClock(), Scripted())
    recorder = Recorder(fate)
    bot.channels["local"] = recorder
    serving = asyncio.create_task(bot.run())
    accept = await recorder.accept
    script: dict[str, list[dict[str, Any]]] = json.loads((folder / SCRIPT).read_text("utf-8"))
    async with asyncio.TaskGroup() as talkers:
        for said in script.values():
            talkers.create_task(talk(bot, accept, fate, said, acked))
    while not await idle(bot):
        fate.changed.clear()
        await fate.changed.wait()
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    await bot.aclose()


def acknowledged(folder: Path) -> set[str]:
    """What an earlier life has acknowledged; a platform does not send that again (nearly never)."""
    path = folder / LOG
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {entry["acked"] for line in lines if "acked" in (entry := json.loads(line))}


async def talk(
    bot: Bot, accept: Accept, fate: Fate, said: list[dict[str, Any]], acked: set[str]
) -> None:
    """One conversation, a message after the other; every eleventh is sent once more."""
    for place, one in enumerate(said):
        known = one["platform_id"] in acked
        if known and place % 11:
            continue
        message = Inbound(
            id=bot.house.new_id(), channel="local", received_at=bot.clock.now(), **one
        )
        fresh = await accept(message)
        fate.note(acked=one["platform_id"], fresh=fresh, known=known)


async def idle(bot: Bot) -> bool:
    """Whether nothing is left to do but tomorrow's work."""
    async with bot.store.read() as tx:
        inbox, outbox = await tx.inbox.count_by_state(), await tx.outbox.count_by_state()
        next_job = await tx.jobs.next_due()
    waiting = {"new", "doing", "pending", "sending"} & {*inbox, *outbox}
    return not waiting and (next_job is None or next_job > bot.clock.now() + timedelta(minutes=1))


def fork(folder: Path, order: dict[str, Any]) -> int:
    """Start one life; its output goes to a file beside the database."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        output = os.open(folder / "output.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        asyncio.run(live(folder, order))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait_for(child: int, after_s: float | None) -> int:
    """How a life ended: an exit code, or minus the signal; killed when its time is up."""
    handle = os.pidfd_open(child)
    try:
        if not select.select([handle], [], [], after_s)[0]:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        code = wait_for(fork(folder, order), order.get("after_s"))
        print(json.dumps({"run": order["run"], "code": code}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
