"""The outbox beside a plain model: which posts are taken, in which order, and what waits."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from storage.outbox import OutRow
from storage.store import Store
from tests.storage.samples import later, post


@dataclass(slots=True)
class Kept:
    """One post as the model sees it."""

    row: OutRow
    due: int
    state: str = "pending"
    error: str = ""
    tries: int = 0


def heads(posts: list[Kept], now: int, limit: int, without: list[str]) -> list[Kept]:
    """The oldest due post of each conversation that nothing stands in the way of."""
    taken: dict[str, Kept] = {}
    for kept in sorted(posts, key=lambda k: k.row.message.id):
        where = kept.row.message.conversation
        own = [k for k in posts if k.row.message.conversation == where]
        waits = any(k.state == "sending" for k in own) or any(
            k.state == "pending" and k.error and k.due > now
            and k.row.message.id < kept.row.message.id
            for k in own
        )  # fmt: skip
        due = kept.state == "pending" and kept.due <= now and where.split(":")[0] not in without
        if due and not waits and where not in taken:
            taken[where] = kept
    return list(taken.values())[:limit]


async def _claims_agree(
    store: Store, posts: list[Kept], now: int, limit: int, without: list[str]
) -> None:
    async with store.write() as tx:
        found = await tx.outbox.claim(later(now), limit, without)
        tries = dict(tx.outbox.attempts)
    expected = heads(posts, now, limit, without)
    assert [row.message.id for row in found] == [kept.row.message.id for kept in expected]
    assert tries == {kept.row.message.id: kept.tries for kept in expected}
    for kept in expected:
        kept.state = "sending"


async def _put(store: Store, posts: list[Kept], chance: random.Random, now: int) -> None:
    where = chance.choice(["local:a", "local:b", "wecom:c"])
    slot = chance.choice(["", "", "one", "two"])
    due = now + chance.choice([0, 0, 10])
    row = post(where, slot=slot, due_at=later(due))
    async with store.write() as tx:
        tx.outbox.put(row)
    for kept in posts:
        if slot and kept.row.slot == slot and kept.state == "pending":
            kept.state = "superseded"
    posts.append(Kept(row, due))


async def _end(store: Store, kept: Kept, how: str, due: int) -> None:
    number = kept.row.message.id
    async with store.write() as tx:
        if how == "sent":
            tx.outbox.sent(number, f"p{number}", later(due))
        elif how == "retry":
            tx.outbox.retry(number, later(due), "net")
        elif how == "postpone":
            tx.outbox.postpone(number, later(due), "quota")
        elif how == "hold":
            tx.outbox.hold(number)
        else:
            tx.outbox.bury(number, "gone")
    ends = {"sent": "sent", "hold": "awaiting_human", "bury": "dead"}
    kept.state = ends.get(how, "pending")
    if how in ("retry", "postpone"):
        kept.due, kept.error = due, "why"
        kept.tries += how == "retry"


async def _step(store: Store, posts: list[Kept], chance: random.Random, now: int) -> None:
    what = chance.choice(["put", "put", "claim", "claim", "sent", "retry", "postpone", "hold"])
    sending = [kept for kept in posts if kept.state == "sending"]
    if what == "put":
        await _put(store, posts, chance, now)
    elif what == "claim":
        without = chance.choice([[], [], ["wecom"], ["wecom", "local"]])
        await _claims_agree(store, posts, now, chance.randint(1, 3), without)
    elif sending:
        await _end(store, chance.choice(sending), what, now + chance.randint(0, 8))


@pytest.mark.parametrize("seed", range(6))
async def test_any_history_is_sent_as_the_rules_say(store: Store, seed: int) -> None:
    chance, posts, now = random.Random(seed), list[Kept](), 0
    for _ in range(60):
        now += chance.choice([0, 0, 1, 4])
        await _step(store, posts, chance, now)
    states = [kept.state for kept in posts]
    pending = [kept.due for kept in posts if kept.state == "pending"]
    async with store.read() as tx:
        assert await tx.outbox.count_by_state() == {s: states.count(s) for s in set(states)}
        assert await tx.outbox.next_due() == (later(min(pending)) if pending else None)


@pytest.mark.parametrize(
    ("state", "again"),
    [("sent", False), ("hold", True), ("bury", True), ("retry", False), ("postpone", False)],
)
async def test_only_what_was_given_up_or_held_is_sent_again(
    store: Store, state: str, again: bool
) -> None:
    kept = Kept(post(), 0)
    async with store.write() as tx:
        tx.outbox.put(kept.row)
    async with store.write() as tx:
        await tx.outbox.claim(later(0), 1)
    await _end(store, kept, state, 5)
    async with store.write() as tx:
        assert await tx.outbox.resend(kept.row.message.id) is again
        assert not await tx.outbox.resend(kept.row.message.id), "once is enough"


async def test_a_claimed_post_is_not_superseded(store: Store) -> None:
    first, second = post(slot="s"), post(slot="s")
    async with store.write() as tx:
        tx.outbox.put(first)
    async with store.write() as tx:
        assert await tx.outbox.claim(later(0), 1) == [first]
        tx.outbox.put(second)
    async with store.read() as tx:
        assert await tx.outbox.count_by_state() == {"sending": 1, "pending": 1}


@pytest.mark.parametrize(("before", "freed"), [(0, 0), (1, 1), (None, 1)])
async def test_only_what_was_claimed_earlier_is_freed(
    store: Store, before: int | None, freed: int
) -> None:
    async with store.write() as tx:
        tx.outbox.put(post())
    async with store.write() as tx:
        (row,) = await tx.outbox.claim(later(0), 1)
    until = None if before is None else later(before)
    async with store.write() as tx:
        assert await tx.outbox.free_all(until, but=[row.message.id]) == 0
        assert await tx.outbox.free_all(until) == freed
