"""How tickets were opened, their first answer and the messages, on both engines."""

from __future__ import annotations

from dataclasses import replace

from routing.ticket import open_ticket
from storage.columns import micros
from storage.store import Store
from tests.storage.samples import GROUP, IDS, NOW, inbound, later, opened, post

START, END = micros(later(-60)), micros(later(3600))


async def test_the_first_answer_to_the_reporter_or_the_group_counts(store: Store) -> None:
    message = inbound("m1", received_at=later(-1))
    first = replace(opened()[0], version=1, hash="")
    ticket, event = open_ticket(first, event_id=IDS.new(), note="建单", message_id=message.id)
    rows = [
        post("local:leader", kind="direct", in_group=False),
        post(GROUP), post(GROUP, kind="digest"), post(GROUP, kind="ask"),
    ]  # fmt: skip
    rows = [replace(row, ticket_ids=(ticket.id,)) for row in rows]
    async with store.write() as tx:
        await tx.inbox.add([message])
        tx.tickets.put(ticket, event)
        for row in rows:
            tx.outbox.put(row)
    async with store.write() as tx:
        for row, seconds in zip(rows, (1, 5, 9, 20), strict=True):
            tx.outbox.sent(row.message.id, f"s{seconds}", later(seconds))
    async with store.read() as tx:
        found = await tx.quality.opened(START, END)
    came, answered = micros(later(-1)), micros(later(5))
    assert [tuple(row) for row in found] == [(ticket.id, "建单", came, answered, 2)]


async def test_a_ticket_without_message_or_post_is_there_all_the_same(store: Store) -> None:
    ticket, event = opened()
    async with store.write() as tx:
        tx.tickets.put(ticket, event)
    async with store.read() as tx:
        assert [tuple(row) for row in await tx.quality.opened(START, END)] == [
            (ticket.id, "", None, None, 0)
        ]
        assert await tx.quality.opened(micros(later(1)), END) == []
        assert await tx.quality.opened(START, micros(NOW)) == []


async def test_messages_are_counted_by_group_and_period(store: Store) -> None:
    messages = [
        inbound("a"), inbound("b"), inbound("c", "local:other"),
        inbound("d", "local:wang", is_group=False), inbound("e", received_at=later(-61)),
    ]  # fmt: skip
    async with store.write() as tx:
        await tx.inbox.add(messages)
    async with store.read() as tx:
        assert await tx.quality.said(START, END) == {GROUP: 2, "local:other": 1}
