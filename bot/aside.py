"""What was put aside: posts that did not go out and messages that no handler got done.

For whoever runs the bot: they are listed with the reason, and tried again on request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot import outbox_queue, texts
from bot.errors import MAY_HAVE_ARRIVED, GridbotError
from routing.roster import Roster
from storage.outbox import OutRow
from storage.store import Store, Transaction

MOST: Final = 10_000
EVERYTHING: Final = "all"
Print = Callable[[str], None]


async def counts(store: Store) -> list[str]:
    """What waits and what was put aside, as lines of `check`."""
    async with store.read() as tx:
        inbox, outbox = await tx.inbox.count_by_state(), await tx.outbox.count_by_state()
        jobs = await tx.jobs.count_by_state()
        unclear = sum(_unclear(tx, row) for row in await tx.outbox.by_state("dead", MOST))
    new = inbox.get("new", 0) + inbox.get("doing", 0)
    pending = outbox.get("pending", 0) + outbox.get("sending", 0)
    held, lost = outbox.get(outbox_queue.WAITING, 0), outbox.get("dead", 0)
    out = f"发件：待发出{pending}条，等人代发{held}条，失败{lost}条，其中可能已送达{unclear}条"
    lines = [
        f"收件：待处理{new}条，失败{inbox.get('dead', 0)}条",
        out,
        f"定时任务：失败{jobs.get('dead', 0)}条",
    ]
    if inbox.get("dead"):
        lines.append("失败的收件用 python run_bot.py inbox 查看和重试。")
    if outbox.get("dead"):
        lines.append("失败的发件用 python run_bot.py outbox --dead 查看，--resend 重发。")
    return lines


async def dead_posts(store: Store, out: Print) -> int:
    """List the posts that were given up, with the reason."""
    async with store.read() as tx:
        rows, roster = await tx.outbox.by_state("dead", MOST), await tx.people.load()
        for row in rows:
            out(_post_line(tx, row, roster))
    out(f"共{len(rows)}条没有发出。重发：outbox --resend 编号，或 --resend all。")
    return 0


def _post_line(tx: Transaction, row: OutRow, roster: Roster) -> str:
    number, error = row.message.id, tx.outbox.errors[row.message.id]
    place = outbox_queue.place_name(roster, row.message.conversation)
    warning = "\n    ⚠ 可能已经送达，重发前请先到群里看看" if _unclear(tx, row) else ""
    return f"{number} → {place}：{texts.short(row.message.text)}\n    原因：{error}{warning}"


def _unclear(tx: Transaction, row: OutRow) -> bool:
    return MAY_HAVE_ARRIVED in tx.outbox.errors.get(row.message.id, "")


async def resend(store: Store, which: str, out: Print) -> int:
    """Put a post back into the queue, or every one whose outcome is certain.

    Raises GridbotError for what is no number."""
    if which != EVERYTHING:
        return await _again(store, which, lambda tx, number: tx.outbox.resend(number), out)
    sent, unclear = await store.run(_resend_all)
    out(f"✓ {sent}条重新排队，机器人在运行时半分钟内发出。")
    if unclear:
        out(f"⚠ 另有{unclear}条可能已经送达，没有重发；看过群里后用 --resend 编号 单独重发。")
    return 0


async def _resend_all(tx: Transaction) -> tuple[int, int]:
    rows = await tx.outbox.by_state("dead", MOST)
    certain = [row for row in rows if not _unclear(tx, row)]
    for row in certain:
        await tx.outbox.resend(row.message.id)
    return len(certain), len(rows) - len(certain)


async def dead_messages(store: Store, out: Print) -> int:
    """List the messages that were given up, with the reason."""
    async with store.read() as tx:
        rows, roster = await tx.inbox.dead(MOST), await tx.people.load()
    for message, why in rows:
        place = outbox_queue.place_name(roster, message.conversation)
        said = texts.short(message.text)
        out(f"{message.id} {place} {message.sender_name}：{said}\n    原因：{why}")
    out(f"共{len(rows)}条没有处理成。重试：inbox --retry 编号，或 --retry all。")
    return 0


async def retry(store: Store, which: str, out: Print) -> int:
    """Put a message back into the queue, or all. Raises GridbotError for what is no number."""
    if which != EVERYTHING:
        return await _again(store, which, lambda tx, number: tx.inbox.revive(number), out)

    async def every(tx: Transaction) -> int:
        return sum([await tx.inbox.revive(m.id) for m, _ in await tx.inbox.dead(MOST)])

    out(f"✓ {await store.run(every)}条重新排队，机器人在运行时马上处理。")
    return 0


async def _again(
    store: Store, which: str, put_back: Callable[[Transaction, int], Awaitable[bool]], out: Print
) -> int:
    if not which.isascii() or not which.isdecimal() or len(which) > 18:  # noqa: PLR2004 - of 64 bits
        raise GridbotError(f"请写列出的编号，或 {EVERYTHING}：{which}")
    if await store.run(lambda tx: put_back(tx, int(which))):
        out(f"✓ {which} 重新排队。")
        return 0
    out(f"没有失败的{which}，可能已经重试过了。")
    return 1
