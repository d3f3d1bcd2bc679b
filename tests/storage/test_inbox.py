"""The inbox: once in, claimed whole conversations at a time, finished once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace

import pytest

from routing.message import Quote
from storage.inbox import LeaseLost
from storage.store import Store
from tests.storage.samples import GROUP, NOW, inbound, inbounds, later


async def _add(store: Store, *messages: object) -> None:
    async with store.write() as tx:
        await tx.inbox.add(list(messages))  # type: ignore[arg-type]


async def _claim(store: Store, owner: str, at: float = 0, limit: int = 100) -> list[str]:
    async with store.write() as tx:
        return [m.platform_id for m in await tx.inbox.claim(owner, later(at), 30, limit)]


async def test_a_message_comes_back_as_it_was(store: Store) -> None:
    plain = inbound("m1")
    rich = inbound(
        "m2", is_group=False, to_me=True, images=("a.jpg", "b.jpg"), sender_name="<b>王</b>'\"; --",
        quote=Quote("p9", "已登记 #1", of_bot=True),
    )  # fmt: skip
    await _add(store, plain, rich)
    async with store.write() as tx:
        assert await tx.inbox.claim("w", NOW, 30, 10) == [plain, rich]
        assert tx.inbox.attempts == {plain.id: 1, rich.id: 1}
    async with store.read() as tx:
        assert await tx.inbox.by_platform_id("local", "m2") == rich
        assert await tx.inbox.by_platform_id("local", "none") is None


async def test_duplicates_within_a_batch_and_across_batches_are_taken_once(store: Store) -> None:
    first, again, other = inbound("m1"), inbound("m1"), inbound("m2")
    elsewhere = replace(inbound("m1"), channel="wecom")
    async with store.write() as tx:
        assert await tx.inbox.add([first, again, other, elsewhere]) == {
            first.id, other.id, elsewhere.id,
        }  # fmt: skip
    late, new = inbound("m2"), inbound("m3")
    async with store.write() as tx:
        assert await tx.inbox.add([late, new]) == {new.id}
        assert await tx.inbox.add([]) == set()
    assert await _claim(store, "w") == ["m1", "m2", "m1", "m3"]


async def test_concurrent_intakes_of_the_same_message_take_it_once(store: Store) -> None:
    async def take() -> int:
        async with store.write() as tx:
            return len(await tx.inbox.add([inbound(f"m{n}") for n in range(20)]))

    assert sum(await asyncio.gather(*(take() for _ in range(5)))) == 20


async def test_the_oldest_come_first_and_the_limit_holds(store: Store) -> None:
    await _add(store, *inbounds(6, conversations=3))
    assert await _claim(store, "w", limit=4) == ["m0", "m1", "m2", "m3"]
    assert await _claim(store, "w", limit=4) == ["m4", "m5"]
    assert await _claim(store, "w", limit=4) == []


async def test_a_conversation_in_work_is_left_to_its_owner(store: Store) -> None:
    await _add(store, inbound("a1", "local:a"), inbound("b1", "local:b"), inbound("a2", "local:a"))
    assert await _claim(store, "one", limit=1) == ["a1"]
    assert await _claim(store, "two") == ["b1"]
    assert await _claim(store, "one") == ["a2"]


async def test_an_expired_lease_frees_the_messages_in_order(store: Store) -> None:
    await _add(store, inbound("a1", "local:a"), inbound("a2", "local:a"))
    assert await _claim(store, "one", limit=1) == ["a1"]
    assert await _claim(store, "two", at=29) == []
    assert await _claim(store, "two", at=31) == ["a1", "a2"]
    assert await _claim(store, "one", at=32) == []


async def test_finishing_what_another_has_finished_is_refused(store: Store) -> None:
    await _add(store, inbound("a1"))
    async with store.write() as tx:
        (mine,) = await tx.inbox.claim("one", NOW, 30, 1)
    async with store.write() as tx:
        (theirs,) = await tx.inbox.claim("two", later(31), 30, 1)
        tx.inbox.done(theirs.id, "ticket", 5)
    with pytest.raises(LeaseLost):
        async with store.write() as tx:
            tx.inbox.done(mine.id, "ticket", 6)
    async with store.read() as tx:
        assert await tx.inbox.ticket_of("local", "a1") == 5


async def test_done_is_staged_and_remembers_the_ticket(store: Store) -> None:
    message = inbound("m1")
    await _add(store, message)
    async with store.write() as tx:
        tx.inbox.done(message.id, "first")
        tx.inbox.done(message.id, "ticket", 12)
        assert await tx.inbox.ticket_of("local", "m1") == 12, "also before it is written"
        await tx.flush()
        assert await tx.inbox.ticket_of("local", "m1") == 12
        assert await tx.inbox.ticket_of("local", "unknown") == 0
    assert await _claim(store, "w", at=99) == []


async def test_release_and_free_all_give_messages_back(store: Store) -> None:
    one, two = inbound("a", "local:a"), inbound("b", "local:b")
    await _add(store, one, two)
    assert await _claim(store, "x") == ["a", "b"]
    async with store.write() as tx:
        await tx.inbox.release([two.id])
    assert await _claim(store, "y") == ["b"]
    async with store.write() as tx:
        await tx.inbox.free_all()
    async with store.write() as tx:
        assert await tx.inbox.claim("z", NOW, 30, 9) == [one, two]
        assert tx.inbox.attempts == {one.id: 2, two.id: 2}, "what was released was not tried"


async def test_a_link_is_seen_before_it_is_written_and_a_result_counts_more(store: Store) -> None:
    message = inbound("m1")
    await _add(store, message)
    async with store.write() as tx:
        tx.inbox.link(message.id, 3)
        mark = tx.mark()
        assert await tx.inbox.ticket_of("local", "m1") == 3
        tx.inbox.done(message.id, "ticket", 4)
        assert await tx.inbox.ticket_of("local", "m1") == 4
        tx.back_to(mark)
        assert await tx.inbox.ticket_of("local", "m1") == 3
    async with store.read() as tx:
        assert await tx.inbox.ticket_of("local", "m1") == 3


async def test_a_conversation_rests_until_its_failed_message_is_due(store: Store) -> None:
    failed, after = inbound("a1", "local:a"), inbound("a2", "local:a")
    await _add(store, failed, after, inbound("b1", "local:b"))
    assert await _claim(store, "w", limit=1) == ["a1"]
    async with store.write() as tx:
        await tx.inbox.retry(failed.id, later(4))
    assert await _claim(store, "w", at=3) == ["b1"], "nobody passes, others do not wait"
    assert await _claim(store, "w", at=4) == ["a1", "a2"]


async def test_a_clock_put_back_lets_nobody_rest_for_hours(store: Store) -> None:
    failed = inbound("a1", "local:a")
    await _add(store, failed)
    assert await _claim(store, "w", at=7200) == ["a1"]
    async with store.write() as tx:
        await tx.inbox.retry(failed.id, later(7204))
    assert await _claim(store, "w", at=0) == ["a1"]


async def test_the_dead_are_visible_and_can_be_tried_again(store: Store) -> None:
    message = inbound("m1")
    await _add(store, message)
    async with store.write() as tx:
        tx.inbox.bury(message.id, "KeyError: 'x'")
    async with store.write() as tx:
        assert await tx.inbox.dead() == [(message, "KeyError: 'x'")]
        assert await tx.inbox.count_by_state() == {"dead": 1}
        assert await tx.inbox.revive(message.id)
        assert not await tx.inbox.revive(message.id)
    assert await _claim(store, "w") == ["m1"]


async def test_purge_empties_old_finished_messages_only(store: Store) -> None:
    old = inbound("old", received_at=later(-9), images=("x",), quote=Quote("p", "t", of_bot=False))
    waiting, young = inbound("waiting", received_at=later(-9)), inbound("young")
    await _add(store, old, waiting, young)
    async with store.write() as tx:
        tx.inbox.done(old.id, "ticket", 3)
        tx.inbox.done(young.id, "ticket", 4)
    async with store.write() as tx:
        assert await tx.inbox.purge(later(-5)) == 1
        assert await tx.inbox.purge(later(-5)) == 0
    async with store.read() as tx:
        empty = replace(old, text="", sender_name="", quote=None, images=())
        assert await tx.inbox.by_platform_id("local", "old") == empty
        assert await tx.inbox.by_platform_id("local", "waiting") == waiting
        assert await tx.inbox.by_platform_id("local", "young") == young
        assert await tx.inbox.ticket_of("local", "old") == 3
    async with store.write() as tx:
        assert await tx.inbox.add([inbound("old")]) == set()


async def test_purge_goes_in_portions(store: Store) -> None:
    messages = inbounds(5)
    await _add(store, *messages)
    async with store.write() as tx:
        for message in messages:
            tx.inbox.done(message.id, "silent")
    async with store.write() as tx:
        assert [await tx.inbox.purge(later(1), limit=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_four_owners_handle_each_message_once_and_in_order(store: Store) -> None:
    messages = inbounds(400, conversations=20)
    await _add(store, *messages)
    handled: dict[str, list[int]] = defaultdict(list)

    async def work(owner: str) -> None:
        while True:
            async with store.write() as tx:
                batch = await tx.inbox.claim(owner, NOW, 30, 7)
            if not batch:
                return
            async with store.write() as tx:
                for message in batch:
                    handled[message.conversation].append(message.id)
                    tx.inbox.done(message.id, owner)

    await asyncio.gather(*(work(f"w{n}") for n in range(4)))
    await work("last")
    expected: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        expected[message.conversation].append(message.id)
    assert handled == expected


async def test_an_empty_group_name_is_a_conversation_like_others(store: Store) -> None:
    await _add(store, inbound("m1", ""), inbound("m2", GROUP))
    assert await _claim(store, "w") == ["m1", "m2"]
