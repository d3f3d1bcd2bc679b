"""What becomes of posts: errors that are over, new tries, what is shown, what is emptied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.ids import made_at
from storage.outbox import OutRow
from storage.store import Store
from tests.storage.samples import IDS, NOW, later, post

A, B = "local:a", "local:b"


async def _put(store: Store, *rows: OutRow) -> None:
    async with store.write() as tx:
        for row in rows:
            tx.outbox.put(row)


async def _claim(store: Store, at: float = 0, *without: str) -> list[int]:
    async with store.write() as tx:
        return [row.message.id for row in await tx.outbox.claim(later(at), 99, without)]


async def _shown(store: Store, state: str) -> dict[int, tuple[int, str]]:
    """Attempts and error of the posts in a state, by id."""
    async with store.read() as tx:
        rows = await tx.outbox.by_state(state, 99)
        ids = [row.message.id for row in rows]
        return {one: (tx.outbox.attempts[one], tx.outbox.errors[one]) for one in ids}


async def test_a_post_that_went_out_after_all_has_no_error_left(store: Store) -> None:
    row = post(A)
    number = row.message.id
    await _put(store, row)
    await _claim(store)
    async with store.write() as tx:
        tx.outbox.retry(number, later(5), "rate limit")
    assert await _shown(store, "pending") == {number: (1, "rate limit")}
    await _claim(store, 5)
    async with store.write() as tx:
        tx.outbox.sent(number, "p1", later(6))
    assert await _shown(store, "sent") == {number: (1, "")}


@pytest.mark.parametrize("end", ["dead", "awaiting_human"])
async def test_what_is_sent_again_begins_anew(store: Store, end: str) -> None:
    row = post(A)
    number = row.message.id
    await _put(store, row)
    for at in (0, 5):
        await _claim(store, at)
        async with store.write() as tx:
            tx.outbox.retry(number, later(at + 5), "rate limit")
    await _claim(store, 10)
    async with store.write() as tx:
        if end == "dead":
            tx.outbox.bury(number, "rejected")
        else:
            tx.outbox.hold(number)
    assert (await _shown(store, end))[number][0] == 2
    async with store.write() as tx:
        assert await tx.outbox.resend(number)
        assert not await tx.outbox.resend(number), "it is pending already"
    assert await _shown(store, "pending") == {number: (0, "")}


async def test_waiting_for_a_platform_counts_as_no_try(store: Store) -> None:
    first, second = post(A), post(A)
    await _put(store, first, second)
    await _claim(store)
    async with store.write() as tx:
        tx.outbox.postpone(first.message.id, later(30), "the line is busy")
    assert await _claim(store, 29) == [], "what comes later waits behind it"
    assert await _shown(store, "pending") == {
        first.message.id: (0, "the line is busy"),
        second.message.id: (0, ""),
    }
    assert await _claim(store, 30) == [first.message.id]


async def test_channels_that_are_away_are_passed_over(store: Store) -> None:
    here, there = post("local:a"), post("wecom_aibot:b")
    await _put(store, here, there)
    assert await _claim(store, 0, "wecom_aibot", "onebot") == [here.message.id]
    assert await _claim(store, 0, "local") == [there.message.id]


async def test_posts_on_their_way_stay_there_when_others_are_freed(store: Store) -> None:
    rows = [post(f"local:{n}") for n in range(3)]
    ids = [row.message.id for row in rows]
    await _put(store, *rows)
    await _claim(store)
    async with store.write() as tx:
        assert await tx.outbox.free_all(later(1), ids[:1]) == 2
        assert await tx.outbox.free_all(later(1), ids[:1]) == 0
    assert await _claim(store) == ids[1:]


async def test_the_latest_are_what_went_out_on_a_channel(store: Store) -> None:
    rows = [post(A, "1"), post(B, "2"), post("local_two:a", "3"), post(A, "4"), post(A, "5")]
    await _put(store, *rows)
    for _ in range(2):
        for number in await _claim(store):
            async with store.write() as tx:
                tx.outbox.sent(number, "p", NOW)
    async with store.read() as tx:
        assert [row.message.text for row in await tx.outbox.latest("local", 9)] == ["1", "2", "4"]
        assert [row.message.text for row in await tx.outbox.latest("local", 2)] == ["2", "4"]
        assert [row.message.text for row in await tx.outbox.latest("local_two", 9)] == ["3"]
        assert await tx.outbox.latest("loca", 9) == []


@pytest.mark.parametrize("kind", ["receipt", "update", "ask", "close", "remind"])
async def test_every_kind_that_a_group_sees_counts_against_noise(store: Store, kind: str) -> None:
    await _put(store, post(A, kind=kind, ticket_ids=(8,)))
    async with store.write() as tx:
        assert await tx.outbox.group_posts(8) == 1
        tx.outbox.put(post(A, kind=kind, ticket_ids=(8,)))
        assert await tx.outbox.group_posts(8) == 2


async def test_emptying_takes_words_names_and_pictures_of_what_is_over(store: Store) -> None:
    whole = replace(post(A, "王老师好").message, mentions=("local:wang",), images=("a.jpg",))
    sent, old, new = post(A), post(B, "旧", slot="s"), post(B, "新", slot="s")
    dead, held = post("local:c", "没发出"), post("local:d", "等人发")
    await _put(store, replace(sent, message=whole), old, dead, held)
    await _put(store, new)
    await _claim(store)
    async with store.write() as tx:
        tx.outbox.sent(whole.id, "p", NOW)
        tx.outbox.bury(dead.message.id, "no")
        tx.outbox.hold(held.message.id)
    after = made_at(IDS.new()) + timedelta(hours=1)
    async with store.write() as tx:
        assert [await tx.outbox.purge(after, 1) for _ in range(3)] == [1, 1, 0]
    async with store.read() as tx:
        (emptied,) = await tx.outbox.by_state("sent", 9)
        assert emptied.message == replace(whole, text="", mentions=(), images=())
        assert [row.message.text for row in await tx.outbox.by_state("superseded", 9)] == [""]
        for state, text in (("dead", "没发出"), ("awaiting_human", "等人发"), ("sending", "新")):
            assert [row.message.text for row in await tx.outbox.by_state(state, 9)] == [text]
