"""The worker: a failure costs its own message, keeps the order of its conversation, and is seen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import texts
from bot.clock import ManualClock
from bot.context import Context
from bot.dispatcher import PASS, Dispatcher, Router
from bot.settings import WorkerSection
from bot.targets import Polite
from bot.worker import Worker
from routing.message import Inbound, Quote
from storage.store import Store
from tests.bot.loops import Deaf, house, row, said


class Office:
    """Handlers that write down what they see; a text in `fails` fails so many times."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fails: defaultdict[str, int] = defaultdict(int)
        self.router = router = Router("office")

        @router.on(lambda ctx: ctx.message.text.startswith("礼貌"))
        async def polite(ctx: Context) -> str:
            """Says no."""
            raise Polite("这个不行")

        @router.on(lambda ctx: ctx.message.text.startswith("跳过"))
        async def skip(ctx: Context) -> str:
            """Takes a closer look and passes."""
            return PASS

        @router.on(lambda ctx: ctx.message.text.startswith("重号"))
        async def spoil(ctx: Context) -> str:
            """Stages what no database takes, so that only the commit fails."""
            self.seen.append(ctx.message.text)
            twice = row(text="重号")
            ctx.tx.outbox.put(twice)
            ctx.tx.outbox.put(twice)
            return "spoilt"

        @router.on(lambda ctx: not ctx.message.text.startswith("闲聊"))
        async def take(ctx: Context) -> str:
            """Answers everything."""
            self.seen.append(ctx.message.text)
            ctx.say(ctx.message.conversation, f"答{ctx.message.text}", "answer")
            if self.fails[ctx.message.text]:
                self.fails[ctx.message.text] -= 1
                raise RuntimeError("broken")
            return "taken"


@pytest.fixture
def office() -> Office:
    return Office()


def worker(store: Store, clock: ManualClock, office: Office, **settings: int) -> Worker:
    surroundings = house()
    return Worker(
        store, Dispatcher([office.router]), Deaf(), lambda: surroundings, clock,
        WorkerSection.model_validate(settings), owner="w1",
    )  # fmt: skip


async def hear(store: Store, *messages: Inbound) -> None:
    async with store.write() as tx:
        await tx.inbox.add(list(messages))


async def posts(store: Store) -> list[str]:
    async with store.read() as tx:
        return [one.message.text for one in await tx.outbox.by_state("pending", 100)]


async def counts(store: Store) -> dict[str, int]:
    async with store.read() as tx:
        return await tx.inbox.count_by_state()


async def drain(work: Worker) -> int:
    rounds = 0
    while await work.once():
        rounds += 1
    return rounds


async def patiently(work: Worker, clock: ManualClock) -> list[float]:
    """Work everything off, also what must wait for its next try; the waits in seconds."""
    waits: list[float] = []
    while True:
        while await work.once():
            pass
        if "new" not in await counts(work._store):
            return waits
        waits.append(0)
        while not await work.once():
            clock.advance(timedelta(seconds=1))
            waits[-1] += 1
            assert waits[-1] < 60


async def test_a_batch_is_handled_in_order_and_once(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    await hear(lite, *(said(f"m{n}", f"{n}", f"local:g{n % 3}") for n in range(9)))
    work = worker(lite, noon, office)
    assert await work.once() == 9
    assert await work.once() == 0
    assert office.seen == [str(n) for n in range(9)]
    assert await counts(lite) == {"done": 9}
    assert await posts(lite) == [f"答{n}" for n in range(9)]


async def test_what_nobody_takes_is_silence(lite: Store, noon: ManualClock, office: Office) -> None:
    await hear(lite, said("m1", "闲聊"), said("m2", "跳过了"))
    await drain(worker(lite, noon, office))
    assert await posts(lite) == ["答跳过了"]
    assert await counts(lite) == {"done": 2}


async def test_a_polite_no_is_one_line(lite: Store, noon: ManualClock, office: Office) -> None:
    await hear(lite, said("m1", "礼貌", where="local:wang", is_group=False))
    await drain(worker(lite, noon, office))
    assert await posts(lite) == ["这个不行"]
    assert await counts(lite) == {"done": 1}


async def test_a_failing_handler_spoils_only_its_message(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    office.fails["坏"] = 1
    await hear(
        lite, said("a1", "坏"), said("a2", "后"), said("b1", "旁", "local:g2"),
    )  # fmt: skip
    work = worker(lite, noon, office)
    await work.once()
    assert await posts(lite) == ["答旁"], "what the failing one had staged is gone"
    assert await counts(lite) == {"done": 1, "new": 2}
    assert await work.once() == 0, "not at once again"
    assert await patiently(work, noon) == [2]
    assert office.seen == ["坏", "旁", "坏", "后"], "nobody overtakes in a conversation"
    assert await posts(lite) == ["答旁", "答坏", "答后"]


async def test_dead_after_three_tries_and_the_next_one_goes_on(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    office.fails["坏"] = 99
    await hear(lite, said("a1", "坏"), said("a2", "后"))
    work = worker(lite, noon, office)
    assert await patiently(work, noon) == [2, 4], "ever later"
    assert office.seen == ["坏"] * 3 + ["后"]
    assert await counts(lite) == {"dead": 1, "done": 1}
    async with lite.read() as tx:
        ((message, why),) = await tx.inbox.dead()
    assert (message.platform_id, why) == ("a1", "RuntimeError")
    office.fails.clear()
    async with lite.write() as tx:
        assert await tx.inbox.revive(message.id)
    await drain(work)
    assert await counts(lite) == {"done": 2}


async def test_the_tries_of_a_message_are_its_own(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    """Whoever waited behind a dead one has lost none of its tries."""
    office.fails["坏"], office.fails["后"] = 99, 2
    await hear(lite, said("a1", "坏"), said("a2", "后"))
    await patiently(worker(lite, noon, office), noon)
    assert office.seen == ["坏"] * 3 + ["后"] * 3
    assert await counts(lite) == {"dead": 1, "done": 1}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (said("m1", "进度 3"), True),
        (said("m1", "闲话", to_me=True), True),
        (said("m1", "闲话", quote=Quote("b-1", "已登记 #1", of_bot=True)), True),
        (said("m1", "闲话", quote=Quote("m-1", "灯坏了", of_bot=False)), False),
        (said("m1", "今天天气不错"), False),
    ],
)
async def test_a_line_for_whoever_waits_for_one(
    lite: Store, noon: ManualClock, office: Office, message: Inbound, told: bool
) -> None:
    office.fails[message.text] = 99
    await hear(lite, message)
    await patiently(worker(lite, noon, office), noon)
    assert await posts(lite) == ([texts.BROKE] if told else [])


async def test_a_commit_that_fails_is_tried_one_by_one(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    await hear(
        lite, said("a1", "前"), said("a2", "重号"), said("a3", "后"), said("b1", "旁", "local:g2"),
    )  # fmt: skip
    work = worker(lite, noon, office)
    await work.once()
    assert await posts(lite) == ["答前", "答旁"]
    assert await counts(lite) == {"done": 2, "new": 2}
    await patiently(work, noon)
    assert await counts(lite) == {"done": 3, "dead": 1}
    assert await posts(lite) == ["答前", "答旁", "答后"]


async def test_what_cannot_be_read_is_ordinary_talk(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    surroundings, deaf = house(), Deaf()
    deaf.fails = True
    work = Worker(
        lite, Dispatcher([office.router]), deaf, lambda: surroundings, noon, WorkerSection(), "w1"
    )
    await hear(lite, said("m1", "好"), said("m2", "闲聊"))
    await drain(work)
    assert await counts(lite) == {"done": 2}


async def test_a_batch_has_its_limit(lite: Store, noon: ManualClock, office: Office) -> None:
    await hear(lite, *(said(f"m{n}", f"{n}") for n in range(7)))
    assert await drain(worker(lite, noon, office, batch=3)) == 3
    assert office.seen == [str(n) for n in range(7)]


async def test_a_lost_worker_gives_its_messages_back_after_the_lease(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    await hear(lite, said("m1", "一"), said("m2", "二"), said("m3", "别处", "local:g2"))
    async with lite.write() as tx:
        assert len(await tx.inbox.claim("lost", noon.now(), 60, 1)) == 1
    work = worker(lite, noon, office)
    await drain(work)
    assert office.seen == ["别处"], "the conversation of the lost one waits"
    noon.advance(timedelta(seconds=61))
    await drain(work)
    assert office.seen == ["别处", "一", "二"]


async def test_a_clock_put_back_stops_nothing(
    lite: Store, noon: ManualClock, office: Office
) -> None:
    await hear(lite, said("m1", "一"))
    work = worker(lite, noon, office)
    noon.advance(timedelta(days=-1))
    await hear(lite, replace(said("m2", "二"), received_at=noon.now()))
    await drain(work)
    assert office.seen == ["一", "二"]
