"""A message that may be a report is put to the leaders, who decide by one word.

Their answer is taken by handlers/triage.py."""

from __future__ import annotations

from datetime import timedelta

from bot import texts
from bot.context import Context
from bot.desk import Desk
from nlp.reading import Reading
from routing.message import Inbound
from routing.roster import Group
from storage.talks import Talk

_MOST_HINTS = 20
OPINION = "opinion"
"""Kind of the job that asks for a second opinion; due when an answer would come too late."""
OPINION_WAITS = timedelta(minutes=10)
_SHORTEST, _LONGEST = 4, 500


async def ask_leaders(ctx: Context, message: Inbound, reading: Reading) -> bool:
    """Whether there is a leader to ask; `message` may be an older one than the context's."""
    assert ctx.here is not None
    codes = reading.codes or reading.candidates
    name = ctx.house.taxonomy.name(codes[0]) if codes else "未分类"
    return await put_to_leaders(ctx, message, ctx.here, texts.suggestion(name, message.text))


async def put_to_leaders(
    desk: Desk, message: Inbound, group: Group, text: str, category: str = ""
) -> bool:
    """Tell the group's leaders `text` and wait for their word; False if there are none.

    category: under which the message is registered if they agree; "" leaves it to the bot."""
    until = desk.now + timedelta(days=1)
    hint = (message.channel, message.platform_id, texts.short(message.text), category)
    leaders = desk.accounts(desk.house.roster.leaders(group.grid, desk.now), group.conversation)
    for leader in leaders:
        talk = (await desk.tx.talks.of((leader,))).get((leader, leader))
        asked = talk is not None and talk.asks == "open" and talk.until >= desk.now
        waiting = list(talk.data["hints"]) if talk and asked else []
        hints = {"hints": [*waiting, hint][-_MOST_HINTS:]}
        desk.tx.talks.put(Talk(leader, leader, until, asks="open", data=hints))
    desk.tell(leaders, text)
    return bool(leaders)


def doubtful(ctx: Context) -> bool:
    """Whether a resident's message, of which nothing came, was read without being sure."""
    section = ctx.house.settings.second_opinion
    if not section.enabled or ctx.here is None or ctx.staff or ctx.command is not None:
        return False
    long_enough = _SHORTEST <= len(ctx.message.text) <= _LONGEST
    return long_enough and ctx.reading.confidence < section.line


def plan_opinion(ctx: Context) -> None:
    """Staged: let another model look at the message, beside the work; the words stay here."""
    message = ctx.message
    data = {"channel": message.channel, "post": message.platform_id}
    ctx.tx.jobs.put(f"{OPINION}:{message.id}", OPINION, ctx.now + OPINION_WAITS, data)
