"""物业先行: what the property company does not take goes to the next in line, by itself.

Which unit comes after which is routing/rules.py; other units' 退单 is the leader's to decide."""

from __future__ import annotations

from bot import escalation, texts
from bot.desk import Desk
from routing.roster import Unit
from routing.rules import after_property
from routing.ticket import Action, Ticket


def next_in_line(desk: Desk, ticket: Ticket, unit_id: str) -> Unit | None:
    """Who gets the ticket if the unit does not take it: the first whom the bot can tell, else the
    first. None for units that are no property company."""
    unit = desk.house.roster.unit(unit_id)
    line = after_property(desk.house.roster, unit, ticket.grid) if unit else ()
    reached = (one for one in line if desk.crew(one.id, ticket))
    return next(reached, line[0] if line else None)


async def fall_through(desk: Desk, ticket: Ticket, why: str) -> Ticket | None:
    """Give the ticket to the next in line and tell everybody; None where there is nobody.

    The property company stays responsible (首接负责) until the next one has accepted."""
    first = ticket.holding or ticket.unit
    unit = next_in_line(desk, ticket, ticket.unit)
    if unit is None:
        return None
    moved = desk.move(
        ticket, Action.DISPATCH, "", unit=unit.id, handler="", holding=first, note=unit.name
    )
    escalation.watch_accept(desk, moved)
    line, passed = desk.line(moved), desk.name_of_unit(ticket.unit)
    note = desk.tell_crew(unit, texts.job_for_unit(line, moved.text), moved)
    text = texts.fell_through(line, passed, why, unit.name)
    desk.tell((*desk.leaders(moved), *desk.crew(ticket.unit, moved)), text + note, moved)
    await desk.post(moved, texts.dispatched(line, unit.name), "update", slot=f"status:{moved.id}")
    return moved
