"""What is looked up when a report is registered: the same matter twice, a fault that comes back.

Above the high line the bot merges by itself, the leader can undo it; all else it only proposes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot import merging, texts
from bot.desk import Desk
from nlp import similar
from nlp.reading import Place
from nlp.several import covers, parts_of
from nlp.similar import Report, similarity
from routing.roster import Role
from routing.ticket import ALIVE, OPEN, State, Ticket

WHISTLE_AT = 3
"""The how-manieth report of one fault at one place is proposed to the street as a whistle."""


WIDE = frozenset({"0301", "0302", "0305", "0304"})
"""Failures of a supply: two reports without a place are the same failure."""

_WHOLE = WIDE | {"0404"}
"""What a whole building shares, wherever in it somebody notices: supplies and its lift."""


async def propose(desk: Desk, ticket: Ticket, *, only: bool = False) -> Ticket:
    """Look for the same matter among the open tickets, and for a fault that keeps coming back.

    The ticket as it is then; `only`: a person has opened it, so nothing but proposals."""
    if ticket.private:
        return ticket
    score, other = await likeliest(desk, ticket)
    if other is not None and score >= similar.HIGH and not only and _may_merge(desk, ticket, other):
        gone, kept = merging.merge(desk, ticket, other, "")
        text = texts.merged_by_itself(desk.line(gone), desk.line(kept), ticket.text)
        desk.tell(desk.leaders(kept), text, gone, kept)
        return gone
    if other is not None and score >= similar.LOW:
        text = texts.same_matter(desk.line(ticket), desk.line(other))
        desk.tell(desk.leaders(ticket), text, ticket, other)
    if ticket.recurs:
        await _keeps_coming_back(desk, ticket)
    return ticket


async def likeliest(desk: Desk, ticket: Ticket) -> tuple[float, Ticket | None]:
    """Score and ticket: the open public ticket that is most like this one, the newest on a tie."""
    others = [
        t for t in await candidates(desk, ticket.group, ticket.code, ticket.place_normal)
        if t.id != ticket.id and t.state in OPEN and not t.private
        and not similar.apart(ticket.place_normal, t.place_normal)
    ]  # fmt: skip
    own = as_report(ticket)
    scored = [(similarity(own, as_report(t)), t.id, t) for t in others]
    score, _, best = max(scored, key=lambda row: row[:2], default=(0.0, 0, None))
    return score, best


def _may_merge(desk: Desk, child: Ticket, parent: Ticket) -> bool:
    """Whether nobody loses by it: an emergency stays on its own, and no deadline gets later."""
    if child.urgent or elsewhere(as_report(child), as_report(parent)):
        return False
    wider = len(parts_of(child.place_normal)) > 1
    loses = wider and not covers(parent.place_normal, child.place_normal)
    if loses or not desk.house.settings.group.auto_merge:
        return False
    if parent.state is State.SUSPENDED or parent.due_at is None or child.due_at is None:
        return False
    return parent.due_at <= child.due_at


def elsewhere(one: Report, other: Report) -> bool:
    """Whether two people may speak of different things of one kind in one building."""
    return one.codes[0] not in _WHOLE and similar.elsewhere(one, other)


def places_of(place: str, normal: str) -> tuple[Place, ...]:
    """The places of a ticket, as they are compared."""
    return tuple(Place(place, part) for part in parts_of(normal) or ("",)) if place else ()


def as_report(ticket: Ticket) -> Report:
    """A ticket as it is compared with others."""
    places = places_of(ticket.place, ticket.place_normal)
    return Report(
        id=ticket.id, grid=ticket.grid, codes=(ticket.code,), places=places,
        at=ticket.created_at, text=ticket.text,
    )  # fmt: skip


async def _keeps_coming_back(desk: Desk, ticket: Ticket) -> None:
    since = desk.now - timedelta(days=desk.house.settings.group.recurrence_days)
    same = [
        t for t in await same_place(desk, ticket.group, ticket.code, ticket.place_normal)
        if (t.state in ALIVE or t.resolved_at is not None)
        and (t.created_at >= since or (t.closed_at is not None and t.closed_at >= since))
    ]  # fmt: skip
    if len(same) >= WHISTLE_AT:
        text = texts.recurs_again(desk.line(ticket), len(same))
        desk.tell(desk.holders(ticket, Role.STREET), text, ticket)


async def same_place(desk: Desk, group: str, code: str, normal: str) -> list[Ticket]:
    """The newest tickets of one 小类 at exactly this place, in any state, by id."""
    return [
        t for t in await candidates(desk, group, code, normal) if covers(t.place_normal, normal)
    ]


async def candidates(desk: Desk, group: str, code: str, normal: str) -> list[Ticket]:
    """The newest tickets of one 小类 that are alive or lie near this place, by id."""
    near = similar.neighbourhood(normal) or normal
    return await desk.tx.tickets.alike(group, code, near, partial(similar.apart, near))
