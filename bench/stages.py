"""What each step of a message costs on its own, in CPU time: from the raw text to the sent post.

The steps are called as the bot calls them, in batches of its own size."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import islice

import uvloop

from bench import running
from bench.end_to_end import Bench, messages_of
from bench.figures import Figure, Section, figure, repeated
from bot.app import Bot
from bot.context import Context
from bot.dispatcher import Dispatcher, Router
from bot.handlers import ROUTERS
from nlp import segment
from nlp.normalise import normalise
from nlp.reading import Reading
from routing.message import Inbound
from storage.store import Transaction

Seconds = dict[str, list[float]]
CHANNELS = ("intake", "worker", "delivery")


def run(bench: Bench) -> Section:
    """µs of CPU a message, a post or a dispatch."""
    texts = [m.text for m in messages_of(bench, bench.sizes.sample * 5)]
    figures = [*_understanding(bench, texts)]
    taken: Seconds = {name: [] for name in CHANNELS}
    for _ in range(bench.sizes.runs + 1):
        for name, cost in uvloop.run(_storing(bench)).items():
            taken[name].append(cost)
    labels = {
        "intake": "intake: to the durable row",
        "worker": "worker: claim, read, handle, commit",
        "delivery": "delivery: claim, send, record, a post",
    }
    figures += [figure(f"stage.{n}", labels[n], taken[n][1:], "µs") for n in CHANNELS]
    return Section("Stages (CPU a message)", tuple(figures))


def _understanding(bench: Bench, texts: Sequence[str]) -> list[Figure]:
    normal = [normalise(text) for text in texts]
    runs = bench.sizes.runs
    return [
        figure("stage.normalise", "normalise", _each(runs, normalise, texts), "µs"),
        figure("stage.segment", "segment", _each(runs, segment.cut, normal), "µs"),
        figure(
            "stage.classify", "classify: text to reading, all included",
            _each(runs, bench.classifier.read, texts), "µs",
        ),
    ]  # fmt: skip


def _each(runs: int, step: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    def once() -> float:
        start = time.process_time()
        for text in texts:
            step(text)
        return (time.process_time() - start) / len(texts) * 1e6

    return repeated(runs, once)


async def _storing(bench: Bench) -> dict[str, float]:
    """One pass over fresh messages: all taken in, then all worked off, then all posts sent."""
    async with running.opened(bench.seeded, bench.file, bench.classifier) as (bot, _):
        messages = messages_of(bench, bench.sizes.sample * 5)
        await bot.start()
        start = time.process_time()
        await asyncio.gather(*(bot.intake.accept(message) for message in messages))
        taken_in = time.process_time()
        while await bot.worker.once():
            pass
        handled, posts = time.process_time(), 0
        while sent := await bot.delivery.once():
            posts += sent
        delivered = time.process_time()
    return {
        "intake": (taken_in - start) / len(messages) * 1e6,
        "worker": (handled - taken_in) / len(messages) * 1e6,
        "delivery": (delivered - handled) / max(1, posts) * 1e6,
    }


def dispatch(bench: Bench) -> Figure:
    """From a claimed, read message to its handler, with every rule of the product in place.

    The handlers themselves do nothing here, as the peer's."""
    costs = uvloop.run(_dispatch(bench))
    return figure("dispatch.ours", "our dispatch: claimed to handled", costs, "µs")


def _idle_rules() -> Dispatcher:
    """The product's rules with the product's tests, each with a handler that does nothing."""
    router = Router("idle")
    for number, rule in enumerate(rule for r in ROUTERS for rule in r.rules):

        async def handle(_: Context) -> str:
            """Nothing."""
            return "done"

        handle.__name__ = f"rule{number}"
        router.on(rule.when)(handle)
    return Dispatcher((router,))


async def _dispatch(bench: Bench) -> list[float]:
    async with running.opened(bench.seeded, bench.file, bench.classifier) as (bot, _):
        messages = messages_of(bench, bench.sizes.sample * 5)
        read = [(m, bench.classifier.read(m.text)) for m in messages]
        rules = _idle_rules()
        costs = []
        async with bot.store.read() as tx:
            await tx.talks.of({m.conversation for m in messages})
            for _ in range(bench.sizes.runs + 1):
                mark = tx.mark()
                costs.append(await _dispatched(bot, tx, rules, read))
                tx.back_to(mark)
    return list(islice(costs, 1, None))


async def _dispatched(
    bot: Bot, tx: Transaction, rules: Dispatcher, read: Sequence[tuple[Inbound, Reading]]
) -> float:
    start = time.process_time()
    for message, reading in read:
        tx.mark()
        talk = tx.talks.window(message.conversation, message.sender)
        ctx = Context(bot.house, tx, message, reading, talk)
        ctx.finish(await rules.dispatch(ctx))
    return (time.process_time() - start) / len(read) * 1e6
