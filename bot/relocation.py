"""Another place for a ticket, as its reporter puts it right, and the way back.

Whether a message is such a correction is nlp/corrections.py; whose it may be, handlers/."""

from __future__ import annotations

from bot import texts
from bot.desk import Desk
from bot.proposals import propose
from nlp.reading import Place
from routing.privacy import mask_door
from routing.ticket import Action, Ticket, TicketEvent

MOVED = "更正位置"
BACK = "撤销更正位置"
"""How the notes of the two moves begin."""


async def relocate(desk: Desk, ticket: Ticket, place: Place, by: str) -> Ticket:
    """Give the ticket its new place; those who work on it are told, and what now looks like the
    same matter is proposed. Grid and unit stay: they follow from the group and the category."""
    note = f"{MOVED}：{mask_door(ticket.place)} → {mask_door(place.text)}"
    moved = desk.move(
        ticket, Action.ATTACH, by, note=note, place=place.text, place_normal=place.normal
    )
    text = texts.relocated_for_staff(desk.line(moved), mask_door(ticket.place))
    _tell_staff(desk, moved, text, by)
    return await propose(desk, moved, only=True)


async def place_before(desk: Desk, ticket: Ticket) -> Place | None:
    """The place that the last correction replaced; None where none stands, or 改类 came later."""
    found: list[tuple[Place, TicketEvent]] = []
    for event in await desk.tx.tickets.events(ticket.id):
        if event.action is Action.RECLASSIFY and len(found) > 1:
            found = found[-1:]
        if "place" not in event.changes:
            continue
        if event.note.startswith(BACK):
            found.pop()
            continue
        normal = str(event.changes.get("place_normal", ""))
        found.append((Place(str(event.changes["place"]), normal), event))
    if len(found) < 2 or not found[-1][1].note.startswith(MOVED):  # noqa: PLR2004 - one before
        return None
    return found[-2][0]


def put_back(desk: Desk, ticket: Ticket, place: Place, by: str) -> Ticket:
    """撤销: the ticket has its earlier place again; its reporter and who works on it are told."""
    note = f"{BACK}：{mask_door(ticket.place)} → {mask_door(place.text)}"
    moved = desk.move(
        ticket, Action.ATTACH, by, note=note, place=place.text, place_normal=place.normal
    )
    text = texts.place_put_back(desk.line(moved))
    desk.tell(moved.voices, text, moved)
    _tell_staff(desk, moved, text, by)
    return moved


def _tell_staff(desk: Desk, ticket: Ticket, text: str, by: str) -> None:
    staff = (*desk.leaders(ticket), *desk.handlers(ticket))
    desk.tell([account for account in staff if account != by], text, ticket)
