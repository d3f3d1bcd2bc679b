"""Several processes on one database: each message once and in order, one bot on a SQLite file."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest

from storage.errors import InUse
from storage.store import Store
from tests.storage.children import DEADLINE_S, FORK, hold, work
from tests.storage.samples import inbounds


async def _add(url: str, count: int) -> dict[str, list[int]]:
    messages = inbounds(count, conversations=20)
    store = await Store.open(url)
    async with store.write() as tx:
        await tx.inbox.add(messages)
    await store.aclose()
    expected: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        expected[message.conversation].append(message.id)
    return expected


def test_four_processes_share_the_work(database_url: str) -> None:
    expected = asyncio.run(_add(database_url, 240))
    start = FORK.Barrier(4)
    pipes = [FORK.Pipe(duplex=False) for _ in range(4)]
    workers = [
        FORK.Process(target=work, args=(database_url, f"w{n}", start, pipes[n][1]), daemon=True)
        for n in range(4)
    ]
    for worker in workers:
        worker.start()
    reports = [ours.recv() if ours.poll(DEADLINE_S) else [] for ours, _ in pipes]
    for worker in workers:
        worker.join(DEADLINE_S)
    handled: dict[str, list[int]] = defaultdict(list)
    for _, conversation, number in sorted(line for report in reports for line in report):
        handled[conversation].append(number)
    assert handled == expected
    assert sum(bool(report) for report in reports) > 1


def test_the_file_is_free_again_when_its_bot_is_killed(sqlite_url: str) -> None:
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=hold, args=(sqlite_url, theirs), daemon=True)
    child.start()
    assert ours.poll(DEADLINE_S)
    assert ours.recv() == "held"
    with pytest.raises(InUse, match="stop it first"):
        asyncio.run(Store.open(sqlite_url, sole=True))
    child.kill()
    child.join(DEADLINE_S)
    asyncio.run(_open_and_close(sqlite_url))


async def _open_and_close(url: str) -> None:
    await (await Store.open(url, sole=True)).aclose()
