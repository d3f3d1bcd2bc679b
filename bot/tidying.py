"""What is kept no longer than its days: words, posts, jobs, lessons and pictures.

Rows go in the transaction of the nightly job; files are looked for before it and removed after it,
in none. Which pictures are still named is storage/pictures.py."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.desk import Desk
from bot.media import MediaStore
from bot.ports import Clock
from bot.scheduler import Run
from bot.settings import Settings
from storage.jobs import Job
from storage.store import Store

AT_ONCE = 2000
"""Messages emptied in one transaction, so that writers need not wait."""

WAIT_S = 3600.0


def plan(desk: Desk) -> None:
    """One job a day, at three in the night."""
    local = desk.now.astimezone(desk.house.zone)
    at = (local + timedelta(days=1)).replace(hour=3, minute=0, second=0, microsecond=0)
    desk.tx.jobs.put(f"retention:{at:%Y%m%d}", "retention", at.astimezone(desk.now.tzinfo), {})


class Tidying:
    """Empties rows when its job is due, and asks `once` to remove the files after it."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._media = MediaStore.below(settings.bot.data_dir)
        self.wake, self._asked = asyncio.Event(), False
        self.kinds: dict[str, Run] = {"retention": self._due}

    async def _due(self, desk: Desk, _job: Job) -> None:
        """Empty the words of old finished messages and posts, drop old jobs and lessons; plan the
        same soon if much is left, else for tomorrow."""
        settings = desk.house.settings
        before = desk.now - timedelta(days=settings.storage.retention_days)
        emptied = [
            await desk.tx.inbox.purge(before, AT_ONCE),
            await desk.tx.outbox.purge(before, AT_ONCE),
        ]
        await desk.tx.lessons.purge(desk.now - timedelta(days=settings.learning.keep_days))
        await desk.tx.jobs.purge(before)
        await desk.tx.talks.expire(desk.now - timedelta(days=1))
        if AT_ONCE in emptied:
            soon = desk.now + timedelta(seconds=5)
            desk.tx.jobs.put(f"retention:{soon:%Y%m%d%H%M%S}", "retention", soon, {})
        else:
            plan(desk)
        self._asked = True
        self.wake.set()

    async def once(self) -> float:
        """Remove old pictures that nothing names, if it was asked for; how long to wait then.

        What is sent again after it was listed is young again, and stays."""
        if not self._asked:
            return WAIT_S
        self._asked = False
        before = self._clock.now() - timedelta(days=self._settings.storage.retention_days)
        if old := await self._media.older(before):
            async with self._store.read() as tx:
                named = await tx.pictures.named(before)
            await self._media.remove(old, before, named)
        return WAIT_S
