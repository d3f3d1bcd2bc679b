"""What a group may read of the people who live and work around it: how everybody is called goes.

How names and numbers are found in a text is routing/privacy.py."""

from __future__ import annotations

from collections.abc import Iterable

from bot.house import House
from routing.privacy import mask_people
from routing.ticket import Ticket


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
