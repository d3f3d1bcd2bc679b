"""Which pictures are still named: by the message, by the post and by the ticket."""

from __future__ import annotations

from dataclasses import replace

from routing.ticket import Action
from storage.store import Store
from tests.storage.samples import IDS, NOW, inbound, later, moved, opened, post


async def named(store: Store, at: float = 0) -> set[str]:
    async with store.read() as tx:
        return await tx.pictures.named(later(at))


async def test_messages_name_them_until_their_words_go(store: Store) -> None:
    message = inbound("m1", images=("media:a", "media:b"))
    async with store.write() as tx:
        await tx.inbox.add([message, inbound("m2")])
    assert await named(store) == {"media:a", "media:b"}
    async with store.write() as tx:
        await tx.inbox.claim("w", NOW, 30, 10)
        tx.inbox.done(message.id, "silent:chat")
    assert await named(store) == {"media:a", "media:b"}
    async with store.write() as tx:
        await tx.inbox.purge(later(1))
    assert await named(store) == set()


async def test_posts_name_them_until_they_are_out(store: Store) -> None:
    row = post()
    row = replace(row, message=replace(row.message, images=("media:a",)))
    async with store.write() as tx:
        tx.outbox.put(row)
    assert await named(store) == {"media:a"}
    async with store.write() as tx:
        await tx.outbox.claim(NOW, 9)
    assert await named(store) == {"media:a"}
    async with store.write() as tx:
        tx.outbox.sent(row.message.id, "p1", NOW)
    assert await named(store) == set()


async def test_tickets_name_them_until_they_are_over(store: Store) -> None:
    one, first = opened(1, images=("media:a",))
    two, second = opened(2, images=("media:b",))
    async with store.write() as tx:
        tx.tickets.put(one, first)
        tx.tickets.put(two, second)
    assert await named(store) == {"media:a", "media:b"}
    async with store.write() as tx:
        tx.tickets.put(*moved(two, Action.MERGE, parent=one.id))
    assert await named(store) == {"media:a", "media:b"}
    gone, event = one.move(
        Action.WITHDRAW, one.reporter, later(60), event_id=IDS.new(), closed_at=later(60)
    )
    async with store.write() as tx:
        tx.tickets.put(gone, event)
    assert await named(store, at=60) == {"media:a"}
    assert await named(store, at=61) == set()
