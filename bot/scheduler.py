"""Due jobs: unanswered urgent calls, deadlines, reminders for a verdict, digests, retention.

A job is a row under a unique key; each kind's function runs once in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import metrics
from bot.desk import Desk
from bot.house import House
from bot.ports import Clock
from storage.errors import StorageError
from storage.jobs import Job
from storage.store import Store, Transaction

log = structlog.get_logger()

Run = Callable[[Desk, Job], Awaitable[None]]
ATTEMPTS = 5
BATCH = 100


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
            try:
                return await self._store.run(lambda tx: self._batch(tx, now))
            except StorageError:
                log.exception("batch failed, going on one by one", action="jobs_failed")
                return await self._one_by_one(now)

    async def next_due(self) -> datetime | None:
        async with self._store.read() as tx:
            return await tx.jobs.next_due()

    async def _batch(self, tx: Transaction, now: datetime) -> int:
        jobs = await tx.jobs.due(now, BATCH)
        await tx.tickets.by_ids(int(job.data["ticket"]) for job in jobs if "ticket" in job.data)
        for job in jobs:
            mark = tx.mark()
            try:
                await self._do(tx, job, now)
            except Exception as error:
                log.exception("job failed", action="job_failed", key=job.key)
                tx.back_to(mark)
                _fail(tx, job, now, error)
        return len(jobs)

    async def _do(self, tx: Transaction, job: Job, now: datetime) -> None:
        await self._kinds[job.kind](Desk(self._house(), tx, now), job)
        tx.jobs.done(job.id)
        metrics.JOBS.labels(job.kind).inc()

    async def _one_by_one(self, now: datetime) -> int:
        """What a batch could not do together: a job that spoils the commit fails alone."""
        count = 0
        for job in await self._store.run(lambda tx: tx.jobs.due(now, BATCH)):
            try:
                await self._store.run(partial(self._alone, number=job.id, now=now))
            except Exception as error:
                log.exception("job failed", action="job_failed", key=job.key)
                await self._store.run(partial(_give_up, number=job.id, now=now, error=error))
            count += 1
        return count

    async def _alone(self, tx: Transaction, number: int, now: datetime) -> None:
        for job in await tx.jobs.due(now, BATCH):
            if job.id == number:
                await self._do(tx, job, now)


async def _give_up(tx: Transaction, number: int, now: datetime, error: Exception) -> None:
    for job in await tx.jobs.due(now, BATCH):
        if job.id == number:
            _fail(tx, job, now, error)


def _fail(tx: Transaction, job: Job, now: datetime, error: Exception) -> None:
    """Again in 1, 2, 4, 8 minutes, then aside as dead."""
    last = job.attempts + 1 >= ATTEMPTS
    again = None if last else now + timedelta(minutes=2**job.attempts)
    if last:
        metrics.DEAD.labels("jobs").inc()
    tx.jobs.fail(job.id, type(error).__name__, again)
