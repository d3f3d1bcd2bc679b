"""One process at a time leads, whichever machine it runs on: a lease in the shared database.

A follower counts by its own monotonic clock how long the holder's counter stands still, so clocks
that differ or jump mislead nobody. What a leader does is its owner's business."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from typing import Final

import structlog

from storage.errors import StorageError
from storage.leases import Held
from storage.store import Store, Transaction

log = structlog.get_logger(__name__)

LEASE_S: Final = 15.0
"""A holder that has not been heard for so long is replaced."""
SAFE: Final = 2 / 3
"""Share of the lease after which a leader that cannot renew it steps down by itself."""
BEATS: Final = 4
"""Beats in the time of one lease."""


def process_name() -> str:
    """A new owner: machine and process for the operator, and chance so that none comes twice."""
    return f"{platform.node() or 'host'}/{os.getpid()}/{token_hex(4)}"


class Leadership:
    """The wish to lead under `name`; `won` is set while this process does.

    lease_s: seconds. lost: called when it leads no more, so that it stops what it does."""

    def __init__(self, store: Store, name: str, owner: str, lease_s: float = LEASE_S) -> None:
        self._store, self.name, self.owner, self.lease_s = store, name, owner, lease_s
        self.won = asyncio.Event()
        self.lost: Callable[[], None] = lambda: None
        self._seen: Held | None = None
        self._since = self._until = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def leading(self) -> bool:
        """Whether this process may act as the only one now."""
        return self.won.is_set()

    def start(self) -> None:
        """Begin to ask for the lease and, once it is held, to keep it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep(), name=f"lease-{self.name}")

    async def aclose(self) -> None:
        """Let go at once, so that the next one need not wait."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.won.clear()
        with suppress(StorageError):
            await self._store.run(lambda tx: tx.leases.release(self.name, self.owner))

    async def confirm(self) -> bool:
        """Ask the database whether this process still leads, as after a hint that it may not."""
        if self.leading:
            await self._renew()
        return self.leading

    async def _keep(self) -> None:
        while True:
            await (self._renew() if self.leading else self._follow())
            await asyncio.sleep(self.lease_s / BEATS)

    async def _renew(self) -> None:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(self._until):
                kept = await self._store.run(lambda tx: tx.leases.beat(self.name, self.owner))
        except (StorageError, TimeoutError) as error:
            log.warning("lease not renewed", action="lease_late", error=type(error).__name__)
            if asyncio.get_running_loop().time() + self.lease_s / BEATS >= self._until:
                self._step_down("the database did not answer")
            return
        if kept:
            self._until = began + self.lease_s * SAFE
        else:
            self._step_down("another process has taken over")

    async def _follow(self) -> None:
        began = asyncio.get_running_loop().time()
        try:
            won = await self._store.run(self._try)
        except StorageError as error:
            log.warning("lease not seen", action="lease_late", error=type(error).__name__)
            return
        if won:
            self._until = began + self.lease_s * SAFE
            self.won.set()
            log.info("this process leads", action="lease_won", lease=self.name, owner=self.owner)

    async def _try(self, tx: Transaction) -> bool:
        held, now = await tx.leases.seen(self.name), asyncio.get_running_loop().time()
        if held != self._seen:
            self._seen, self._since = held, now
        dead = held is None or held.owner == self.owner or now - self._since >= self.lease_s
        return dead and await tx.leases.take(self.name, self.owner, held)

    def _step_down(self, why: str) -> None:
        if self.leading:
            self.won.clear()
            self._seen = None
            log.warning("this process leads no more", action="lease_lost", why=why)
            self.lost()
