"""The way out: due posts to their channels, in order within a conversation, each result recorded.

What is said and whether it may be said now was decided before a post came into the outbox."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import metrics, outbox_queue
from bot.errors import MAY_HAVE_ARRIVED, NeedsHuman, NotConfigured, NotYet, Rejected, TryLater
from bot.ports import Channel, Clock
from bot.settings import DeliverySection
from storage.errors import StorageError
from storage.outbox import OutRow
from storage.store import Store, Transaction

log = structlog.get_logger()

MINUTE = timedelta(minutes=1)
TOGETHER_S = 0.01
"""Sends that end so close together are recorded together, while a slow one goes on."""
STOP_S = 3.0
STUCK = timedelta(minutes=5)
"""No send takes so long: who claimed it has died."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: a sent id, or a time to try again, or neither (given up).

    tried: False if nothing was asked of the platform, so that it counts as no failure."""

    row: OutRow
    sent_id: str = ""
    again_at: datetime | None = None
    error: str = ""
    human: bool = False
    tried: bool = True


class Delivery:
    """Works off the outbox: at most one post of a conversation in flight at a time, and of a
    channel as many as `batch` and those claimed with the last of them.

    wake: called whenever a send has ended, so that its result is recorded and more is sent."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        settings: DeliverySection,
        gather_s: int = 60,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._gather_s, self._wake = gather_s, wake
        self._store, self._channels, self._clock, self._settings = store, channels, clock, settings
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._flying: dict[asyncio.Task[Outcome], OutRow] = {}
        self._looked_at = clock.now()
        self._landed: list[Outcome] = []
        self._turn = asyncio.Lock()

    async def step(self) -> int:
        """Record what has ended, and start what is due; how many were started.

        One transaction for both. Never waits for a slow send, only a moment for those that are
        about to end. What a busy database did not let us record is recorded the next time, so
        that nothing that went out is sent again while this process lives."""
        async with self._turn:
            if self._flying:
                await asyncio.wait(self._flying, timeout=TOGETHER_S)
            landed = self._landed[:]
            rows, attempts = await self._store.run(partial(self._exchange, landed=landed))
            del self._landed[: len(landed)]
            for row in rows:
                self._start(row, attempts.get(row.message.id, 0))
            return len(rows)

    async def once(self) -> int:
        """Send one batch of due posts to its end; the number of posts claimed."""
        try:
            count = await self.step()
            if self._flying:
                await asyncio.wait(self._flying)
        except asyncio.CancelledError:
            await self.stop(0)
            raise
        await self._write_down()
        return count

    async def stop(self, patience_s: float = STOP_S) -> None:
        """Give what is in flight a moment to end, record what has; the rest is broken off."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=patience_s)
        broken = list(self._flying)
        for task in broken:
            task.cancel()
        await asyncio.gather(*broken, return_exceptions=True)
        with suppress(StorageError):
            await self._write_down()

    def _start(self, row: OutRow, attempts: int) -> None:
        task = asyncio.create_task(self._send(row, attempts), name="send")
        self._flying[task] = row
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Outcome]) -> None:
        del self._flying[task]
        if not task.cancelled():
            self._landed.append(task.result())
        self._wake()

    async def _write_down(self) -> None:
        if landed := self._landed[:]:
            await self._store.run(partial(self._record, landed=landed))
            del self._landed[: len(landed)]

    async def next_due(self) -> datetime | None:
        async with self._store.read() as tx:
            return await tx.outbox.next_due()

    async def _exchange(
        self, tx: Transaction, landed: Sequence[Outcome]
    ) -> tuple[list[OutRow], dict[int, int]]:
        """Results in, work out: recorded first, so that their conversations are free again."""
        now = self._clock.now()
        await self._record(tx, landed)
        await tx.hand_over()
        if not timedelta() <= now - self._looked_at < MINUTE:
            self._looked_at = now
            await self._take_back(tx, now)
        rows = await tx.outbox.claim(now, self._settings.batch, self._shut())
        return rows, dict(tx.outbox.attempts)

    async def _take_back(self, tx: Transaction, now: datetime) -> None:
        """What a process has left in sending goes out again: it holds its conversation up."""
        mine = [row.message.id for row in self._flying.values()]
        if count := await tx.outbox.free_all(now - STUCK, mine):
            text = "posts of a process that died are sent again; they may have arrived already"
            log.warning(text, action="post_unclear", count=count)

    def _shut(self) -> list[str]:
        """Channels that take no more now: full, or served by another process."""
        flying = Counter(_channel_of(row) for row in self._flying.values())
        full = {name for name, count in flying.items() if count >= self._settings.batch}
        away = {name for name, one in self._channels.items() if getattr(one, "away", False)}
        return sorted(full | away)

    async def _send(self, row: OutRow, attempts: int) -> Outcome:
        name = _channel_of(row)
        channel = self._channels.get(name)
        if channel is None:
            return Outcome(row, error=f"no channel {name!r}; switch it on in [channels.{name}]")
        if channel.capabilities.needs_human:
            return self._for_a_person(row, f"channel {name!r} sends nothing by itself")
        if (
            free_at := self._free_at(row.message.conversation, channel.capabilities.rate)
        ) is not None:
            return Outcome(row, again_at=free_at, error="rate limit of the channel", tried=False)
        try:
            sent_id = await channel.send(row.message)
        except NeedsHuman as error:
            return self._for_a_person(row, str(error))
        except NotYet as error:
            again_at = self._clock.now() + timedelta(seconds=error.after_s)
            return Outcome(row, again_at=again_at, error=str(error), tried=False)
        except TryLater as error:
            return self._later(row, attempts, max(error.after_s, 2.0**attempts), str(error))
        except (Rejected, NotConfigured) as error:
            return Outcome(row, error=str(error))
        except Exception as error:
            log.exception("send failed", action="send_failed", id=row.message.id)
            return self._later(row, attempts, 2.0**attempts, type(error).__name__)
        metrics.SENT.labels(name).inc()
        metrics.DELAY.observe(max(0.0, (self._clock.now() - row.due_at).total_seconds()))
        return Outcome(row, sent_id=sent_id)

    def _later(self, row: OutRow, attempts: int, after_s: float, error: str) -> Outcome:
        if attempts + 1 >= self._settings.attempts:
            return Outcome(row, error=error)
        return Outcome(row, again_at=self._clock.now() + timedelta(seconds=after_s), error=error)

    def _for_a_person(self, row: OutRow, why: str) -> Outcome:
        """Held for somebody to send, unless it is the very word that something is held."""
        if row.kind == outbox_queue.NOTICE:
            return Outcome(row, error=f"{why}; name somebody who can be told in [human.staff]")
        return Outcome(row, human=True)

    def _free_at(self, conversation: str, rate: int) -> datetime | None:
        """None if a post may go now, else when the minute's share is free again."""
        if not rate:
            return None
        now, recent = self._clock.now(), self._recent[conversation]
        while recent and not timedelta() <= now - recent[0] < MINUTE:
            recent.popleft()  # too old, or of a time before the clock was put back
        if len(recent) >= rate:
            return recent[0] + MINUTE
        recent.append(now)
        return None

    async def _record(self, tx: Transaction, landed: Sequence[Outcome]) -> None:
        now = self._clock.now()
        for outcome in landed:
            number = outcome.row.message.id
            if outcome.sent_id:
                tx.outbox.sent(number, outcome.sent_id, now)
            elif outcome.again_at is not None and not outcome.tried:
                tx.outbox.postpone(number, outcome.again_at, outcome.error)
            elif outcome.again_at is not None:
                tx.outbox.retry(number, outcome.again_at, outcome.error)
            elif outcome.human:
                tx.outbox.hold(number)
                outbox_queue.plan(tx, outcome.row, now, self._gather_s)
            else:
                metrics.DEAD.labels("outbox").inc()
                action = "post_unclear" if MAY_HAVE_ARRIVED in outcome.error else "post_dead"
                log.warning("post given up", action=action, id=number, error=outcome.error)
                tx.outbox.bury(number, outcome.error)


def _channel_of(row: OutRow) -> str:
    return row.message.conversation.partition(":")[0]
