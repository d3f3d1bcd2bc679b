"""Due jobs: unanswered urgent calls, deadlines, reminders for a verdict, digests, retention.

A job is a row under a unique key; each kind's function runs once in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.desk import Desk, House
from bot.ports import Clock
from storage.jobs import Job
from storage.store import Store, Transaction

log = structlog.get_logger()

Run = Callable[[Desk, Job], Awaitable[None]]
ATTEMPTS = 5


class Scheduler:
    """Runs what is due. `kinds` maps a job's kind to the function that does it."""

    def __init__(
        self, store: Store, kinds: Mapping[str, Run], house: Callable[[], House], clock: Clock
    ) -> None:
        self._store, self._kinds, self._house, self._clock = store, kinds, house, clock
        self._turn = asyncio.Lock()

    async def once(self) -> int:
        """Run one batch of due jobs; their number."""
        async with self._turn:
            now = self._clock.now()
            return await self._store.run(lambda tx: self._batch(tx, now))

    async def next_due(self) -> datetime | None:
        async with self._store.read() as tx:
            return await tx.jobs.next_due()

    async def _batch(self, tx: Transaction, now: datetime) -> int:
        jobs = await tx.jobs.due(now, 100)
        for job in jobs:
            mark = tx.mark()
            try:
                await self._kinds[job.kind](Desk(self._house(), tx, now), job)
                tx.jobs.done(job.id)
                metrics.JOBS.labels(job.kind).inc()
            except Exception as error:
                log.exception("job failed", action="job_failed", key=job.key)
                tx.back_to(mark)
                wait = timedelta(minutes=2**job.attempts)
                again = now + wait if job.attempts + 1 < ATTEMPTS else None
                tx.jobs.fail(job.id, type(error).__name__, again)
        return len(jobs)
