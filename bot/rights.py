"""Who may use which word on a ticket: by office in its grid, by unit, by the duty list.

Which ticket is meant, and what is legal in its state, is targets.py."""

from __future__ import annotations

from bot.context import LEADERSHIP, Context
from routing.closing import SIGNERS
from routing.commands import Verb
from routing.roster import Role
from routing.ticket import Ticket

OF_UNIT = frozenset(
    {
        Verb.TAKE, Verb.PROGRESS, Verb.RESOLVE, Verb.RETURN, Verb.EXTEND, Verb.SUSPEND,
        Verb.RESUME, Verb.TRANSFER, Verb.HAND_UP,
    }
)  # fmt: skip
"""What a unit may say of what is with it."""


def may(ctx: Context, verb: Verb, ticket: Ticket) -> bool:
    """Whether the sender's roles allow this verb on this ticket."""
    roles = ctx.roles(ticket)
    if verb is Verb.EXCEPT:
        return bool(roles & set(SIGNERS))
    if verb is Verb.URGE:
        return bool(roles & (LEADERSHIP | {Role.SUPERVISOR})) or ctx.sender in ticket.voices
    if verb is Verb.SUPERVISE:
        return bool(roles & {Role.SUPERVISOR, Role.STREET, Role.DISTRICT, Role.ADMIN})
    if verb is Verb.RETURN:
        return works_on(ctx, ticket)
    if verb in {Verb.TAKE, Verb.CONFIRM} and _on_duty(ctx, ticket):
        return True
    return bool(roles & LEADERSHIP) or (verb in OF_UNIT and works_on(ctx, ticket))


def _on_duty(ctx: Context, ticket: Ticket) -> bool:
    """Whether the sender stands on the duty list that the emergency is called by."""
    person = ctx.house.roster.person_of(ctx.sender)
    chain = ctx.house.roster.duty_chain(ticket.grid, ticket.created_at) if ticket.urgent else ()
    return person is not None and person in chain


def works_on(ctx: Context, ticket: Ticket) -> bool:
    """Whether the ticket is with the sender or the sender's unit."""
    units = ctx.units_for(ticket)
    given = bool(ticket.unit) and ticket.unit in units
    return given or ticket.handler == ctx.sender or bool(ctx.own_share(ticket))


def who_may(verb: Verb) -> str:
    if verb is Verb.EXCEPT:
        return "社区、街道或督办的同志"
    if verb is Verb.SUPERVISE:
        return "督办员、街道或区县"
    if verb is Verb.RETURN:
        return "承办单位"
    return "网格长或承办单位" if verb in OF_UNIT else "网格长或社区"
