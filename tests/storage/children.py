"""What runs in other processes: a worker, and a bot that holds its file until it is killed.

They are forked from one server that has imported this module, so each costs milliseconds."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from storage.store import Store

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload([__name__])
DEADLINE_S = 40
POLL_S = 0.01

Line = tuple[int, str, int]
"""Monotonic nanoseconds, conversation, message."""


def work(url: str, owner: str, start: Barrier, report: Connection) -> None:
    """Claim and finish messages until all are done; report what was handled and when."""
    start.wait(DEADLINE_S)
    report.send(asyncio.run(_work(url, owner)))


async def _work(url: str, owner: str) -> list[Line]:
    handled: list[Line] = []
    store = await Store.open(url)
    while True:
        async with store.write() as tx:
            batch = await tx.inbox.claim(owner, datetime.now(UTC), 30, 6)
        handled += [(time.monotonic_ns(), m.conversation, m.id) for m in batch]
        async with store.write() as tx:
            for message in batch:
                tx.inbox.done(message.id, owner)
        async with store.read() as tx:
            if set(await tx.inbox.count_by_state()) == {"done"}:
                break
        if not batch:
            await asyncio.sleep(POLL_S)
    await store.aclose()
    return handled


def hold(url: str, report: Connection) -> None:
    """Open the store as the only bot and stay."""
    asyncio.run(_hold(url, report))


async def _hold(url: str, report: Connection) -> None:
    await Store.open(url, sole=True)
    report.send("held")
    await asyncio.Event().wait()
