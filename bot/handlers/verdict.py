"""The resident's word on a result: 满意 一般 不满意 没修好, and the reason asked for once.

Closing itself follows routing/closing.py; the verdict is asked for when a ticket is finished."""

from __future__ import annotations

import re
from datetime import timedelta

from bot import casework, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.reports import open_again, urge
from bot.talk_words import STILL_BAD
from bot.targets import FEW_GROUPS, TALK, Polite, of_resident, own_tickets, quoted
from nlp.several import parts_of
from routing.commands import Verb, plain
from routing.contentment import Opinion, opinion
from routing.ticket import OPEN, State, Ticket, Verdict
from storage.talks import Talk

router = Router("verdict")

_EVERY = re.compile("都|全部?")
_LONGEST_NO, _LIKELY = 60, 2
_VERDICTS = {Verb.SATISFIED: Verdict.SATISFIED, Verb.PARTLY: Verdict.PARTLY}


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks == "reason" and _is_reason(ctx))
async def give_reason(ctx: Context) -> str:
    """直接说哪里不满意：记作原因，退回重办。"""
    assert ctx.talk is not None
    words = ctx.message.text.strip()
    tickets = await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids)
    waiting = [t for t in tickets if t.state is State.RESOLVED]
    if not waiting:
        return PASS
    ctx.tx.talks.drop(ctx.talk.conversation, ctx.talk.person)
    for ticket in waiting:
        await casework.rate(ctx, ticket, Verdict.DISSATISFIED, ctx.sender, words)
    return "reason"


def _is_reason(ctx: Context) -> bool:
    """Words that say what is wrong: no command, no courtesy, nothing meant for everybody."""
    other = ctx.command is not None and (ctx.order.verb is not Verb.BROKEN or ctx.order.numbers)
    talk = ctx.courtesy or ctx.reading.kind in {"notice", "order"}
    return bool(ctx.message.text.strip()) and not other and not talk


@router.on(lambda ctx: ctx.says(Verb.SATISFIED, Verb.PARTLY) or _good_now(ctx))
async def accept(ctx: Context) -> str:
    """满意／一般：反映人认可结果，办结的事项销号；都满意 是说等着评价的每一件。"""
    every = _EVERY.search(ctx.message.text) is not None
    tickets = await of_resident(ctx, ctx.order, lambda t: t.state is State.RESOLVED, every=every)
    ripe = [t for t in tickets if t.state is State.RESOLVED]
    for ticket in ripe:
        ctx.tx.jobs.cancel(f"reason:{ticket.id}:")
        ctx.tx.talks.drop(ctx.message.conversation, ctx.sender)
        verdict = _VERDICTS.get(ctx.order.verb, Verdict.SATISFIED)
        await casework.rate(ctx, ticket, verdict, ctx.sender, ctx.order.argument)
    return "rated" if ripe else _not_yet(ctx, tickets)


def _good_now(ctx: Context) -> bool:
    """修好了 in a resident's mouth; bare 好了 only where it answers us, one-to-one."""
    fixed = ctx.says(Verb.RESOLVE) and not ctx.order.strong and not ctx.staff
    return fixed and (not ctx.message.is_group or not TALK.match(plain(ctx.message.text)))


@router.on(lambda ctx: ctx.says(Verb.DISSATISFIED))
async def object_to(ctx: Context) -> str:
    """不满意 原因：退回重办；没有写原因时小格问一次。"""
    tickets = await of_resident(ctx, ctx.order, lambda t: t.state is State.RESOLVED)
    ripe = [t for t in tickets if t.state is State.RESOLVED]
    if not ripe and ctx.order.argument and await _closed_lately(ctx, tickets):
        return await reopen(ctx)
    for ticket in ripe:
        if ctx.order.argument:
            await casework.rate(ctx, ticket, Verdict.DISSATISFIED, ctx.sender, ctx.order.argument)
        else:
            await _ask_reason(ctx, ticket)
    if not (ripe or tickets or ctx.message.is_group) and await _pressed(ctx):
        return "urged"
    return "dissatisfied" if ripe else _not_yet(ctx, tickets)


async def _pressed(ctx: Context) -> bool:
    """不满意 one-to-one before there is a result: said of the only matter still in work, it is
    passed on to whoever works on it."""
    mine = [t for t in await own_tickets(ctx) if t.state in OPEN]
    if len(mine) == 1 and ctx.order.argument:
        await urge(ctx, mine[0], ctx.message.text)
    return len(mine) == 1 and bool(ctx.order.argument)


def _not_yet(ctx: Context, tickets: tuple[Ticket, ...]) -> str:
    """A verdict on a ticket that waits for none: said where it was asked for by name."""
    for ticket in tickets:
        raise Polite(texts.no_verdict_due(ctx.line(ticket)))
    return PASS


async def _closed_lately(ctx: Context, tickets: tuple[Ticket, ...]) -> bool:
    found = tickets or await of_resident(ctx, ctx.order, lambda t: _reopenable(ctx, t))
    return any(_reopenable(ctx, ticket) for ticket in found)


async def _ask_reason(ctx: Context, ticket: Ticket) -> None:
    """Ask once; without an answer the ticket goes back to work all the same."""
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    for place in sorted({ctx.message.conversation, ctx.sender}):
        ctx.tx.talks.put(Talk(place, ctx.sender, until, (ticket.id,), "reason"))
    version = await casework.finished_at(ctx, ticket)
    data = {"ticket": ticket.id, "version": version, "by": ctx.sender}
    ctx.tx.jobs.put(casework.reason_key(ticket, version, ctx.sender), "reason", until, data)
    ctx.answer(texts.ask_reason(ctx.line(ticket)))


@router.on(lambda ctx: ctx.says(Verb.BROKEN))
async def reopen(ctx: Context) -> str:
    """没修好／又坏了：期限内重新办理同一件事，不用再报一次。"""
    tickets = await of_resident(ctx, ctx.order, lambda t: _reopenable(ctx, t))
    ripe = [t for t in tickets if _reopenable(ctx, t)]
    for ticket in ripe:
        if ticket.state is State.RESOLVED:
            await casework.rate(ctx, ticket, Verdict.DISSATISFIED, ctx.sender, ctx.message.text)
        else:
            await casework.reopen(ctx, ticket, ctx.sender, ctx.message.text)
    return "reopened" if ripe else await _too_late(ctx, tickets)


@router.on(lambda ctx: ctx.command is None and not ctx.staff and _still_bad(ctx))
async def contradict(ctx: Context) -> str:
    """还是不热／一点没变：等着评价的那件事没有好，退回重办。"""
    waiting = [t for t in await own_tickets(ctx) if t.state is State.RESOLVED]
    told = [t for t in waiting if _speaks_of(ctx, t) and _about(ctx, t)]
    for ticket in told if len(told) == 1 else ():
        await casework.rate(ctx, ticket, Verdict.DISSATISFIED, ctx.sender, ctx.message.text)
        ctx.about = ticket.id
    return "dissatisfied" if len(told) == 1 else PASS


def _still_bad(ctx: Context) -> bool:
    text = ctx.message.text
    return len(text) <= _LONGEST_NO and "?" not in plain(text) and bool(STILL_BAD.search(text))


def _about(ctx: Context, ticket: Ticket) -> bool:
    """In a group a matter of its kind must be named; one-to-one it answers what we asked."""
    reading = ctx.reading
    codes = {*reading.codes, *reading.candidates[:_LIKELY]}
    return ticket.code in codes or not ctx.message.is_group


async def _too_late(ctx: Context, tickets: tuple[Ticket, ...]) -> str:
    """Closed too long ago to be the same ticket: a new one, linked to it as 复发."""
    closed = [t for t in tickets if t.state is State.CLOSED and _speaks_of(ctx, t)]
    if not tickets:
        closed = await _come_back(ctx)
    for ticket in closed:
        await open_again(ctx, ticket)
    return "recurred" if closed else await _still_open(ctx, tickets)


async def _come_back(ctx: Context) -> list[Ticket]:
    """The closed ticket that a bare 又坏了 speaks of: the last one at the place it names, else the
    speaker's own last one; [] when that could be several matters."""
    since = ctx.now - timedelta(days=ctx.house.settings.group.recurrence_days)
    recent = [
        t for group in ctx.groups[:FEW_GROUPS] for t in await ctx.tx.tickets.closed_in(group, since)
        if t.state is State.CLOSED and _speaks_of(ctx, t)
    ]  # fmt: skip
    places = {p.normal for p in ctx.reading.places if p.normal}
    there = [t for t in recent if places & {*parts_of(t.place_normal)}]
    mine = there or [t for t in recent if ctx.sender in t.voices and not places]
    return mine[-1:] if len({t.code for t in mine}) == 1 else []


@router.on(lambda ctx: _may_judge(ctx) and opinion(ctx.message.text) is not None)
async def hear(ctx: Context) -> str:
    """行吧、亮了、没人来啊：反映人平常话里的评价，只有正等着他评价的那一件才算。"""
    said = opinion(ctx.message.text)
    assert said is not None
    ripe = [t for t in await _awaited(ctx) if _fits(ctx, said, t)]
    if said.bare and ctx.message.is_group and ctx.message.quote is None:
        return PASS
    if len(ripe) > 1 and said.verdict is Verdict.DISSATISFIED:
        ctx.confide(texts.which([ctx.line(t) for t in ripe], Verb.DISSATISFIED.value))
        return "asked"
    return await _judge(ctx, ripe, said.verdict)


@router.on(lambda ctx: _may_judge(ctx) and ctx.reading.kind == "report" and not ctx.staff)
async def hear_again(ctx: Context) -> str:
    """办结以后反映人又说同样的毛病：就是没办好，退回重办，不另登记。"""
    codes = {*ctx.reading.codes}
    ripe = [t for t in await _awaited(ctx) if t.code in codes and _speaks_of(ctx, t)]
    return await _judge(ctx, ripe, Verdict.DISSATISFIED)


async def _judge(ctx: Context, ripe: list[Ticket], verdict: Verdict) -> str:
    if len(ripe) != 1:
        return PASS
    ctx.tx.jobs.cancel(f"reason:{ripe[0].id}:")
    ctx.about = ripe[0].id
    await casework.rate(ctx, ripe[0], verdict, ctx.sender, ctx.message.text.strip())
    return "heard"


def _may_judge(ctx: Context) -> bool:
    """Neither a command nor a cry for help nor said to somebody else."""
    order, quote = ctx.command, ctx.message.quote
    weak = order is not None and order.verb is Verb.CONFIRM and not (order.strong or ctx.staff)
    return (order is None or weak) and not ctx.reading.urgent and (quote is None or quote.of_bot)


async def _awaited(ctx: Context) -> list[Ticket]:
    """The finished tickets whose verdict the sender owes: the quoted one, else all of here."""
    found = await quoted(ctx) if ctx.message.quote is not None else await own_tickets(ctx)
    place = ctx.message.conversation
    return [
        t for t in found
        if t.state is State.RESOLVED and ctx.sender in t.voices
        and (not ctx.message.is_group or t.group == place)
    ]  # fmt: skip


def _fits(ctx: Context, said: Opinion, ticket: Ticket) -> bool:
    """Whether the words fit the ticket; what else they say must not speak of another fault."""
    return ticket.code.startswith(said.codes or "") and (said.whole or _speaks_of(ctx, ticket))


def _reopenable(ctx: Context, ticket: Ticket) -> bool:
    if ticket.state is State.RESOLVED:
        return _speaks_of(ctx, ticket)
    window = timedelta(days=ctx.house.settings.group.reopen_days)
    recent = ticket.closed_at is not None and ctx.now - ticket.closed_at <= window
    return ticket.state is State.CLOSED and recent and _speaks_of(ctx, ticket)


def _speaks_of(ctx: Context, ticket: Ticket) -> bool:
    """A message that names another category or place speaks of a new fault, not of this ticket."""
    reading = ctx.reading
    other = reading.kind == "report" and bool(reading.codes) and reading.confidence > _SURE
    if other and ticket.code not in {*reading.codes, *reading.candidates}:
        return False
    places = {p.normal for p in reading.places if p.normal}
    told = parts_of(ticket.place_normal)
    near = (_ends_with(one, place) for one in told for place in places)
    return not (places and told) or any(near)


def _ends_with(told: str, place: str) -> bool:
    """2单元 is the 7幢2单元 that the ticket is about, and not its 12单元."""
    rest = told.removesuffix(place)
    return rest != told and not rest[-1:].isdigit()


_SURE = 0.5


async def _still_open(ctx: Context, tickets: tuple[Ticket, ...]) -> str:
    """Said of a ticket that is being worked on: it is a reminder, kept with the ticket."""
    named = [t for t in tickets if t.state in OPEN]
    for ticket in named:
        await urge(ctx, ticket, ctx.message.text)
    return "urged" if named else PASS
