"""A resident simply talks: a report is registered, what might be one is asked of the leader.

How tickets are opened and receipts are made is reports.py."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.hints import ask_leaders
from bot.homes import settled
from bot.proposals import candidates
from bot.reports import attach, open_reports, places_agree
from bot.targets import visible
from nlp import scope
from nlp.reading import Reading
from routing.ticket import ALIVE, OPEN, Ticket

router = Router("report")

_PRAISE = re.compile("表扬|点赞|锦旗|夸|感谢信")
"""What makes thanks a matter to be passed on; other thanks are talk."""
LEAST_DOUBT = 0.25
"""From here a follow-up that no ticket is open for is looked at as the report it may be."""


@router.on(lambda ctx: ctx.staff and ctx.here is not None and _says_it_is_over(ctx))
async def hear_the_end(ctx: Context) -> str:
    """办事的人在群里说“人出来了”“查过了没漏”：不当新问题登记，提醒他办结紧急的那一件。"""
    alive = await ctx.tx.tickets.alive_in(ctx.groups)
    urgent = [t for t in alive if t.urgent and t.state in OPEN and visible(ctx, t)]
    if not urgent:
        return PASS
    for ticket in urgent:
        ctx.tell(ctx.sender, texts.is_it_over(ctx.line(ticket)), ticket)
    return "asked"


def _says_it_is_over(ctx: Context) -> bool:
    text = ctx.message.text
    reported = ctx.command is None and ctx.reading.kind == "report"
    return reported and (scope.ended(text) or scope.denied(text))


@router.on(
    lambda ctx: ctx.reading.kind == "report" and (ctx.home is not None or not ctx.message.is_group)
)
async def register(ctx: Context) -> str:
    """直接说哪里有什么问题：登记、回执、通知网格长。"""
    return await _decide(ctx, ctx.reading)


async def _decide(ctx: Context, reading: Reading) -> str:
    """Sure enough, it is registered; below, or in a group with mode 提示, the leader is asked."""
    limits = ctx.house.settings.group
    if reading.nature == "表扬" and ctx.message.is_group and not _PRAISE.search(ctx.message.text):
        return PASS
    hint = ctx.here is not None and ctx.mode(ctx.here.conversation) == "hint"
    if reading.urgent or (reading.confidence >= limits.report_confidence and not hint):
        return await open_reports(ctx, ctx.message, reading)
    least = min(limits.hint_confidence, reading.doubt or 1)
    if reading.confidence < least or ctx.here is None:
        return PASS
    return "suggested" if await ask_leaders(ctx, ctx.message, reading) else PASS


@router.on(lambda ctx: _may_be_new(ctx) and not ctx.staff and ctx.command is None)
async def suspect(ctx: Context) -> str:
    """像在追问，却没有在办的事可追问：当作新问题，有把握就登记，没把握先问网格长。"""
    code = ctx.reading.candidates[0]
    mine = [t for t in await _spoken_of(ctx, code) if ctx.sender in t.voices]
    if mine:
        attach(ctx, mine[-1], ctx.message.text, ctx.message.images)
        ctx.about = mine[-1].id
        return "added"
    if await _spoken_of(ctx, code):
        return PASS
    doubt = ctx.reading.doubt
    return await _decide(ctx, replace(ctx.reading, kind="report", codes=(code,), confidence=doubt))


def _may_be_new(ctx: Context) -> bool:
    reading = ctx.reading
    named = reading.kind == "follow_up" and bool(reading.candidates)
    return named and reading.doubt >= LEAST_DOUBT and ctx.here is not None


async def _spoken_of(ctx: Context, code: str) -> list[Ticket]:
    """The alive tickets that such words would follow up: of the category, at that place if any."""
    assert ctx.here is not None
    place = await settled(ctx, ctx.message, ctx.reading.places)
    normal = place.normal if place is not None else ""
    found = await candidates(ctx, ctx.here.conversation, code, normal)
    return [t for t in found if t.state in ALIVE and not t.private and places_agree(t, normal)]
