"""Fewer trips, the same answers: reading ahead, and writes that wait for the next read.

What each aggregate stores is tested beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from routing.parts import Group, Parts
from routing.ticket import Action
from storage.errors import Taken
from storage.store import StaleTicket, Store, Transaction
from tests.storage.samples import GROUP, NOW, inbound, moved, opened

OTHER = "local:g2"
LONG_AGO = NOW - timedelta(days=30)


class Enough(Exception):
    """Ends a transaction without a commit."""


async def _fill(store: Store) -> None:
    async with store.write() as tx:
        for number, group in ((1, GROUP), (2, GROUP), (7, OTHER)):
            tx.tickets.put(*opened(number, group))


@pytest.mark.parametrize("known", [(), (GROUP, OTHER, "local:empty")])
@pytest.mark.parametrize("ahead", [False, True])
async def test_reading_ahead_changes_no_answer(
    store: Store, ahead: bool, known: tuple[str, ...]
) -> None:
    await _fill(store)
    async with store.write() as tx:
        await tx.people.add(Parts(groups=tuple(Group(name, "7-1", "群") for name in known)))
    async with store.write() as tx:
        if ahead:
            await tx.tickets.read_ahead([GROUP, OTHER, "local:empty"])
        tx.tickets.put(*opened(3, GROUP))
        numbers = [t.number for t in await tx.tickets.alive_in([GROUP, OTHER])]
        assert sorted(numbers) == [1, 2, 3, 7]
        assert [t.number for t in await tx.tickets.recent_in(GROUP, LONG_AGO)] == [1, 2, 3]
        assert [t.number for t in await tx.tickets.recent_in(OTHER, LONG_AGO)] == [7]
        tops = [await tx.tickets.next_number(g) for g in (GROUP, OTHER, "local:empty")]
        assert tops == [4, 8, 1]


async def test_numbers_read_ahead_are_taken_back_with_their_ticket(store: Store) -> None:
    async with store.write() as tx:
        await tx.tickets.read_ahead([GROUP])
        mark = tx.mark()
        tx.tickets.put(*opened(1, GROUP))
        assert await tx.tickets.next_number(GROUP) == 2
        tx.back_to(mark)
        assert await tx.tickets.next_number(GROUP) == 1


async def test_what_waits_is_seen_by_the_next_read(store: Store) -> None:
    first, event = opened()
    async with store.write() as tx:
        tx.tickets.put(first, event)
        await tx.hand_over()
        assert await tx.tickets.events(first.id) == [event]


async def test_a_flush_writes_at_once_and_says_what_is_wrong(store: Store) -> None:
    await _fill(store)
    async with store.read() as tx:
        assert len(await tx.tickets.alive_in([GROUP])) == 2

    async def twice(tx: Transaction) -> None:
        tx.tickets.put(*opened(1, GROUP))
        with pytest.raises(StaleTicket):
            await tx.flush()
        raise Enough

    with pytest.raises(Enough):
        await store.run(twice)


async def test_a_commit_says_what_a_waiting_write_met(store: Store) -> None:
    await _fill(store)
    with pytest.raises(StaleTicket):
        async with store.write() as tx:
            tx.tickets.put(*opened(1, GROUP))
    async with store.read() as tx:
        assert len(await tx.tickets.alive_in([GROUP])) == 2


async def test_a_failed_commit_leaves_a_usable_writer_and_nothing_behind(store: Store) -> None:
    await _fill(store)

    async def spoiled(tx: Transaction) -> None:
        await tx.inbox.add([inbound("m1")])
        tx.tickets.put(*opened(1, GROUP))

    with pytest.raises(StaleTicket):
        await store.run(spoiled)
    async with store.write() as tx:
        assert await tx.inbox.count_by_state() == {}
        await tx.inbox.add([inbound("m1")])
    async with store.read() as tx:
        assert await tx.inbox.count_by_state() == {"new": 1}


async def test_another_unique_key_is_not_called_a_stale_ticket(store: Store) -> None:
    message = inbound("m1")

    async def same_id_twice(tx: Transaction) -> None:
        await tx.inbox.add([message])
        await tx.inbox.add([inbound("m2", id=message.id)])

    with pytest.raises(Taken) as caught:
        await store.run(same_id_twice)
    assert not isinstance(caught.value, StaleTicket)


async def test_untouched_transactions_leave_no_trace(store: Store) -> None:
    async with store.write():
        pass
    async with store.read():
        pass
    await _fill(store)
    async with store.read() as tx:
        (ticket, *_) = await tx.tickets.alive_in([GROUP])
    async with store.write() as tx:
        tx.tickets.put(*moved(ticket, Action.CONFIRM))
    async with store.read() as tx:
        assert (await tx.tickets.by_ids([ticket.id]))[0].version == 2


async def test_many_readers_at_once_each_have_their_own_snapshot(store: Store) -> None:
    await _fill(store)
    async with store.read() as one, store.read() as two:
        assert len(await one.tickets.alive_in([GROUP])) == 2
        async with store.write() as tx:
            tx.tickets.put(*opened(3, GROUP))
        assert [t.number for t in await one.tickets.recent_in(GROUP, LONG_AGO)] == [1, 2]
        assert len(await two.tickets.alive_in([GROUP])) in {2, 3}
    async with store.read() as tx:
        assert len(await tx.tickets.alive_in([GROUP])) == 3
