"""Four worker processes on one database: each message exactly once, each conversation in order."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from pathlib import Path

from storage.store import Store
from tests.storage.samples import inbounds

ROOT = Path(__file__).parents[2]
DEADLINE_S = 40


async def _start(url: str, owner: str) -> Process:
    command = [sys.executable, "-m", "tests.storage.claimer", url, owner]
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)


async def test_four_processes_share_the_work(store: Store, database_url: str) -> None:
    messages = inbounds(300, conversations=20)
    async with store.write() as tx:
        await tx.inbox.add(messages)
    workers = [await _start(database_url, f"w{n}") for n in range(4)]
    async with asyncio.timeout(DEADLINE_S):
        for worker in workers:
            assert worker.stdout
            assert await worker.stdout.readline() == b"ready\n"
        printed = [
            out for out, _ in await asyncio.gather(*(w.communicate(b"go\n") for w in workers))
        ]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    lines = sorted(line.split() for out in printed for line in out.decode().splitlines())
    handled: dict[str, list[int]] = defaultdict(list)
    for _, conversation, number in lines:
        handled[conversation].append(int(number))
    expected: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        expected[message.conversation].append(message.id)
    assert handled == expected
    assert sum(bool(out) for out in printed) > 1
