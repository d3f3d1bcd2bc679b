"""A resident simply talks: a report is registered, what might be one is asked of the leader.

How tickets are opened and receipts are made is reports.py."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.reports import open_reports
from storage.talks import Talk

router = Router("report")

_MOST_HINTS = 20


@router.on(
    lambda ctx: ctx.reading.kind == "report" and (ctx.home is not None or not ctx.message.is_group)
)
async def register(ctx: Context) -> str:
    """直接说哪里有什么问题：登记、回执、通知网格长。"""
    limits = ctx.house.settings.group
    reading = ctx.reading
    hint = ctx.here is not None and ctx.mode(ctx.here.conversation) == "hint"
    if reading.urgent or (reading.confidence >= limits.report_confidence and not hint):
        return await open_reports(ctx, ctx.message, reading)
    if reading.confidence >= limits.hint_confidence and ctx.here is not None:
        return await _ask_leaders(ctx)
    return PASS


async def _ask_leaders(ctx: Context) -> str:
    """Below the line, or in a group where the bot only suggests: the leader decides by one word."""
    assert ctx.here is not None
    name = ctx.house.taxonomy.name(ctx.reading.codes[0]) if ctx.reading.codes else "未分类"
    until = ctx.now + timedelta(days=1)
    hint = (ctx.message.channel, ctx.message.platform_id, texts.short(ctx.message.text))
    people = ctx.house.roster.leaders(ctx.here.grid, ctx.now)
    leaders = ctx.accounts(people, ctx.here.conversation)
    for leader in leaders:
        talk = (await ctx.tx.talks.of((leader,))).get((leader, leader))
        asked = talk is not None and talk.asks == "open" and talk.until >= ctx.now
        waiting = list(talk.data["hints"]) if talk and asked else []
        hints = {"hints": [*waiting, hint][-_MOST_HINTS:]}
        ctx.tx.talks.put(Talk(leader, leader, until, asks="open", data=hints))
    ctx.tell(leaders, texts.suggestion(name, ctx.message.text))
    return "suggested" if leaders else PASS
