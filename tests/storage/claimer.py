"""One worker process of test_processes.py: claims, finishes, prints what it handled and when."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime

from storage.store import Store

POLL_S = 0.02


async def work(url: str, owner: str) -> None:
    store = await Store.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        async with store.write() as tx:
            batch = await tx.inbox.claim(owner, datetime.now(UTC), 30, 6)
        if not batch:
            await asyncio.sleep(POLL_S)
        for message in batch:
            print(time.monotonic_ns(), message.conversation, message.id)
        async with store.write() as tx:
            for message in batch:
                tx.inbox.done(message.id, owner)
        async with store.read() as tx:
            if set(await tx.inbox.count_by_state()) == {"done"}:
                break
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2]))
