"""Talk about a ticket that exists: the place asked for, additions and photos, 我家也是 and +1.

A message about something new is not taken here; report.py registers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.homes import settled
from bot.proposals import WIDE
from bot.receipts import needs_place
from bot.reports import (
    SPREADING,
    START,
    attach,
    open_reports,
    places_agree,
    support,
    urge,
)
from bot.talk_words import ME_TOO
from bot.targets import FEW_GROUPS, followed, named, quoted
from nlp import similar, urgency
from nlp.reading import Place, Reading
from routing.ticket import ALIVE, OPEN, Ticket
from storage.talks import Talk

router = Router("followup")

_NUMBER = re.compile(r"[#＃]\s*(\d{1,6})")
_SHORT, _SHORTEST = 20, 12
_PRESSES = re.compile(
    r"(?!.*(?:来人|救|1[12]\d))(?:麻烦|拜托|能不能)?(?:快一?[点些]|搞快|快来|赶紧|赶快|速度)"
)
_ELSEWHERE = re.compile("[?？吗呢也都不没去到来回走过买卖吃]|谢|错|好了|怎么|咋|谁|哪")
_LONGEST_ME_TOO = 80
_JUST_NOW = timedelta(minutes=10)
_MOST_PHOTOS, _AROUND = 9, 2


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks == "place")
async def answer_place(ctx: Context) -> str:
    """直接回复位置：补到刚登记的事项里。"""
    assert ctx.talk is not None
    text = ctx.message.text.strip()
    places = ctx.reading.places
    says_where = bool(places) or (len(text) <= _SHORT and ctx.message.quote is not None)
    if not text or ctx.courtesy or not says_where:
        return PASS
    tickets = await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids)
    waiting = [t for t in tickets if (t.state in ALIVE and needs_place(t)) or t.urgent]
    if _of_its_own(ctx, waiting):
        return PASS
    known = await settled(ctx, ctx.message, places) or Place(places[0].text if places else text, "")
    for ticket in waiting:
        blank = replace(ticket, place="") if ticket.urgent else ticket
        moved = attach(ctx, blank, text, ctx.message.images, known.text, known.normal)
        called = ctx.leaders(moved) if moved.urgent else ()
        told = (ctx.sender, *ctx.handlers(moved), *called)
        ctx.tell(told, texts.attached(ctx.line(moved)), moved)
    ctx.keep_listening("")
    return "placed" if waiting else PASS


def _of_its_own(ctx: Context, waiting: Sequence[Ticket]) -> bool:
    """Whether what might answer the question is a report by itself: long, or of another kind of
    matter than those that wait for their place."""
    long = len(ctx.message.text.strip()) > _SHORT
    majors = {code[:2] for code in ctx.reading.codes}
    other = _is_report(ctx) and majors.isdisjoint(t.code[:2] for t in waiting)
    return ctx.reading.kind == "report" and (long or other)


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks in {"", "place"})
async def add(ctx: Context) -> str:
    """同一个人接着补充的话和照片：补到刚登记的事项里。"""
    assert ctx.talk is not None
    if (pressed := _pressed(ctx, await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids))) is not None:
        await urge(ctx, pressed, ctx.message.text)
        ctx.about = pressed.id
        return "urged"
    photo = bool(ctx.message.images)
    where = await _more_exact(ctx)
    addition = ctx.reading.kind == "follow_up" or where is not None or _confides(ctx)
    tickets = [t for t in await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids) if t.state in ALIVE]
    if not tickets or not (photo or (addition and ctx.command is None)) or _is_report(ctx):
        return PASS
    _add_to(ctx, tickets[-1], where)
    ctx.about = tickets[-1].id
    ctx.keep_listening(ctx.talk.asks)
    return "added"


def _pressed(ctx: Context, tickets: Sequence[Ticket]) -> Ticket | None:
    """What 快点，要进屋了 presses for: the matter just reported, where no new danger is named."""
    text, reading = ctx.message.text.strip(), ctx.reading
    presses = _PRESSES.match(text) is not None and len(text) <= _SHORTEST
    line = ctx.house.settings.group.report_confidence
    sure = reading.kind == "report" and reading.confidence >= line
    if not presses or ctx.staff or sure or reading.places or urgency.alarmed(text):
        return None
    return next((t for t in reversed(tickets) if t.state in OPEN), None)


def _add_to(ctx: Context, ticket: Ticket, where: Place | None) -> None:
    """What helps to find the place, and what nobody else can read, is passed on at once."""
    staff = [account for account in ctx.handlers(ticket) if account != ctx.sender]
    if where is None or not _fits_place(ticket, where):
        moved = attach(ctx, ticket, ctx.message.text, ctx.message.images)
        if _confides(ctx):
            ctx.tell(ctx.sender, texts.attached(ctx.line(moved)), moved)
            ctx.tell(staff, texts.added(ctx.line(moved), ctx.message.text), moved)
        return
    known = "，".join(filter(None, (ticket.place, where.text)))
    normal = where.normal if places_agree(ticket, where.normal) else ticket.place_normal
    blank = replace(ticket, place="")
    moved = attach(ctx, blank, ctx.message.text, ctx.message.images, known, normal)
    ctx.tell((ctx.sender, *staff), texts.attached(ctx.line(moved)), moved)


def _fits_place(ticket: Ticket, where: Place) -> bool:
    """Whether it says more about where the matter is, not that it is somewhere else."""
    elsewhere = similar.apart(ticket.place_normal, where.normal)
    return ticket.state in OPEN and where.text not in ticket.place and not elsewhere


def _confides(ctx: Context) -> bool:
    """Words one-to-one about the matter that was just reported there: nobody else is meant."""
    alone = not ctx.message.is_group and not ctx.staff
    return alone and bool(ctx.message.text.strip()) and not ctx.courtesy


async def _more_exact(ctx: Context) -> Place | None:
    """The place of a message that says little else: 三楼三单元, 就是村口第三家."""
    text = ctx.message.text.strip()
    said = ctx.reading.places and ctx.reading.kind != "report" and ctx.message.quote is None
    if not said or len(text) > _SHORT or ctx.staff or _ELSEWHERE.search(text):
        return None
    return await settled(ctx, ctx.message, ctx.reading.places)


def _is_report(ctx: Context) -> bool:
    """Whether the message would be registered by itself; reports.py then finds its ticket."""
    sure = ctx.reading.confidence >= ctx.house.settings.group.report_confidence
    return ctx.reading.kind == "report" and (sure or ctx.reading.urgent)


@router.on(lambda ctx: ME_TOO.match(ctx.message.text[:_LONGEST_ME_TOO]) is not None)
async def me_too(ctx: Context) -> str:
    """我家也是／+1：记到大家正在说的那件事上，办结时也会告诉您。"""
    ticket = await _spoken_of(ctx)
    if ticket is None:
        return PASS
    if (elsewhere := await _elsewhere(ctx, ticket)) is not None:
        return await open_reports(ctx, ctx.message, elsewhere)
    support(ctx, ticket, ctx.sender, ctx.message.text)
    ctx.about = ticket.id
    return "supported"


async def _elsewhere(ctx: Context, ticket: Ticket) -> Reading | None:
    """我们二单元也是 of a lamp in unit three is another lamp; a failure of supply is one."""
    place = await settled(ctx, ctx.message, ctx.reading.places)
    wide = ticket.code in WIDE | SPREADING or ticket.urgent or _NUMBER.search(ctx.message.text)
    if place is None or wide or not similar.apart(ticket.place_normal, place.normal):
        return None
    return replace(
        ctx.reading, kind="report", codes=(ticket.code,), nature=ticket.nature, issues=()
    )


async def _spoken_of(ctx: Context) -> Ticket | None:
    """The ticket named or quoted; else the group's only recent one, or the newest of just now.

    Who quotes something else means that and nothing that was said last."""
    numbers = [int(n) for n in _NUMBER.findall(ctx.message.text)]
    if found := await named(ctx, numbers) or await quoted(ctx):
        living = [await followed(ctx, ticket) for ticket in found]
        return next((t for t in living if not t.private and t.state in ALIVE), None)
    if ctx.message.quote is not None:
        return None
    window = max(timedelta(minutes=ctx.house.settings.group.window_min), _JUST_NOW)
    since = ctx.now - window
    recent = [
        t for group in ctx.groups[:FEW_GROUPS] for t in await ctx.tx.tickets.recent_in(group, since)
        if t.state in OPEN and not t.private and t.created_at >= since
    ]  # fmt: skip
    if _is_report(ctx):
        recent = [t for t in recent if t.code in ctx.reading.codes]
    if len(recent) > 1:
        recent.sort(key=lambda t: t.id)
        recent = [t for t in recent if ctx.now - t.created_at <= _JUST_NOW][-1:]
    return recent[0] if recent else None


@router.on(lambda ctx: _begins(ctx) and not ctx.staff and ctx.command is None)
async def remember_start(ctx: Context) -> str:
    """先发照片或位置，接着才说什么事：并到随后登记的事项里。"""
    before = dict(ctx.talk.data) if ctx.talk is not None else {}
    images = (*before.get("images", ()), *ctx.message.images)[-_MOST_PHOTOS:]
    place = ctx.message.text.strip() or before.get("place", "")
    ctx.tx.talks.put(
        Talk(
            ctx.message.conversation, ctx.sender, ctx.now + _JUST_NOW, asks=START,
            data={"images": list(images), "place": place},
        )
    )  # fmt: skip
    return "remembered"


def _begins(ctx: Context) -> bool:
    """Photos without words, or nothing but a place, while no other window is open."""
    text, places = ctx.message.text.strip(), ctx.reading.places
    free = ctx.talk is None or ctx.talk.asks == START
    if not free or ctx.message.quote is not None or ctx.reading.kind == "report":
        return False
    if not text:
        return bool(ctx.message.images)
    named = any(place.normal for place in places)
    return named and len(text) - sum(len(p.text) for p in places) <= _AROUND
