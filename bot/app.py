"""The composition root: puts the parts together, starts and stops them all.

Which channels there are is lineup.py; the command line is cli.py."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from bot import (
    digests,
    duties,
    metrics,
    nightly,
    outbox_queue,
    overdue,
    recalls,
    second_opinion,
    tidying,
    web,
)
from bot.clock import ManualClock, SystemClock
from bot.delivery import STUCK, Delivery
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.handlers import ROUTERS
from bot.house import House
from bot.intake import Intake
from bot.lineup import build_channels, remember
from bot.nightly import Nightly
from bot.opening import build_house, first_start, prepare_folder
from bot.ports import Channel, Classifier, Linked
from bot.queue_page import QueuePage
from bot.reader import Reader
from bot.scheduler import Scheduler
from bot.second_opinion import SecondOpinion
from bot.settings import Settings
from bot.tidying import Tidying
from bot.versions import versions_of
from bot.worker import Worker
from routing.message import Inbound
from storage import migrate
from storage.store import Store, Transaction

log = structlog.get_logger()

LONGEST_WAIT_S = 30.0
POLL_S = 1.0
MODEL_POLL_S = 5.0
BETWEEN_FAILURES_S = 1.0


class Bot:
    """Everything that runs, built by `open`; `run` serves until cancelled, `settle` works off."""

    def __init__(
        self,
        settings: Settings,
        clock: SystemClock | ManualClock,
        store: Store,
        house: House,
        channels: dict[str, Channel],
        classifier: Classifier,
        config: Path,
    ) -> None:
        self.settings, self.clock, self.store, self.house = settings, clock, store, house
        self.channels = channels
        self._roster_version = -1
        self._work, self._send, self._due = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._models = asyncio.Event()
        self.intake = Intake(store, settings.intake, self._work.set)
        self.worker = Worker(
            store, Dispatcher(ROUTERS), classifier, lambda: self.house, clock, settings.worker,
            owner=secrets.token_hex(4),
        )  # fmt: skip
        self.delivery = Delivery(
            store, channels, clock, settings.delivery, settings.human.gather_s, self._send.set
        )
        self._classifier = classifier
        self.nightly = Nightly(store, settings, lambda: self.house, clock, self._models.set, config)
        self.tidying = Tidying(store, settings, clock)
        kinds = {
            **duties.KINDS, **overdue.KINDS, **digests.KINDS, **outbox_queue.KINDS,
            **self.nightly.kinds, **self.tidying.kinds, **second_opinion.KINDS,
        }  # fmt: skip
        self.scheduler = Scheduler(store, kinds, lambda: self.house, clock)
        wanted = settings.second_opinion.enabled
        self.opinion = (
            SecondOpinion(store, lambda: self.house, clock, self._send.set) if wanted else None
        )
        self._intake: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        settings: Settings,
        clock: SystemClock | ManualClock | None = None,
        classifier: Classifier | None = None,
        config: Path = Path("bot.toml"),
    ) -> Bot:
        """Migrate, load, build. config: the file that the settings were read from.

        Raises SettingsError, storage errors, ImportProblems."""
        clock = clock or SystemClock()
        prepare_folder(settings.storage.url)
        await migrate.ensure(settings.storage.url)
        store = await Store.open(settings.storage.url, sole=True)
        try:
            await store.run(lambda tx: first_start(tx, settings))
            async with store.read() as tx:
                version = await tx.people.version()
                roster = await tx.people.load(settings.roster.level_names)
            classifier = classifier or Reader(versions_of(settings))
            house = build_house(settings, roster, classifier)
            channels = build_channels(settings, roster, clock, house.new_id, store)
            house = replace(house, capabilities={n: c.capabilities for n, c in channels.items()})
            bot = cls(settings, clock, store, house, channels, classifier, config)
            bot._roster_version = version
            await store.run(bot._recover)
            async with store.read() as tx:
                await remember(channels, tx)
        except BaseException:
            await store.aclose()
            raise
        return bot

    async def _recover(self, tx: Transaction) -> None:
        """Take back what an earlier process left half done, and plan the daily jobs."""
        if self.store.dialect == "sqlite":
            await tx.inbox.free_all()
            await tx.outbox.free_all()
            await tx.leases.clear()
        else:
            await tx.outbox.free_all(self.clock.now() - STUCK)
        desk = Desk(self.house, tx, self.clock.now())
        tidying.plan(desk)
        digests.plan(desk)
        nightly.plan(desk)

    async def start(self) -> None:
        """Open the channels and the intake: messages are taken, nothing works on them yet."""
        self._intake = asyncio.create_task(self.intake.run(), name="intake")
        for channel in self.channels.values():
            if isinstance(channel, recalls.Recalling):
                channel.forget_through(self._forget)
            await channel.start(self._accept)

    async def _forget(self, recall: recalls.Recall) -> bool:
        return await self.store.run(lambda tx: recalls.forget(tx, recall))

    async def _accept(self, message: Inbound) -> bool:
        fresh = await self.intake.accept(message)
        if fresh:
            metrics.RECEIVED.inc()
        return fresh

    async def run(self, listening: Callable[[int], None] = lambda _: None) -> None:
        """Serve until cancelled; `listening` is told the port of the web server."""
        await self.start()
        token = self.settings.web.token.get_secret_value()
        proxied = any(c.routes() for name, c in self.channels.items() if name != "local")
        queue = QueuePage(
            self.store, lambda: self.house, self.clock, token,
            exposed=proxied or bool(self.settings.web.public_url),
        )  # fmt: skip
        app = web.build_app(
            list(self.channels.values()), self.health, metrics.REGISTRY, queue.routes()
        )
        runner, port = await web.start(app, self.settings.web.host, self.settings.web.port)
        listening(port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._loop(self._work_off, self._work), name="worker")
                group.create_task(self._loop(self._deliver, self._send), name="delivery")
                group.create_task(self._loop(self._do_due, self._due), name="scheduler")
                group.create_task(self._loop(self.nightly.once, self.nightly.wake), name="nightly")
                group.create_task(self._loop(self.tidying.once, self.tidying.wake), name="tidying")
                group.create_task(self._loop(self.reread, self._models), name="models")
                if (asker := self.opinion) is not None:
                    group.create_task(self._loop(asker.once, asker.wake), name="opinion")
        finally:
            await self.delivery.stop()
            await runner.cleanup()

    async def _loop(self, once: Callable[[], Awaitable[float]], wake: asyncio.Event) -> None:
        """Call `once` again and again; it returns how long to wait for a wake-up, 0 for not."""
        while True:
            wake.clear()
            try:
                wait_s = await once()
            except Exception:
                log.exception(
                    "loop goes on after an error", action="loop_failed", loop=once.__name__
                )
                wait_s = BETWEEN_FAILURES_S
            if wait_s > 0:
                # asyncio.wait_for of Python 3.11 can lose a cancellation that meets a wake-up
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await wake.wait()

    async def _work_off(self) -> float:
        if await self.worker.once():
            self._send.set()
            self._due.set()
            if self.opinion is not None:
                self.opinion.wake.set()
            return 0
        return POLL_S

    async def _deliver(self) -> float:
        if await self.delivery.step():
            self._due.set()
            return 0
        return self._until(await self.delivery.next_due())

    async def _do_due(self) -> float:
        await self.reload()
        if await self.scheduler.once():
            self._send.set()
            return 0
        return self._until(await self.scheduler.next_due())

    def _until(self, at: datetime | None) -> float:
        """Seconds; where another process may have left something to do, it is looked for."""
        longest = LONGEST_WAIT_S if self.store.dialect == "sqlite" else POLL_S
        if at is None:
            return longest
        left = (at - self.clock.now()).total_seconds()
        return min(max(left, 0.01), longest) if left > 0 else POLL_S

    async def reread(self) -> float:
        """Take over another fitted model, between two batches; how long to wait."""
        if isinstance(self._classifier, Reader) and (found := await self._classifier.newer()):
            async with self.worker.between_batches():
                self._classifier.take(found)
        return MODEL_POLL_S

    async def reload(self) -> None:
        """Take over a roster that an import or a 模式 command has changed."""
        async with self.store.read() as tx:
            version = await tx.people.version()
            if version == self._roster_version:
                return
            roster = await tx.people.load(self.settings.roster.level_names)
        self._roster_version = version
        self.house = replace(self.house, roster=roster)

    async def settle(self) -> None:
        """Work off everything that can be done at the present time of the clock."""
        while True:
            worked = await self.worker.once()
            await self.reload()
            due = await self.scheduler.once()
            await self.tidying.once()
            sent = await self.delivery.once()
            if not (worked or due or sent):
                return

    async def health(self) -> dict[str, object]:
        """What /healthz shows; also refreshes the gauges of waiting rows."""
        async with self.store.read() as tx:
            inbox, outbox = await tx.inbox.count_by_state(), await tx.outbox.count_by_state()
        metrics.WAITING.labels("inbox").set(inbox.get("new", 0) + inbox.get("doing", 0))
        metrics.WAITING.labels("outbox").set(outbox.get("pending", 0))
        links = {n: c.connected() for n, c in self.channels.items() if isinstance(c, Linked)}
        return {
            "ok": True, "inbox": inbox, "outbox": outbox, "channels": sorted(self.channels),
            "links": links,
        }  # fmt: skip

    async def aclose(self) -> None:
        """Stop taking messages, then let go of the database, whatever a channel thinks of it."""
        for channel in self.channels.values():
            try:
                await channel.aclose()
            except Exception:
                log.exception("channel did not close", action="close_failed", name=channel.name)
        if self.opinion is not None:
            await self.opinion.aclose()
        if self._intake is not None:
            self._intake.cancel()
            with suppress(asyncio.CancelledError):
                await self._intake
        await self.store.aclose()
