"""The living tickets that several units share, of every group, with what is staged."""

from __future__ import annotations

from routing import joint
from routing.ticket import Action
from storage.store import Store
from tests.storage.samples import moved, opened

UNITS = joint.called(["gongshui", "paishui"])


async def numbers(store: Store) -> list[int]:
    async with store.read() as tx:
        return [t.number for t in await tx.tickets.joint()]


async def test_only_shared_and_living_ones_of_every_group(store: Store) -> None:
    alone, gone = opened(1), opened(2)
    shared = [opened(3), opened(4, "local:far-away")]
    async with store.write() as tx:
        for made in (alone, gone, *shared):
            tx.tickets.put(*made)
        for ticket, _ in (gone, *shared):
            tx.tickets.put(*moved(ticket, Action.WHISTLE, shares=UNITS))
        assert [t.number for t in await tx.tickets.joint()] == [2, 3, 4]
        called = await tx.tickets.by_ids([gone[0].id])
        tx.tickets.put(*moved(called[0], Action.WITHDRAW))
        assert [t.number for t in await tx.tickets.joint()] == [3, 4]
    assert await numbers(store) == [3, 4]


async def test_what_is_no_longer_shared_is_left_out(store: Store) -> None:
    made = opened(1)
    called = moved(made[0], Action.WHISTLE, shares=UNITS)
    async with store.write() as tx:
        tx.tickets.put(*made)
        tx.tickets.put(*called)
    assert await numbers(store) == [1]
    async with store.write() as tx:
        tx.tickets.put(*moved(called[0], Action.DISPATCH, shares=(), unit="wuye"))
        assert await tx.tickets.joint() == []
    assert await numbers(store) == []
