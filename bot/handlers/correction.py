"""A reporter puts the place of a fresh report right: 打错了，是8幢; 不是3单元是5单元.

What follows from it is relocation.py; a place that was asked for is followup.py's."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.relocation import relocate
from bot.reports import attach
from bot.targets import Polite, own_tickets, quoted
from nlp.corrections import corrected, corrects
from nlp.reading import Place
from routing.ticket import OPEN, Ticket

router = Router("correction")
RECENT = timedelta(hours=24)


def _words(ctx: Context) -> tuple[str, ...]:
    return ctx.home.words if ctx.home is not None else ()


@router.on(lambda ctx: not ctx.message.images and corrects(ctx.message.text, _words(ctx)))
async def correct(ctx: Context) -> str:
    """打错了，是8幢／不是3单元是5单元：更正自己刚反映的事的位置。"""
    found = []
    for ticket in await _own(ctx):
        old = Place(ticket.place, ticket.place_normal)
        if (new := corrected(ctx.message.text, old, _words(ctx))) is not None:
            found.append((ticket, new))
    for ticket, new in _meant(ctx, found):
        ctx.about = ticket.id
        if ticket.supporters:
            return _ask_staff(ctx, ticket)
        moved = await relocate(ctx, ticket, new, ctx.sender)
        ctx.confide(texts.relocated(ctx.line(moved)), moved)
        return "relocated"
    return PASS


async def _own(ctx: Context) -> list[Ticket]:
    """The sender's open reports of the last day; of a quoted one that alone."""
    found = await quoted(ctx) if ctx.message.quote is not None else await own_tickets(ctx)
    return [
        t for t in found
        if t.reporter == ctx.sender and t.state in OPEN and ctx.now - t.created_at <= RECENT
    ]  # fmt: skip


def _meant(ctx: Context, found: list[tuple[Ticket, Place]]) -> list[tuple[Ticket, Place]]:
    """The only one it fits, or the one just spoken of. Raises Polite when it may be several."""
    if len(found) > 1 and ctx.talk is not None:
        just_now = [one for one in found if one[0].id in ctx.talk.ticket_ids]
        found = just_now if len(just_now) == 1 else found
    if len(found) > 1:
        raise Polite(texts.which_place([ctx.line(ticket) for ticket, _ in found]))
    return found


def _ask_staff(ctx: Context, ticket: Ticket) -> str:
    """Neighbours have joined it where it was: staff find out whether it is one matter or two."""
    moved = attach(ctx, ticket, ctx.message.text)
    staff = (*ctx.leaders(moved), *ctx.handlers(moved))
    ctx.tell(staff, texts.place_in_doubt(ctx.line(moved), ctx.message.text), moved)
    ctx.confide(texts.place_passed_on(ctx.line(moved)), moved)
    return "asked"
