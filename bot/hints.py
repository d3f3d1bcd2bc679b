"""A message that may be a report is put to the leaders, who decide by one word; staff whose own
words may be a result are asked likewise.

Their answer is taken by handlers/triage.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot import casework, texts
from bot.context import Context
from bot.desk import Desk
from bot.rights import may
from bot.targets import Polite, fits
from nlp.reading import Reading
from routing.commands import Verb, result_of
from routing.message import Inbound
from routing.roster import Group
from routing.ticket import Ticket
from storage.talks import Talk

_MOST_HINTS = 20
_OF_REPORT = 4
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
    hint = (message.channel, message.platform_id, texts.short(message.text), category)
    leaders = desk.accounts(desk.house.roster.leaders(group.grid, desk.now), group.conversation)
    for leader in leaders:
        _wait(desk, leader, [*await _waiting(desk, leader), hint])
    desk.tell(leaders, text)
    return bool(leaders)


async def ask_if_done(ctx: Context, ticket: Ticket) -> bool:
    """Ask the speaker, once while he has not answered, whether his sentence is the ticket's result;
    False where he cannot be asked one-to-one."""
    if not ctx.reaches(ctx.sender):
        return False
    waiting, message = await _waiting(ctx, ctx.sender), ctx.message
    if ticket.id not in [of_ticket(hint) for hint in waiting]:
        hint = (message.channel, message.platform_id, texts.short(message.text), "", ticket.id)
        _wait(ctx, ctx.sender, [*waiting, hint])
        ctx.tell(ctx.sender, texts.looks_done(ctx.line(ticket), message.text), ticket)
    return True


def of_ticket(hint: Sequence[Any]) -> int:
    """The ticket whose result the hint asks about, 0 for one that asks about a new report."""
    return int(hint[4]) if len(hint) > _OF_REPORT else 0


async def still_asks(ctx: Context, hint: Sequence[Any]) -> bool:
    """Whether the hint still asks something: its ticket may have been finished since."""
    if not of_ticket(hint):
        return True
    found = await ctx.tx.tickets.by_ids((of_ticket(hint),))
    return any(fits(Verb.RESOLVE, ticket) and may(ctx, Verb.RESOLVE, ticket) for ticket in found)


async def finish_by(ctx: Context, ticket_id: int, said: Inbound | None) -> str:
    """The speaker's word on whether what he had said was the result of the ticket.

    Raises Polite where his sentence is no longer known."""
    if ctx.says(Verb.REJECT):
        ctx.confide(texts.NOT_THE_RESULT)
        return "dropped"
    if said is None or not said.text.strip():
        raise Polite(texts.QUOTE_GONE)
    for ticket in await ctx.tx.tickets.by_ids((ticket_id,)):
        result, words = result_of(said.text)
        moved = await casework.solve(ctx, ticket, result, words, ctx.sender, images=said.images)
        ctx.confide(texts.done(Verb.RESOLVE, ctx.line(moved)), moved)
    return "resolved"


async def _waiting(desk: Desk, account: str) -> list[Sequence[Any]]:
    talk = (await desk.tx.talks.of((account,))).get((account, account))
    asked = talk is not None and talk.asks == "open" and talk.until >= desk.now
    return list(talk.data["hints"]) if talk and asked else []


def _wait(desk: Desk, account: str, hints: Sequence[Sequence[Any]]) -> None:
    until, kept = desk.now + timedelta(days=1), {"hints": list(hints)[-_MOST_HINTS:]}
    desk.tx.talks.put(Talk(account, account, until, asks="open", data=kept))


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
