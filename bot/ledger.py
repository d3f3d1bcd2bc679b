"""`run_bot.py rebuild`: every ticket's row beside its events.

What a replay is says storage/replays.py."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress

from bot.settings import Settings
from storage import migrate as schema
from storage.replays import Difference
from storage.store import Store

Print = Callable[[str], None]
CHUNK = 1_000
MOST_LINES = 50


async def rebuild_tickets(settings: Settings, repair: bool, out: Print) -> int:
    """Replay every ticket and tell the differences; 1 while one of them remains."""
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        count, found = await _compare(store)
        for line in _lines(found):
            out(line)
        repaired = 0
        if repair and found:
            repaired = await store.run(lambda tx: tx.replays.repair(found))
            out(f"已按事件改正{repaired}件。")
    finally:
        await store.aclose()
    left = len(found) - repaired
    out(f"核对{count}件，有出入{len(found)}件" + (f"，还剩{left}件。" if found else "。"))
    return 1 if left else 0


async def _compare(store: Store) -> tuple[int, list[Difference]]:
    found: list[Difference] = []
    async with store.read() as tx:
        ids = await tx.replays.ids()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            step = progress.add_task("重放事件", total=len(ids))
            for place in range(0, len(ids), CHUNK):
                found += await tx.replays.differences(ids[place : place + CHUNK])
                progress.advance(step, CHUNK)
    return len(ids), found


def _lines(found: list[Difference]) -> list[str]:
    lines = [
        f"{one.group} #{one.number}：" + ("、".join(one.fields) + " 与事件不符" if one.fields else
        f"事件不完整或被改动，无法重放（{one.why}）") for one in found[:MOST_LINES]
    ]  # fmt: skip
    if len(found) > MOST_LINES:
        lines.append(f"……另有{len(found) - MOST_LINES}件")
    return lines
