"""The one receipt for a message, in public or in private, and who else must know at once.

Which tickets a message opens is decided in reports.py."""

from __future__ import annotations

from datetime import timedelta

from bot import casework, texts
from bot.context import Context
from bot.targets import followed
from routing.message import Inbound
from routing.ticket import State, Ticket
from storage.talks import Talk

PLACED = frozenset({"01", "02", "03", "04", "05", "06", "07", "08", "17"})
"""大类 that nobody can act on without knowing where."""

NOWHERE = frozenset({"1503"})
"""Emergencies that happen at no place: a swindler is on the telephone."""


async def acknowledge(ctx: Context, message: Inbound, opened: list[Ticket]) -> None:
    """One receipt for the public ones, a neutral one for private ones, and who else must know."""
    public = [t for t in opened if not t.private]
    urgent = next((t for t in public if t.urgent), None)
    if len(public) == 1 and urgent is None and await _answer_known(ctx, message, public[0]):
        return
    for ticket in opened:
        if ticket.private:
            _neutral(ctx, message, ticket)
        _tell_staff(ctx, message, ticket)
    if urgent is not None:
        await _urgent(ctx, message, urgent, public)
    elif public:
        await _ordinary(ctx, message, public)


async def welcome(ctx: Context, message: Inbound, joined: list[Ticket]) -> None:
    """Nothing new was opened: what the reporter adds now joins the ticket that goes on for it.

    Who cannot be told one-to-one reads it in the group, as far as that may still speak of it."""
    going_on = [await followed(ctx, ticket) for ticket in joined]
    waits = ctx.talk is not None and ctx.talk.asks not in {"", "start"}
    if not waits and message.sender == ctx.sender:
        _listen(ctx, message, going_on[:1], "")
    if not ctx.reaches(message.sender) and not going_on[0].private:
        text = texts.joined_in_group(ctx.line(going_on[0]))
        await ctx.post(going_on[0], text, "update", quote=message.platform_id)


async def _answer_known(ctx: Context, message: Inbound, ticket: Ticket) -> bool:
    if ticket.nature != "咨询":
        return False
    today = ctx.now.astimezone(ctx.house.zone).date()
    known = ctx.house.roster.answer(ticket.grid, ticket.code, message.text, today)
    if known is None:
        return False
    await casework.answer_at_once(ctx, ticket, known)
    _listen(ctx, message, [ticket], "")
    return True


async def _ordinary(ctx: Context, message: Inbound, opened: list[Ticket]) -> None:
    lines = [ctx.line(t) for t in opened]
    asks = [t for t in opened if needs_place(t)]
    notes = [texts.recurrence(ctx.line(t)) for t in opened if t.recurs]
    text = texts.receipt(lines, bool(asks), notes)
    first, *others = opened
    await ctx.post(first, text, "receipt", others=others, quote=message.platform_id)
    _listen(ctx, message, opened, "place" if asks else "")


async def _urgent(ctx: Context, message: Inbound, ticket: Ticket, opened: list[Ticket]) -> None:
    called = casework.call_duty(ctx, ticket, 0)
    text = texts.urgent_receipt(ctx.line(ticket), texts.advice(ticket.code, ctx.phones(ticket)))
    if not ticket.place and ticket.code not in NOWHERE:
        text += texts.ASK_PLACE_NOW
    others = [t for t in opened if t is not ticket]
    await ctx.post(
        ticket, text, "urgent", others=others, quote=message.platform_id, mentions=called
    )
    ctx.tell(called, texts.urgent_call(ctx.line(ticket), again=False), ticket)
    _warn_unit(ctx, ticket)
    asks = "" if ticket.place or ticket.code in NOWHERE else "place"
    _listen(ctx, message, [ticket, *others], asks)


def _neutral(ctx: Context, message: Inbound, ticket: Ticket) -> None:
    """A private matter: nothing about it in the group, the rest one-to-one."""
    line = ctx.line(ticket)
    if ctx.awake_at() == ctx.now and not ctx.whispers(message.conversation):
        words = texts.NEUTRAL_RECEIPT
        ctx.say(message.conversation, words, "neutral", quote=message.platform_id)
    ctx.tell(ticket.reporter, texts.private_receipt(line), ticket)
    if ticket.urgent:
        called = casework.call_duty(ctx, ticket, 0)
        ctx.tell(called, texts.urgent_call(line, again=False), ticket)
        _warn_unit(ctx, ticket)
        ctx.tell(ticket.reporter, texts.advice(ticket.code, ctx.phones(ticket)), ticket)
    _listen(ctx, message, [ticket], "")


def _warn_unit(ctx: Context, ticket: Ticket) -> None:
    """The responsible unit hears of an emergency at once, before anybody has dispatched it."""
    text = texts.urgent_for_unit(ctx.line(ticket), ticket.text)
    ctx.tell(ctx.crew(ticket.unit, ticket), text, ticket)


def _tell_staff(ctx: Context, message: Inbound, ticket: Ticket) -> None:
    if ticket.urgent or ticket.state is not State.REPORTED:
        return
    unit = ctx.unit_name(ticket) if ticket.unit not in {"", "grid"} else ""
    text = texts.new_for_leader(ctx.line(ticket), message.text, unit)
    ctx.tell([a for a in ctx.leaders(ticket) if a != ctx.sender], text, ticket)


def needs_place(ticket: Ticket) -> bool:
    """Whether the category cannot be handled without a place that the message lacks."""
    return (
        not ticket.place
        and ticket.code[:2] in PLACED
        and ticket.nature not in {"咨询", "建议", "表扬"}
    )


def _listen(ctx: Context, message: Inbound, tickets: list[Ticket], asks: str) -> None:
    """Open the conversation window: what the reporter adds now joins these tickets."""
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    ids = tuple(t.id for t in tickets)
    aside = tickets[0].private or ctx.awake_at() > ctx.now or ctx.whispers(message.conversation)
    places = {message.conversation, message.sender} if aside else {message.conversation}
    for place in sorted(places):
        ctx.tx.talks.put(Talk(place, message.sender, until, ids, asks))
