"""Intake: nobody is answered before the commit, nothing is stored twice, nobody waits for ever."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.errors import Stopping
from bot.intake import Intake
from bot.settings import IntakeSection
from storage.errors import Busy
from storage.store import Store
from tests.bot.loops import Unlucky, said


@dataclass
class Running:
    intake: Intake
    task: asyncio.Task[None]
    commits: list[int] = field(default_factory=list)

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


@asynccontextmanager
async def running(store: Store, **settings: float) -> AsyncIterator[Running]:
    commits: list[int] = []
    section = IntakeSection.model_validate({"wait_ms": 1, **settings})
    intake = Intake(store, section, lambda: commits.append(1))
    now = Running(intake, asyncio.create_task(intake.run()), commits)
    yield now
    await now.stop()


def stored(url: str) -> set[str]:
    """What another process would find in the file."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
        found = {row[0] for row in file.execute("SELECT platform_id FROM inbox")}
    file.close()
    return found


async def test_the_answer_comes_after_the_commit(lite: Store, sqlite_url: str) -> None:
    async with running(lite) as now:
        assert stored(sqlite_url) == set()
        assert await now.intake.accept(said("m1"))
        assert stored(sqlite_url) == {"m1"}
    assert now.commits == [1]


async def test_what_arrives_together_is_committed_together(lite: Store) -> None:
    async with running(lite) as now:
        answers = await asyncio.gather(*(now.intake.accept(said(f"m{n}")) for n in range(40)))
    assert answers == [True] * 40
    assert now.commits == [1]


async def test_a_batch_has_its_limit(lite: Store, sqlite_url: str) -> None:
    async with running(lite, batch=3) as now:
        await asyncio.gather(*(now.intake.accept(said(f"m{n}")) for n in range(10)))
    assert len(now.commits) == 4
    assert len(stored(sqlite_url)) == 10


async def test_each_caller_learns_of_its_own_commit(lite: Store, sqlite_url: str) -> None:
    seen: list[bool] = []

    async def send(intake: Intake, name: str) -> None:
        await intake.accept(said(name))
        seen.append(name in stored(sqlite_url))

    async with running(lite, batch=2) as now:
        await asyncio.gather(*(send(now.intake, f"m{n}") for n in range(7)))
    assert seen == [True] * 7


async def test_a_message_is_new_once(lite: Store) -> None:
    async with running(lite) as now:
        together = await asyncio.gather(*(now.intake.accept(said("m1")) for _ in range(3)))
        assert sorted(together) == [False, False, True]
        assert not await now.intake.accept(said("m1"))
        assert await now.intake.accept(said("m1", channel="wecom_app"))
    async with running(lite) as again:
        assert not await again.intake.accept(said("m1"))


async def test_a_caller_who_hangs_up_loses_nothing(lite: Store) -> None:
    async with running(lite) as now:
        gone = asyncio.create_task(now.intake.accept(said("m1")))
        await asyncio.sleep(0)
        gone.cancel()
        assert await now.intake.accept(said("m2"))
        assert not await now.intake.accept(said("m1"))


async def test_one_impossible_message_fails_alone(lite: Store, sqlite_url: str) -> None:
    async with running(lite) as now:
        poison = said("poison", id=2**70)
        answers = await asyncio.gather(
            now.intake.accept(said("m1")), now.intake.accept(poison), now.intake.accept(said("m2")),
            return_exceptions=True,
        )  # fmt: skip
        assert (answers[0], answers[2]) == (True, True)
        assert isinstance(answers[1], Exception)
        assert await now.intake.accept(said("m3"))
    assert stored(sqlite_url) == {"m1", "m2", "m3"}


async def test_a_database_that_is_busy_is_told_to_all_and_overcome(lite: Store) -> None:
    unlucky = Unlucky(lite, **{"<lambda>": 1})
    async with running(unlucky) as now:
        answers = await asyncio.gather(
            now.intake.accept(said("m1")), now.intake.accept(said("m2")), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [Busy, Busy]
        assert await now.intake.accept(said("m1"))


async def test_whoever_waits_when_it_ends_is_told(lite: Store, sqlite_url: str) -> None:
    async with running(lite, wait_ms=1000) as now:
        waiting = [asyncio.create_task(now.intake.accept(said(f"m{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        await now.stop()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Stopping] * 3
        with pytest.raises(Stopping):
            await now.intake.accept(said("late"))
    assert stored(sqlite_url) == set()


async def test_odd_texts_are_kept(lite: Store) -> None:
    odd = ["", "\0", "\ud800", "x" * 20_000, "\u202e', '', 1); DROP TABLE inbox; --", "👌" * 99]
    async with running(lite) as now:
        for place, text in enumerate(odd):
            assert await now.intake.accept(said(f"m{place}", text))
    async with lite.read() as tx:
        assert await tx.inbox.count_by_state() == {"new": len(odd)}
