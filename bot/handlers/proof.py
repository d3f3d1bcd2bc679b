"""Pictures that staff send on their own after 办结, where words and pictures come one by one.

The window for them is opened by 办结; a picture in the same message never comes here."""

from __future__ import annotations

from bot import casework, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from routing.ticket import Action, State

router = Router("proof")
SHOWN = frozenset({State.RESOLVED, State.CLOSED})


@router.on(lambda ctx: ctx.talk is not None and ctx.talk.asks == "photo")
async def show_result(ctx: Context) -> str:
    """办结后接着发来的照片：补到这件事上，并给居民看。"""
    assert ctx.talk is not None
    images = ctx.message.images
    if not images or ctx.command is not None:
        return PASS
    found = await ctx.tx.tickets.by_ids(ctx.talk.ticket_ids)
    tickets = [ticket for ticket in found if ticket.state in SHOWN]
    for ticket in tickets:
        kept = tuple(dict.fromkeys((*ticket.images, *images)))
        moved = ctx.move(ticket, Action.ATTACH, ctx.sender, note="办结照片", images=kept)
        if shown := casework.result_photos(ctx, images):
            await ctx.post(moved, texts.result_photo(ctx.line(moved)), "update", images=shown)
        ctx.confide(texts.photo_kept(ctx.line(moved)), moved)
        ctx.about = moved.id
    return "shown" if tickets else PASS
