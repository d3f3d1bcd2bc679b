"""Every question about tickets, against a plain list of them: whatever is stored, whatever is
only staged, and whatever was asked before."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from routing import joint
from routing.closing import finish, rate
from routing.ticket import ALIVE, TRANSITIONS, Action, Result, State, Ticket, TicketEvent, Verdict
from storage.store import Store, Transaction
from tests.storage.samples import IDS, NOW, later, opened

GROUPS = ("local:g1", "local:g2", "local:g3")
PEOPLE = ("local:wang", "local:li", "local:zhao", "local:wan")
CODES = ("0103", "0403")
PLACES = ("", "7幢", "7幢2单元", "7幢2单元301室", "71幢")
MOST = 3
Step = tuple[Ticket, TicketEvent]


class Town:
    """The plain list, by id; `steps` are what brought it about."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.tickets: dict[int, Ticket] = {}
        self.steps: dict[int, list[TicketEvent]] = {}
        self.minutes = 0

    def live(self) -> Iterator[Step]:
        """Some new tickets and some moves of old ones."""
        for _ in range(self.dice.randrange(1, 4)):
            yield self._keep(self._new())
        for ticket in self.dice.sample(list(self.tickets.values()), min(3, len(self.tickets))):
            if (step := self._moved(ticket)) is not None:
                yield self._keep(step)

    def _keep(self, step: Step) -> Step:
        self.tickets[step[0].id] = step[0]
        self.steps.setdefault(step[0].id, []).append(step[1])
        return step

    def _now(self) -> datetime:
        self.minutes += self.dice.randrange(1, 90)
        return NOW + timedelta(minutes=self.minutes)

    def _new(self) -> Step:
        group = self.dice.choice(GROUPS)
        return opened(
            self.number(group), group, reporter=self.dice.choice(PEOPLE), created_at=self._now(),
            code=self.dice.choice(CODES), place_normal=self.dice.choice(PLACES),
        )  # fmt: skip

    def _moved(self, ticket: Ticket) -> Step | None:
        at, who = self._now(), self.dice.choice(PEOPLE)
        moves = [action for (state, action) in TRANSITIONS if state is ticket.state]
        if not moves:
            return None
        action = Action.RESOLVE if self.dice.random() < 0.3 else self.dice.choice(moves)
        new: dict[str, Any] = {"event_id": IDS.new()}
        if ticket.state is State.RESOLVED:
            return rate(ticket, Verdict.SATISFIED, ticket.reporter, at, **new)
        if action is Action.RESOLVE and action in moves and not joint.unfinished(ticket.shares):
            return finish(ticket, Result.SOLVED, "local:wuye", at, text="修好了", **new)
        if action is Action.SUPPORT and who not in ticket.voices:
            return ticket.move(action, who, at, supporters=(*ticket.supporters, who), **new)
        if action is Action.WHISTLE:
            shares = joint.called(["gongshui", "paishui"], ticket.shares)
            return ticket.move(action, who, at, shares=shares, **new)
        if action in {Action.WITHDRAW, Action.RECLASSIFY, Action.CONFIRM, Action.MERGE}:
            code: dict[str, Any] = (
                {"code": self.dice.choice(CODES)} if action is Action.RECLASSIFY else {}
            )
            return ticket.move(action, who, at, **code, **new)
        return None

    # ── the answers

    def number(self, group: str) -> int:
        return 1 + sum(ticket.group == group for ticket in self.tickets.values())

    def alive(self, groups: Iterable[str]) -> list[Ticket]:
        return [t for t in self.tickets.values() if t.group in groups and t.state in ALIVE]

    def closed(self, group: str, since: datetime) -> list[Ticket]:
        mine = (t for t in self.tickets.values() if t.group == group)
        return [t for t in mine if t.closed_at is not None and t.closed_at >= since]

    def recent(self, group: str, since: datetime) -> list[Ticket]:
        young = [t for t in self.tickets.values() if t.group == group and t.created_at >= since]
        return sorted({t.id: t for t in (*young, *self.closed(group, since))}.values(), key=_id)

    def reported(self, who: str) -> list[Ticket]:
        own = [t for t in self.tickets.values() if t.reporter == who]
        return own[::-1][:MOST]

    def voiced(self, who: str, groups: Iterable[str]) -> list[Ticket]:
        supported = [t for t in self.alive(groups) if who in t.voices]
        return sorted({t.id: t for t in (*supported, *self.reported(who))}.values(), key=_id)

    def alike(self, group: str, code: str, place: str) -> list[Ticket]:
        mine = (t for t in self.tickets.values() if (t.group, t.code) == (group, code))
        return [t for t in mine if t.state in ALIVE or (place and t.place_normal.startswith(place))]


def _id(ticket: Ticket) -> int:
    return ticket.id


async def agree(tx: Transaction, town: Town) -> None:
    """Ask everything, in any order, and compare."""
    ask, dice = tx.tickets, town.dice
    groups = dice.sample(GROUPS, dice.randrange(len(GROUPS) + 1))
    group, who = dice.choice(GROUPS), dice.choice(PEOPLE)
    since = later(60 * dice.randrange(town.minutes + 2))
    some = dice.sample(list(town.tickets), min(4, len(town.tickets)))

    async def all_alive() -> None:
        assert await ask.alive_in(groups) == town.alive(groups)

    async def all_closed() -> None:
        assert await ask.closed_in(group, since) == town.closed(group, since)

    async def all_recent() -> None:
        assert await ask.recent_in(group, since) == town.recent(group, since)

    async def own() -> None:
        assert await ask.of_reporter(who, MOST) == town.reported(who)
        assert await ask.of_voice(who, groups, MOST) == town.voiced(who, groups)

    async def named() -> None:
        assert await ask.by_ids([*some, 1]) == [town.tickets[number] for number in some]
        for number in some:
            ticket = town.tickets[number]
            assert await ask.by_number(ticket.group, ticket.number) == ticket
            assert await ask.events(number) == town.steps[number]
        assert await ask.by_number(group, 99) is None

    async def numbers() -> None:
        if dice.random() < 0.5:
            await ask.read_ahead(groups)
        for one in GROUPS:
            assert await ask.next_number(one) == town.number(one)

    async def shared() -> None:
        assert await ask.joint() == [t for t in town.alive(GROUPS) if t.shares]

    questions = [all_alive, all_closed, all_recent, own, named, numbers, shared]
    for question in dice.sample(questions, len(questions)):
        await question()


@pytest.mark.parametrize("seed", range(6))
async def test_staged_and_stored_give_the_answers_of_a_plain_list(store: Store, seed: int) -> None:
    town = Town(seed)
    for _ in range(6):
        async with store.write() as tx:
            if town.dice.random() < 0.5:
                await agree(tx, town)
            for step in town.live():
                tx.tickets.put(*step)
            await agree(tx, town)
        async with store.read() as tx:
            await agree(tx, town)
            for number in town.tickets:
                await tx.tickets.verify(number)


def test_the_towns_are_lively() -> None:
    """Or else the answers would agree by being empty."""
    towns = [Town(seed) for seed in range(6)]
    tickets = [step[0] for town in towns for _ in range(6) for step in town.live()]
    assert {t.state for t in tickets} >= {State.CLOSED, State.REPORTED, State.MERGED}
    assert any(t.shares for t in tickets)
    assert any(t.supporters for t in tickets)


@pytest.mark.parametrize("seed", range(4))
async def test_what_may_be_alike_is_found_wherever_it_stands(store: Store, seed: int) -> None:
    town = Town(seed)
    asked = [(group, code, place) for group in GROUPS for code in CODES for place in PLACES]
    for _ in range(5):
        async with store.write() as tx:
            for step in town.live():
                tx.tickets.put(*step)
        async with store.read() as tx:
            for group, code, place in asked:
                found = await tx.tickets.alike(group, code, place)
                assert found == town.alike(group, code, place), (group, code, place)
