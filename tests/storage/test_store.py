"""Transactions: commit, roll back, try again, stay out of each other's way."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from storage.errors import Busy, InUse, Unreachable
from storage.store import StaleTicket, StorageError, Store, Transaction
from tests.storage.samples import GROUP, NOW, inbound, moved, opened, post


async def _pending(store: Store) -> int:
    async with store.read() as tx:
        return (await tx.outbox.count_by_state()).get("pending", 0)


async def test_leaving_without_error_commits(store: Store) -> None:
    async with store.write() as tx:
        tx.outbox.put(post())
    assert await _pending(store) == 1


async def test_an_error_rolls_everything_back_and_the_store_goes_on(store: Store) -> None:
    message = inbound("m1")

    async def fail(tx: Transaction) -> None:
        await tx.inbox.add([message])
        tx.outbox.put(post())
        await tx.flush()
        raise KeyError("a handler's own")

    with pytest.raises(KeyError):
        await store.run(fail)
    assert await _pending(store) == 0
    async with store.write() as tx:
        assert await tx.inbox.add([message]) == {message.id}


async def test_a_cancelled_writer_rolls_back_and_frees_the_next(store: Store) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.write() as tx:
            await tx.inbox.add([inbound("m1")])
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write() as tx:
        assert len(await tx.inbox.add([inbound("m1")])) == 1


async def test_writers_cancelled_at_any_moment_leave_no_broken_connection(store: Store) -> None:
    async def write(n: int) -> None:
        async with store.write() as tx:
            await tx.inbox.add([inbound(f"m{n}")])
            tx.outbox.put(post())

    for turns in range(25):
        task = asyncio.create_task(write(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await write(1000)
    async with store.read() as tx:
        stored = (await tx.inbox.count_by_state())["new"]
        assert stored == (await tx.outbox.count_by_state())["pending"]


async def test_back_to_a_mark_undoes_a_failed_handler_only(store: Store) -> None:
    good, event = opened(1)
    bad, bad_event = opened(2)
    message = inbound("m1")
    async with store.write() as tx:
        await tx.inbox.add([message])
        tx.tickets.put(good, event)
        tx.outbox.put(post(text="留"))
        mark = tx.mark()
        tx.tickets.put(bad, bad_event)
        tx.tickets.put(*moved(good))
        tx.outbox.put(post(text="不留"))
        tx.jobs.put("k", "remind", NOW, {})
        tx.inbox.done(message.id, "bad", bad.id)
        tx.back_to(mark)
        assert await tx.tickets.alive_in([GROUP]) == [good]
        assert await tx.tickets.next_number(GROUP) == 2
        tx.inbox.bury(message.id, "ValueError")
    async with store.read() as tx:
        assert await tx.tickets.alive_in([GROUP]) == [good]
        assert [row.message.text for row in await tx.outbox.by_state("pending", 9)] == ["留"]
        assert await tx.jobs.find("k") is None
        assert [why for _, why in await tx.inbox.dead()] == ["ValueError"]


async def test_reading_sees_a_snapshot_and_does_not_wait_for_the_writer(store: Store) -> None:
    async with store.write() as writer:
        await writer.inbox.add([inbound("m1")])
        async with asyncio.timeout(5), store.read() as reader:
            assert await reader.inbox.count_by_state() == {}
    async with store.read() as reader:
        assert await reader.inbox.count_by_state() == {"new": 1}
        async with asyncio.timeout(5), store.write() as writer:
            await writer.inbox.add([inbound("m2")])
        assert await reader.inbox.count_by_state() == {"new": 1}


async def test_a_read_transaction_refuses_to_write(store: Store) -> None:
    with pytest.raises(StorageError, match="read transaction"):
        async with store.read() as tx:
            tx.outbox.put(post())
    with pytest.raises(StorageError, match=r"read-?only"):
        async with store.read() as tx:
            await tx.inbox.add([inbound("m1")])


async def test_run_does_stale_work_again_from_the_start(store: Store) -> None:
    ticket, event = opened()
    async with store.write() as tx:
        tx.tickets.put(ticket, event)
    tries = 0

    async def urge(tx: Transaction) -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            tx.tickets.put(*moved(moved(ticket)[0]))
        else:
            found = await tx.tickets.by_number(GROUP, 1)
            assert found
            tx.tickets.put(*moved(found))
        return tries

    assert await store.run(urge) == 2
    async with store.read() as tx:
        assert [e.seq for e in await tx.tickets.events(ticket.id)] == [1, 2]


async def test_run_gives_up_after_five_times(store: Store) -> None:
    tries = 0

    async def never(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        raise Busy("still")

    with pytest.raises(Busy):
        await store.run(never)
    assert tries == 5


async def test_two_writers_that_race_for_a_number_get_two_numbers(store: Store) -> None:
    async def report(tx: Transaction) -> int:
        number = await tx.tickets.next_number(GROUP)
        tx.tickets.put(*opened(number))
        return number

    numbers = await asyncio.gather(*(store.run(report) for _ in range(4)))
    assert sorted(numbers) == [1, 2, 3, 4]


async def test_two_stores_on_one_database_take_turns(store: Store, database_url: str) -> None:
    ticket, event = opened()
    async with store.write() as tx:
        tx.tickets.put(ticket, event)

    async def urge(tx: Transaction) -> None:
        found = (await tx.tickets.by_ids([ticket.id]))[0]
        tx.tickets.put(*moved(found))

    other = await Store.open(database_url)
    try:
        await asyncio.gather(*(one.run(urge) for one in (store, other) for _ in range(2)))
    finally:
        await other.aclose()
    async with store.read() as tx:
        assert (await tx.tickets.by_ids([ticket.id]))[0].version == 5
        await tx.tickets.verify(ticket.id)


async def test_a_ticket_read_before_the_transaction_may_be_stale(store: Store) -> None:
    ticket, event = opened()
    async with store.write() as tx:
        tx.tickets.put(ticket, event)
    async with store.write() as tx:
        tx.tickets.put(*moved(ticket))
    with pytest.raises(StaleTicket):
        async with store.write() as tx:
            tx.tickets.put(*moved(ticket))


async def test_connections_that_the_server_closed_are_replaced(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    admin = await asyncpg.connect(postgres_url)
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> "
    others += "pg_backend_pid() AND datname = current_database() AND backend_type LIKE 'client%'"
    assert await _pending(store) == 0
    await admin.execute(others)
    assert await _pending(store) == 0

    async def cut_off(tx: Transaction) -> None:
        await tx.inbox.add([inbound("m1")])
        await admin.execute(others)
        await tx.inbox.count_by_state()

    with pytest.raises(Unreachable):
        await store.run(cut_off)
    async with store.write() as tx:
        assert len(await tx.inbox.add([inbound("m1")])) == 1
    await admin.close()
    await store.aclose()


@pytest.mark.parametrize("url", ["postgresql://x@127.0.0.1:1/x", "sqlite:////proc/none/x.db"])
async def test_an_unreachable_database_says_so(url: str) -> None:
    try:
        store = await Store.open(url)
    except OSError:
        return
    with pytest.raises(Unreachable):
        await _pending(store)
    await store.aclose()


async def test_a_sqlite_file_has_one_bot(sqlite_url: str) -> None:
    first = await Store.open(sqlite_url, sole=True)
    with pytest.raises(InUse, match="stop it first"):
        await Store.open(sqlite_url, sole=True)
    reader = await Store.open(sqlite_url)
    assert await _pending(reader) == 0
    await reader.aclose()
    await first.aclose()
    await (await Store.open(sqlite_url, sole=True)).aclose()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "oracle://a"])
async def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite"):
        await Store.open(url)
