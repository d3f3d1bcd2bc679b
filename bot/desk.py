"""One transaction's working place: who is told what, where, when; tickets move only here.

What should be done about a message or a due job is decided in handlers/ and scheduler.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot import texts
from bot.calendars import awake_at
from bot.discretion import ABOUT_OFFICIALS, roles_for, without_people
from bot.house import House
from bot.ports import Capabilities
from routing.deadlines import Deadline, Span, deadline_of, due_at, spoken
from routing.elsewhere import address
from routing.message import Outbound
from routing.roster import Group, Role, Unit
from routing.rules import first_unit
from routing.ticket import OPEN, Action, State, Ticket, TicketEvent
from routing.titles import title_of
from storage.outbox import OutRow
from storage.store import Transaction

BUDGETED = frozenset({"update", "remind", "close"})
"""Kinds of post that give way to one-to-one messages once a ticket has spoken often enough."""

UNGIVEN = frozenset({State.REPORTED, State.CONFIRMED})
"""States in which a ticket's unit is no more than a proposal to the leader."""

MOST_PICTURES = 3


class Desk:
    """Bundles a transaction, the house and the moment; every write is staged in the transaction."""

    speaker = ""
    """Whose message is being answered: he is awake, whatever the hour. "" for a job."""

    hid_in = ""
    """The group from whose posts something personal was taken out; "" for none."""

    def __init__(self, house: House, tx: Transaction, now: datetime, message_id: int = 0) -> None:
        self.house, self.tx, self.now, self.message_id = house, tx, now, message_id

    # ── tickets

    def move(self, ticket: Ticket, action: Action, by: str, **changes: Any) -> Ticket:
        """Take one move and stage it. Raises IllegalTransition."""
        return self.keep(ticket.move(action, by, self.now, **self.meta, **changes))

    @property
    def meta(self) -> dict[str, Any]:
        """The event id and source message of the next move."""
        return {"event_id": self.house.new_id(), "message_id": self.message_id}

    def keep(self, moved: tuple[Ticket, TicketEvent]) -> Ticket:
        self.tx.tickets.put(*moved)
        return moved[0]

    def terms(self, ticket: Ticket, code: str = "") -> Deadline:
        """The spans of the ticket's deadline class, or of the one it would have as `code`."""
        taxonomy = self.house.taxonomy
        return deadline_of(taxonomy, code or ticket.code, ticket.urgent, ticket.crowd)

    def finish_by(self, ticket: Ticket, start: datetime) -> datetime:
        """The deadline of a ticket counted from `start`."""
        return self.after(self.terms(ticket).finish, start)

    def after(self, span: Span, start: datetime | None = None) -> datetime:
        """When the span will have run from `start`, or from now."""
        due = due_at(start or self.now, span, self.house.calendar)
        assert due is not None, "without pauses a deadline always exists"
        return due

    def line(self, ticket: Ticket) -> texts.Line:
        """In the night a deadline is named by its date: who is asleep reads it on the next day.

        One that has passed is no promise any more: what is open is to be done soon."""
        name, where = self.house.taxonomy.name(ticket.code), address(self.house.roster, ticket.grid)
        if ticket.due_at is None or ticket.state is State.SUSPENDED:
            return texts.Line(ticket, name, "恢复后", where=where)
        near = self.awake_at() == self.now
        due = spoken(ticket.due_at, self.now, self.house.zone, near=near)
        if ticket.due_at >= self.now or ticket.state not in OPEN:
            return texts.Line(ticket, name, due, where=where)
        return texts.Line(ticket, name, "已超期，尽快", due, where)

    def unit_name(self, ticket: Ticket) -> str:
        return self.name_of_unit(ticket.unit)

    def name_of_unit(self, unit_id: str) -> str:
        unit = self.house.roster.unit(unit_id)
        return unit.name if unit else ""

    def first_unit(self, grid: str, code: str, urgent: bool) -> Unit | None:
        house = self.house
        return first_unit(house.roster, house.taxonomy, grid, code, urgent, rules=house.rules).unit

    def phones(self, ticket: Ticket) -> dict[str, str]:
        """The emergency numbers that are valid where the ticket is."""
        numbers = self.house.settings.urgent
        company = self.house.roster.unit_for("ranqi", ticket.grid)
        gas = numbers.gas or (company.phone if company else "") or numbers.fire
        return {**numbers.model_dump(), "gas": gas}

    # ── people

    def group(self, conversation: str) -> Group | None:
        return self.house.roster.group(conversation)

    def leaders(self, ticket: Ticket) -> tuple[str, ...]:
        """Who decides about the ticket; about a complaint of officials none of those near it."""
        if ticket.code in ABOUT_OFFICIALS:
            return self.holders(ticket, Role.STREET) or self.holders(ticket, Role.DISTRICT)
        return self.accounts(self.house.roster.leaders(ticket.grid, self.now), ticket.group)

    def handlers(self, ticket: Ticket) -> tuple[str, ...]:
        """Who works on it now: the one who took it, else the unit's people, else the leaders.

        A unit that is only proposed has nothing to do with it yet, unless it was warned."""
        if ticket.handler:
            return (ticket.handler,)
        given = bool(ticket.unit) and (ticket.urgent or ticket.state not in UNGIVEN)
        return (self.crew(ticket.unit, ticket) if given else ()) or self.leaders(ticket)

    def crew(self, unit_id: str, ticket: Ticket) -> tuple[str, ...]:
        """Who works for the unit today where the ticket is; nobody for no unit."""
        roster = self.house.roster
        members = roster.members(unit_id, ticket.grid, self.now) if unit_id else ()
        return self.accounts(members, ticket.group)

    def tell_crew(self, unit: Unit, text: str, ticket: Ticket) -> str:
        """Tell the unit's people; if there is none, what to tell whoever calls the unit."""
        crew = self.crew(unit.id, ticket)
        self.tell(crew, text, ticket)
        return "" if crew else texts.out_of_reach(unit.name, unit.phone)

    def holders(self, ticket: Ticket, *roles: Role) -> tuple[str, ...]:
        """Who holds one of the roles over the ticket's grid, role by role."""
        asked = (role for role in roles if role in roles_for(ticket, roles))
        people = [p for r in asked for p in self.house.roster.holders(ticket.grid, r, self.now)]
        return self.accounts(people, ticket.group)

    def public_name(self, account: str, grid: str) -> str:
        """How somebody on duty is named to residents: unit or role, never a person's name."""
        roster = self.house.roster
        units = map(roster.unit, sorted(roster.units_of(account, self.now, grid)))
        named = next((unit for unit in units if unit is not None), None)
        roles = roster.roles_in(account, grid, self.now)
        role = next((role for role in Role if role in roles), None)
        if named is not None and (role is None or role in {Role.DEPARTMENT, Role.PROPERTY}):
            return named.name
        return title_of(role, roster.levels) if role else "工作人员"

    def accounts(self, people: Iterable[Any], conversation: str) -> tuple[str, ...]:
        """The people's accounts on the channel of the conversation; who has none is left out."""
        channel = conversation.partition(":")[0]
        found = (self.house.roster.account_on(person, channel) for person in people)
        return tuple(account for account in found if account)

    # ── speaking

    def reaches(self, account: str) -> bool:
        """Whether the platform lets us speak to the person one-to-one."""
        return self._can(account).can_direct

    def tell(
        self,
        accounts: str | Iterable[str],
        text: str,
        *tickets: Ticket,
        slot: str = "",
        rich: bool = False,
        images: tuple[str, ...] = (),
    ) -> None:
        """One-to-one, to each account once; where the platform has no such talk, nothing.

        In the quiet hours only the speaker and urgent matters are not put off."""
        urgent = any(ticket.urgent for ticket in tickets)
        wanted = (accounts,) if isinstance(accounts, str) else tuple(dict.fromkeys(accounts))
        for account in wanted:
            if account and self._can(account).can_direct:
                personal = f"{slot}@{account}" if slot else ""
                at = self.now if urgent or account == self.speaker else self.awake_at()
                self._put(
                    account, text, "direct", tickets, at, slot=personal, rich=rich, images=images
                )

    async def post(
        self,
        ticket: Ticket,
        text: str,
        kind: str,
        *,
        others: Iterable[Ticket] = (),
        quote: str = "",
        mentions: tuple[str, ...] = (),
        slot: str = "",
        images: tuple[str, ...] = (),
    ) -> bool:
        """To the ticket's group, if mode, privacy and the number of posts allow, else its voices.

        What was reported one-to-one stays there, except for an emergency, of which both hear.
        Urgent posts always go out at once; the others wait for the end of the quiet hours.
        A later post with the same slot replaces one that is still waiting."""
        urgent = kind == "urgent"
        if not urgent and (ticket.private or not await self._group_allows(ticket, kind, slot)):
            self.tell(ticket.voices, text, ticket, slot=slot, images=images)
            return False
        if not told_there(ticket):
            self.tell(ticket.voices, text, ticket, images=images)
            quote = ""
        at = self.now if urgent else self.awake_at()
        self._put(
            ticket.group, text, kind, (ticket, *others), at,
            quote=quote, mentions=mentions, slot=slot, images=images,
        )  # fmt: skip
        return True

    def say(
        self, conversation: str, text: str, kind: str, *, quote: str = "", rich: bool = False
    ) -> None:
        """A post that belongs to no ticket, such as an answer to a command; not counted."""
        self._put(conversation, text, kind, (), self.now, quote=quote, rich=rich)

    async def _group_allows(self, ticket: Ticket, kind: str, slot: str) -> bool:
        if self.whispers(ticket.group) or not told_there(ticket):
            return False
        if kind not in BUDGETED:
            return True
        spoken_already = await self.tx.outbox.group_posts(ticket.id, slot)
        allowed = self.house.settings.group.posts_per_ticket + ticket.reopened
        kept_back = 1 if kind == "update" else 0
        return spoken_already + kept_back < allowed

    def whispers(self, conversation: str) -> bool:
        """Whether nothing but emergencies may be said there: mode 静默, or no group of ours."""
        return self.mode(conversation) == "quiet" or not self.is_group(conversation)

    def mode(self, conversation: str) -> str:
        group = self.group(conversation)
        return (group.mode if group else "") or self.house.settings.group.mode

    def is_group(self, conversation: str) -> bool:
        return self.group(conversation) is not None

    def awake_at(self) -> datetime:
        """Now, or the end of the quiet hours if they are on."""
        return awake_at(self.house.settings.group, self.now, self.house.zone)

    def _can(self, conversation: str) -> Capabilities:
        return self.house.capabilities.get(conversation.partition(":")[0], Capabilities())

    def _put(
        self,
        conversation: str,
        text: str,
        kind: str,
        tickets: Sequence[Ticket],
        at: datetime,
        *,
        quote: str = "",
        mentions: tuple[str, ...] = (),
        slot: str = "",
        rich: bool = False,
        images: tuple[str, ...] = (),
    ) -> None:
        in_group = self.is_group(conversation)
        can = self._can(conversation)
        fit = without_people(self.house, conversation, text, tickets) if in_group else text
        self.hid_in = conversation if fit != text else self.hid_in
        words = _cut(fit, can.max_text_bytes)
        shown = images[:MOST_PICTURES] if can.pictures else ()
        ids = tuple(ticket.id for ticket in tickets)
        post = Outbound(self.house.new_id(), conversation, words, quote, mentions, rich, shown)
        self.tx.outbox.put(
            OutRow(message=post, kind=kind, ticket_ids=ids, slot=slot, due_at=at, in_group=in_group)
        )


def told_there(ticket: Ticket) -> bool:
    """Whether the ticket was reported in its group, not one-to-one."""
    return ticket.origin in {"", ticket.group}


def _cut(text: str, most_bytes: int) -> str:
    """A text that the platform would refuse for its length, cut rather than lost."""
    coded = text.encode("utf-8", "replace")
    if len(coded) <= most_bytes:
        return text
    return coded[: most_bytes - 3].decode("utf-8", "ignore") + "…"
