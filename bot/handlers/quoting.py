"""What is said by quoting a neighbour or the bot: it is bound to what is quoted, never guessed.

Staff words, verdicts and 我家也是 by quote are taken by the handlers before and after it."""

from __future__ import annotations

import re

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.hints import ask_leaders
from bot.reports import attach, open_reports, support, urge
from bot.talk_words import ME_TOO
from bot.targets import Polite, followed, own_tickets, quoted
from nlp.reading import Reading
from routing.commands import Verb
from routing.message import Inbound
from routing.quality import How
from routing.ticket import ALIVE, OPEN, Action, Ticket

router = Router("quoting")

_ASKS = re.compile(
    r"\s*(?:@?小格)?[\s,，]*(?:请|麻烦|帮|给|把|这个|这条|这事|他|她|我|们|家|的|忙|也|您|你){0,8}"
    r"(?:登记|报修|上报|报一?下|记一?下|建单|立案|反映)(?:一?下|上|一个|个)?"
    r"(?:吧|了|呗|啊|呀|谢谢|[\s!！。~，,])*$"
)
_URGES = re.compile(
    r"没(?:有)?(?:人|见人|谁)?(?:管|来|修|理|弄|处理|解决|动静|下文|消息|反应)|到现在|还没|怎么还"
    r"|多久|好久[能有才给来]|多长时间|什么时候|几时|啥时|催|拖"
)


def _neighbour(ctx: Context) -> bool:
    return ctx.message.quote is not None and not ctx.message.quote.of_bot


@router.on(lambda ctx: _neighbour(ctx) and _asks(ctx))
async def register_for(ctx: Context) -> str:
    """引用邻居的话说“@小格 登记一下”：按邻居说的登记，反映人是邻居。"""
    original = await _original(ctx)
    if original is None:
        raise Polite(texts.QUOTE_GONE)
    for ticket in await quoted(ctx):
        raise Polite(texts.already_open(ctx.line(await followed(ctx, ticket))))
    reading = _reading(ctx, original)
    if _reports(ctx, reading):
        outcome = await open_reports(ctx, original, reading, how=How.ASKED)
        await _note_asker(ctx)
        return outcome
    if ctx.here is None or not await ask_leaders(ctx, original, reading):
        return PASS
    ctx.answer(texts.LEADER_ASKED)
    return "suggested"


def _asks(ctx: Context) -> bool:
    text = ctx.message.text
    return not ctx.staff and (ctx.message.to_me or "小格" in text) and bool(_ASKS.match(text[:60]))


async def _original(ctx: Context) -> Inbound | None:
    """The message quoted; None where it is no longer known or has no words."""
    quote = ctx.message.quote
    if quote is None or not quote.platform_id:
        return None
    found = await ctx.tx.inbox.by_platform_id(ctx.message.channel, quote.platform_id)
    here = found is not None and found.conversation == ctx.message.conversation
    return found if found is not None and here and found.text.strip() else None


def _reading(ctx: Context, message: Inbound) -> Reading:
    return ctx.house.read(message.text, ctx.here.words if ctx.here else ())


def _reports(ctx: Context, reading: Reading) -> bool:
    least = ctx.house.settings.group.hint_confidence
    return reading.kind == "report" and (reading.urgent or reading.confidence >= least)


async def _note_asker(ctx: Context) -> None:
    """Into the history: who asked for it, where it was not the one who said it."""
    for ticket in await ctx.tx.tickets.by_ids((ctx.about,)):
        if ticket.reporter != ctx.sender and ticket.state in ALIVE:
            ctx.move(ticket, Action.ATTACH, ctx.sender, note="应邻居请求登记")


@router.on(lambda ctx: _neighbour(ctx) and ME_TOO.match(ctx.message.text[:80]) is not None)
async def join_unregistered(ctx: Context) -> str:
    """引用邻居还没登记的话说“我家也是”：两个人都说，就登记。"""
    original = await _original(ctx)
    if original is None or original.sender == ctx.sender or await quoted(ctx):
        return PASS
    reading = _reading(ctx, original)
    if not _reports(ctx, reading):
        return "silent"
    await open_reports(ctx, original, reading, how=How.ASKED)
    opened = await ctx.tx.tickets.by_ids((ctx.about,))
    for ticket in [await followed(ctx, one) for one in opened]:
        ctx.about = ticket.id
        if not ticket.private and ticket.state in ALIVE:
            support(ctx, ticket, ctx.sender, ctx.message.text)
    return "opened"


def _plain_talk(ctx: Context) -> bool:
    """No command; 什么时候能修 is one only where the bot is spoken to."""
    return ctx.command is None or (ctx.says(Verb.STATUS) and not ctx.order.strong)


@router.on(lambda ctx: ctx.message.quote is not None and not ctx.staff and _plain_talk(ctx))
async def speak_of_quoted(ctx: Context) -> str:
    """引用一件事接着说：补到那件事里；说没人管、问多久的，转告承办人。"""
    urges = _URGES.search(ctx.message.text) is not None
    speaks = urges or ctx.reading.kind in {"follow_up", "report"} or bool(ctx.message.images)
    if not speaks or ME_TOO.match(ctx.message.text[:80]):
        return PASS
    living = [await followed(ctx, ticket) for ticket in await quoted(ctx)]
    alive = [t for t in living if t.state in ALIVE and _may_add(ctx, t, urges=urges)]
    for ticket in alive:
        if urges and ticket.state in OPEN:
            await urge(ctx, ticket, ctx.message.text)
        else:
            attach(ctx, ticket, ctx.message.text, ctx.message.images)
        ctx.about = ticket.id
    return "added" if alive else PASS


@router.on(lambda ctx: ctx.message.to_me and _urges_bare(ctx))
async def urge_own(ctx: Context) -> str:
    """对小格说 怎么还没修、没人管：催办自己反映的事。"""
    mine = [t for t in await own_tickets(ctx) if t.state in OPEN]
    if len(mine) > 1:
        raise Polite(texts.which([ctx.line(t) for t in mine], Verb.URGE.value))
    for ticket in mine:
        await urge(ctx, ticket, ctx.message.text)
        ctx.about = ticket.id
    return "urged" if mine else PASS


def _urges_bare(ctx: Context) -> bool:
    command = ctx.command is not None and (ctx.order.strong or not ctx.says(Verb.BROKEN))
    bare = ctx.message.quote is None and not command and not ctx.staff
    sure = ctx.house.settings.group.report_confidence
    reports = ctx.reading.kind == "report" and ctx.reading.confidence >= sure
    return bare and not reports and _URGES.search(ctx.message.text[:60]) is not None


def _may_add(ctx: Context, ticket: Ticket, *, urges: bool) -> bool:
    """Voices always; a neighbour by asking about a public matter, not by a report of his own."""
    if ctx.sender in ticket.voices:
        return True
    return not ticket.private and (urges or ctx.reading.kind == "follow_up")
