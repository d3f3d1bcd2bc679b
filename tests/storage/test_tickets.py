"""Tickets: every field survives, one view within a transaction, histories that cannot be forged."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text

from routing.closing import finish, lapse, rate
from routing.ticket import Action, Result, Ticket, TicketEvent, Verdict
from storage.engine import make_engine
from storage.store import StaleTicket, Store
from storage.tables import ticket as table
from storage.ticket_rows import TICKET_COLUMNS
from storage.tickets import Tampered
from tests.storage.samples import GROUP, IDS, NOW, later, moved, opened

FULL: dict[str, Any] = {
    "nature": "投诉", "urgent": True, "private": True, "place": "3号楼2单元", "origin": "local:m9",
    "place_normal": "3幢2单元", "source": "group", "unit": "wuye", "handler": "local:li",
    "due_at": later(0.000001), "hands": ("local:li",), "supporters": ("local:zhao", "local:wu"),
    "images": ("a.jpg",), "parent": 4, "recurs": 5,
}  # fmt: skip


async def _put(store: Store, *moves: tuple[Ticket, TicketEvent]) -> None:
    async with store.write() as tx:
        for ticket, event in moves:
            tx.tickets.put(ticket, event)


def _history(ticket: Ticket) -> list[tuple[Ticket, TicketEvent]]:
    steps = [moved(ticket, Action.ACCEPT, handler="local:li")]
    steps.append(
        finish(
            steps[-1][0], Result.SOLVED, "local:li", later(90), text="换了灯泡", event_id=IDS.new()
        )
    )
    steps.append(lapse(steps[-1][0], later(95), event_id=IDS.new()))
    steps.append(rate(steps[-1][0], Verdict.SATISFIED, "local:wang", later(99), event_id=IDS.new()))
    return steps


def test_the_table_has_a_column_for_every_field() -> None:
    names = ["group_id" if f.name == "group" else f.name for f in fields(Ticket)]
    assert list(TICKET_COLUMNS) == names == [column.name for column in table.columns]


@pytest.mark.parametrize("changes", [{}, FULL])
async def test_every_field_survives(store: Store, changes: dict[str, Any]) -> None:
    first = opened(**changes)
    steps = _history(first[0])
    await _put(store, first)
    await _put(store, steps[0])
    await _put(store, *steps[1:])
    async with store.read() as tx:
        assert await tx.tickets.by_ids([first[0].id]) == [steps[-1][0]]
        assert await tx.tickets.events(first[0].id) == [e for _, e in (first, *steps)]
        await tx.tickets.verify(first[0].id)


async def test_many_moves_in_one_transaction_leave_one_row_and_all_events(store: Store) -> None:
    first = opened()
    steps = _history(first[0])
    async with store.write() as tx:
        for step in (first, *steps):
            tx.tickets.put(*step)
        assert len(await tx.tickets.events(first[0].id)) == 5
    async with store.read() as tx:
        await tx.tickets.verify(first[0].id)
        assert (await tx.tickets.by_number(GROUP, 1)) == steps[-1][0]


async def test_alive_means_open_or_waiting_for_a_verdict(store: Store) -> None:
    reported, closed, other = opened(1), opened(2), opened(1, "local:g-8")
    elsewhere = opened(1, "local:g-9")
    await _put(store, reported, closed, *_history(closed[0]), other, elsewhere)
    async with store.write() as tx:
        assert await tx.tickets.alive_in([GROUP, "local:g-8", "local:none"]) == [
            reported[0], other[0],
        ]  # fmt: skip
        withdrawn = moved(reported[0], Action.WITHDRAW)
        tx.tickets.put(*withdrawn)
        new = opened(3)
        tx.tickets.put(*new)
        assert await tx.tickets.alive_in([GROUP]) == [new[0]]
        assert await tx.tickets.alive_in([]) == []


async def test_recent_means_created_or_closed_since(store: Store) -> None:
    old = opened(1, created_at=later(-999))
    closed_now = opened(2, created_at=later(-998))
    young = opened(3)
    steps = _history(closed_now[0])
    await _put(store, old, closed_now, *steps, young)
    async with store.write() as tx:
        assert await tx.tickets.recent_in(GROUP, later(-5)) == [steps[-1][0], young[0]]
        staged = opened(4)
        tx.tickets.put(*staged)
        assert await tx.tickets.recent_in(GROUP, later(-5)) == [steps[-1][0], young[0], staged[0]]


async def test_lookups_see_what_is_staged(store: Store) -> None:
    first = opened(1)
    await _put(store, first)
    async with store.write() as tx:
        urged = moved(first[0])
        tx.tickets.put(*urged)
        second = opened(2)
        tx.tickets.put(*second)
        assert await tx.tickets.by_number(GROUP, 1) == urged[0]
        assert await tx.tickets.by_number(GROUP, 2) == second[0]
        assert await tx.tickets.by_number(GROUP, 3) is None
        assert await tx.tickets.by_ids([second[0].id, 1, first[0].id]) == [second[0], urged[0]]
        assert await tx.tickets.of_reporter("local:wang", 9) == [second[0], urged[0]]
        assert await tx.tickets.of_reporter("local:wang", 1) == [second[0]]
        assert await tx.tickets.of_reporter("local:nobody", 9) == []
        assert [e.seq for e in await tx.tickets.events(first[0].id)] == [1, 2]


async def test_a_change_taken_back_leaves_the_stored_ticket(store: Store) -> None:
    first = opened(1)
    await _put(store, first)
    async with store.write() as tx:
        mark = tx.mark()
        tx.tickets.put(*moved(first[0]))
        assert [t.version for t in await tx.tickets.alive_in([GROUP])] == [2]
        tx.back_to(mark)
        assert await tx.tickets.alive_in([GROUP]) == [first[0]]
        assert await tx.tickets.by_number(GROUP, 1) == first[0]


async def test_after_a_flush_the_work_goes_on(store: Store) -> None:
    first = opened(1)
    async with store.write() as tx:
        tx.tickets.put(*first)
        await tx.flush()
        urged = moved(first[0])
        tx.tickets.put(*urged)
        mark = tx.mark()
        tx.tickets.put(*moved(urged[0]))
        tx.back_to(mark)
        assert await tx.tickets.alive_in([GROUP]) == [urged[0]]
    async with store.read() as tx:
        await tx.tickets.verify(first[0].id)
        assert await tx.tickets.by_number(GROUP, 1) == urged[0]


async def test_numbers_count_up_by_group(store: Store) -> None:
    await _put(store, opened(7))
    async with store.write() as tx:
        assert await tx.tickets.next_number(GROUP) == 8
        assert await tx.tickets.next_number("local:new") == 1
        tx.tickets.put(*opened(8))
        mark = tx.mark()
        tx.tickets.put(*opened(9))
        tx.tickets.put(*opened(1, "local:new"))
        assert await tx.tickets.next_number(GROUP) == 10
        assert await tx.tickets.next_number("local:new") == 2
        tx.back_to(mark)
        assert await tx.tickets.next_number(GROUP) == 9
        assert await tx.tickets.next_number("local:new") == 1


async def test_events_between_are_by_time_and_group(store: Store) -> None:
    here, there = opened(1), opened(1, "local:g-8")
    urged = moved(here[0])
    await _put(store, here, there, urged)
    async with store.read() as tx:
        between = tx.tickets.events_between
        assert await between([GROUP], NOW, later(60)) == [here[1]]
        assert await between([GROUP], NOW, later(61)) == [here[1], urged[1]]
        assert await between(None, NOW, later(61)) == [here[1], there[1], urged[1]]
        assert await between([], NOW, later(61)) == []


async def test_a_number_in_use_is_stale_work(store: Store) -> None:
    await _put(store, opened(1))
    with pytest.raises(StaleTicket):
        await _put(store, opened(1))


async def test_an_event_that_exists_is_stale_work(store: Store) -> None:
    first = opened(1)
    await _put(store, first)
    with pytest.raises(StaleTicket):
        await _put(store, first)


async def test_what_does_not_belong_together_is_refused(store: Store) -> None:
    ticket, event = opened(1)
    _, later_event = moved(ticket)
    shanghai = timezone(timedelta(hours=8))
    urged, local = ticket.move(
        Action.URGE, "local:li", NOW.astimezone(shanghai), event_id=IDS.new()
    )
    async with store.write() as tx:
        with pytest.raises(ValueError, match="did not make"):
            tx.tickets.put(ticket, later_event)
        with pytest.raises(ValueError, match="did not make"):
            tx.tickets.put(replace(ticket, id=1), event)
        with pytest.raises(ValueError, match="not UTC"):
            tx.tickets.put(urged, local)


FORGERIES = [
    "UPDATE ticket SET verdict = '不满意'",
    "UPDATE ticket SET text = '没事'",
    "UPDATE ticket SET version = version + 1",
    "UPDATE ticket SET closed_at = closed_at + 1",
    "UPDATE ticket_event SET note = '假' WHERE seq = 3",
    "UPDATE ticket_event SET changes = '{}' WHERE seq = 2",
    "UPDATE ticket_event SET changes = '{\"no\": 1}' WHERE seq = 1",
    "UPDATE ticket_event SET at = at - 60000000 WHERE seq = 4",
    "DELETE FROM ticket_event WHERE seq = 2",
    "DELETE FROM ticket_event WHERE seq = 5",
    "DELETE FROM ticket_event",
]


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forgery_is_found(store: Store, database_url: str, forgery: str) -> None:
    first = opened(1)
    await _put(store, first, *_history(first[0]))
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text(forgery))
    await engine.dispose()
    async with store.read() as tx:
        with pytest.raises(Tampered, match=str(first[0].id)):
            await tx.tickets.verify(first[0].id)


async def test_an_unknown_ticket_does_not_verify(store: Store) -> None:
    async with store.read() as tx:
        with pytest.raises(Tampered):
            await tx.tickets.verify(5)
