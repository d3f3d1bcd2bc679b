"""Where the same matter is looked for: the newest of a 小类, those of a place, those of a voice."""

from __future__ import annotations

from typing import Any

import pytest

from routing.ticket import Action, Ticket, TicketEvent
from storage.store import Store
from storage.ticket_queries import ALIKE
from tests.storage.samples import GROUP, later, moved, opened

OTHER = "local:g-8"
Made = tuple[Ticket, TicketEvent]


async def put(store: Store, *made: Made) -> None:
    async with store.write() as tx:
        for one in made:
            tx.tickets.put(*one)


def at(number: int, place: str, group: str = GROUP, **changes: object) -> Made:
    return opened(number, group, place=place, place_normal=place, **changes)


async def numbers(store: Store, code: str = "0103", place: str = "") -> list[int]:
    async with store.read() as tx:
        return [t.number for t in await tx.tickets.alike(GROUP, code, place)]


async def test_only_the_alive_of_one_category_and_group(store: Store) -> None:
    gone = at(4, "7幢")
    await put(
        store, at(1, "7幢"), at(2, "8幢"), at(3, "7幢", code="0403"), gone,
        moved(gone[0], Action.WITHDRAW), at(1, "7幢", OTHER),
    )  # fmt: skip
    assert await numbers(store) == [1, 2]
    assert await numbers(store, "0403") == [3]
    assert await numbers(store, "9901") == []


@pytest.mark.parametrize(
    ("place", "found"),
    [("7幢", [1, 2, 3]), ("7幢2单元", [2]), ("17幢", [4]), ("东门", [5]), ("", []), ("8", [])],
)
async def test_at_a_place_the_finished_ones_too_and_all_within_it(
    store: Store, place: str, found: list[int]
) -> None:
    places = ("7幢", "7幢2单元", "7幢501室", "17幢", "东门", "")
    tickets = [at(number, where) for number, where in enumerate(places, 1)]
    await put(store, *tickets, *(moved(t, Action.WITHDRAW) for t, _ in tickets))
    assert await numbers(store, place=place) == found


async def test_the_newest_few_are_enough_however_many_there_are(store: Store) -> None:
    await put(store, *(at(n, "7幢" if n <= 50 else f"{n}幢") for n in range(1, 101)))
    assert await numbers(store) == list(range(85, 101))
    assert await numbers(store, place="7幢") == [*range(35, 51), *range(85, 101)]


async def test_places_that_are_not_wanted_are_left_out(store: Store) -> None:
    await put(store, at(1, "7幢"), at(2, "8幢"), at(3, ""))
    async with store.read() as tx:
        found = await tx.tickets.alike(GROUP, "0103", "7幢", lambda place: place == "8幢")
    assert [t.number for t in found] == [1, 3]


async def test_what_is_staged_is_seen_and_what_was_taken_back_is_not(store: Store) -> None:
    first = at(1, "7幢")
    await put(store, first)
    async with store.write() as tx:
        mark = tx.mark()
        new, other = at(2, "7幢"), at(3, "7幢", code="0403")
        tx.tickets.put(*new)
        tx.tickets.put(*other)
        tx.tickets.put(*moved(first[0], Action.RECLASSIFY, code="0403"))
        assert [t.number for t in await tx.tickets.alike(GROUP, "0103", "7幢")] == [2]
        assert [t.number for t in await tx.tickets.alike(GROUP, "0403", "7幢")] == [1, 3]
        tx.back_to(mark)
        assert [t.number for t in await tx.tickets.alike(GROUP, "0103", "7幢")] == [1]


async def test_what_was_flushed_meanwhile_is_still_seen(store: Store) -> None:
    async with store.write() as tx:
        assert await tx.tickets.alike(GROUP, "0103") == []
        tx.tickets.put(*at(1, "7幢"))
        await tx.flush()
        assert [t.number for t in await tx.tickets.alike(GROUP, "0103")] == [1]


async def test_another_process_may_have_opened_one_since(store: Store) -> None:
    assert await numbers(store) == []
    await put(store, at(1, "7幢", created_at=later(-5)))
    assert await numbers(store) == [1]


async def test_a_voice_has_what_it_reported_and_what_it_supports_alive(store: Store) -> None:
    own, gone, supported = at(1, ""), at(2, ""), at(3, "", reporter="local:zhao")
    like = at(4, "", reporter="local:wangwu")
    elsewhere = at(5, "", OTHER, reporter="local:zhao")
    cry: dict[str, Any] = {"supporters": ("local:x", "local:wang")}
    await put(
        store, own, gone, moved(gone[0], Action.WITHDRAW), supported, like, elsewhere,
        moved(supported[0], Action.SUPPORT, **cry), moved(elsewhere[0], Action.SUPPORT, **cry),
    )  # fmt: skip
    async with store.write() as tx:
        mine = await tx.tickets.of_voice("local:wang", [GROUP], 9)
        assert [t.number for t in mine] == [1, 2, 3]
        assert [t.number for t in await tx.tickets.of_voice("local:wang", [OTHER], 1)] == [2, 5]
        assert [t.number for t in await tx.tickets.of_voice("local:wang", None, 9)] == [1, 2, 3, 5]
        tx.tickets.put(*moved(like[0], Action.SUPPORT, supporters=("local:wang",)))
        mine = await tx.tickets.of_voice("local:wang", [GROUP], 9)
        assert [t.number for t in mine] == [1, 2, 3, 4]


async def test_closed_since_leaves_out_what_is_open_or_was_closed_before(store: Store) -> None:
    made = [at(n, "") for n in (1, 2, 3)]
    ends = {1: later(-50), 2: later(50)}
    closed = [moved(t, Action.WITHDRAW, closed_at=ends[t.number]) for t, _ in made[:2]]
    await put(store, *made, *closed)
    async with store.read() as tx:
        assert [t.number for t in await tx.tickets.closed_in(GROUP, later(0))] == [2]
        assert await tx.tickets.closed_in(OTHER, later(0)) == []


def test_the_question_is_one_statement_on_both_engines() -> None:
    for dialect in ("sqlite", "postgresql"):
        text, _ = ALIKE.on(dialect)
        assert text.count("LIMIT 16") == 2
