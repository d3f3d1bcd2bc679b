"""Words to the bot that nothing else took: it says how to speak to it, and stops at that.

Talk among people never comes here; they are answered by silence."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import WORDS, Context
from bot.desk import UNGIVEN
from bot.dispatcher import PASS, Router
from bot.rights import works_on
from routing.commands import take_numbers
from routing.ticket import OPEN, Ticket
from storage.talks import Talk

router = Router("lost")


_MOST_WORDS = 200


@router.on(lambda ctx: ctx.message.to_me and not ctx.courtesy and bool(ctx.message.text.strip()))
async def say_how(ctx: Context) -> str:
    """对小格说的话没听明白：说明怎么说；对居民半小时内只说一次。"""
    known = ctx.here is not None or not ctx.message.is_group
    if not known or not ctx.reaches(ctx.sender):
        return PASS
    if ctx.staff:
        return await _ask_what_is_meant(ctx)
    place, who = ctx.message.conversation, f"lost:{ctx.sender}"
    said = ctx.tx.talks.window(place, who)
    if said is not None and said.until >= ctx.now:
        return PASS
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    ctx.tx.talks.put(Talk(place, who, until, asks="lost"))
    return ctx.answer(texts.LOST)


async def _ask_what_is_meant(ctx: Context) -> str:
    """Staff one-to-one: words about the one ticket in hand are kept, one more word then says
    whether they are a result, how far it is, or a refusal."""
    ticket = await _in_hand(ctx)
    if ticket is None:
        ctx.confide(texts.LOST_STAFF)
        return "answered"
    _, words = take_numbers(ctx.message.text.strip())
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    data = {"words": words.strip(), "number": ticket.number}
    place = ctx.message.conversation
    ctx.tx.talks.put(Talk(place, ctx.sender, until, (ticket.id,), WORDS, data))
    ctx.confide(texts.what_is_meant(ctx.line(ticket), words.strip()), ticket)
    return "asked"


async def _in_hand(ctx: Context) -> Ticket | None:
    """The ticket that the sender's words name by number, else the only one given to him."""
    if ctx.message.is_group or ctx.command is not None or len(ctx.message.text) > _MOST_WORDS:
        return None
    numbers, _ = take_numbers(ctx.message.text.strip())
    alive = [t for t in await ctx.within_reach() if t.state in OPEN and works_on(ctx, t)]
    given = [t for t in alive if t.state not in UNGIVEN or t.handler == ctx.sender]
    meant = [t for t in given if t.number in numbers] if numbers else given
    return meant[0] if len(meant) == 1 else None
