"""Runs inside .venv-peer: µs of CPU of aiogram's feed_update, printed as JSON.

It imports nothing of this project, which is not installed there."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import uvloop

aiogram: Any = importlib.import_module("aiogram")
filters: Any = importlib.import_module("aiogram.filters")
types: Any = importlib.import_module("aiogram.types")


def dispatcher(handlers: int) -> Any:
    """One handler for text behind commands that do not fit."""
    made = aiogram.Dispatcher()

    async def nothing(message: Any) -> None:
        """As our own handlers in this comparison."""

    for number in range(handlers - 1):
        made.message.register(nothing, filters.Command(f"c{number}"))
    made.message.register(nothing, aiogram.F.text)
    return made


def updates(count: int) -> list[Any]:
    """Parsed group messages, as a worker would hold them."""
    chat = types.Chat(id=-1, type="group", title="g")
    user = types.User(id=1, is_bot=False, first_name="w")
    now = datetime.now(UTC)
    return [
        types.Update(
            update_id=n,
            message=types.Message(message_id=n, date=now, chat=chat, from_user=user, text="今天热"),
        )
        for n in range(count)
    ]


async def costs(handlers: int, runs: int, count: int) -> list[float]:
    """A figure a run, after one that warms up."""
    bot, made, found = aiogram.Bot("1:a"), dispatcher(handlers), []
    for _ in range(runs + 1):
        batch = updates(count)
        start = time.process_time()
        for update in batch:
            await made.feed_update(bot, update)
        found.append((time.process_time() - start) / count * 1e6)
    await bot.session.close()
    return found[1:]


async def main(runs: int, count: int) -> None:
    """Both sizes, in turns."""
    print(json.dumps({str(n): await costs(n, runs, count) for n in (1, 20)}))


if __name__ == "__main__":
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
