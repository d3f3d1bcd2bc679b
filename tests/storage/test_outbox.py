"""The outbox: order by conversation, slots, retries, and what became of each post."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.message import Outbound
from storage.ids import made_at
from storage.outbox import OutRow
from storage.store import Store
from tests.storage.samples import GROUP, IDS, NOW, later, post


async def _put(store: Store, *rows: OutRow) -> None:
    async with store.write() as tx:
        for row in rows:
            tx.outbox.put(row)


async def _claim(store: Store, at: float = 0, limit: int = 50) -> list[OutRow]:
    async with store.write() as tx:
        return await tx.outbox.claim(later(at), limit)


async def _sent(store: Store, *rows: OutRow) -> None:
    async with store.write() as tx:
        for row in rows:
            tx.outbox.sent(row.message.id, f"p{row.message.id}", NOW)


async def test_a_post_comes_back_as_it_was(store: Store) -> None:
    message = Outbound(IDS.new(), GROUP, "已登记 <#1> '\"", "q7", ("local:wang", "local:li"))
    row = OutRow(message, "update", (5, 6), "slot:1", later(0.5), in_group=False)
    await _put(store, row)
    assert await _claim(store, at=1) == [row]


async def test_one_post_of_a_conversation_at_a_time_in_order(store: Store) -> None:
    a1, a2, b1 = post("local:a", "1"), post("local:a", "2"), post("local:b", "3")
    await _put(store, a1, a2, b1)
    assert await _claim(store) == [a1, b1]
    assert await _claim(store) == []
    await _sent(store, a1)
    assert await _claim(store) == [a2]


async def test_the_limit_takes_the_oldest_heads(store: Store) -> None:
    rows = [post(f"local:{n}") for n in range(5)]
    await _put(store, *reversed(rows))
    assert await _claim(store, limit=3) == rows[:3]


async def test_a_post_for_later_does_not_hold_up_what_is_due(store: Store) -> None:
    digest, receipt = post(kind="digest", due_at=later(3600)), post()
    await _put(store, digest, receipt)
    assert await _claim(store) == [receipt]
    await _sent(store, receipt)
    assert await _claim(store, at=3599) == []
    assert await _claim(store, at=3600) == [digest]


async def test_a_post_to_be_tried_again_holds_up_the_younger_ones(store: Store) -> None:
    first, second, elsewhere = post("local:a"), post("local:a"), post("local:b")
    await _put(store, first, second, elsewhere)
    await _claim(store)
    async with store.write() as tx:
        tx.outbox.retry(first.message.id, later(10), "rate limit")
    assert await _claim(store, at=5) == []
    async with store.write() as tx:
        again = await tx.outbox.claim(later(11), 9)
        assert again == [replace(first, due_at=later(10))]
        assert tx.outbox.attempts == {first.message.id: 1}


async def test_a_newer_post_supersedes_a_pending_one_in_its_slot(store: Store) -> None:
    old, other = post(text="旧", slot="s"), post(text="别的", slot="t")
    await _put(store, old, other)
    middle, new = post(text="中", slot="s"), post(text="新", slot="s")
    free = [post(text="无"), post(text="无")]
    await _put(store, middle, new, *free)
    async with store.read() as tx:
        assert await tx.outbox.by_state("superseded", 9) == [old, middle]
        assert await tx.outbox.by_state("pending", 9) == [other, new, *free]


async def test_what_is_being_sent_is_not_superseded(store: Store) -> None:
    old, new = post(slot="s"), post(slot="s")
    await _put(store, old)
    assert await _claim(store) == [old]
    await _put(store, new)
    async with store.read() as tx:
        assert await tx.outbox.count_by_state() == {"sending": 1, "pending": 1}


async def test_every_end_of_a_post_is_visible(store: Store) -> None:
    rows = [post(f"local:{n}") for n in range(3)]
    await _put(store, *rows)
    await _claim(store)
    async with store.write() as tx:
        tx.outbox.sent(rows[0].message.id, "p1", NOW)
        tx.outbox.hold(rows[1].message.id)
        tx.outbox.bury(rows[2].message.id, "rejected: 40058")
    async with store.read() as tx:
        assert await tx.outbox.count_by_state() == {"sent": 1, "awaiting_human": 1, "dead": 1}
        assert await tx.outbox.by_state("awaiting_human", 9) == [rows[1]]
        assert await tx.outbox.by_state("dead", 9) == [rows[2]]
        assert tx.outbox.errors[rows[2].message.id] == "rejected: 40058"


@pytest.mark.parametrize(("state", "again"), [("dead", True), ("held", True), ("sent", False)])
async def test_only_what_did_not_go_out_is_sent_again(
    store: Store, state: str, again: bool
) -> None:
    row = post()
    number = row.message.id
    await _put(store, row)
    await _claim(store)
    async with store.write() as tx:
        if state == "dead":
            tx.outbox.bury(number, "no")
        elif state == "held":
            tx.outbox.hold(number)
        else:
            tx.outbox.sent(number, "p", NOW)
    async with store.write() as tx:
        assert await tx.outbox.resend(number) is again
    assert await _claim(store) == ([row] if again else [])


async def test_after_a_crash_posts_in_sending_are_pending_again(store: Store) -> None:
    early, late = post("local:a"), post("local:b", due_at=later(60))
    await _put(store, early, late)
    await _claim(store)
    await _claim(store, at=60)
    async with store.write() as tx:
        await tx.outbox.free_all(before=later(30))
    assert await _claim(store, at=61) == [early]
    async with store.write() as tx:
        await tx.outbox.free_all()
    assert await _claim(store, at=61) == [early, late]


async def test_next_due_is_the_earliest_pending(store: Store) -> None:
    async with store.read() as tx:
        assert await tx.outbox.next_due() is None
    await _put(store, post(due_at=later(9)), post(due_at=later(3)))
    async with store.read() as tx:
        assert await tx.outbox.next_due() == later(3)


async def test_a_sent_post_leads_to_its_tickets(store: Store) -> None:
    row = post(ticket_ids=(8, 9))
    await _put(store, row)
    async with store.write() as tx:
        tx.outbox.sent(row.message.id, "wx-1", NOW)
    async with store.read() as tx:
        assert await tx.outbox.tickets_of_post(GROUP, "wx-1") == (8, 9)
        assert await tx.outbox.tickets_of_post("local:other", "wx-1") == ()
        assert await tx.outbox.tickets_of_post(GROUP, "") == ()


COUNTED = [
    (post(ticket_ids=(8,)), 1),
    (post(ticket_ids=(8, 9, 8), kind="close"), 1),
    (post(ticket_ids=(9,)), 0),
    (post(ticket_ids=(8,), in_group=False), 0),
    (post(ticket_ids=(8,), kind="urgent"), 0),
    (post(ticket_ids=(8,), kind="digest"), 0),
]


@pytest.mark.parametrize(("row", "counts"), COUNTED)
async def test_group_posts_counts_what_the_group_sees(
    store: Store, row: OutRow, counts: int
) -> None:
    async with store.write() as tx:
        tx.outbox.put(row)
        assert await tx.outbox.group_posts(8) == counts
        await tx.flush()
        assert await tx.outbox.group_posts(8) == counts
    async with store.write() as tx:
        tx.outbox.bury(row.message.id, "no")
    async with store.read() as tx:
        assert await tx.outbox.group_posts(8) == 0


async def test_group_posts_counts_a_slot_once(store: Store) -> None:
    await _put(store, post(ticket_ids=(8,), slot="s"), post(ticket_ids=(8,)))
    async with store.write() as tx:
        assert await tx.outbox.group_posts(8) == 2
        tx.outbox.put(post(ticket_ids=(8,), slot="s"))
        tx.outbox.put(post(ticket_ids=(8,), slot="s"))
        assert await tx.outbox.group_posts(8) == 2
        tx.outbox.put(post(ticket_ids=(8,)))
        assert await tx.outbox.group_posts(8) == 3
    async with store.read() as tx:
        assert await tx.outbox.group_posts(8) == 3


async def test_purge_empties_what_went_out_long_ago(store: Store) -> None:
    sent, waiting = post(text="王老师好", slot="s"), post("local:b", "还没发")
    await _put(store, sent, waiting)
    await _claim(store, limit=1)
    async with store.write() as tx:
        tx.outbox.sent(sent.message.id, "p", NOW)
    now = made_at(IDS.new())
    async with store.write() as tx:
        assert await tx.outbox.purge(now - timedelta(hours=1)) == 0
        assert await tx.outbox.purge(now + timedelta(hours=1)) == 1
        assert await tx.outbox.purge(now + timedelta(hours=1)) == 0
    async with store.read() as tx:
        assert [row.message.text for row in await tx.outbox.by_state("sent", 9)] == [""]
        assert await tx.outbox.by_state("pending", 9) == [waiting]
