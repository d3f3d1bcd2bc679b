"""Words to the bot that nothing else took: it says how to speak to it, and stops at that.

Talk among people never comes here; they are answered by silence."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from storage.talks import Talk

router = Router("lost")


@router.on(lambda ctx: ctx.message.to_me and not ctx.courtesy and bool(ctx.message.text.strip()))
async def say_how(ctx: Context) -> str:
    """对小格说的话没听明白：说明怎么说；对居民半小时内只说一次。"""
    known = ctx.here is not None or not ctx.message.is_group
    if not known or not ctx.reaches(ctx.sender):
        return PASS
    if ctx.staff:
        ctx.confide(texts.LOST_STAFF)
        return "answered"
    place, who = ctx.message.conversation, f"lost:{ctx.sender}"
    said = ctx.tx.talks.window(place, who)
    if said is not None and said.until >= ctx.now:
        return PASS
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    ctx.tx.talks.put(Talk(place, who, until, asks="lost"))
    return ctx.answer(texts.LOST)
