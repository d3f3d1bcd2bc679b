"""Claimed messages become decisions: read, dispatch, one commit a batch.

Nothing is decided here; a handler that fails costs its own message, never the batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from bot import metrics, texts
from bot.context import Context
from bot.desk import House
from bot.dispatcher import Dispatcher
from bot.ports import Classifier, Clock
from bot.settings import WorkerSection
from bot.targets import Polite
from nlp.reading import Reading
from routing.message import Inbound
from storage.store import Store, Transaction

log = structlog.get_logger()

Read = tuple[Inbound, Reading]


@dataclass(slots=True)
class Claim:
    """What was claimed together; `attempts` by message id."""

    messages: list[Inbound]
    attempts: dict[int, int]


class Worker:
    """Works off the inbox. `house` gives the present roster and settings; `wake` tells delivery."""

    def __init__(
        self,
        store: Store,
        dispatcher: Dispatcher,
        classifier: Classifier,
        house: Callable[[], House],
        clock: Clock,
        settings: WorkerSection,
        owner: str,
    ) -> None:
        self._store, self._dispatcher, self._classifier = store, dispatcher, classifier
        self._house, self._clock, self._settings, self._owner = house, clock, settings, owner
        self._turn = asyncio.Lock()

    async def once(self) -> int:
        """Work off one batch; the number of messages claimed."""
        async with self._turn:
            claim = await self._store.run(self._claim)
            if claim.messages:
                await self._work(claim)
            return len(claim.messages)

    async def _claim(self, tx: Transaction) -> Claim:
        limits = self._settings
        messages = await tx.inbox.claim(
            self._owner, self._clock.now(), limits.lease_s, limits.batch
        )
        return Claim(messages, dict(tx.inbox.attempts))

    async def _work(self, claim: Claim) -> None:
        read = await asyncio.to_thread(self._read_all, claim.messages)
        try:
            await self._store.run(lambda tx: self._handle(tx, read, claim.attempts))
        except Exception:
            log.exception("batch failed, going on one by one", action="batch_failed")
            await self._one_by_one(read, claim.attempts)

    def _read_all(self, messages: Sequence[Inbound]) -> list[Read]:
        house = self._house()
        return [(m, self._read(m, house)) for m in messages]

    def _read(self, message: Inbound, house: House) -> Reading:
        group = house.roster.group(message.conversation)
        try:
            return self._classifier.read(message.text, group.words if group else ())
        except Exception:
            log.exception("message not understood", action="read_failed", id=message.id)
            return Reading(kind="chat")

    async def _one_by_one(self, read: Sequence[Read], attempts: dict[int, int]) -> None:
        """What a batch could not do together; a conversation stops at its first failure."""
        stuck: set[str] = set()
        for message, reading in read:
            if message.conversation in stuck:
                await self._store.run(partial(_release, ids=[message.id]))
                continue
            one = [(message, reading)]
            try:
                await self._store.run(partial(self._handle, read=one, attempts=attempts))
            except Exception as error:
                log.exception("message failed", action="message_failed", id=message.id)
                stuck.add(message.conversation)
                give_up = partial(self._give_up, message=message, attempts=attempts, error=error)
                await self._store.run(give_up)

    async def _handle(
        self, tx: Transaction, read: Sequence[Read], attempts: dict[int, int]
    ) -> None:
        house = self._house()
        await tx.talks.of({m.conversation for m, _ in read})
        stuck: set[str] = set()
        for message, reading in read:
            if message.conversation in stuck:
                await tx.inbox.release([message.id])
                continue
            mark = tx.mark()
            try:
                await self._handle_one(tx, house, message, reading)
            except Exception as error:
                log.exception("handler failed", action="handler_failed", id=message.id)
                tx.back_to(mark)
                stuck.add(message.conversation)
                await self._give_up(tx, message, attempts, error)

    async def _handle_one(
        self,
        tx: Transaction,
        house: House,
        message: Inbound,
        reading: Reading,
    ) -> None:
        where = (message.conversation, message.sender)
        talk = (await tx.talks.of((where[0],))).get(where)
        ctx = Context(house, tx, message, reading, talk)
        try:
            outcome = await self._dispatcher.dispatch(ctx)
        except Polite as polite:
            outcome = ctx.answer(polite.text)
        ctx.finish(outcome)
        metrics.HANDLED.labels(outcome.partition(":")[0]).inc()

    async def _give_up(
        self, tx: Transaction, message: Inbound, attempts: dict[int, int], error: Exception
    ) -> None:
        """Back into the queue, or, after too many tries, aside: visible and re-runnable."""
        if attempts.get(message.id, 0) < self._settings.attempts:
            await tx.inbox.release([message.id])
            return
        metrics.DEAD.labels("inbox").inc()
        ctx = Context(self._house(), tx, message, Reading(kind="chat"), None)
        tx.inbox.bury(message.id, type(error).__name__)
        if ctx.command is not None or message.to_me:
            ctx.confide(texts.BROKE)


async def _release(tx: Transaction, ids: list[int]) -> None:
    await tx.inbox.release(ids)
