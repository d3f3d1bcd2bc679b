"""Several owners at one inbox: who may take what, beside a plain model of the same rules."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from routing.message import Inbound
from storage.store import Store
from tests.storage.samples import inbound, later

LEASE = 30


@dataclass(slots=True)
class Kept:
    """One message as the model sees it."""

    message: Inbound
    state: str = "new"
    owner: str = ""
    until: int = 0
    due: int = 0
    tries: int = 0


@dataclass(slots=True)
class Model:
    """The rules of claiming in a dozen lines, in seconds instead of microseconds."""

    rows: dict[int, Kept] = field(default_factory=dict)

    def claim(self, me: str, now: int, limit: int) -> list[str]:
        rows = [self.rows[key] for key in sorted(self.rows)]
        shut = {
            row.message.conversation
            for row in rows
            if (row.state == "doing" and row.owner != me and row.until >= now)
            or (row.state == "new" and row.due > now)
        }
        free = [
            row
            for row in rows
            if (row.state == "new" or (row.state == "doing" and row.until < now))
            and row.message.conversation not in shut
        ][:limit]
        for row in free:
            row.state, row.owner, row.until, row.tries = "doing", me, now + LEASE, row.tries + 1
        return [row.message.platform_id for row in free]

    def held(self) -> list[Kept]:
        return [row for row in self.rows.values() if row.state == "doing"]


async def _step(store: Store, model: Model, chance: random.Random, now: int) -> None:
    what = chance.choice(["add", "claim", "claim", "done", "release", "retry", "bury"])
    if what == "add":
        name = f"m{len(model.rows)}"
        message = inbound(name, f"local:{chance.choice('abc')}")
        async with store.write() as tx:
            await tx.inbox.add([message])
        model.rows[message.id] = Kept(message)
    elif what == "claim":
        await _claims_agree(store, model, chance.choice(["one", "two"]), now, chance.randint(1, 4))
    elif held := model.held():
        await _end(store, chance.choice(held), what, now + chance.randint(1, 20))


async def _claims_agree(store: Store, model: Model, me: str, now: int, limit: int) -> None:
    async with store.write() as tx:
        found = await tx.inbox.claim(me, later(now), LEASE, limit)
        tries = dict(tx.inbox.attempts)
    assert [message.platform_id for message in found] == model.claim(me, now, limit)
    assert tries == {message.id: model.rows[message.id].tries for message in found}


async def _end(store: Store, row: Kept, how: str, due: int) -> None:
    number = row.message.id
    async with store.write() as tx:
        if how == "done":
            tx.inbox.done(number, "ticket", 1)
        elif how == "bury":
            tx.inbox.bury(number, "why")
        elif how == "release":
            await tx.inbox.release([number])
        else:
            await tx.inbox.retry(number, later(due))
    if how in ("done", "bury"):
        row.state = "done" if how == "done" else "dead"
        return
    row.state, row.owner, row.until = "new", "", 0
    if how == "retry":
        row.due = due
    else:
        row.tries -= 1


@pytest.mark.parametrize("seed", range(6))
async def test_any_history_is_claimed_as_the_rules_say(store: Store, seed: int) -> None:
    chance, model, now = random.Random(seed), Model(), 0
    for _ in range(60):
        now += chance.choice([0, 1, 5, 12, 31])
        await _step(store, model, chance, now)
    async with store.read() as tx:
        counted = await tx.inbox.count_by_state()
    states = [row.state for row in model.rows.values()]
    assert counted == {state: states.count(state) for state in set(states)}


@pytest.mark.parametrize("seed", range(3))
async def test_within_a_conversation_nobody_passes_anybody(store: Store, seed: int) -> None:
    """With owners that finish all they take, each conversation ends in the order it came."""
    chance, ended, now = random.Random(seed), list[Inbound](), 0
    rows = [inbound(f"m{n}", f"local:{chance.choice('abc')}") for n in range(20)]
    async with store.write() as tx:
        await tx.inbox.add(rows)
    while len(ended) < len(rows):
        now += 1
        async with store.write() as tx:
            batch = await tx.inbox.claim(chance.choice(["one", "two"]), later(now), LEASE, 3)
        async with store.write() as tx:
            for position, message in enumerate(batch):
                if chance.random() < 0.2:
                    await tx.inbox.release([one.id for one in batch[position:]])
                    break
                tx.inbox.done(message.id, "ticket", 1)
                ended.append(message)
    for name in "abc":
        own = [m.id for m in ended if m.conversation == f"local:{name}"]
        assert own == sorted(own)


@pytest.mark.parametrize(
    ("after", "owner", "taken"),
    [
        (0, "two", []), (29, "two", []), (30, "two", []), (31, "two", ["a1", "a2"]),
        (0, "one", ["a2"]), (30, "one", ["a2"]), (31, "one", ["a1", "a2"]),
    ],
)  # fmt: skip
async def test_a_lease_is_valid_through_its_last_moment(
    store: Store, after: int, owner: str, taken: list[str]
) -> None:
    async with store.write() as tx:
        await tx.inbox.add([inbound("a1"), inbound("a2")])
    async with store.write() as tx:
        await tx.inbox.claim("one", later(0), LEASE, 1)
    async with store.write() as tx:
        found = await tx.inbox.claim(owner, later(after), LEASE, 9)
    assert [message.platform_id for message in found] == taken


@pytest.mark.parametrize(("ahead", "rests"), [(1, True), (3599, True), (3600, False)])
async def test_no_rest_is_believed_for_an_hour(store: Store, ahead: int, rests: bool) -> None:
    message = inbound("a1")
    async with store.write() as tx:
        await tx.inbox.add([message])
        await tx.inbox.claim("one", later(0), LEASE, 1)
        await tx.inbox.retry(message.id, later(ahead))
    async with store.write() as tx:
        assert (await tx.inbox.claim("two", later(0), LEASE, 1) == []) is rests


async def test_the_revived_begin_anew_without_rest(store: Store) -> None:
    message = inbound("a1")
    async with store.write() as tx:
        await tx.inbox.add([message])
        await tx.inbox.claim("one", later(0), LEASE, 1)
        await tx.inbox.retry(message.id, later(60))
        tx.inbox.bury(message.id, "why")
    async with store.write() as tx:
        assert await tx.inbox.revive(message.id)
    async with store.write() as tx:
        assert await tx.inbox.claim("two", later(1), LEASE, 1) == [message]
        assert tx.inbox.attempts == {message.id: 1}


async def test_release_touches_only_what_is_in_work(store: Store) -> None:
    done, waiting = inbound("a1"), inbound("b1", "local:b")
    async with store.write() as tx:
        await tx.inbox.add([done, waiting])
        await tx.inbox.claim("one", later(0), LEASE, 1)
    async with store.write() as tx:
        tx.inbox.done(done.id, "ticket", 1)
    async with store.write() as tx:
        await tx.inbox.release([done.id, waiting.id])
        await tx.inbox.retry(done.id, later(0))
    async with store.write() as tx:
        assert await tx.inbox.claim("two", later(0), LEASE, 9) == [waiting]
        assert tx.inbox.attempts == {waiting.id: 1}, "it was never taken before"


async def test_forgetting_tells_the_ticket_and_empties_one_message(store: Store) -> None:
    first, second = inbound("a1", images=("x",)), inbound("a2")
    async with store.write() as tx:
        await tx.inbox.add([first, second])
        tx.inbox.done(first.id, "ticket", 7)
    async with store.write() as tx:
        assert await tx.inbox.forget("local", "a1") == 7
        assert await tx.inbox.forget("local", "a2") == 0
        assert await tx.inbox.forget("wecom", "a1") == 0
        assert await tx.inbox.forget("local", "none") == 0
        found = await tx.inbox.by_platform_id("local", "a1")
    assert found is not None
    assert (found.text, found.sender_name, found.images) == ("", "", ())
    assert found.sender == first.sender
