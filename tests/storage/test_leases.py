"""Leases: one holder at a time, taken over only from a counter that stood still."""

from __future__ import annotations

import asyncio

import pytest

from storage.leases import Held
from storage.store import Store


async def take(store: Store, name: str, owner: str, instead_of: Held | None = None) -> bool:
    async with store.write() as tx:
        return await tx.leases.take(name, owner, instead_of)


async def seen(store: Store, name: str) -> Held | None:
    async with store.read() as tx:
        return await tx.leases.seen(name)


async def beat(store: Store, name: str, owner: str) -> bool:
    async with store.write() as tx:
        return await tx.leases.beat(name, owner)


async def test_nobody_holds_what_nobody_took(store: Store) -> None:
    assert await seen(store, "leader") is None
    assert not await beat(store, "leader", "a"), "no beat makes a lease"
    assert await seen(store, "leader") is None


async def test_the_first_holds_it_and_the_second_does_not(store: Store) -> None:
    assert await take(store, "leader", "a")
    assert not await take(store, "leader", "b")
    assert not await take(store, "leader", "a"), "not even the holder takes it as free"
    assert await seen(store, "leader") == Held("a", 1)


async def test_only_the_holder_beats_and_every_beat_counts(store: Store) -> None:
    await take(store, "leader", "a")
    assert [await beat(store, "leader", "a") for _ in range(3)] == [True] * 3
    assert not await beat(store, "leader", "b")
    assert await seen(store, "leader") == Held("a", 4)


async def test_a_counter_that_stood_still_is_taken_over_and_moves(store: Store) -> None:
    await take(store, "leader", "a")
    stood = await seen(store, "leader")
    assert await take(store, "leader", "b", stood)
    assert await seen(store, "leader") == Held("b", 2), "others must see it move"
    assert not await beat(store, "leader", "a")


async def test_a_counter_that_moved_is_not_taken_over(store: Store) -> None:
    await take(store, "leader", "a")
    stood = await seen(store, "leader")
    await beat(store, "leader", "a")
    assert not await take(store, "leader", "b", stood)
    assert await seen(store, "leader") == Held("a", 2)


@pytest.mark.parametrize("instead_of", [Held("c", 1), Held("a", 0), Held("a", 2), Held("", 1)])
async def test_what_was_seen_must_agree_wholly(store: Store, instead_of: Held) -> None:
    await take(store, "leader", "a")
    assert not await take(store, "leader", "b", instead_of)
    assert await seen(store, "leader") == Held("a", 1)


async def test_who_saw_a_holder_that_left_does_not_get_it_unseen(store: Store) -> None:
    await take(store, "leader", "a")
    stood = await seen(store, "leader")
    async with store.write() as tx:
        await tx.leases.release("leader", "a")
    assert not await take(store, "leader", "b", stood)
    assert await take(store, "leader", "b")


async def test_only_the_holder_releases(store: Store) -> None:
    await take(store, "leader", "a")
    async with store.write() as tx:
        await tx.leases.release("leader", "b")
    assert await seen(store, "leader") == Held("a", 1)
    async with store.write() as tx:
        await tx.leases.release("leader", "a")
    assert await seen(store, "leader") is None


async def test_leases_of_other_names_are_apart(store: Store) -> None:
    assert await take(store, "leader", "a")
    assert await take(store, "link:wecom", "b")
    await beat(store, "leader", "a")
    async with store.write() as tx:
        await tx.leases.release("leader", "a")
    assert await seen(store, "link:wecom") == Held("b", 1)


async def test_clearing_frees_every_lease(store: Store) -> None:
    await take(store, "leader", "a")
    await take(store, "link:wecom", "b")
    async with store.write() as tx:
        await tx.leases.clear()
    assert await seen(store, "leader") is None
    assert await take(store, "link:wecom", "c")


async def test_of_many_at_once_exactly_one_gets_it(store: Store) -> None:
    owners = [f"o{n}" for n in range(6)]
    first = await asyncio.gather(*(take(store, "leader", owner) for owner in owners))
    assert sum(first) == 1
    held = await seen(store, "leader")
    assert held == Held(owners[first.index(True)], 1)
    again = await asyncio.gather(*(take(store, "leader", f"x{n}", held) for n in range(6)))
    assert sum(again) == 1


async def _take_and_fail(store: Store) -> None:
    async with store.write() as tx:
        assert await tx.leases.take("leader", "a", None)
        raise RuntimeError("lost")


async def test_what_a_failed_transaction_took_was_never_taken(store: Store) -> None:
    with pytest.raises(RuntimeError, match="lost"):
        await _take_and_fail(store)
    assert await seen(store, "leader") is None
