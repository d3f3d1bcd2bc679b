"""Conversation windows: one a person and conversation, seen at once, closed for good."""

from __future__ import annotations

from dataclasses import replace

from storage.store import Store
from storage.talks import Talk
from tests.storage.samples import GROUP, later

WANG = Talk(GROUP, "local:wang", later(60), (3, 4), "place", {"候选": [1, 2]})
LI = Talk(GROUP, "local:li", later(90))
ALONE = Talk("local:wang", "local:wang", later(30), asks="reason")


async def _put(store: Store, *windows: Talk) -> None:
    async with store.write() as tx:
        for window in windows:
            tx.talks.put(window)


async def _all(store: Store) -> list[Talk]:
    async with store.read() as tx:
        found = await tx.talks.of([GROUP, "local:wang", "local:none"])
    assert all(key == (talk.conversation, talk.person) for key, talk in found.items())
    return sorted(found.values(), key=lambda talk: talk.until)


async def test_windows_come_back_as_they_were(store: Store) -> None:
    await _put(store, WANG, LI, ALONE)
    assert await _all(store) == [ALONE, WANG, LI]
    async with store.read() as tx:
        assert set(await tx.talks.of([GROUP])) == {(GROUP, "local:li"), (GROUP, "local:wang")}
        assert await tx.talks.of([]) == {}


async def test_a_window_is_replaced_and_closed(store: Store) -> None:
    await _put(store, WANG, LI)
    new = replace(WANG, asks="pick", until=later(70))
    await _put(store, new)
    assert await _all(store) == [new, LI]
    async with store.write() as tx:
        tx.talks.drop(GROUP, "local:li")
        tx.talks.drop(GROUP, "local:unknown")
    assert await _all(store) == [new]


async def test_what_is_staged_is_seen_and_can_be_taken_back(store: Store) -> None:
    await _put(store, WANG)
    async with store.write() as tx:
        tx.talks.put(LI)
        mark = tx.mark()
        tx.talks.drop(GROUP, "local:wang")
        tx.talks.put(replace(LI, asks="pick"))
        found = await tx.talks.of([GROUP])
        assert found == {(GROUP, "local:li"): replace(LI, asks="pick")}
        tx.back_to(mark)
        found = await tx.talks.of([GROUP])
        assert found[GROUP, "local:li"] == LI
    assert await _all(store) == [WANG, LI]


async def test_taking_back_after_the_first_look_restores_the_stored(store: Store) -> None:
    await _put(store, WANG)
    async with store.write() as tx:
        await tx.talks.of([GROUP])
        mark = tx.mark()
        tx.talks.drop(GROUP, "local:wang")
        assert await tx.talks.of([GROUP]) == {}
        tx.back_to(mark)
        assert await tx.talks.of([GROUP]) == {(GROUP, "local:wang"): WANG}


async def test_a_window_dropped_before_the_first_look_and_taken_back_is_found(store: Store) -> None:
    await _put(store, WANG)
    async with store.write() as tx:
        mark = tx.mark()
        tx.talks.drop(GROUP, "local:wang")
        assert await tx.talks.of([GROUP]) == {}
        tx.back_to(mark)
        assert await tx.talks.of([GROUP]) == {(GROUP, "local:wang"): WANG}


async def test_a_drop_and_a_new_window_in_one_transaction(store: Store) -> None:
    await _put(store, WANG)
    async with store.write() as tx:
        tx.talks.drop(GROUP, "local:wang")
        tx.talks.put(replace(WANG, ticket_ids=(9,)))
    assert await _all(store) == [replace(WANG, ticket_ids=(9,))]


async def test_windows_past_their_time_are_cleared(store: Store) -> None:
    await _put(store, WANG, ALONE)
    async with store.write() as tx:
        await tx.talks.expire(later(60))
    assert await _all(store) == [WANG]


async def test_one_window_is_looked_up_among_those_that_were_read(store: Store) -> None:
    await _put(store, WANG, LI)
    async with store.write() as tx:
        assert tx.talks.window(GROUP, "local:wang") is None, "not read yet"
        await tx.talks.of([GROUP, "local:none"])
        assert tx.talks.window(GROUP, "local:wang") == WANG
        assert tx.talks.window(GROUP, "local:li") == LI
        assert tx.talks.window(GROUP, "local:zhao") is None
        assert tx.talks.window("local:other", "local:wang") is None
        tx.talks.drop(GROUP, "local:wang")
        tx.talks.put(replace(LI, asks="pick"))
        tx.talks.put(ALONE)
        assert tx.talks.window(GROUP, "local:wang") is None
        assert tx.talks.window(GROUP, "local:li") == replace(LI, asks="pick")
        assert tx.talks.window("local:wang", "local:wang") == ALONE
        await tx.flush()
        assert tx.talks.window(GROUP, "local:li") is None, "to be read again"


async def test_what_was_read_is_not_read_again_and_still_true(store: Store) -> None:
    await _put(store, WANG)
    async with store.write() as tx:
        first = await tx.talks.of([GROUP])
        tx.talks.put(LI)
        again = await tx.talks.of([GROUP, "local:wang"])
        assert (first, again) == (
            {(GROUP, "local:wang"): WANG},
            {(GROUP, "local:wang"): WANG, (GROUP, "local:li"): LI},
        )
        tx.talks.put(ALONE)
        assert ALONE not in (await tx.talks.of([GROUP])).values()
