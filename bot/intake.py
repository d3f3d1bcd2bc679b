"""The way in: one message, durable and de-duplicated, and only then acknowledged.

What a message means and what is done about it is the worker's business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.errors import Stopping
from bot.settings import IntakeSection
from routing.message import Inbound
from storage.errors import Busy, Unreachable
from storage.store import Store

_Waiting = tuple[Inbound, "asyncio.Future[bool]"]


class Intake:
    """Commits what arrives together in one transaction and answers every sender after it."""

    def __init__(self, store: Store, settings: IntakeSection, wake: Callable[[], None]) -> None:
        self._store, self._settings, self._wake = store, settings, wake
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._stopped = False

    async def accept(self, message: Inbound) -> bool:
        """True when the message is new and stored; False for one that we have already.

        Raises Stopping once the intake has ended, and storage errors; then nothing is stored."""
        if self._stopped:
            raise Stopping("the bot is being stopped; send the message again later")
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, future))
        self._arrived.set()
        return await future

    async def run(self) -> None:
        """Until cancelled; whoever still waits then is told that nothing was stored."""
        batch: list[_Waiting] = []
        try:
            while True:
                await self._arrived.wait()
                if len(self._waiting) < self._settings.batch:
                    await asyncio.sleep(self._settings.wait_ms / 1000)
                batch, self._waiting = self._cut()
                await self._commit(batch)
        finally:
            self._stopped = True
            for _, future in (*batch, *self._waiting):
                _fail(future, Stopping("the bot is being stopped; send the message again later"))

    def _cut(self) -> tuple[list[_Waiting], list[_Waiting]]:
        size = self._settings.batch
        batch, rest = self._waiting[:size], self._waiting[size:]
        if not rest:
            self._arrived.clear()
        return batch, rest

    async def _commit(self, batch: list[_Waiting]) -> None:
        """One transaction for all; if a message spoils it, its companions go without it."""
        try:
            fresh = await self._store.run(lambda tx: tx.inbox.add([m for m, _ in batch]))
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, Busy | Unreachable):
                half = len(batch) // 2
                await self._commit(batch[:half])
                await self._commit(batch[half:])
                return
            for _, future in batch:
                _fail(future, error)
            return
        for message, future in batch:
            if not future.done():
                future.set_result(message.id in fresh)
        self._wake()


def _fail(future: asyncio.Future[bool], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
