"""A reporter who answers a rejection: what he says goes to those who can take it back.

The window for it is opened by 驳回; taking it back is 撤销, in triage.py."""

from __future__ import annotations

from bot import texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from routing.roster import Role
from routing.ticket import State

router = Router("objection")


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks == "objection" and _objects(ctx))
async def pass_on(ctx: Context) -> str:
    """收到驳回后直接回复说明：转告网格长和社区，由他们决定是否重新受理。"""
    assert ctx.talk is not None
    found = await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids)
    rejected = [ticket for ticket in found if ticket.state is State.REJECTED]
    for ticket in rejected:
        text = texts.objected(ctx.line(ticket), ctx.message.text)
        community = ctx.holders(ticket, Role.COMMUNITY, Role.SECRETARY)
        ctx.tell((*ctx.leaders(ticket), *community), text, ticket)
        ctx.answer(texts.objection_passed_on(ctx.line(ticket)))
        ctx.about = ticket.id
    return "objected" if rejected else PASS


def _objects(ctx: Context) -> bool:
    """Words of one's own: no command, no thanks, no report that stands by itself."""
    says = bool(ctx.message.text.strip()) and not ctx.courtesy
    return says and ctx.command is None and ctx.reading.kind != "report"
