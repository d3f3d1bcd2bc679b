"""Jobs: one row a key, due in order, moved, called off, failed and given up."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import select

from storage.statement import Statement
from storage.store import Store
from storage.tables import job as jobs
from tests.storage.samples import NOW, later


async def _due(store: Store, at: datetime, limit: int = 99) -> list[str]:
    async with store.write() as tx:
        return [job.key for job in await tx.jobs.due(at, limit)]


async def _put(store: Store, *keys: str) -> None:
    async with store.write() as tx:
        for key in keys:
            tx.jobs.put(key, "remind", NOW, {"key": key})


async def test_due_jobs_come_earliest_first_with_their_data(store: Store) -> None:
    async with store.write() as tx:
        tx.jobs.put("b", "digest", later(5), {"格": ["7-1"]})
        tx.jobs.put("a", "remind", later(9), {})
        tx.jobs.put("c", "remind", later(1), {})
    assert await _due(store, NOW) == []
    assert await _due(store, later(9)) == ["c", "b", "a"]
    assert await _due(store, later(9), limit=1) == ["c"]
    async with store.write() as tx:
        _, job, _ = await tx.jobs.due(later(9), 9)
        assert (job.kind, job.due_at, job.data, job.attempts) == (
            "digest", later(5), {"格": ["7-1"]}, 0,
        )  # fmt: skip


async def test_a_key_is_used_once_whatever_became_of_it(store: Store) -> None:
    await _put(store, "digest:2026-11-21", "digest:2026-11-21")
    async with store.write() as tx:
        (job,) = await tx.jobs.due(NOW, 9)
        tx.jobs.done(job.id)
    await _put(store, "digest:2026-11-21")
    assert await _due(store, later(99)) == []


async def test_many_schedulers_make_one_job(store: Store) -> None:
    await asyncio.gather(*(_put(store, "digest:1", "digest:2") for _ in range(5)))
    assert await _due(store, NOW) in (["digest:1", "digest:2"], ["digest:2", "digest:1"])


async def test_a_job_moves_while_it_waits(store: Store) -> None:
    await _put(store, "stored", "finished")
    async with store.write() as tx:
        tx.jobs.done(next(j.id for j in await tx.jobs.due(NOW, 9) if j.key == "finished"))
        tx.jobs.put("staged", "remind", NOW, {})
        for key in ("stored", "staged", "finished", "unknown"):
            tx.jobs.move(key, later(60))
    assert await _due(store, later(59)) == []
    assert sorted(await _due(store, later(60))) == ["staged", "stored"]


async def test_a_prefix_calls_off_what_waits_under_it(store: Store) -> None:
    keys = ("t:1:a", "t:1:b", "t:10:a", "t:2:a", "T:1:a", "t:1")
    await _put(store, *keys)
    async with store.write() as tx:
        tx.jobs.put("t:1:staged", "remind", NOW, {})
        tx.jobs.cancel("t:1:")
        tx.jobs.put("t:1:after", "remind", NOW, {})
    assert sorted(await _due(store, NOW)) == ["T:1:a", "t:1", "t:10:a", "t:1:after", "t:2:a"]
    async with store.write() as tx:
        assert await tx.jobs.count_by_state() == {"waiting": 5, "cancelled": 2}
        with pytest.raises(ValueError, match="every job"):
            tx.jobs.cancel("")


@pytest.mark.parametrize("prefix", ["微网格:", "a%_", "z\U0010fffe", "a:"])
async def test_prefixes_are_taken_literally(store: Store, prefix: str) -> None:
    await _put(store, f"{prefix}1", "a", "b:1", "aXY1", "zz")
    async with store.write() as tx:
        tx.jobs.cancel(prefix)
    async with store.read() as tx:
        assert await tx.jobs.count_by_state() == {"waiting": 4, "cancelled": 1}


async def test_what_is_called_off_in_a_failed_handler_stays(store: Store) -> None:
    await _put(store, "t:1")
    async with store.write() as tx:
        tx.jobs.put("t:2", "remind", NOW, {})
        mark = tx.mark()
        tx.jobs.cancel("t:")
        tx.jobs.move("t:2", later(5))
        tx.back_to(mark)
    assert sorted(await _due(store, NOW)) == ["t:1", "t:2"]


async def test_a_failed_job_comes_again_or_is_given_up(store: Store) -> None:
    await _put(store, "j")
    async with store.write() as tx:
        (job,) = await tx.jobs.due(NOW, 9)
        tx.jobs.fail(job.id, "TryLater", later(30))
    assert await _due(store, later(29)) == []
    async with store.write() as tx:
        (job,) = await tx.jobs.due(later(30), 9)
        assert (job.attempts, job.due_at) == (1, later(30))
        tx.jobs.fail(job.id, "KeyError", None)
    async with store.read() as tx:
        found = await tx.jobs.find("j")
        assert found
        assert (found[1], found[0].attempts, found[0].due_at) == ("dead", 2, later(30))
        assert await tx.jobs.find("unknown") is None


async def test_next_due_is_the_earliest_waiting(store: Store) -> None:
    async with store.read() as tx:
        assert await tx.jobs.next_due() is None
    async with store.write() as tx:
        tx.jobs.put("a", "remind", later(9), {})
        tx.jobs.put("b", "remind", later(3), {})
    async with store.read() as tx:
        assert await tx.jobs.next_due() == later(3)


async def test_two_schedulers_do_not_get_the_same_job(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    await _put(store, "a", "b")
    async with store.write() as one, store.write() as two:
        (first,) = await one.jobs.due(NOW, 1)
        (second,) = await two.jobs.due(NOW, 9)
        assert {first.key, second.key} == {"a", "b"}
    await store.aclose()


async def test_purge_forgets_ended_jobs_only(store: Store) -> None:
    await _put(store, "old", "waiting")
    async with store.write() as tx:
        tx.jobs.done(next(j.id for j in await tx.jobs.due(NOW, 9) if j.key == "old"))
    async with store.write() as tx:
        await tx.jobs.purge(NOW)
        assert await tx.jobs.count_by_state() == {"done": 1, "waiting": 1}
        await tx.jobs.purge(later(1))
        assert await tx.jobs.count_by_state() == {"waiting": 1}


async def test_a_job_that_failed_and_then_went_well_has_no_error_left(store: Store) -> None:
    await _put(store, "j", "k")
    async with store.write() as tx:
        for job in await tx.jobs.due(NOW, 9):
            tx.jobs.fail(job.id, "TryLater", later(30))
    async with store.write() as tx:
        done = next(job for job in await tx.jobs.due(later(30), 9) if job.key == "j")
        tx.jobs.done(done.id)
    async with store.write() as tx:
        rows = await tx.jobs._link.rows(Statement(select(jobs.c.key, jobs.c.error)))
    assert dict(list(rows)) == {"j": "", "k": "TryLater"}


async def test_the_last_key_is_the_greatest_ever_used_under_a_prefix(store: Store) -> None:
    await _put(store, "b:09", "b:10", "b:2", "a:99", "c:1", "b;", "b")
    async with store.write() as tx:
        assert await tx.jobs.last_key("b:") == "b:2"
        assert await tx.jobs.last_key("d:") == ""
        ended = next(job for job in await tx.jobs.due(NOW, 9) if job.key == "b:2")
        tx.jobs.done(ended.id)
    async with store.write() as tx:
        assert await tx.jobs.last_key("b:") == "b:2", "also when it has ended"
        assert await tx.jobs.last_key("b:1") == "b:10"


async def test_what_waits_under_a_prefix_comes_by_key(store: Store) -> None:
    async with store.write() as tx:
        for key, at in (("t:2", 1), ("t:1", 9), ("t:3", 5), ("u:1", 0)):
            tx.jobs.put(key, "remind", later(at), {})
        assert await tx.jobs.waiting("t:") == [], "staged ones are not seen"
    async with store.write() as tx:
        tx.jobs.done((await tx.jobs.waiting("t:3"))[0].id)
    async with store.read() as tx:
        assert [job.key for job in await tx.jobs.waiting("t:")] == ["t:1", "t:2"]


async def test_jobs_that_are_not_due_yet_are_taken_by_kind_oldest_first(store: Store) -> None:
    async with store.write() as tx:
        for key, kind, at in (("a", "x", 5), ("b", "x", 3), ("c", "y", 1), ("d", "x", 0)):
            tx.jobs.put(key, kind, later(at), {})
    async with store.write() as tx:
        assert [job.key for job in await tx.jobs.take("x", NOW, 9)] == ["b", "a"]
        assert [job.key for job in await tx.jobs.take("x", NOW, 1)] == ["b"]
        assert [job.key for job in await tx.jobs.take("x", later(3), 9)] == ["a"]
