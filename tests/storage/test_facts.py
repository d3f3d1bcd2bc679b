"""What statistics read and what a rebuild finds, on both engines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from routing.closing import finish, rate
from routing.fact import Fact
from routing.facts import fold
from routing.ticket import Action, Result, Ticket, TicketEvent, Verdict
from storage.columns import micros
from storage.store import StaleTicket, Store, Transaction
from tests.storage.samples import IDS, NOW, later, opened

DAY = 86_400
Move = tuple[Ticket, TicketEvent]


def us(days: float) -> int:
    return micros(later(days * DAY))


async def keep(store: Store, *moves: Move) -> Ticket:
    async with store.write() as tx:
        for move in moves:
            tx.tickets.put(*move)
    return moves[-1][0]


def life(number: int, days: float, *, due: float | None = None, end: float | None = None) -> Any:
    """A ticket opened so many days from now, finished and closed at `end`."""
    at, due_at = later(days * DAY), later(due * DAY) if due is not None else None
    moves = [opened(number, created_at=at, due_at=due_at)]
    if end is not None:
        last: datetime = later(end * DAY)
        moves.append(
            finish(moves[-1][0], Result.SOLVED, "local:w", last, text="好了", event_id=IDS.new())
        )
        ticket = moves[-1][0]
        moves.append(rate(ticket, Verdict.SATISFIED, ticket.reporter, last, event_id=IDS.new()))
    return moves


async def test_a_period_needs_who_moved_was_due_or_is_open(store: Store) -> None:
    lives = {
        "long over": life(1, 0, due=1, end=2),
        "reported in it": life(2, 10, due=40, end=40),
        "finished in it": life(3, 1, due=2, end=12),
        "due in it, finished before": life(4, 1, due=12, end=3),
        "finished after it": life(5, 1, due=2, end=50),
        "open all the time": life(6, 1, due=2),
        "reported after it": life(7, 30, due=40, end=41),
    }
    ids = {name: (await keep(store, *moves)).id for name, moves in lives.items()}
    async with store.read() as tx:
        found = await tx.facts.relevant(us(9), us(20))
    assert found == sorted(found)
    names = [name for name, number in ids.items() if number in found]
    assert names == [
        "reported in it", "finished in it", "due in it, finished before", "finished after it",
        "open all the time",
    ]  # fmt: skip


async def test_steps_are_the_bare_events_in_order(store: Store) -> None:
    first = await keep(store, *life(1, 0, due=1, end=2))
    second = await keep(store, *life(2, 0, due=1))
    async with store.read() as tx:
        groups = await tx.facts.steps([first.id, second.id], us(100))
        found = {number: list(steps) for number, steps in groups}
        early = {n: list(s) for n, s in await tx.facts.steps([first.id], us(1))}
    assert [step[1] for step in found[first.id]] == ["report", "resolve", "satisfy"]
    assert [step[1] for step in early[first.id]] == ["report"]
    fact = fold(first.id, found[first.id])
    assert (fact.created, fact.due, fact.finished, fact.closed) == (us(0), us(1), us(2), us(2))
    assert (fact.group, fact.code, fact.state) == (first.group, first.code, "closed")
    assert fold(second.id, found[second.id]).open


async def test_facts_are_kept_with_the_events_and_looked_at_as_of_a_moment(store: Store) -> None:
    over = await keep(store, *life(1, 0, due=1, end=2))
    ticket, event = opened(2, created_at=NOW, due_at=later(DAY))
    await keep(store, (ticket, event))
    moved = ticket.move(Action.CONFIRM, "local:l", later(2 * DAY), event_id=IDS.new())
    await keep(store, moved)
    for days in (0, 0.5, 1.5, 2, 2.5, 9):
        assert await known(store, us(days)) == await folded(store, us(days)), days
    facts = await known(store, us(1.5))
    assert (facts[over.id].finished, facts[ticket.id].late) == (0, True)
    assert facts[ticket.id].filed == 0
    assert (await known(store, us(9)))[ticket.id].filed == us(2)


async def known(store: Store, end: int) -> dict[int, Fact]:
    async with store.read() as tx:
        found = list(await tx.facts.known(await tx.replays.ids(), end))
    return {fact.id: fact for fact in found}


async def folded(store: Store, end: int) -> dict[int, Fact]:
    async with store.read() as tx:
        histories = await tx.facts.steps(await tx.replays.ids(), end)
        return {number: fold(number, steps, end) for number, steps in histories}


async def test_several_moves_in_one_transaction_are_all_in_the_fact(store: Store) -> None:
    first = await keep(store, *life(1, 0, due=1, end=2))
    rows = await change(store, "SELECT moved_at FROM ticket_fact")
    assert [row[0] for row in rows] == [us(2)]
    fact = (await known(store, us(3)))[first.id]
    assert (fact.created, fact.finished, fact.closed) == (us(0), us(2), us(2))


async def test_a_refused_write_leaves_the_fact_alone(store: Store) -> None:
    ticket, event = opened(1)
    await keep(store, (ticket, event))
    await keep(store, ticket.move(Action.CONFIRM, "local:l", later(5), event_id=IDS.new()))
    before = await known(store, us(1))
    with pytest.raises(StaleTicket):
        await keep(store, ticket.move(Action.REJECT, "local:l", later(6), event_id=IDS.new()))
    assert await known(store, us(1)) == before == await folded(store, us(1))


async def test_a_lost_fact_is_read_from_the_events_and_never_half_kept(store: Store) -> None:
    ticket, event = opened(1)
    await keep(store, (ticket, event))
    await change(store, "DELETE FROM ticket_fact")
    await keep(store, ticket.move(Action.CONFIRM, "local:l", later(5), event_id=IDS.new()))
    assert await change(store, "SELECT * FROM ticket_fact") == []
    assert await known(store, us(1)) == await folded(store, us(1))


@pytest.mark.parametrize(
    "sql", ["DELETE FROM ticket_fact", "UPDATE ticket_fact SET data = '[1]'",
            "UPDATE ticket_fact SET moved_at = moved_at - 1"],
)  # fmt: skip
async def test_a_wrong_fact_is_told_and_put_right(store: Store, sql: str) -> None:
    ticket = await keep(store, *life(1, 0, due=1, end=2))
    await change(store, sql)
    (found,) = await rebuild(store, [ticket.id])
    assert found.fields == ("fact",)
    await store.run(lambda tx: tx.replays.repair([found]))
    assert await rebuild(store, [ticket.id]) == []
    assert await known(store, us(3)) == await folded(store, us(3))


async def test_a_ticket_is_found_by_its_number(store: Store) -> None:
    ticket = await keep(store, opened(5))
    async with store.read() as tx:
        assert await tx.facts.id_of(ticket.group, 5) == ticket.id
        assert await tx.facts.id_of(ticket.group, 6) == 0
        assert await tx.facts.id_of("local:other", 5) == 0


# ── rows beside their events


async def rebuild(store: Store, ids: list[int]) -> list[Any]:
    async with store.read() as tx:
        return await tx.replays.differences(ids)


async def change(store: Store, sql: str) -> list[Any]:
    async with store.write() as tx:
        link = tx.facts._link
        if link.dialect == "sqlite":
            return list(await link._driver.execute_fetchall(sql))
        return list(await link._driver.fetch(sql))


async def test_honest_rows_do_not_differ(store: Store) -> None:
    tickets = [await keep(store, *life(n, 0, due=1, end=2)) for n in range(1, 4)]
    async with store.read() as tx:
        ids = await tx.replays.ids()
    assert ids == sorted(t.id for t in tickets)
    assert await rebuild(store, ids) == []
    assert await rebuild(store, []) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "'closed'"), ("verdict", "'满意'"), ("due_at", "NULL"), ("hands", "'[\"x\"]'"),
     ("urgent", "true"), ("reopened", "3"), ("state", "'bogus'")],
)  # fmt: skip
async def test_a_changed_row_is_named_and_put_right(store: Store, column: str, value: str) -> None:
    ticket = await keep(store, *life(1, 0, due=1))
    await change(store, f"UPDATE ticket SET {column} = {value}")
    (found,) = await rebuild(store, [ticket.id])
    assert (found.ticket_id, found.group, found.number) == (ticket.id, ticket.group, 1)
    assert found.fields == (column,)

    async def repair(tx: Transaction) -> int:
        return await tx.replays.repair([found])

    assert await store.run(repair) == 1
    assert await rebuild(store, [ticket.id]) == []
    async with store.read() as tx:
        await tx.tickets.verify(ticket.id)


async def test_a_broken_chain_is_nobodys_to_repair(store: Store) -> None:
    ticket = await keep(store, *life(1, 0, due=1, end=2))
    await change(store, "UPDATE ticket_event SET note = 'x' WHERE seq = 2")
    (found,) = await rebuild(store, [ticket.id])
    assert found.fields == ()
    assert "hash chain" in found.why
    async with store.write() as tx:
        assert await tx.replays.repair([found]) == 0


async def test_a_ticket_without_events_is_told(store: Store) -> None:
    ticket = await keep(store, opened(1))
    await change(store, "DELETE FROM ticket_event")
    (found,) = await rebuild(store, [ticket.id])
    assert "no events" in found.why


async def test_moves_made_later_keep_the_rows_honest(store: Store) -> None:
    ticket, event = opened(1, created_at=NOW)
    await keep(store, (ticket, event))
    moved = ticket.move(Action.CONFIRM, "local:l", later(5), event_id=IDS.new())
    await keep(store, moved)
    assert await rebuild(store, [ticket.id]) == []
