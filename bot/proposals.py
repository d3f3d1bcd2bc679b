"""What the bot proposes when a report is registered: one matter with another, or a whistle.

It only proposes: merging and whistling are decided by people."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.desk import Desk
from nlp import similar
from nlp.reading import Place
from nlp.similar import Report, similarity
from routing.roster import Role
from routing.ticket import ALIVE, OPEN, Ticket

WHISTLE_AT = 3
"""The how-manieth report of one fault at one place is proposed to the street as a whistle."""


async def propose(desk: Desk, ticket: Ticket) -> None:
    """Look for the same matter among the open tickets, and for a fault that keeps coming back."""
    if ticket.private:
        return
    await _same_matter(desk, ticket)
    if ticket.recurs:
        await _keeps_coming_back(desk, ticket)


async def _same_matter(desk: Desk, ticket: Ticket) -> None:
    alive = await desk.tx.tickets.alive_in((ticket.group,))
    others = [t for t in alive if t.id != ticket.id and t.state in OPEN and not t.private]
    scored = [(similarity(_text_of(ticket), _text_of(t)), t) for t in others]
    best = max(scored, key=lambda pair: (pair[0], pair[1].id), default=None)
    if best is not None and best[0] >= similar.LOW:
        text = texts.same_matter(desk.line(ticket), desk.line(best[1]))
        desk.tell(desk.leaders(ticket), text, ticket, best[1])


def _text_of(ticket: Ticket) -> Report:
    places = (Place(ticket.place, ticket.place_normal),) if ticket.place else ()
    return Report(
        id=ticket.id, grid=ticket.grid, codes=(ticket.code,), places=places,
        at=ticket.created_at, text=ticket.text,
    )  # fmt: skip


async def _keeps_coming_back(desk: Desk, ticket: Ticket) -> None:
    since = desk.now - timedelta(days=desk.house.settings.group.recurrence_days)
    recent = await desk.tx.tickets.recent_in(ticket.group, since)
    same = [
        t for t in recent
        if t.code == ticket.code and t.place_normal == ticket.place_normal
        and (t.state in ALIVE or t.resolved_at is not None)
    ]  # fmt: skip
    if len(same) >= WHISTLE_AT:
        people = desk.house.roster.holders(ticket.grid, Role.STREET, desk.now)
        text = texts.recurs_again(desk.line(ticket), len(same))
        desk.tell(desk.accounts(people, ticket.group), text, ticket)
