"""Questions and small commands: 进度 撤回 帮助, and for staff 待办 and 模式.

Nothing here changes who works on a ticket or how it ends, except its reporter's 撤回."""

from __future__ import annotations

from bot import casework, texts
from bot.context import LEADERSHIP, Context
from bot.desk import UNGIVEN
from bot.dispatcher import PASS, Router
from bot.escalation import colour
from bot.rights import may, works_on
from bot.talk_words import ASKS_HOW_FAR
from bot.targets import Polite, Refused, followed, named, of_resident, own_tickets, quoted, visible
from routing import joint
from routing.commands import Verb
from routing.rules import explain
from routing.ticket import ALIVE, OPEN, State, Ticket, Verdict

router = Router("resident")

_LIKELY, _MOST_ROWS = 2, 3
_MODES = {"自动": "auto", "提示": "hint", "静默": "quiet"}


@router.on(lambda ctx: _asks_progress(ctx) and (ctx.order.strong or ctx.message.to_me))
async def tell_progress(ctx: Context) -> str:
    """进度 编号：查自己反映的事办到哪一步；不写编号列出全部。"""
    if ctx.order.numbers:
        return await _progress_of_number(ctx)
    return _tell(ctx, [t for t in await own_tickets(ctx) if t.state in ALIVE])


@router.on(lambda ctx: ctx.command is None and ctx.message.to_me and _asks_how_far(ctx))
async def tell_how_far(ctx: Context) -> str:
    """@小格 某件事到哪一步了：查自己反映的，没有就查群里大家反映的那一件。"""
    matter = ctx.house.read(ASKS_HOW_FAR.sub("", ctx.message.text))
    codes = {*matter.codes, *matter.candidates[:_LIKELY]}
    mine = [t for t in await own_tickets(ctx) if t.state in ALIVE]
    named = [t for t in mine if t.code in codes]
    alive = await ctx.tx.tickets.alive_in(ctx.groups) if not named else []
    public = [t for t in alive if t.code in codes and not t.private]
    return _tell(ctx, named or public[-_MOST_ROWS:] or mine)


def _asks_how_far(ctx: Context) -> bool:
    return ctx.reading.kind != "report" and ASKS_HOW_FAR.search(ctx.message.text) is not None


def _tell(ctx: Context, tickets: list[Ticket]) -> str:
    if not tickets:
        return ctx.answer(texts.NOTHING_OF_YOURS)
    rows = [_progress(ctx, ticket) for ticket in tickets]
    if any(t.private for t in tickets):
        ctx.confide(texts.progress_list(rows))
        return "told"
    return ctx.answer(rows[0] if len(rows) == 1 else texts.progress_list(rows))


def _asks_progress(ctx: Context) -> bool:
    return ctx.says(Verb.STATUS) or (ctx.says(Verb.TODO) and not ctx.staff and ctx.message.to_me)


async def _progress_of_number(ctx: Context) -> str:
    for number in ctx.order.numbers[:3]:
        found = [await ctx.tx.tickets.by_number(group, number) for group in ctx.groups[:8]]
        own = [t for t in await ctx.concerned_elsewhere() if t.number == number]
        living = [await followed(ctx, t) for t in dict.fromkeys((*found, *own)) if t is not None]
        seen = [t for t in living if visible(ctx, t)]
        if not seen:
            raise Refused(texts.no_such_number(number, staff=ctx.staff))
        for ticket in seen:
            speak = ctx.confide if ticket.private else ctx.answer
            speak(_progress(ctx, ticket))
    return "told"


def _progress(ctx: Context, ticket: Ticket) -> str:
    line = ctx.line(ticket)
    due = line.due if ticket.state in OPEN - {State.SUSPENDED} else ""
    unit = ctx.unit_name(ticket) if ticket.state in OPEN - UNGIVEN else ""
    return texts.progress(line, ticket.state.label, unit, due)


@router.on(lambda ctx: ctx.says(Verb.WITHDRAW))
async def withdraw(ctx: Context) -> str:
    """撤回 编号：自己反映的事不用办了；跟着反映的，不再算自己这一声。"""
    if await _means_unregistered(ctx):
        return PASS
    tickets = await of_resident(ctx, ctx.order, lambda t: t.state in OPEN)
    ripe = [t for t in tickets if t.state in OPEN and ctx.sender in t.voices]
    for ticket in ripe:
        moved = casework.leave(ctx, ticket, ctx.sender)
        line = ctx.line(moved)
        gone = moved.state is State.WITHDRAWN
        ctx.confide(texts.withdrawn(line) if gone else texts.passed_on(line), moved)
        if gone:
            ctx.tell(
                (*ctx.leaders(ticket), *ctx.handlers(ticket)),
                texts.withdrawn_for_staff(line),
                moved,
            )
    for ticket in tickets if not ripe else ():
        raise Refused(texts.illegal(ctx.line(ticket), Verb.WITHDRAW, ()))
    return "withdrawn" if ripe else PASS


async def _means_unregistered(ctx: Context) -> bool:
    """撤回 of a message that nothing came from is no word about another matter."""
    quote = ctx.message.quote
    person = quote is not None and not quote.of_bot and bool(quote.platform_id)
    return person and not ctx.order.numbers and not await quoted(ctx)


@router.on(
    lambda ctx: (
        ctx.says(Verb.HELP)
        and (ctx.message.to_me or ctx.message.text.strip() == "帮助" or not ctx.message.is_group)
    )
)
async def help_out(ctx: Context) -> str:
    """帮助：怎么用小格。"""
    return ctx.answer(texts.HELP_STAFF if ctx.staff else texts.HELP_RESIDENT)


@router.on(lambda ctx: ctx.says(Verb.TODO) and ctx.staff)
async def list_todo(ctx: Context) -> str:
    """待办：列出等我处理的事项。"""
    alive = await ctx.within_reach()
    mine = [t for t in alive if t.state in OPEN and (works_on(ctx, t) or ctx.roles(t) & LEADERSHIP)]
    mine += [t for t in alive if _waits_for_second(ctx, t)]
    mine = sorted(mine, key=lambda t: (t.due_at or ctx.now, t.id))[:20]
    rooms = {t.group for t in mine}
    rows = [(colour(ctx, t), ctx.line(t), _notes(ctx, t, told=len(rooms) > 1)) for t in mine]
    ctx.confide(texts.todo(rows), *mine)
    return "listed"


def _notes(ctx: Context, ticket: Ticket, *, told: bool) -> list[str]:
    """Its group where the list has tickets of several, each with numbers of its own; the units
    that were called to it and have not come."""
    group = ctx.group(ticket.group)
    absent = [ctx.name_of_unit(unit) for unit in joint.missing(ticket.shares)]
    notes = [group.name] if told and group else []
    return [*notes, f"未报到：{'、'.join(absent)}"] if absent else notes


def _waits_for_second(ctx: Context, ticket: Ticket) -> bool:
    """Whether the sender was asked to look at what was finished: 销号 or 撤销."""
    asked = ticket.state is State.RESOLVED and ticket.verdict is not Verdict.NONE
    return asked and ctx.sender in casework.seconds(ctx, ticket)


@router.on(lambda ctx: ctx.says(Verb.WHY) and ctx.staff)
async def tell_why(ctx: Context) -> str:
    """为什么 编号：这件事为什么归到这一类、先找哪个单位。"""
    for ticket in await named(ctx, ctx.order.numbers):
        if not may(ctx, Verb.CONFIRM, ticket) and not works_on(ctx, ticket):
            raise Refused(texts.may_not(Verb.WHY, "网格长或承办单位"))
        house = ctx.house
        words = house.read(ticket.text).reasons
        rules = explain(
            house.roster, house.taxonomy, ticket.grid, ticket.code, ticket.urgent, rules=house.rules
        )
        ctx.confide(texts.why(ctx.line(ticket), words, rules), ticket)
    return "explained"


@router.on(lambda ctx: ctx.says(Verb.MODE) and (ctx.staff or ctx.order.argument in _MODES))
async def set_mode(ctx: Context) -> str:
    """模式 自动／提示／静默：小格在本群怎么说话。"""
    if ctx.here is None:
        raise Polite(texts.MODE_IN_GROUP)
    roles = ctx.house.roster.roles_in(ctx.sender, ctx.here.grid, ctx.now)
    if not roles & LEADERSHIP:
        raise Refused(texts.may_not(Verb.MODE, "网格长或社区"))
    mode = _MODES.get(ctx.order.argument)
    if mode is None:
        raise Polite(texts.needs_words(Verb.MODE, texts.EXAMPLES[Verb.MODE]))
    await ctx.tx.people.set_mode(ctx.here.conversation, mode)
    ctx.confide(texts.MODE_SET[mode])
    return mode
