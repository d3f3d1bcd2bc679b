"""Budgets: so many a day for all processes together, counted once each, old days forgotten."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from storage.statement import Statement
from storage.store import Store, Transaction
from storage.tables_people import counter
from tests.storage.samples import NOW, later

_NAMES = Statement(select(counter.c.name))


async def _spend(store: Store, day: str, most: int = 3, what: str = "opinion") -> bool:
    return await store.run(lambda tx: tx.budget.spend(what, day, most))


async def test_a_day_has_so_many(store: Store) -> None:
    assert [await _spend(store, "20261121") for _ in range(5)] == [True] * 3 + [False] * 2
    assert await _spend(store, "20261122")
    assert await _spend(store, "20261122", what="other")


async def test_everybody_spends_from_one_purse(store: Store) -> None:
    found = await asyncio.gather(*(_spend(store, "20261121", 4) for _ in range(9)))
    assert sum(found) == 4


async def test_what_is_rolled_back_was_not_spent(store: Store) -> None:
    async def spoil(tx: Transaction) -> None:
        assert await tx.budget.spend("opinion", "20261121", 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.run(spoil)
    assert await _spend(store, "20261121", 1)


async def test_earlier_days_are_forgotten(store: Store) -> None:
    for day in ("20261120", "20261121"):
        await _spend(store, day)
        await _spend(store, day, what="other")
    async with store.read() as tx:
        names = {row[0] for row in await tx.budget._link.rows(_NAMES)}
    assert {"opinion:20261121", "other:20261121"} == {n for n in names if ":2026" in n}


async def test_waiting_jobs_of_a_kind_are_taken_before_their_time(store: Store) -> None:
    async with store.write() as tx:
        tx.jobs.put("opinion:2", "opinion", later(60), {"n": 2})
        tx.jobs.put("opinion:1", "opinion", later(30), {"n": 1})
        tx.jobs.put("opinion:0", "opinion", NOW, {"n": 0})
        tx.jobs.put("remind:1", "remind", later(30), {})
    async with store.write() as tx:
        assert [j.data["n"] for j in await tx.jobs.take("opinion", NOW, 9)] == [1, 2]
        (first,) = await tx.jobs.take("opinion", NOW, 1)
        tx.jobs.done(first.id)
    async with store.write() as tx:
        assert [j.data["n"] for j in await tx.jobs.take("opinion", NOW, 9)] == [2]
        assert [j.key for j in await tx.jobs.due(NOW, 9)] == ["opinion:0"]


async def test_two_processes_do_not_take_the_same_question(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    async with store.write() as tx:
        tx.jobs.put("opinion:1", "opinion", later(30), {})
    async with store.write() as one, store.write() as two:
        assert len(await one.jobs.take("opinion", NOW, 9)) == 1
        assert await two.jobs.take("opinion", NOW, 9) == []
    await store.aclose()
