"""延期 挂账 恢复: when a ticket is due, and who must agree to it.

Once, and as far as the class allows, is up to those who handle it; the level above agrees to more.
What a deadline then is, is computed in pauses.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import casework, escalation, pauses, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.rights import works_on
from bot.targets import Polite, meant
from routing.commands import Verb, duration
from routing.deadlines import Span, due_at
from routing.roster import Role
from routing.ticket import Action, Ticket
from routing.titles import title_of

router = Router("putting_off")

LEVELS = ((Role.COMMUNITY, Role.SECRETARY), (Role.STREET,), (Role.DISTRICT,))
"""Who agrees to what those who handle a ticket may not decide alone, nearest first."""

_ABOVE = frozenset(role for level in LEVELS for role in level)


@router.on(lambda ctx: ctx.says(Verb.EXTEND) and ctx.pointed)
async def extend(ctx: Context) -> str:
    """延期 多久 原因：推迟办结期限，并告诉居民原因；第二次、太久的和紧急的要上一级同意。"""
    tickets = await meant(ctx, ctx.order)
    if not tickets:
        return PASS
    span, why = _wanted(ctx, tickets)
    for ticket in tickets:
        alone = _may_not_extend(ctx, ticket, span)
        if alone and not _stands_above(ctx, ticket):
            _ask_above(ctx, ticket, alone, f"{span.spoken} {why}")
        else:
            await _extend(ctx, ticket, span, why, consents=bool(alone))
    return "extended"


def _wanted(ctx: Context, tickets: Sequence[Ticket]) -> tuple[Span, str]:
    """How long and why. Raises Polite where one of them is missing."""
    found = duration(ctx.order.argument)
    if found is None or not found[1]:
        raise Polite(_needs_words(ctx, tickets))
    return Span.parse(found[0]), found[1]


def _needs_words(ctx: Context, tickets: Sequence[Ticket]) -> str:
    verb = ctx.order.verb
    return texts.needs_words(verb, texts.example(verb, [ticket.number for ticket in tickets]))


def _may_not_extend(ctx: Context, ticket: Ticket, span: Span) -> str:
    """Why those who handle it may not add so much alone; "" where they may."""
    most = ctx.terms(ticket).extend
    if most is None:
        return texts.urgent_waits_for_none(Verb.EXTEND)
    if ticket.extended:
        return texts.once_only(Verb.EXTEND)
    return texts.too_long(most.spoken) if _later(ctx, ticket, span, most) else ""


def _later(ctx: Context, ticket: Ticket, span: Span, most: Span) -> bool:
    start, calendar = _deadline(ctx, ticket), ctx.house.calendar
    wanted, longest = due_at(start, span, calendar), due_at(start, most, calendar)
    return wanted is None or longest is None or wanted > longest


def _deadline(ctx: Context, ticket: Ticket) -> datetime:
    """From when an extension counts."""
    return max(ticket.due_at or ctx.now, ctx.now)


async def _extend(ctx: Context, ticket: Ticket, span: Span, why: str, *, consents: bool) -> None:
    moved = ctx.move(
        ticket, Action.EXTEND, ctx.sender, note=why, extended=(*ticket.extended, str(span)),
        due_at=due_at(_deadline(ctx, ticket), span, ctx.house.calendar),
    )  # fmt: skip
    escalation.watch(ctx, moved)
    text = texts.extended(ctx.line(moved), why)
    await _told(ctx, moved, text, consents=consents)


async def _told(ctx: Context, moved: Ticket, text: str, *, consents: bool = False) -> None:
    """The residents, the speaker and, of a consent, those who have been waiting for it."""
    line = ctx.line(moved)
    await ctx.post(moved, text, "update", slot=f"status:{moved.id}")
    ctx.confide(texts.done(ctx.order.verb, line), moved)
    if consents:
        waiting = [a for a in (*ctx.handlers(moved), *ctx.leaders(moved)) if a != ctx.sender]
        ctx.tell(waiting, texts.consented(line, ctx.order.verb, ctx.role_name(moved)), moved)


def _stands_above(ctx: Context, ticket: Ticket) -> bool:
    return bool(ctx.roles(ticket) & _ABOVE) and not works_on(ctx, ticket)


def _ask_above(ctx: Context, ticket: Ticket, alone: str, wish: str) -> None:
    """The nearest level where somebody else decides is asked; until then nothing changes.

    Raises Polite where the roster names nobody."""
    line, verb = ctx.line(ticket), ctx.order.verb
    role, asked = _above(ctx, ticket)
    if role is None:
        raise Polite(texts.nobody_to_consent(line, alone))
    ctx.tell(asked, texts.asks_consent(line, ctx.role_name(ticket), alone, verb, wish), ticket)
    ctx.confide(texts.consent_asked(line, alone, title_of(role, ctx.house.roster.levels)), ticket)


def _above(ctx: Context, ticket: Ticket) -> tuple[Role | None, tuple[str, ...]]:
    roster = ctx.house.roster
    own = {ctx.sender, ticket.handler, *casework.same_person(ctx, ctx.sender)}
    for roles in LEVELS:
        people = [p for role in roles for p in roster.holders(ticket.grid, role, ctx.now)]
        free = [person for person in people if own.isdisjoint(person.accounts)]
        if accounts := ctx.accounts(free, ticket.group):
            return roles[0], accounts
    return None, ()


@router.on(lambda ctx: ctx.says(Verb.SUSPEND) and ctx.pointed)
async def suspend(ctx: Context) -> str:
    """挂账 原因：一时办不了，期限暂停计算；第二次挂账和紧急的要上一级同意。"""
    tickets = await meant(ctx, ctx.order)
    if tickets and not ctx.order.argument:
        raise Polite(_needs_words(ctx, tickets))
    for ticket in tickets:
        why, alone = ctx.order.argument, await _may_not_suspend(ctx, ticket)
        if alone and not _stands_above(ctx, ticket):
            _ask_above(ctx, ticket, alone, why)
            continue
        own = casework.in_hand(ticket, ctx.sender)
        moved = ctx.move(ticket, Action.SUSPEND, ctx.sender, note=why, **own)
        text = texts.suspended(ctx.line(moved), why)
        await _told(ctx, moved, text, consents=bool(alone))
    return "suspended" if tickets else PASS


async def _may_not_suspend(ctx: Context, ticket: Ticket) -> str:
    """As for 延期: not what is urgent, and not twice."""
    if ctx.terms(ticket).extend is None:
        return texts.urgent_waits_for_none(Verb.SUSPEND)
    own = await pauses.ledger(ctx, ticket)
    before = any(begin >= own.start for begin, _ in own.pauses)
    return texts.once_only(Verb.SUSPEND) if before else ""


@router.on(lambda ctx: ctx.says(Verb.RESUME) and ctx.pointed)
async def resume(ctx: Context) -> str:
    """恢复：挂账的事项重新办理，期限接着算。"""
    tickets = await meant(ctx, ctx.order)
    for ticket in tickets:
        due = await pauses.due_after_pause(ctx, ticket)
        stopped = await pauses.stopped_at(ctx, ticket)
        start = pauses.begun_after_pause(ctx, ticket, stopped)
        moved = ctx.move(ticket, Action.RESUME, ctx.sender, due_at=due, runs_from=start)
        if pauses.was_late(ticket, stopped):
            escalation.watch_late(ctx, moved, stopped)
        else:
            escalation.watch(ctx, moved)
        await _told(ctx, moved, texts.resumed(ctx.line(moved)))
    return "resumed" if tickets else PASS
