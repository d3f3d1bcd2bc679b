"""The scheduler: a job is done once at its time, and one that cannot be done harms no other."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from bot.clock import ManualClock
from bot.desk import Desk
from bot.scheduler import ATTEMPTS, Scheduler
from storage.errors import StorageError
from storage.jobs import Job
from storage.store import Store
from tests.bot.loops import Unlucky, house, later, row

MINUTE = timedelta(minutes=1)


class Duties:
    """Kinds of job: "note" writes down, "fail" fails `fails` times, "spoil" fails at the commit."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: defaultdict[str, int] = defaultdict(int)
        self.kinds = {"note": self.note, "spoil": self.spoil, "plan": self.plan}

    async def note(self, desk: Desk, job: Job) -> None:
        desk.say("local:g1", f"做了{job.key}", "digest")
        if self.fails[job.key]:
            self.fails[job.key] -= 1
            raise RuntimeError("broken")
        self.done.append(job.key)

    async def spoil(self, desk: Desk, job: Job) -> None:
        twice = row(text="重号")
        desk.tx.outbox.put(twice)
        desk.tx.outbox.put(twice)

    async def plan(self, desk: Desk, job: Job) -> None:
        """Does its work and plans the same for tomorrow."""
        self.done.append(job.key)
        plan(desk, desk.now + timedelta(days=1))


def plan(desk: Desk, at: datetime) -> None:
    desk.tx.jobs.put(f"plan:{at:%Y%m%d}", "plan", at, {})


@pytest.fixture
def duties() -> Duties:
    return Duties()


def scheduler(store: Store, clock: ManualClock, duties: Duties) -> Scheduler:
    surroundings = house()
    return Scheduler(store, duties.kinds, lambda: surroundings, clock)


async def put(store: Store, key: str, at: datetime, kind: str = "note") -> None:
    async with store.write() as tx:
        tx.jobs.put(key, kind, at, {})


async def state(store: Store, key: str) -> tuple[str, int]:
    async with store.read() as tx:
        found = await tx.jobs.find(key)
    assert found is not None
    return found[1], found[0].attempts


async def said(store: Store) -> list[str]:
    async with store.read() as tx:
        return [one.message.text for one in await tx.outbox.by_state("pending", 1000)]


async def test_a_job_is_done_at_its_time(lite: Store, noon: ManualClock, duties: Duties) -> None:
    await put(lite, "a", later(60))
    work = scheduler(lite, noon, duties)
    assert await work.once() == 0
    assert await work.next_due() == later(60)
    noon.set(later(60))
    assert await work.once() == 1
    assert await work.once() == 0
    assert (duties.done, await said(lite)) == (["a"], ["做了a"])
    assert await work.next_due() is None


async def test_a_key_is_done_once_whoever_plans_it(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    for _ in range(3):
        await put(lite, "digest:20261123", later(0))
    one, two = scheduler(lite, noon, duties), scheduler(lite, noon, duties)
    assert [await one.once(), await two.once()] == [1, 0]
    await put(lite, "digest:20261123", later(0))
    assert await one.once() == 0
    assert duties.done == ["digest:20261123"]


async def test_jobs_run_in_the_order_of_their_times(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    for key, after in (("c", 3), ("a", 1), ("b", 2)):
        await put(lite, key, later(after))
    noon.set(later(10))
    await scheduler(lite, noon, duties).once()
    assert duties.done == ["a", "b", "c"]


async def test_a_failing_job_is_tried_again_ever_later_then_dead(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    duties.fails["bad"] = 99
    await put(lite, "bad", later(0))
    await put(lite, "good", later(0))
    work = scheduler(lite, noon, duties)
    waits = []
    assert await work.once() == 2
    while (due := await work.next_due()) is not None:
        waits.append((due - noon.now()) / MINUTE)
        noon.set(due)
        await work.once()
    assert waits == [1, 2, 4, 8]
    assert await state(lite, "bad") == ("dead", ATTEMPTS)
    assert duties.done == ["good"]
    assert await said(lite) == ["做了good"], "nothing of a failed try is left"


async def test_a_job_that_recovers(lite: Store, noon: ManualClock, duties: Duties) -> None:
    duties.fails["shaky"] = 2
    await put(lite, "shaky", later(0))
    work = scheduler(lite, noon, duties)
    for _ in range(4):
        await work.once()
        noon.advance(4 * MINUTE)
    assert await state(lite, "shaky") == ("done", 2)
    assert await said(lite) == ["做了shaky"]


async def test_a_job_that_spoils_the_commit_fails_alone(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    await put(lite, "before", later(-2))
    await put(lite, "spoilt", later(-1), "spoil")
    await put(lite, "after", later(0))
    work = scheduler(lite, noon, duties)
    assert await work.once() == 3
    assert await state(lite, "spoilt") == ("waiting", 1)
    assert sorted(await said(lite)) == ["做了after", "做了before"]
    for minutes in (1, 2, 4, 8):
        noon.advance(minutes * MINUTE)
        await work.once()
    assert await state(lite, "spoilt") == ("dead", ATTEMPTS)


async def test_a_kind_that_nobody_knows_any_more(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    await put(lite, "old", later(0), "forgotten")
    await scheduler(lite, noon, duties).once()
    assert await state(lite, "old") == ("waiting", 1)


async def test_a_busy_database_costs_no_try(lite: Store, noon: ManualClock, duties: Duties) -> None:
    await put(lite, "a", later(0))
    work = scheduler(Unlucky(lite, **{"<lambda>": 2}), noon, duties)
    with pytest.raises(StorageError):
        await work.once()
    assert await state(lite, "a") == ("waiting", 0)
    assert await work.once() == 1
    assert await state(lite, "a") == ("done", 0)


async def test_a_clock_put_back_does_nothing_twice(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    await put(lite, f"plan:{noon.now():%Y%m%d}", later(0), "plan")
    work = scheduler(lite, noon, duties)
    await work.once()
    noon.advance(timedelta(hours=-6))
    await put(lite, f"plan:{later(0):%Y%m%d}", later(0), "plan")
    assert await work.once() == 0
    noon.set(later(60))
    assert await work.once() == 0
    assert duties.done == ["plan:20261123"]


async def test_a_clock_that_leaps_forward_leaves_nothing_out(
    lite: Store, noon: ManualClock, duties: Duties
) -> None:
    for number in range(250):
        await put(lite, f"job{number:03}", later(number * 3600))
    noon.advance(timedelta(days=30))
    work = scheduler(lite, noon, duties)
    while await work.once():
        pass
    assert duties.done == [f"job{number:03}" for number in range(250)]
