"""The way out: due posts to their channels, in order within a conversation, each result recorded.

What is said and whether it may be said now was decided before a post came into the outbox."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import metrics, outbox_queue
from bot.errors import NeedsHuman, NotConfigured, Rejected, TryLater
from bot.ports import Channel, Clock
from bot.settings import DeliverySection
from storage.errors import StorageError
from storage.outbox import OutRow
from storage.store import Store, Transaction

log = structlog.get_logger()

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: a sent id, or a time to try again, or neither (given up)."""

    row: OutRow
    sent_id: str = ""
    again_at: datetime | None = None
    error: str = ""
    human: bool = False


class Delivery:
    """Works off the outbox: at most one post of a conversation in flight at a time."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        settings: DeliverySection,
        gather_s: int = 60,
    ) -> None:
        self._gather_s = gather_s
        self._store, self._channels, self._clock, self._settings = store, channels, clock, settings
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._unrecorded: list[Outcome] = []
        self._turn = asyncio.Lock()

    async def once(self) -> int:
        """Send one batch of due posts; the number of posts claimed.

        What a busy database did not let us record is recorded first, so that nothing that went
        out is sent again while this process lives."""
        async with self._turn:
            await self._write_down()
            rows, attempts = await self._store.run(self._claim)
            try:
                await asyncio.gather(
                    *(self._try(row, attempts.get(row.message.id, 0)) for row in rows)
                )
            except asyncio.CancelledError:
                with suppress(StorageError):
                    await self._write_down()
                raise
            await self._write_down()
            return len(rows)

    async def _try(self, row: OutRow, attempts: int) -> None:
        self._unrecorded.append(await self._send(row, attempts))

    async def _write_down(self) -> None:
        """Record the results of the last batch, also when the process is being stopped."""
        if not self._unrecorded:
            return
        record = asyncio.ensure_future(self._record_all())
        try:
            await asyncio.shield(record)
        except asyncio.CancelledError:
            await asyncio.wait([record])
            raise

    async def _record_all(self) -> None:
        await self._store.run(self._record)
        self._unrecorded.clear()

    async def next_due(self) -> datetime | None:
        async with self._store.read() as tx:
            return await tx.outbox.next_due()

    async def _claim(self, tx: Transaction) -> tuple[list[OutRow], dict[int, int]]:
        rows = await tx.outbox.claim(self._clock.now(), self._settings.batch)
        return rows, dict(tx.outbox.attempts)

    async def _send(self, row: OutRow, attempts: int) -> Outcome:
        name = row.message.conversation.partition(":")[0]
        channel = self._channels.get(name)
        if channel is None:
            return Outcome(row, error=f"no channel {name!r}; switch it on in [channels.{name}]")
        if channel.capabilities.needs_human:
            return self._for_a_person(row, f"channel {name!r} sends nothing by itself")
        if (
            free_at := self._free_at(row.message.conversation, channel.capabilities.rate)
        ) is not None:
            return Outcome(row, again_at=free_at, error="rate limit of the channel")
        try:
            sent_id = await channel.send(row.message)
        except NeedsHuman as error:
            return self._for_a_person(row, str(error))
        except TryLater as error:
            return self._later(row, attempts, error.after_s, str(error))
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

    async def _record(self, tx: Transaction) -> None:
        now = self._clock.now()
        for outcome in self._unrecorded:
            number = outcome.row.message.id
            if outcome.sent_id:
                tx.outbox.sent(number, outcome.sent_id, now)
            elif outcome.again_at is not None:
                tx.outbox.retry(number, outcome.again_at, outcome.error)
            elif outcome.human:
                tx.outbox.hold(number)
                outbox_queue.plan(tx, outcome.row, now, self._gather_s)
            else:
                metrics.DEAD.labels("outbox").inc()
                log.warning("post given up", action="post_dead", id=number, error=outcome.error)
                tx.outbox.bury(number, outcome.error)
