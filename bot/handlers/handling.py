"""Who works on a ticket, how far it is: 派单 转 我来 进展 退单 催办 办结 销号.

Whether a report is accepted at all is triage.py, when it is due putting_off.py, the resident's
word on the result verdict.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot import casework, escalation, falling, reports, texts
from bot.addressee import addressee, role_of
from bot.context import WORDS, Context
from bot.dispatcher import PASS, Router
from bot.rights import works_on
from bot.targets import Polite, Refused, meant, of_resident
from routing import closing, joint
from routing.commands import Command, Verb, result_of
from routing.deadlines import Span, due_at
from routing.roster import Person, Role, Unit
from routing.ticket import OPEN, Action, State, Ticket
from storage.talks import Talk

router = Router("handling")


def _words(ctx: Context, tickets: Sequence[Ticket]) -> str:
    """The argument of the command. Raises Polite when it needs one and has none."""
    verb = ctx.order.verb
    if not ctx.order.argument:
        raise Polite(texts.needs_words(verb, texts.example(verb, [t.number for t in tickets])))
    return ctx.order.argument


def _slot(ticket: Ticket) -> str:
    return f"status:{ticket.id}"


@router.on(lambda ctx: ctx.says(Verb.DISPATCH, Verb.TRANSFER))
async def dispatch(ctx: Context) -> str:
    """派单 单位／转 单位或人：交给哪个单位或哪个人办理；派单 不写单位时派给建议的单位。"""
    tickets = await meant(ctx, ctx.order)
    if not tickets:
        return PASS
    for ticket in tickets:
        target = addressee(ctx, ticket)
        if isinstance(target, Unit) and _is_with(ctx, ticket, target):
            ctx.confide(texts.with_unit_already(ctx.line(ticket), target.name), ticket)
            continue
        if isinstance(target, Unit):
            name, (moved, note) = target.name, _to_unit(ctx, ticket, target)
        else:
            name, moved, note = role_of(ctx, target, ticket), _to_person(ctx, ticket, target), ""
        await ctx.post(moved, texts.dispatched(ctx.line(moved), name), "update", slot=_slot(moved))
        ctx.confide(texts.done(ctx.order.verb, ctx.line(moved), name) + note, moved)
    return "dispatched"


def _is_with(ctx: Context, ticket: Ticket, unit: Unit) -> bool:
    """Whether the unit has it already and nobody has taken it over or handed it back since; one
    that is only proposed while somebody of the grid works on it has not."""
    given = ticket.state is State.DISPATCHED and not ticket.handler
    given = given or (
        ticket.state is State.IN_PROGRESS and ticket.handler in ctx.crew(unit.id, ticket)
    )
    return given and ticket.unit == unit.id and not ticket.shares and not ticket.reopened


def _to_unit(ctx: Context, ticket: Ticket, unit: Unit) -> tuple[Ticket, str]:
    """The ticket with the unit, and a note for the leader if nobody there could be told."""
    moved = ctx.move(
        ticket, Action.DISPATCH, ctx.sender, unit=unit.id, handler="", note=unit.name, shares=()
    )
    casework.relieve(ctx, ticket, moved, unit.name)
    escalation.watch_accept(ctx, moved)
    text = texts.job_for_unit(ctx.line(moved), moved.text)
    return moved, ctx.tell_crew(unit, text, moved)


def _to_person(ctx: Context, ticket: Ticket, person: Person) -> Ticket:
    (account,) = ctx.accounts((person,), ticket.group) or ("",)
    if not account:
        raise Polite(texts.unknown_unit(person.name))
    moved = ctx.move(ticket, Action.DISPATCH, ctx.sender, handler=account)
    casework.relieve(ctx, ticket, moved, ctx.public_name(account, ticket.grid))
    ctx.tell(account, texts.handed_over(ctx.line(moved), ctx.role_name(ticket)), moved)
    return moved


_AGREES = re.compile(r"\s*(?:收到|好的?|嗯+|ok|明白|知道了)[,，。.!！~\s]+\S", re.IGNORECASE)
_LONGEST_YES = 24


def _signs(ctx: Context) -> bool:
    """A unit's 收到, and one-to-one 收到，明天安排 too."""
    text = ctx.message.text
    plain = ctx.command is None and not ctx.message.is_group and len(text) <= _LONGEST_YES
    return ctx.of_unit and (ctx.says(Verb.CONFIRM) or (plain and _AGREES.match(text) is not None))


@router.on(lambda ctx: ctx.says(Verb.TAKE) or _signs(ctx))
async def take(ctx: Context) -> str:
    """我来：由我办理；紧急呼叫也用它应答。承办单位一对一回复 收到 也算签收。"""
    tickets = await (meant(ctx, ctx.order) if ctx.says(Verb.TAKE) else _signed_for(ctx))
    for ticket in tickets:
        moved = await casework.accept(ctx, ticket, ctx.sender)
        ctx.confide(texts.done(Verb.TAKE, ctx.line(moved)), moved)
    return "taken" if tickets else PASS


async def _signed_for(ctx: Context) -> tuple[Ticket, ...]:
    """What a unit's 收到 is about: dispatched to it and not yet taken, one alone if bare."""
    order = replace(ctx.order, verb=Verb.TAKE) if ctx.command else Command(Verb.TAKE, strong=False)
    if order.numbers or ctx.message.quote:
        found = await meant(ctx, order)
    else:
        alive = await ctx.within_reach() if not ctx.message.is_group else []
        found = tuple(t for t in alive if works_on(ctx, t))
    waiting = tuple(t for t in found if t.state is State.DISPATCHED and not t.shares)
    if len(waiting) > 1 and not order.numbers:
        raise Polite(texts.which([ctx.line(t) for t in waiting], order.verb.value))
    return waiting


@router.on(lambda ctx: ctx.says(Verb.PROGRESS) and ctx.pointed)
async def report_progress(ctx: Context) -> str:
    """进展 情况：记下办到哪一步，并告诉反映人。"""
    tickets = await meant(ctx, ctx.order)
    words = _words(ctx, tickets) if tickets else ""
    for ticket in tickets:
        images = (*ticket.images, *ctx.message.images)
        own = casework.in_hand(ticket, ctx.sender)
        moved = ctx.move(ticket, Action.PROGRESS, ctx.sender, note=words, images=images, **own)
        text = texts.told(ctx.line(moved), words)
        if ctx.message.is_group:
            ctx.tell(moved.voices, text, moved)
        else:
            await ctx.post(moved, text, "update", slot=_slot(moved))
        ctx.confide(texts.done(Verb.PROGRESS, ctx.line(moved)), moved)
    return "progress" if tickets else PASS


MOST_RETURNS = 2
RETURN_WITHIN = Span.parse("1wd")


async def _returned_before(ctx: Context, ticket: Ticket) -> int:
    """How often units have handed the ticket back. Raises Polite when it is too late for it."""
    events = await ctx.tx.tickets.events(ticket.id)
    sent = [e.at for e in events if e.action in {Action.DISPATCH, Action.WHISTLE}]
    last = due_at(sent[-1], RETURN_WITHIN, ctx.house.calendar) if sent else None
    if last is not None and ctx.now > last:
        raise Refused(texts.RETURN_TOO_LATE)
    times = sum(e.action is Action.RETURN for e in events)
    if times >= MOST_RETURNS:
        raise Refused(texts.returned_enough(ctx.line(ticket)))
    return times


@router.on(lambda ctx: ctx.says(Verb.RETURN) and ctx.pointed)
async def send_back(ctx: Context) -> str:
    """退单 原因：不归本单位办，退回重新派；一个工作日内、最多两次，居民的事不会因此结束。"""
    tickets = await meant(ctx, ctx.order)
    words = _words(ctx, tickets) if tickets else ""
    for ticket in tickets:
        times = await _returned_before(ctx, ticket)
        moved, text, done = _handed_back(ctx, ticket, words)
        last = bool(moved.shares) or times + 1 >= MOST_RETURNS
        passed_on = None if last else await falling.fall_through(ctx, moved, words)
        if passed_on is None:
            ctx.tell((*ctx.leaders(moved), *_new_lead(ctx, moved)), text, moved)
        if times + 1 >= MOST_RETURNS:
            street = ctx.holders(moved, Role.STREET)
            ctx.tell(street, f"{text}\n{texts.TO_THE_STREET}", moved)
        if passed_on is None:
            ctx.confide(done, moved)
    return "returned" if tickets else PASS


def _new_lead(ctx: Context, ticket: Ticket) -> tuple[str, ...]:
    return ctx.crew(joint.lead(ticket.shares), ticket) if ticket.shares else ()


def _handed_back(ctx: Context, ticket: Ticket, why: str) -> tuple[Ticket, str, str]:
    """The ticket without the sender's unit, what the others read of it and what the unit does. Of
    a joint case the others go on; else the unit stays responsible until another has accepted."""
    share = ctx.own_share(ticket)
    left = joint.drop(ticket.shares, share)
    if share and left:
        lead = joint.lead(left)
        moved = ctx.keep(
            ticket.enter(
                ticket.state, Action.RETURN, ctx.sender, ctx.now,
                note=why, shares=left, unit=lead, handler="", **ctx.meta,
            )
        )  # fmt: skip
        rest = [ctx.name_of_unit(u) for u in joint.unfinished(left)]
        names = (ctx.name_of_unit(share), ctx.name_of_unit(lead))
        said = partial(texts.left_joint, ctx.line(moved), *names, why, rest)
        return moved, said(), f"✓ {said(told=False)}"
    unit = ctx.unit_name(ticket) or ctx.role_name(ticket)
    held = ticket.holding or ticket.unit
    moved = ctx.move(
        ticket, Action.RETURN, ctx.sender, note=why, handler="", holding=held, shares=()
    )
    done = texts.done(Verb.RETURN, ctx.line(moved))
    return moved, texts.returned(ctx.line(moved), unit, why), done


@router.on(lambda ctx: ctx.says(Verb.URGE))
async def urge(ctx: Context) -> str:
    """催办 编号：提醒承办人抓紧办理；居民催得再勤，承办人一小时只听到一次。"""
    if ctx.staff:
        tickets = await meant(ctx, ctx.order)
    else:
        tickets = await of_resident(ctx, ctx.order, lambda t: t.state in OPEN)
    for ticket in tickets:
        await reports.urge(ctx, ticket, ctx.order.argument)
    return "urged" if tickets else PASS


@router.on(lambda ctx: ctx.says(Verb.RESOLVE) and ctx.pointed)
async def resolve(ctx: Context) -> str:
    """办结 做了什么：办完了，把结果告诉居民并请反映人评价。"""
    tickets = await meant(ctx, ctx.order)
    if not tickets:
        return PASS
    result, words = result_of(_words(ctx, tickets))
    for ticket in tickets:
        images = tuple(dict.fromkeys((*ticket.images, *ctx.message.images)))
        if images != ticket.images:
            ticket = ctx.move(ticket, Action.ATTACH, ctx.sender, note="办结照片", images=images)  # noqa: PLW2901
        moved = await casework.solve(
            ctx, ticket, result, words, ctx.sender, images=ctx.message.images
        )
        ctx.confide(texts.done(Verb.RESOLVE, ctx.line(moved)), moved)
    _await_photo(ctx, tickets)
    return "resolved"


def _await_photo(ctx: Context, tickets: Sequence[Ticket]) -> None:
    """Where words and pictures come one by one, a picture after 办结 shows the result."""
    busy = ctx.talk is not None and ctx.talk.asks != WORDS
    if ctx.message.is_group or ctx.message.images or busy:
        return
    until = ctx.now + timedelta(minutes=ctx.house.settings.group.window_min)
    ids = tuple(ticket.id for ticket in tickets)
    ctx.tx.talks.put(Talk(ctx.message.conversation, ctx.sender, until, ids, "photo"))


@router.on(lambda ctx: ctx.says(Verb.EXCEPT) and ctx.pointed)
async def sign_exception(ctx: Context) -> str:
    """销号 核实情况：反映人没有评价时，由没有经手的第二个人核实后销号。"""
    tickets = await meant(ctx, ctx.order)
    words = _words(ctx, tickets) if tickets else ""
    for ticket in tickets:
        if await casework.awaits_reason(ctx, ticket):
            raise Polite(texts.reason_awaited(ctx.line(ticket)))
        try:
            moved = ctx.keep(
                closing.sign_exception(
                    ticket,
                    ctx.sender,
                    ctx.now,
                    reason=words,
                    accounts=casework.same_person(ctx, ctx.sender),
                    **ctx.meta,
                )
            )
        except closing.ClosingRefused:
            raise Refused(texts.SAME_PERSON) from None
        await ctx.post(
            moved, texts.closed_by_exception(ctx.line(moved)), "close", slot=_slot(moved)
        )
        ctx.confide(texts.done(Verb.EXCEPT, ctx.line(moved)), moved)
    return "excepted" if tickets else PASS
