"""What a group may read of the people around it, and which matters those on the spot may not know.

How names and numbers are found in a text is routing/privacy.py."""

from __future__ import annotations

from collections.abc import Iterable

from bot.house import House
from routing.privacy import mask_people
from routing.roster import Role
from routing.ticket import Ticket

ABOUT_OFFICIALS = frozenset({"1901"})
"""Complaints of how officials behave: nobody who works on the spot may learn of them."""

_ON_THE_SPOT = frozenset(
    {Role.MICRO_LEADER, Role.LEADER, Role.WORKER, Role.COMMUNITY, Role.SECRETARY}
)


def roles_for(ticket: Ticket, roles: Iterable[Role]) -> frozenset[Role]:
    """Of these roles those that may know the ticket: who works on the spot may be the one meant."""
    known = frozenset(roles)
    return known - _ON_THE_SPOT if ticket.code in ABOUT_OFFICIALS else known


def without_people(
    house: House, conversation: str, text: str, tickets: Iterable[Ticket] = ()
) -> str:
    """The text as the group may read it; the names hidden are those of its grid and of everybody
    who reported or supports one of the tickets."""
    group = house.roster.group(conversation)
    people = (house.roster.person_of(voice) for ticket in tickets for voice in ticket.voices)
    names = {person.name for person in people if person is not None}
    if group is not None:
        names |= house.roster.names_in(group.grid)
    return mask_people(text, names, house.public_numbers)
