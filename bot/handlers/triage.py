"""What a leader decides about a report: 确认 驳回 改类 并入 撤销 建单.

Who works on a ticket, and how it ends, is handled elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import casework, escalation, merging, pauses, relocation, teaching, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.hints import finish_by, of_ticket, still_asks
from bot.reports import open_reports
from bot.rights import may, who_may, works_on
from bot.targets import Polite, Refused, fits, meant, named, quoted
from routing.closing import SIGNERS
from routing.commands import Command, Verb, plain
from routing.message import Inbound
from routing.quality import How
from routing.roster import Group
from routing.ticket import ALIVE, Action, State, Ticket

router = Router("triage")

_SAYS_YES = re.compile("1|是|👌")


@router.on(lambda ctx: ctx.command is None and ctx.overlong)
async def refuse_length(_ctx: Context) -> str:
    """写得太长的回复：请他写短一些，什么也不改动。"""
    raise Polite(texts.TOO_LONG)


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks == "open" and ctx.staff)
async def answer_hint(ctx: Context) -> str:
    """1／是／建单 登记刚才提示的那句话，或用它办结；不是 则不登记、不办结。"""
    assert ctx.talk is not None
    command = ctx.command
    if command is None or command.numbers or command.argument or not _answers_hint(command):
        return PASS
    pending = [hint for hint in map(tuple, ctx.talk.data["hints"]) if await still_asks(ctx, hint)]
    quote = ctx.message.quote
    chosen = [h for h in pending if quote is None or h[2] in quote.text]
    if len(chosen) != 1:
        return ctx.answer(texts.WHICH_HINT) if quote is None and pending else PASS
    rest = [hint for hint in pending if hint not in chosen]
    ctx.tx.talks.put(replace(ctx.talk, asks="open" if rest else "", data={"hints": rest}))
    message = await ctx.tx.inbox.by_platform_id(*chosen[0][:2])
    if of_ticket(chosen[0]):
        return await finish_by(ctx, of_ticket(chosen[0]), message)
    if command.verb is Verb.REJECT:
        if message is not None:
            teaching.declined(ctx, message)
        ctx.confide(texts.SUGGESTION_DROPPED)
        return "dropped"
    if message is None or not message.text.strip():
        raise Polite(texts.QUOTE_GONE)
    _, _, _, proposed = (*chosen[0], "")[:4]
    return await _open_message(ctx, message, proposed, hinted=True)


def _answers_hint(command: Command) -> bool:
    weak = command.verb in {Verb.CONFIRM, Verb.REJECT} and not command.strong
    return weak or command.verb is Verb.OPEN


@router.on(lambda ctx: ctx.says(Verb.OPEN))
async def open_quoted(ctx: Context) -> str:
    """建单：引用居民的话登记；或 建单 内容。"""
    return await _open(ctx, ctx.order.argument)


@router.on(lambda ctx: ctx.says(Verb.CONFIRM) and not ctx.of_unit)
async def confirm(ctx: Context) -> str:
    """确认／是／1／收到／👌：报告属实，立案。"""
    command = ctx.order
    tickets = await meant(ctx, command) if not await _unregistered(ctx) else ()
    if not tickets:
        opens = await _unregistered(ctx) and ctx.staff and _opens(ctx)
        return await _open(ctx, "") if opens else PASS
    for ticket in tickets:
        action = Action.CONFIRM if ticket.state is not State.CONFIRMED else Action.ACCEPT
        changes = {"handler": ctx.sender} if action is Action.ACCEPT else {}
        teaching.accepted_again(ctx, ticket)
        moved = ctx.move(ticket, action, ctx.sender, **changes)
        ctx.confide(texts.done(Verb.CONFIRM, ctx.line(moved)), moved)
    return "confirmed"


def _opens(ctx: Context) -> bool:
    """收到 and 好 to a neighbour's talk are politeness, to a report they register it."""
    quote, group = ctx.message.quote, ctx.home
    if ctx.order.strong or quote is None or _SAYS_YES.match(plain(ctx.message.text)):
        return True
    reading = ctx.house.read(quote.text, group.words if group else ())
    return reading.kind == "report" or bool(reading.candidates)


async def _unregistered(ctx: Context) -> bool:
    """Whether a person's message is quoted that no ticket was opened for."""
    quote = ctx.message.quote
    if quote is None or quote.of_bot or (ctx.command and ctx.command.numbers):
        return False
    return not await quoted(ctx)


async def _open(ctx: Context, words: str) -> str:
    quote = ctx.message.quote
    probe = _probe(ctx, ctx.home)
    if not ctx.staff:
        if quote is None or not ctx.order.strong:
            return PASS
        raise Refused(texts.may_not(Verb.OPEN, who_may(Verb.OPEN)))
    if probe is None:
        raise Polite(texts.which_group([g.name for g in ctx.led]))
    if not may(ctx, Verb.OPEN, probe):
        raise Refused(texts.may_not(Verb.OPEN, who_may(Verb.OPEN)))
    if quote is not None and quote.of_bot:
        raise Polite(texts.QUOTE_OF_BOT)
    return await _open_message(ctx, await _to_open(ctx, words), words if quote else "")


async def _to_open(ctx: Context, words: str) -> Inbound:
    """The message quoted, as far as it is still known; else the leader's own words."""
    quote = ctx.message.quote
    message = replace(ctx.message, text=words)
    if quote is not None:
        original = await ctx.tx.inbox.by_platform_id(ctx.message.channel, quote.platform_id)
        known = original is not None and original.text.strip()
        message = original if known and original else replace(message, text=quote.text or words)
    if not message.text.strip():
        raise Polite(texts.QUOTE_GONE)
    return message


async def _open_message(
    ctx: Context, message: Inbound, category: str, *, hinted: bool = False
) -> str:
    """Register it once; `category` is the leader's word for what it is, if any.

    hinted: the category was proposed to the leader, whose yes does not teach it."""
    known = await ctx.tx.inbox.ticket_of(message.channel, message.platform_id)
    for ticket in await ctx.tx.tickets.by_ids((known,) if known else ()):
        raise Polite(texts.already_open(ctx.line(ticket)))
    group = ctx.group(message.conversation) or ctx.home
    reading = ctx.house.read(message.text, group.words if group else ())
    named_as = ctx.house.taxonomy.find(category) if category else ()
    code = named_as[0].code if len(named_as) == 1 else ""
    taught = "" if hinted else code
    teaching.opened(ctx, message, group.grid if group else "", reading, taught)
    if code:
        reading = replace(reading, codes=(code,), issues=())
    how = How.HINTED if hinted else How.BY_HAND
    return await open_reports(ctx, message, reading, by=ctx.sender, how=how)


def _probe(ctx: Context, group: Group | None) -> Ticket | None:
    """A ticket that does not exist, to ask what the sender may do in this grid."""
    if group is None:
        return None
    return Ticket(0, group.conversation, 0, group.grid, "", "", "", ctx.now)


@router.on(lambda ctx: ctx.says(Verb.REJECT))
async def reject(ctx: Context) -> str:
    """驳回 原因：不属实或不属于受理范围，告诉反映人。"""
    command = ctx.order
    tickets = await meant(ctx, command)
    if not tickets:
        return PASS
    if not command.argument:
        example = texts.example(Verb.REJECT, [ticket.number for ticket in tickets])
        raise Polite(texts.needs_words(Verb.REJECT, example))
    for ticket in tickets:
        moved = ctx.move(ticket, Action.REJECT, ctx.sender, note=command.argument)
        teaching.rejected(ctx, moved, command.argument)
        ctx.tell(moved.voices, texts.rejected(ctx.line(moved), command.argument), moved)
        casework.invite_objection(ctx, moved)
        if moved.urgent and not moved.private:
            calm = texts.all_clear(ctx.line(moved), command.argument)
            await ctx.post(moved, calm, "update", slot=f"status:{moved.id}")
        ctx.confide(texts.done(Verb.REJECT, ctx.line(moved)), moved)
    return "rejected"


@router.on(lambda ctx: ctx.says(Verb.RECLASSIFY))
async def reclassify(ctx: Context) -> str:
    """改类 类别：换成另一类，期限按新类别重算。"""
    command = ctx.order
    tickets = await meant(ctx, command)
    if not tickets:
        return PASS
    code = _category(ctx, command.argument)
    for ticket in tickets:
        moved = await _reclassify(ctx, ticket, code, command.argument)
        ctx.confide(texts.done(Verb.RECLASSIFY, ctx.line(moved)), moved)
    return "reclassified"


async def _reclassify(ctx: Context, ticket: Ticket, code: str, note: str) -> Ticket:
    """Another category with its deadline and, where nobody has it in hand, its unit."""
    minor = ctx.house.taxonomy.minors[code]
    due = await pauses.deadline_now(ctx, ticket, code)
    unit = ctx.first_unit(ticket.grid, code, ticket.urgent)
    hidden = ticket.private or minor.private
    fresh = {"unit": unit.id if unit else ""} if not ticket.handler else {}
    moved = ctx.move(
        ticket, Action.RECLASSIFY, ctx.sender, note=note,
        code=code, due_at=due, private=hidden, **fresh,
    )  # fmt: skip
    escalation.watch(ctx, moved)
    await teaching.reclassified(ctx, moved)
    ctx.tell(moved.voices, texts.reclassified(ctx.line(moved)), moved)
    return moved


def _category(ctx: Context, words: str) -> str:
    if not words:
        raise Polite(texts.needs_words(Verb.RECLASSIFY, texts.EXAMPLES[Verb.RECLASSIFY]))
    found = ctx.house.taxonomy.find(words)
    if not found:
        raise Polite(texts.unknown_category(words))
    if len(found) > 1:
        raise Polite(texts.several_categories(words, [minor.name for minor in found]))
    return found[0].code


@router.on(lambda ctx: ctx.says(Verb.MERGE))
async def merge(ctx: Context) -> str:
    """并入 编号：和那一件是同一件事，合并办理。"""
    command = ctx.order
    if not ctx.pointed:
        return PASS
    *subjects, target = await named(ctx, command.numbers) or (None,)
    children = [t for t in subjects if t is not None] or list(await quoted(ctx))
    if target is None or not children or target in children:
        raise Polite(texts.needs_words(Verb.MERGE, texts.EXAMPLES[Verb.MERGE]))
    for child in children:
        if not (may(ctx, Verb.MERGE, child) and may(ctx, Verb.MERGE, target)):
            raise Refused(texts.may_not(Verb.MERGE, who_may(Verb.MERGE)))
        if not fits(Verb.MERGE, child) or target.state not in ALIVE:
            broken = child if not fits(Verb.MERGE, child) else target
            raise Refused(texts.illegal(ctx.line(broken), Verb.MERGE, ()))
        gone, target = merging.merge(ctx, child, target, ctx.sender)
        ctx.confide(texts.merged(ctx.line(gone), ctx.line(target)), gone, target)
    return "merged"


@router.on(lambda ctx: ctx.says(Verb.UNDO))
async def undo(ctx: Context) -> str:
    """撤销 编号、撤销并案 编号、拆开 编号：取消刚才的并案、驳回、改类或办结。"""
    command = ctx.order
    if not ctx.pointed:
        return PASS
    tickets = await named(ctx, command.numbers) or await quoted(ctx)
    if not tickets:
        raise Polite(texts.needs_words(Verb.UNDO, texts.EXAMPLES[Verb.UNDO]))
    for ticket in tickets:
        allowed = may(ctx, Verb.REJECT, ticket) or _judges_finish(ctx, ticket)
        if not (allowed or await _own_by_bot(ctx, ticket)):
            raise Refused(texts.may_not(Verb.UNDO, who_may(Verb.REJECT)))
        moved = await _undone(ctx, ticket)
        ctx.confide(texts.done(Verb.UNDO, ctx.line(moved)), moved)
    return "undone"


def _judges_finish(ctx: Context, ticket: Ticket) -> bool:
    """Whether the sender may take back its 办结: who finished it, or who would sign for it."""
    signs = bool(ctx.roles(ticket) & set(SIGNERS))
    return ticket.state is State.RESOLVED and (signs or works_on(ctx, ticket))


async def _own_by_bot(ctx: Context, ticket: Ticket) -> bool:
    """Whether the bot merged the sender's own report: the sender knows best what was meant."""
    if ticket.reporter != ctx.sender or ticket.state is not State.MERGED:
        return False
    return (await ctx.tx.tickets.events(ticket.id))[-1].by == ""


async def _undone(ctx: Context, ticket: Ticket) -> Ticket:
    if ticket.state is State.REJECTED:
        teaching.accepted_again(ctx, ticket)
        moved = ctx.move(ticket, Action.CONFIRM, ctx.sender, note="撤销驳回")
        ctx.tell(moved.voices, texts.accepted_again(ctx.line(moved)), moved)
        return moved
    if ticket.state is State.RESOLVED:
        return await casework.take_back(ctx, ticket, ctx.sender, "撤销办结")
    if ticket.state is State.MERGED:
        return await _parted(ctx, ticket)
    if (place := await relocation.place_before(ctx, ticket)) is not None:
        return relocation.put_back(ctx, ticket, place, ctx.sender)
    codes = await teaching.codes_of(ctx, ticket)
    if len(codes) < 2 or not fits(Verb.RECLASSIFY, ticket):  # noqa: PLR2004 - one before
        raise Polite(texts.no_undo(ctx.line(ticket)))
    return await _reclassify(ctx, ticket, codes[-2], teaching.UNDONE)


async def _parted(ctx: Context, child: Ticket) -> Ticket:
    for parent in await ctx.tx.tickets.by_ids((child.parent,)):
        if parent.state is State.MERGED:
            raise Polite(texts.undo_first(ctx.line(child), ctx.line(parent)))
    return await merging.unmerge(ctx, child, ctx.sender)
