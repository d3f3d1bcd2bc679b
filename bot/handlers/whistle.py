"""Several units on one ticket: 吹哨 报到, each unit's own 办结, 上报 to the level above, 督办.

What one unit does alone is handling.py; who is reminded when nobody moves is overdue.py."""

from __future__ import annotations

from bot import casework, escalation, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.targets import Polite, meant
from routing import elsewhere, joint
from routing.commands import Verb, result_of
from routing.roster import Role, Unit
from routing.ticket import Action, Ticket

router = Router("whistle")

_ABOVE = {
    Role.MICRO_LEADER: (Role.COMMUNITY, Role.SECRETARY),
    Role.LEADER: (Role.COMMUNITY, Role.SECRETARY),
    Role.WORKER: (Role.COMMUNITY, Role.SECRETARY),
    Role.COMMUNITY: (Role.STREET,),
    Role.SECRETARY: (Role.STREET,),
    Role.STREET: (Role.DISTRICT,),
}


def _units(ctx: Context, ticket: Ticket, words: str) -> list[Unit]:
    """The units that the words name, in their order. Raises Polite for one that is not clear."""
    found, roster = [], ctx.house.roster
    under = elsewhere.reach(roster, ctx.sender, ticket.grid, ctx.now)
    for word in words.replace("、", " ").replace("，", " ").replace("+", " ").split():
        near = elsewhere.units_meant(roster, word, ticket.grid, under)
        if not near:
            raise Polite(texts.unknown_unit(word))
        if len(near) > 1:
            raise Polite(texts.several_units(word, [unit.name for unit in near]))
        found.append(near[0])
    return found


def _several(ctx: Context) -> bool:
    return ctx.says(Verb.DISPATCH) and len(ctx.order.argument.replace("、", " ").split()) > 1


@router.on(lambda ctx: ctx.says(Verb.WHISTLE) and ctx.pointed)
async def whistle(ctx: Context) -> str:
    """吹哨 单位 单位：街道召集几个单位一起办，第一个牵头，都要报到，都办完才办结。"""
    tickets = await meant(ctx, ctx.order)
    for ticket in tickets:
        if not ctx.roles(ticket) & elsewhere.CALLERS:
            _ask_street(ctx, ticket)
            continue
        units = _units(ctx, ticket, ctx.order.argument)
        if len(dict.fromkeys(units)) < 2:  # noqa: PLR2004
            example = texts.example(Verb.WHISTLE, [one.number for one in tickets])
            raise Polite(texts.needs_words(Verb.WHISTLE, example))
        await call_units(ctx, ticket, units, Action.WHISTLE)
    return "whistled" if tickets else PASS


def _ask_street(ctx: Context, ticket: Ticket) -> None:
    """A leader's whistle is a request; the street decides."""
    why = ctx.order.argument or "需要几个单位一起办"
    text = texts.asks_for_whistle(ctx.line(ticket), ctx.role_name(ticket), why)
    ctx.tell(ctx.holders(ticket, Role.STREET), text, ticket)
    ctx.confide(texts.WHISTLE_ASKED, ticket)


@router.on(_several)
async def dispatch_several(ctx: Context) -> str:
    """派单 单位 单位：双向派单，第一个牵头，其他协办。"""
    tickets = await meant(ctx, ctx.order)
    for ticket in tickets:
        try:
            units = _units(ctx, ticket, ctx.order.argument)
        except Polite:
            return PASS
        if len(units) < 2:  # noqa: PLR2004
            return PASS
        await call_units(ctx, ticket, units, Action.DISPATCH)
    return "dispatched" if tickets else PASS


async def call_units(ctx: Context, ticket: Ticket, units: list[Unit], action: Action) -> Ticket:
    """Put the units on the ticket and call each of them; the first leads."""
    shares = joint.called([unit.id for unit in units], ticket.shares)
    moved = ctx.move(
        ticket, action, ctx.sender, note="、".join(u.name for u in units),
        shares=shares, unit=units[0].id, handler="",
    )  # fmt: skip
    line, names = ctx.line(moved), [unit.name for unit in units]
    casework.relieve(ctx, ticket, moved, names[0])
    call = texts.whistle(line, moved.text, names, names[0])
    notes = "".join([ctx.tell_crew(unit, call, moved) for unit in units])
    escalation.watch_arrival(ctx, moved)
    text = texts.whistled(line, names, names[0])
    await ctx.post(moved, text, "update", slot=f"status:{moved.id}")
    ctx.tell([a for a in ctx.holders(moved, Role.STREET) if a != ctx.sender], text, moved)
    ctx.confide(f"✓ {text}{notes}", moved)
    return moved


@router.on(lambda ctx: ctx.says(Verb.TAKE) and ctx.staff)
async def arrive(ctx: Context) -> str:
    """报到／我来：被吹哨的单位到场。"""
    tickets = [t for t in await _joint(ctx) if ctx.own_share(t)]
    for ticket in tickets:
        unit = ctx.own_share(ticket)
        shares = joint.arrive(ticket.shares, unit, ctx.now)
        moved = ctx.move(ticket, Action.ARRIVE, ctx.sender, shares=shares)
        missing = [ctx.name_of_unit(u) for u in joint.missing(shares)]
        text = texts.arrived(ctx.line(moved), ctx.name_of_unit(unit), missing)
        await _tell_callers(ctx, moved, text)
        ctx.confide(f"✓ {text}", moved)
    return "arrived" if tickets else PASS


async def _joint(ctx: Context) -> tuple[Ticket, ...]:
    """The joint tickets that the command speaks of; () when it speaks of others."""
    alive = await ctx.within_reach()
    if not any(ticket.shares for ticket in alive):
        return ()
    return tuple(t for t in await meant(ctx, ctx.order) if t.shares)


async def _tell_callers(ctx: Context, ticket: Ticket, text: str) -> None:
    """To the leaders, the street, and who has whistled: that may be the county."""
    caller = await casework.caller(ctx, ticket)
    told = (*ctx.leaders(ticket), *ctx.holders(ticket, Role.STREET), caller)
    ctx.tell([account for account in told if account != ctx.sender], text, ticket)


@router.on(lambda ctx: ctx.says(Verb.RESOLVE) and ctx.staff)
async def finish_share(ctx: Context) -> str:
    """办结（联合办理时）：本单位办完；都办完了整件办结，请反映人评价。"""
    tickets = [t for t in await _joint(ctx) if joint.unfinished(t.shares)]
    if not tickets:
        return PASS
    if not ctx.order.argument:
        raise Polite(texts.needs_words(Verb.RESOLVE, texts.EXAMPLES[Verb.RESOLVE]))
    for ticket in tickets:
        unit = ctx.own_share(ticket)
        if not unit:
            rest = [ctx.name_of_unit(u) for u in joint.unfinished(ticket.shares)]
            raise Polite(texts.units_open(ctx.line(ticket), rest))
        await _finish_part(ctx, ticket, unit)
    return "shared"


async def _finish_part(ctx: Context, ticket: Ticket, unit: str) -> None:
    result, words = result_of(ctx.order.argument)
    shares = joint.finish(ticket.shares, unit, words, ctx.now)
    moved = ctx.move(ticket, Action.SHARE, ctx.sender, note=words, shares=shares)
    rest = [ctx.name_of_unit(u) for u in joint.unfinished(shares)]
    text = texts.share_done(ctx.line(moved), ctx.name_of_unit(unit), words, rest)
    await _tell_callers(ctx, moved, text)
    ctx.confide(f"✓ {text}", moved)
    if not rest:
        whole = "；".join(f"{ctx.name_of_unit(s.unit)}：{s.words}" for s in shares)
        await casework.solve(ctx, moved, result, whole, ctx.sender)


@router.on(lambda ctx: ctx.says(Verb.HAND_UP) and ctx.pointed)
async def hand_up(ctx: Context) -> str:
    """上报 原因：本级解决不了，请上一级协调。"""
    tickets = await meant(ctx, ctx.order)
    for ticket in tickets:
        if not ctx.order.argument:
            example = texts.example(Verb.HAND_UP, [one.number for one in tickets])
            raise Polite(texts.needs_words(Verb.HAND_UP, example))
        why = ctx.order.argument
        own = casework.in_hand(ticket, ctx.sender)
        moved = ctx.move(ticket, Action.PROGRESS, ctx.sender, note=f"上报：{why}", **own)
        held = ctx.roles(ticket)
        roles = next((_ABOVE[r] for r in reversed(_ABOVE) if r in held), (Role.STREET,))
        text = texts.handed_up(ctx.line(moved), ctx.role_name(moved), why)
        ctx.tell(ctx.holders(moved, *roles), text, moved)
        ctx.confide(texts.HANDED_UP, moved)
    return "handed up" if tickets else PASS


@router.on(lambda ctx: ctx.says(Verb.SUPERVISE) and ctx.pointed)
async def supervise(ctx: Context) -> str:
    """督办 要求：督办员、街道或区县要求限时答复；一个工作日内要有进展。"""
    tickets = await meant(ctx, ctx.order)
    for ticket in tickets:
        moved = ctx.move(ticket, Action.SUPERVISE, ctx.sender, note=ctx.order.argument)
        told = (*ctx.handlers(moved), *ctx.leaders(moved))
        ctx.tell(told, texts.supervised(ctx.line(moved), ctx.order.argument), moved)
        escalation.watch_supervised(ctx, moved)
        ctx.confide(texts.SUPERVISED, moved)
    return "supervised" if tickets else PASS
