"""Staff simply talk: "我马上过去" answers a call, "灯换好了" may be a result, no report is either.

A result is never taken from a sentence alone: its speaker is asked one-to-one (hints.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import casework, texts
from bot.context import LEADERSHIP, Context
from bot.dispatcher import PASS, Router
from bot.hints import ask_if_done
from bot.homes import settled
from bot.reports import attach
from bot.rights import may, works_on
from bot.targets import fits, quoted
from nlp import similar
from routing import plain_work
from routing.commands import Verb
from routing.ticket import OPEN, State, Ticket

router = Router("plain_staff")

CALL_LASTS = timedelta(hours=2)
"""How long words of coming are understood as the answer to an urgent call."""
_RECENT = timedelta(hours=24)


def _speaks_of_work(ctx: Context) -> bool:
    """Whether staff say how it stands, and not by a command that was understood before."""
    weak = ctx.command is None or (ctx.says(Verb.RESOLVE) and not ctx.order.strong)
    text = ctx.message.text
    return ctx.staff and weak and (plain_work.done(text) or _acts(ctx) or plain_work.telling(text))


def _acts(ctx: Context) -> bool:
    return plain_work.going(ctx.message.text)


@router.on(_speaks_of_work)
async def hear_work(ctx: Context) -> str:
    """平常说“马上到”“灯换好了”：紧急呼叫算应答；像办理结果的私下问一句，回复 1 就办结。"""
    near = [t for t in await ctx.within_reach() if t.state in OPEN and may(ctx, Verb.RESOLVE, t)]
    if not near and not _decides(ctx):
        return PASS
    finished = plain_work.done(ctx.message.text)
    ticket = await _meant(ctx, near)
    called = _called(ctx, near, ticket) if finished or _acts(ctx) else None
    if called is not None:
        moved = await casework.accept(ctx, called, ctx.sender)
        ctx.confide(texts.done(Verb.TAKE, ctx.line(moved)), moved)
        near = [moved if t.id == moved.id else t for t in near]
        ticket = moved if ticket is None or ticket.id == moved.id else ticket
    ticket = ticket or _in_hand(ctx, near)
    if finished and ticket is not None and fits(Verb.RESOLVE, ticket):
        ctx.about = ticket.id
        return "asked" if await ask_if_done(ctx, ticket) else "silent"
    if called is not None:
        return "taken"
    return _no_report(ctx, near, ticket, finished=finished)


def _decides(ctx: Context) -> bool:
    """Whether it is the speaker's work here at all: a volunteer reports as everybody does."""
    if ctx.here is None:
        return False
    roles = ctx.house.roster.roles_in(ctx.sender, ctx.here.grid, ctx.now)
    return ctx.of_unit or bool(roles & LEADERSHIP)


async def _meant(ctx: Context, near: Sequence[Ticket]) -> Ticket | None:
    """The ticket that is quoted, or the one that the words fit better than any other."""
    if ctx.message.quote is not None:
        ids = {ticket.id for ticket in await quoted(ctx)}
        return next((ticket for ticket in near if ticket.id in ids), None)
    place = await settled(ctx, ctx.message, ctx.reading.places)
    scores = sorted(
        ((_score(ctx, t, place.normal if place else ""), t) for t in near),
        key=lambda pair: pair[0], reverse=True,
    )  # fmt: skip
    best = scores[0][0] if scores else 0
    return scores[0][1] if best > 0 and [s for s, _ in scores].count(best) == 1 else None


def _score(ctx: Context, ticket: Ticket, place: str) -> int:
    """How well the words fit: by what they are about, where, and the things they name."""
    if place and ticket.place_normal and similar.apart(place, ticket.place_normal):
        return 0
    codes = (*ctx.reading.codes, *ctx.reading.candidates)
    about = len(codes) + 1 - codes.index(ticket.code) if ticket.code in codes else 0
    where = 2 if place and place == ticket.place_normal else 0
    named = 2 if plain_work.common(ctx.message.text, ticket.text) else 0
    return about + where + named


def _called(ctx: Context, near: Sequence[Ticket], ticket: Ticket | None) -> Ticket | None:
    """The urgent ticket whose call the words answer: nobody has come for it yet."""
    waiting = [
        t for t in near
        if t.urgent and t.state is State.CONFIRMED and not t.handler
        and ctx.now - t.created_at <= CALL_LASTS
    ]  # fmt: skip
    if ticket is not None and ticket in waiting:
        return ticket
    return waiting[0] if len(waiting) == 1 else None


def _in_hand(ctx: Context, near: Sequence[Ticket]) -> Ticket | None:
    own = [t for t in near if t.handler == ctx.sender] or [t for t in near if works_on(ctx, t)]
    return own[0] if len(own) == 1 else None


def _no_report(
    ctx: Context, near: Sequence[Ticket], ticket: Ticket | None, *, finished: bool
) -> str:
    """What was said of work that is known is kept with it; what reports a new danger goes on."""
    if ctx.reading.kind != "report" or ctx.here is None:
        return PASS
    same = [t for t in near if t.code in ctx.reading.codes and ctx.now - t.created_at <= _RECENT]
    known = ticket or (same[-1] if same else None)
    if known is not None and (finished or _acts(ctx)):
        attach(ctx, known, ctx.message.text, ctx.message.images)
        ctx.about = known.id
        return "added"
    return PASS if ctx.reading.urgent or _only_acts(ctx, finished=finished) else "silent"


def _only_acts(ctx: Context, *, finished: bool) -> bool:
    """我去看了，灯不亮 still reports a lamp that nobody has reported."""
    return not finished and not plain_work.telling(ctx.message.text)
