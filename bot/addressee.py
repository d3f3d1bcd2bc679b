"""Whom a 派单 or 转 names: a unit or somebody of the staff, by the words of the command.

Handing the ticket over is handlers/handling.py."""

from __future__ import annotations

from bot import texts
from bot.context import Context
from bot.targets import Polite
from routing.commands import Verb
from routing.roster import Person, Unit
from routing.ticket import Ticket


def role_of(ctx: Context, person: Person, ticket: Ticket) -> str:
    """How residents are told of the person."""
    (account,) = ctx.accounts((person,), ticket.group) or ("",)
    return ctx.public_name(account, ticket.grid)


def addressee(ctx: Context, ticket: Ticket) -> Unit | Person:
    """The unit or person that the words of the command name; without words the proposed unit.

    Raises Polite for none and for several."""
    roster, words = ctx.house.roster, ctx.order.argument
    if not words:
        if ctx.order.verb is Verb.DISPATCH and (unit := roster.unit(ticket.unit)) is not None:
            return unit
        raise Polite(texts.needs_words(ctx.order.verb, texts.EXAMPLES[ctx.order.verb]))
    units = roster.unit_named(words, ticket.grid) or roster.unit_named(
        words.split()[0], ticket.grid
    )
    exact = [u for u in units if words in (u.id, u.name, *u.words)]
    people = () if exact else roster.staff_named(words, ticket.grid, ctx.now)
    found: tuple[Unit | Person, ...] = tuple(exact) or people or units
    if len(found) == 1:
        return found[0]
    if not found:
        raise Polite(texts.unknown_unit(words))
    raise Polite(texts.several_units(words, [one.name for one in found]))
