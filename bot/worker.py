"""Claimed messages become decisions: read, dispatch, one commit a batch.

Nothing is decided here; a handler that fails costs its own message, never the batch."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from bot import metrics, texts
from bot.context import Context
from bot.dispatcher import Dispatcher
from bot.house import House
from bot.ports import Classifier, Clock
from bot.settings import WorkerSection
from bot.targets import Polite, Refused
from nlp.reading import Reading
from routing.message import Inbound
from storage.store import Store, Transaction

log = structlog.get_logger()

Read = tuple[Inbound, Reading]

SLICE, SLICE_CHARS = 16, 600
"""How much is read before other work gets its turn: less than 10 ms. What is longer than a
slice goes to a thread; the others do not, a thread would only fight for the interpreter."""


LONGEST_REST_S = 300.0
"""The most that a failed message waits for its next try, and its conversation with it."""


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

    @asynccontextmanager
    async def between_batches(self) -> AsyncIterator[None]:
        """While this is held no batch is in work: all of one is read by one model."""
        async with self._turn:
            yield

    async def _claim(self, tx: Transaction) -> Claim:
        limits = self._settings
        messages = await tx.inbox.claim(
            self._owner, self._clock.now(), limits.lease_s, limits.batch
        )
        return Claim(messages, dict(tx.inbox.attempts))

    async def _work(self, claim: Claim) -> None:
        read = await self._read_all(claim.messages)
        done: Counter[str] = Counter()
        try:
            await self._store.run(lambda tx: self._handle(tx, read, claim.attempts, done))
        except Exception:
            log.exception("batch failed, going on one by one", action="batch_failed")
            done.clear()
            await self._one_by_one(read, claim.attempts, done)
        for router, count in done.items():
            metrics.HANDLED.labels(router).inc(count)

    async def _read_all(self, messages: Sequence[Inbound]) -> list[Read]:
        house = self._house()
        readings: list[Reading] = []
        for part in _slices(messages):
            if len(part[0].text) > SLICE_CHARS:
                readings += await asyncio.to_thread(self._read_slice, part, house)
            else:
                readings += self._read_slice(part, house)
                await asyncio.sleep(0)
        return list(zip(messages, readings, strict=True))

    def _read_slice(self, messages: Sequence[Inbound], house: House) -> list[Reading]:
        """Together; one by one where that fails, so that one message costs only its own reading."""
        groups = (house.roster.group(m.conversation) for m in messages)
        words = [group.words if group else () for group in groups]
        quoted = [_answered(m) for m in messages]
        try:
            return self._classifier.read_batch([m.text for m in messages], words, quoted)
        except Exception:
            log.exception("slice not understood, going on one by one", action="read_failed")
        return [self._read(*one) for one in zip(messages, words, quoted, strict=True)]

    def _read(self, message: Inbound, words: Sequence[str], quoted: str) -> Reading:
        try:
            return self._classifier.read(message.text, words, quoted)
        except Exception:
            log.exception("message not understood", action="read_failed", id=message.id)
            return Reading(kind="chat")

    async def _one_by_one(
        self, read: Sequence[Read], attempts: dict[int, int], done: Counter[str]
    ) -> None:
        """What a batch could not do together; a conversation stops at its first failure."""
        stuck: set[str] = set()
        behind: list[int] = []
        for message, reading in read:
            if message.conversation in stuck:
                behind.append(message.id)
                continue
            one = [(message, reading)]
            alone: Counter[str] = Counter()
            try:
                handle = partial(self._handle, read=one, attempts=attempts, done=alone)
                await self._store.run(handle)
                done += alone
            except Exception as error:
                log.exception("message failed", action="message_failed", id=message.id)
                stuck.add(message.conversation)
                give_up = partial(self._give_up, message=message, attempts=attempts, error=error)
                await self._store.run(give_up)
        await self._store.run(lambda tx: tx.inbox.release(behind))

    async def _handle(
        self,
        tx: Transaction,
        read: Sequence[Read],
        attempts: dict[int, int],
        done: Counter[str],
    ) -> None:
        """One transaction; `done` counts the outcomes by router, anew at every try."""
        house = self._house()
        done.clear()
        await _load(tx, read)
        stuck: set[str] = set()
        behind: list[int] = []
        for place, (message, reading) in enumerate(read, 1):
            if place % SLICE == 0:
                await asyncio.sleep(0)
            if message.conversation in stuck:
                behind.append(message.id)
                continue
            mark = tx.mark()
            try:
                outcome = await self._handle_one(tx, house, message, reading)
                done[outcome.partition(":")[0]] += 1
            except Exception as error:
                log.exception("handler failed", action="handler_failed", id=message.id)
                tx.back_to(mark)
                stuck.add(message.conversation)
                await self._give_up(tx, message, attempts, error)
        await tx.inbox.release(behind)

    async def _handle_one(
        self, tx: Transaction, house: House, message: Inbound, reading: Reading
    ) -> str:
        talk = tx.talks.window(message.conversation, message.sender)
        ctx = Context(house, tx, message, reading, talk)
        try:
            outcome = await self._dispatcher.dispatch(ctx)
        except Polite as polite:
            aloud = texts.NOT_NOW if isinstance(polite, Refused) else polite.text
            outcome = ctx.turn_down(polite.text, aloud)
        ctx.finish(outcome)
        return outcome

    async def _give_up(
        self, tx: Transaction, message: Inbound, attempts: dict[int, int], error: Exception
    ) -> None:
        """Back into the queue for later, or, after too many tries, aside: visible and re-runnable.

        What was said after it in the same conversation waits with it, since order is promised."""
        if attempts.get(message.id, 0) < self._settings.attempts:
            wait_s = min(2.0 ** attempts.get(message.id, 0), LONGEST_REST_S)
            await tx.inbox.retry(message.id, self._clock.now() + timedelta(seconds=wait_s))
            return
        metrics.DEAD.labels("inbox").inc()
        ctx = Context(self._house(), tx, message, Reading(kind="chat"), None)
        tx.inbox.bury(message.id, type(error).__name__)
        answers_us = message.quote is not None and message.quote.of_bot
        if ctx.command is not None or message.to_me or answers_us:
            ctx.confide(texts.BROKE)


def _answered(message: Inbound) -> str:
    """What a message replies to, "" where it has no words but those it quotes."""
    quote = message.quote
    return quote.text if quote is not None and quote.text != message.text else ""


async def _load(tx: Transaction, read: Sequence[Read]) -> None:
    """What most handlers will ask, in one question a table instead of one a message."""
    await tx.talks.of({m.conversation for m, _ in read})
    await tx.tickets.read_ahead(m.conversation for m, r in read if r.kind == "report")


def _slices(messages: Sequence[Inbound]) -> Iterator[Sequence[Inbound]]:
    """The messages in order, a slice at a time; a long message is a slice of its own."""
    start, chars = 0, 0
    for place, message in enumerate(messages):
        chars += len(message.text)
        if place > start and (place - start == SLICE or chars > SLICE_CHARS):
            yield messages[start:place]
            start, chars = place, len(message.text)
    if messages:
        yield messages[start:]
