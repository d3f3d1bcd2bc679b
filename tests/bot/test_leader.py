"""One process leads: taken over when it falls silent, given back at a stop, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from bot.leader import Leadership, process_name
from storage.errors import Unreachable
from storage.leases import Held
from storage.store import Store, Transaction

NAME, LEASE_S = "wecom_aibot:aibXY", 0.2
T = TypeVar("T")


class Cut(Store):
    """A real store whose line to the database can be cut, or go silent."""

    def __init__(self, store: Store) -> None:
        super().__init__(store._database)
        self.cut = self.mute = False

    async def run(self, fn: Callable[[Transaction], Awaitable[T]]) -> T:
        if self.mute:
            await asyncio.Event().wait()
        if self.cut:
            raise Unreachable("no route to host")
        return await super().run(fn)


def wish(store: Store, owner: str = "") -> Leadership:
    return Leadership(store, NAME, owner or process_name(), LEASE_S)


async def holder(store: Store) -> str:
    async with store.read() as tx:
        held = await tx.leases.seen(NAME)
    return held.owner if held else ""


async def won(one: Leadership) -> None:
    await asyncio.wait_for(one.won.wait(), 10)


async def lost(one: Leadership) -> None:
    """Wait until it says so by itself."""
    told = asyncio.Event()
    one.lost = told.set
    if one.leading:
        await asyncio.wait_for(told.wait(), 10)


async def test_the_first_one_leads_and_the_second_waits_for_its_stop(store: Store) -> None:
    first, second = wish(store, "a"), wish(store, "b")
    first.start()
    await won(first)
    second.start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(second.won.wait(), 3 * LEASE_S)
    assert await holder(store) == "a"
    await first.aclose()
    await won(second)
    assert await holder(store) == "b"
    await second.aclose()
    assert await holder(store) == ""


async def test_who_falls_silent_is_replaced_only_after_the_lease(store: Store) -> None:
    loop = asyncio.get_running_loop()
    async with store.write() as tx:
        assert await tx.leases.take(NAME, "killed", None)
    began, second = loop.time(), wish(store, "b")
    second.start()
    await won(second)
    assert LEASE_S <= loop.time() - began < 10 * LEASE_S
    async with store.write() as tx:
        assert not await tx.leases.beat(NAME, "killed"), "the dead cannot come back"
        await tx.leases.release(NAME, "killed")
    assert await holder(store) == "b"
    await second.aclose()


async def test_many_that_wait_make_one_leader(store: Store) -> None:
    async with store.write() as tx:
        await tx.leases.take(NAME, "killed", None)
    rest = [wish(store, f"w{number}") for number in range(5)]
    for one in rest:
        one.start()
    await asyncio.wait(
        [asyncio.ensure_future(one.won.wait()) for one in rest], return_when="FIRST_COMPLETED",
        timeout=10,
    )  # fmt: skip
    leading = [one for one in rest if one.leading]
    assert [one.owner for one in leading] == [await holder(store)]
    for one in rest:
        await one.aclose()


@pytest.mark.parametrize("fault", ["cut", "mute"])
async def test_a_leader_that_cannot_renew_steps_down_before_anybody_may_follow(
    store: Store, fault: str
) -> None:
    loop, cut = asyncio.get_running_loop(), Cut(store)
    first, second = wish(cut, "a"), wish(store, "b")
    first.start()
    await won(first)
    second.start()
    setattr(cut, fault, True)
    began = loop.time()
    await lost(first)
    assert loop.time() - began < LEASE_S
    assert not second.leading
    await won(second)
    setattr(cut, fault, False)
    await first.aclose()
    assert second.leading
    await second.aclose()


async def test_after_a_short_cut_the_same_one_leads_again(store: Store) -> None:
    cut = Cut(store)
    first = wish(cut, "a")
    first.start()
    await won(first)
    cut.cut = True
    await lost(first)
    cut.cut = False
    await won(first)
    assert await holder(store) == "a"
    await first.aclose()


async def test_confirm_asks_the_database(store: Store) -> None:
    first = wish(store, "a")
    first.start()
    await won(first)
    assert await first.confirm()
    async with store.write() as tx:
        assert await tx.leases.take(NAME, "b", await tx.leases.seen(NAME))
    assert not await first.confirm()
    await first.aclose()
    assert await holder(store) == "b", "a stop does not take away what is another's"


async def test_a_lease_is_taken_only_as_it_was_seen(store: Store) -> None:
    async with store.write() as tx:
        leases = tx.leases
        assert await leases.take(NAME, "a", None)
        assert not await leases.take(NAME, "b", None)
        assert await leases.beat(NAME, "a")
        assert await leases.seen(NAME) == Held("a", 2)
        assert not await leases.take(NAME, "b", Held("a", 1))
        assert await leases.take(NAME, "b", Held("a", 2))
        assert not await leases.take("another bot", "b", Held("a", 1))
        await leases.clear()
        assert await leases.seen(NAME) is None
