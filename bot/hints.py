"""A message that may be a report is put to the leaders, who decide by one word.

Their answer is taken by handlers/triage.py."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import Context
from nlp.reading import Reading
from routing.message import Inbound
from storage.talks import Talk

_MOST_HINTS = 20


async def ask_leaders(ctx: Context, message: Inbound, reading: Reading) -> bool:
    """Whether there is a leader to ask; `message` may be an older one than the context's."""
    assert ctx.here is not None
    codes = reading.codes or reading.candidates
    name = ctx.house.taxonomy.name(codes[0]) if codes else "未分类"
    until = ctx.now + timedelta(days=1)
    hint = (message.channel, message.platform_id, texts.short(message.text))
    people = ctx.house.roster.leaders(ctx.here.grid, ctx.now)
    leaders = ctx.accounts(people, ctx.here.conversation)
    for leader in leaders:
        talk = (await ctx.tx.talks.of((leader,))).get((leader, leader))
        asked = talk is not None and talk.asks == "open" and talk.until >= ctx.now
        waiting = list(talk.data["hints"]) if talk and asked else []
        hints = {"hints": [*waiting, hint][-_MOST_HINTS:]}
        ctx.tx.talks.put(Talk(leader, leader, until, asks="open", data=hints))
    ctx.tell(leaders, texts.suggestion(name, message.text))
    return bool(leaders)
