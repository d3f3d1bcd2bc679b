"""The one argument of a handler: the message, what it means, who speaks, and the desk to act on.

It decides nothing; questions it answers are computed from what a batch has already loaded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cached_property

from bot import texts
from bot.desk import Desk
from bot.discretion import roles_for, without_people
from bot.house import House
from nlp.reading import Reading
from routing.commands import Command, Verb, parse
from routing.elsewhere import acts_for, works_within
from routing.message import Inbound
from routing.roster import Group, Role
from routing.ticket import Ticket
from storage.store import Transaction
from storage.talks import Talk

_LONG, _LATELY = 500, 20
_DAY = timedelta(days=1)
_COURTESY = re.compile(
    r"\s*(?:谢谢|多谢|感谢|辛苦|好(?![久几多])的?|收到|ok|嗯+|哦+|知道了|明白)[\s\S]{0,8}$",
    re.IGNORECASE,
)


WORDS = "words"
"""What a window waits for after a plain sentence of somebody who works on just one ticket."""

_TAKES_WORDS = frozenset({Verb.RESOLVE, Verb.PROGRESS, Verb.RETURN, Verb.SUSPEND})

LEADERSHIP = frozenset(
    {
        Role.MICRO_LEADER, Role.LEADER, Role.WORKER, Role.COMMUNITY, Role.SECRETARY,
        Role.STREET, Role.DISTRICT, Role.ADMIN,
    }
)  # fmt: skip
"""Roles that decide about the tickets of their grid."""


class Context(Desk):
    """A desk for one message; `talk` is the sender's open conversation window, if any.

    `about`: the id of the ticket that the message turned out to be about, 0 while unknown."""

    def __init__(
        self, house: House, tx: Transaction, message: Inbound, reading: Reading, talk: Talk | None
    ) -> None:
        super().__init__(house, tx, message.received_at, message.id)
        self.message, self.reading = message, reading
        self.about = 0
        self.speaker = message.sender
        self._discreet = False
        self.talk = talk if talk is not None and talk.until >= self.now else None

    @property
    def sender(self) -> str:
        return self.message.sender

    @cached_property
    def command(self) -> Command | None:
        return self._completed(parse(self.message.text))

    def _completed(self, order: Command | None) -> Command | None:
        """A bare 办结 or 退单 after words that were not understood takes them as its own."""
        heard = self.talk if self.talk is not None and self.talk.asks == WORDS else None
        if order is None or heard is None or order.verb not in _TAKES_WORDS or order.numbers:
            return order
        if order.argument and (order.strong or order.verb is not Verb.RESOLVE):
            return order
        words, number = heard.data["words"], int(heard.data["number"])
        return replace(order, numbers=(number,), argument=words, strong=True)

    @property
    def overlong(self) -> bool:
        """Whether the message begins as an order about a named ticket but is too long for one."""
        text = self.message.text
        if len(text) <= _LONG or not (self.staff or self.message.to_me):
            return False
        begun = parse(text[:_LONG])
        return begun is not None and begun.strong and bool(begun.numbers or self.message.quote)

    def says(self, *verbs: Verb) -> bool:
        """Whether the message is one of these commands."""
        return self.command is not None and self.command.verb in verbs

    @property
    def order(self) -> Command:
        """The command, where a test has made sure that there is one."""
        assert self.command is not None
        return self.command

    @cached_property
    def courtesy(self) -> bool:
        """Whether the message says no more than thanks or yes."""
        return _COURTESY.match(self.message.text) is not None

    @cached_property
    def here(self) -> Group | None:
        """The group that is spoken in; None one-to-one or in a group we do not know."""
        return self.group(self.message.conversation)

    @cached_property
    def home(self) -> Group | None:
        """The group that a ticket of this message belongs to."""
        home = self.here or self.house.roster.home_group(self.sender)
        if home is not None or self.message.is_group:
            return home
        return self.led[0] if len(self.led) == 1 else None

    @cached_property
    def led(self) -> tuple[Group, ...]:
        """The groups that the sender leads."""
        return self.house.roster.groups_of_leader(self.sender, self.now)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Conversations whose numbers the sender may mean: here, or one-to-one all of his."""
        if self.here is not None:
            return (self.here.conversation,)
        roster = self.house.roster
        served = (
            g
            for post in roster.posts_of(self.sender, self.now)
            for g in roster.groups_under(post.grid)
        )
        units = roster.units_of(self.sender, self.now)
        scopes = {unit.grid for unit_id in units if (unit := roster.unit(unit_id)) is not None}
        units_groups = (g for scope in sorted(scopes) for g in roster.groups_under(scope))
        home = (self.home,) if self.home else ()
        known = (*home, *self.led, *served, *units_groups)
        own = self.message.conversation
        return tuple(dict.fromkeys((*(g.conversation for g in known), own)))

    @cached_property
    def staff(self) -> bool:
        """Whether the sender holds any post or works for a unit, anywhere."""
        roster = self.house.roster
        return bool(
            roster.posts_of(self.sender, self.now) or roster.units_of(self.sender, self.now)
        )

    @cached_property
    def of_unit(self) -> bool:
        """Whether the sender works for a unit and decides nothing in any grid."""
        roster = self.house.roster
        roles = {post.role for post in roster.posts_of(self.sender, self.now)}
        return bool(roster.units_of(self.sender, self.now)) and not roles & LEADERSHIP

    @property
    def pointed(self) -> bool:
        """Whether a staff word is meant as one: said by staff, or pointed at a ticket."""
        order, quote = self.command, self.message.quote
        points = order is not None and order.strong and bool(order.numbers or quote)
        return self.staff or points

    def units_for(self, ticket: Ticket) -> frozenset[str]:
        """Ids of the units that the sender may act for on the ticket."""
        return acts_for(self.house.roster, self.sender, ticket.grid, self.now)

    def own_share(self, ticket: Ticket) -> str:
        """The unit of a joint ticket that the sender works for, "" if none."""
        units = self.units_for(ticket)
        return next((share.unit for share in ticket.shares if share.unit in units), "")

    async def within_reach(self) -> list[Ticket]:
        """The living tickets of `groups` and those of others that the sender was called to."""
        alive = await self.tx.tickets.alive_in(self.groups)
        return [*alive, *await self.called_elsewhere()]

    async def called_elsewhere(self) -> list[Ticket]:
        """One-to-one: living tickets of other groups that a unit of the sender was called to."""
        if self.message.is_group or not works_within(self.house.roster, self.sender, self.now):
            return []
        known, shared = set(self.groups), await self.tx.tickets.joint()
        others = (t for t in shared if t.group not in known)
        return [t for t in others if self.units_for(t) & {share.unit for share in t.shares}]

    async def concerned_elsewhere(self) -> list[Ticket]:
        """One-to-one: tickets of groups that no list tells to be the sender's, yet of his concern:
        those he is a voice of, and those that a unit of his was called to."""
        if self.message.is_group:
            return []
        own = [] if self.staff else await self.tx.tickets.of_voice(self.sender, None, _LATELY)
        return [*own, *await self.called_elsewhere()]

    def roles(self, ticket: Ticket) -> frozenset[Role]:
        """The sender's roles in the ticket's grid."""
        return roles_for(ticket, self.house.roster.roles_in(self.sender, ticket.grid, self.now))

    def role_name(self, ticket: Ticket) -> str:
        """How the sender is named to residents."""
        return self.public_name(self.sender, ticket.grid)

    def line(self, ticket: Ticket) -> texts.Line:
        """The ticket as words; from now on a private one keeps the answer out of the group."""
        self._discreet = self._discreet or ticket.private
        return super().line(ticket)

    def answer(self, text: str) -> str:
        """Reply where the person spoke, or one-to-one where the group must stay quiet.

        Of a private matter nothing is said in a group, even where no other way is open."""
        place = self.message.conversation
        aside = self._discreet or self.mode(place) == "quiet" or self.awake_at() > self.now
        aside = aside and self.message.is_group
        if aside and self._can(self.sender).can_direct:
            self.tell(self.sender, text)
        elif not (aside and self._discreet):
            quote = self.message.platform_id if self.message.is_group else ""
            self.say(self.message.conversation, text, "answer", quote=quote)
        return "answered"

    def turn_down(self, text: str, aloud: str) -> str:
        """What could not be done: to staff one-to-one, where no such way is open `aloud`."""
        if not (self.message.is_group and self.staff):
            return self.answer(text)
        if not self.reaches(self.sender):
            return self.answer(aloud)
        self.tell(self.sender, text)
        return "answered"

    def confide(self, text: str, *tickets: Ticket) -> None:
        """Tell the sender one-to-one; in the group only what is public and has no other way."""
        if self._can(self.sender).can_direct:
            self.tell(self.sender, text, *tickets)
        elif not self._discreet or not self.message.is_group:
            self.answer(text)

    def keep_listening(self, asks: str) -> None:
        """Prolong the sender's window, now waiting for `asks` ("" for any addition)."""
        assert self.talk is not None
        until = self.now + timedelta(minutes=self.house.settings.group.window_min)
        self.tx.talks.put(replace(self.talk, asks=asks, until=until))

    def finish(self, outcome: str) -> None:
        """Mark the message as dealt with, linked to the ticket it was about, if any."""
        if self.hid_in and self.staff and self.command is not None:
            self._explain_hiding(self.command.argument)
        self.tx.inbox.done(self.message.id, outcome, self.about)

    def _explain_hiding(self, words: str) -> None:
        """Once a day: that a name or a number in one's own words was kept from the group."""
        place, who = self.message.conversation, f"hid:{self.sender}"
        said = self.tx.talks.window(place, who)
        if said is not None and said.until >= self.now:
            return
        if without_people(self.house, self.hid_in, words) != words:
            self.tx.talks.put(Talk(place, who, self.now + _DAY, asks="hid"))
            self.tell(self.sender, texts.HIDDEN)
