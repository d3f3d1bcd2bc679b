"""Staff who send the bot's posts by hand, one-to-one with it: 待发 已发 群发.

How posts come to wait for a person is bot/outbox_queue.py."""

from __future__ import annotations

import re

from bot import outbox_queue, texts
from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.outbox_queue import Batch
from bot.targets import Polite

router = Router("sending")

_SENT = re.compile(
    r"\s*(?:已发|已发送|已代发|发好了|已转发)[了\s#＃]*(?P<numbers>[\d\s、,，和#＃]*)[号了。!！]*\s*$"
)
_ALL = re.compile(r"\s*(?:全部已发|已全部发出|已发\s*全部|都发了)[了。!！]*\s*$")
_TASK = re.compile(r"\s*群发\s*[#＃]?(?P<numbers>\d{1,9})号?\s*$")
_LIST = re.compile(r"\s*待发(?:消息|列表)?\s*[?？]?\s*$")


def _alone(ctx: Context, *patterns: re.Pattern[str]) -> bool:
    alone = not ctx.message.is_group
    return alone and any(pattern.match(ctx.message.text) for pattern in patterns)


@router.on(lambda ctx: _alone(ctx, _LIST))
async def show(ctx: Context) -> str:
    """待发：看看有哪些消息在等您代发。"""
    own = await _own(ctx)
    if not own and not ctx.staff:
        return PASS
    rows = await _lines(ctx, own)
    return ctx.answer(texts.batches(rows) if rows else texts.NOTHING_WAITS)


@router.on(lambda ctx: _alone(ctx, _SENT, _ALL))
async def confirm_sent(ctx: Context) -> str:
    """已发 3：代发的消息已经发出；已发 全部。"""
    own = await _own(ctx)
    match = _SENT.match(ctx.message.text)
    numbers = [int(n) for n in re.findall(r"\d{1,9}", match["numbers"])] if match else []
    if not own and not (ctx.staff and numbers):
        return PASS
    if match and not numbers and len(own) > 1:
        raise Polite(texts.which_batch(await _lines(ctx, own)))
    chosen = _chosen(own, numbers) if numbers else own
    for batch in chosen:
        count = await outbox_queue.mark_sent(ctx.tx, batch, ctx.now)
        ctx.answer(texts.marked_sent(batch.number, count))
    return "sent"


@router.on(lambda ctx: _alone(ctx, _TASK))
async def make_task(ctx: Context) -> str:
    """群发 3：把代发的消息生成企业微信的群发任务，在手机上点一下就发出。"""
    own, match = await _own(ctx), _TASK.match(ctx.message.text)
    assert match is not None
    if not own and not ctx.staff:
        return PASS
    (batch,) = _chosen(own, [int(match["numbers"])])
    waiting = await outbox_queue.held(ctx.tx)
    words = [waiting[id_].message.text for id_ in batch.ids if id_ in waiting]
    channel, _, chat = batch.conversation.partition(":")
    place = f"{channel}:task:{ctx.sender.partition(':')[2]}:{chat}"
    ctx.say(place, "\n".join(words), outbox_queue.NOTICE)
    return ctx.answer(texts.task_made(batch.number))


def _chosen(own: list[Batch], numbers: list[int]) -> list[Batch]:
    by_number = {batch.number: batch for batch in own}
    for number in numbers:
        if number not in by_number:
            raise Polite(texts.nothing_to_send(number))
    return [by_number[number] for number in dict.fromkeys(numbers)]


async def _own(ctx: Context) -> list[Batch]:
    """The open batches that the sender was asked to send, on whichever channel, or may send."""
    person = ctx.house.roster.person_of(ctx.sender)
    accounts = {ctx.sender, *(person.accounts if person else ())}
    every = await outbox_queue.open_batches(ctx.tx)
    if accounts & set(ctx.house.settings.human.staff):
        return every
    led = {group.conversation for group in ctx.led}
    return [b for b in every if accounts & set(b.told) or b.conversation in led]


async def _lines(ctx: Context, own: list[Batch]) -> list[str]:
    waiting = await outbox_queue.held(ctx.tx)
    return [outbox_queue.line(ctx.house.roster, batch, waiting) for batch in own]
