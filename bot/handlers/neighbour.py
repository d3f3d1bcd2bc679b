"""What is said about a matter that another has just raised: where it is, what it may be, call help.

It is part of that matter or talk about it, never a report of its own; 我家也是 is followup.py's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.homes import settled
from bot.receipts import needs_place
from bot.reports import attach, support
from bot.talk_words import ADVISES, CALLS_HELP, REFERS
from routing.rules import UNKNOWN
from routing.ticket import OPEN, Ticket

router = Router("neighbour")

_JUST_NOW = timedelta(minutes=10)
_STILL_TALKED_OF = timedelta(minutes=30)
_SHORT = 20


def _about_others(ctx: Context) -> bool:
    """Whether it may speak of what a neighbour has raised: short words in a group we know."""
    talk = ctx.here is not None and not ctx.staff and ctx.command is None
    return talk and ctx.message.quote is None and len(ctx.message.text) <= _SHORT


async def _raised(ctx: Context, within: timedelta = _JUST_NOW) -> list[Ticket]:
    """The public matters that somebody else has raised here just now and that are still open."""
    assert ctx.here is not None
    alive = await ctx.tx.tickets.alive_in((ctx.here.conversation,))
    return [
        t for t in alive
        if t.state in OPEN and not t.private and t.reporter != ctx.sender
        and ctx.now - t.created_at <= within
    ]  # fmt: skip


@router.on(lambda ctx: _about_others(ctx) and bool(CALLS_HELP.fullmatch(ctx.message.text.strip())))
async def call_help(ctx: Context) -> str:
    """邻居说“快打120”：说的是刚才那件紧急的事，不另登记。"""
    return "silent" if any(t.urgent for t in await _raised(ctx)) else PASS


@router.on(lambda ctx: _about_others(ctx) and _reports(ctx) and not ctx.reading.places)
async def speak_of_it(ctx: Context) -> str:
    """“那条狗也追过我”记到邻居刚说的那件事上；“是不是扣了医保”“手机上就可以弄”是邻居间的话。"""
    text, codes = ctx.message.text.strip(), ctx.reading.codes
    if REFERS.match(text):
        same = [t for t in await _raised(ctx) if t.code in codes]
        for ticket in same[-1:]:
            support(ctx, ticket, ctx.sender, text)
            ctx.about = ticket.id
        return "supported" if same else PASS
    majors = {code[:2] for code in codes}
    advises = ADVISES.search(text) is not None
    asked = await _raised(ctx, _STILL_TALKED_OF) if advises else ()
    return "silent" if _of(majors, asked) else PASS


def _reports(ctx: Context) -> bool:
    return ctx.reading.kind == "report" and not ctx.reading.urgent


def _of(majors: set[str], tickets: Sequence[Ticket]) -> bool:
    return any(ticket.code[:2] in majors for ticket in tickets)


@router.on(lambda ctx: _about_others(ctx) and ctx.talk is None and _says_where(ctx))
async def tell_where(ctx: Context) -> str:
    """邻居替反映人回答位置：补到刚登记、还不知道位置的那件事里。"""
    waiting = [t for t in await _raised(ctx) if needs_place(t)]
    place = await settled(ctx, ctx.message, ctx.reading.places)
    if len(waiting) != 1 or place is None:
        return PASS
    (ticket,) = waiting
    moved = attach(ctx, ticket, ctx.message.text, ctx.message.images, place.text, place.normal)
    told = (ticket.reporter, *ctx.handlers(ticket))
    ctx.tell(told, texts.attached(ctx.line(moved)), moved)
    ctx.about = ticket.id
    return "placed"


def _says_where(ctx: Context) -> bool:
    """A place, and no matter that anybody could name."""
    reading = ctx.reading
    return bool(reading.places) and reading.kind == "report" and reading.codes == (UNKNOWN,)
