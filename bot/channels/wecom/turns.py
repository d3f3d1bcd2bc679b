"""Work of one conversation one after the other, that of different conversations side by side.

For transports on which nobody sends a thing again, so that the work outlives its frame."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Turns:
    """Tasks by conversation; each waits for the one before it, however that ended."""

    def __init__(self) -> None:
        self._tails: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    def follow(self, place: str, work: Coroutine[None, None, None]) -> None:
        """Begin the work once what came before it in this conversation has ended."""
        task = asyncio.create_task(_after(self._tails.get(place), work))
        self._tails[place] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._forget(place, done))

    def _forget(self, place: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._tails.get(place) is task:
            del self._tails[place]

    async def aclose(self) -> None:
        """Give up what has not ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _after(earlier: asyncio.Task[None] | None, work: Coroutine[None, None, None]) -> None:
    try:
        if earlier is not None:
            await asyncio.wait({earlier})
        await work
    finally:
        work.close()
