"""What a leader's word teaches: lessons are staged in the transaction that moves the ticket.

Private matters teach nothing; what a lesson may contain is routing/lessons.py."""

from __future__ import annotations

from bot.desk import Desk
from nlp.reading import Reading
from routing.lessons import Lesson, Taught, not_a_report, without_people
from routing.message import Inbound
from routing.ticket import Action, Ticket

UNDONE = "撤销改类"
"""Note of the move that takes a 改类 back."""


def source_of(channel: str, platform_id: str) -> str:
    """How a lesson names the message that it comes from; "" without one."""
    return f"{channel}:{platform_id}" if platform_id else ""


def _source(ticket: Ticket) -> str:
    return source_of((ticket.origin or ticket.group).partition(":")[0], ticket.source)


async def codes_of(desk: Desk, ticket: Ticket) -> list[str]:
    """The categories that the ticket has had and that were not taken back, the present one last."""
    codes: list[str] = []
    for event in await desk.tx.tickets.events(ticket.id):
        if "code" not in event.changes:
            continue
        if event.action is Action.RECLASSIFY and event.note == UNDONE:
            codes.pop()
        else:
            codes.append(str(event.changes["code"]))
    return codes


async def reclassified(desk: Desk, ticket: Ticket) -> None:
    """The leader gave the ticket another category; back to what was read, nothing was taught."""
    read_as = (await codes_of(desk, ticket))[0]
    if ticket.private or read_as == ticket.code:
        desk.tx.lessons.drop(ticket.id, _source(ticket), Taught.RECLASSIFIED)
        return
    _put(
        desk, Taught.RECLASSIFIED, ticket.grid, ticket.text, _source(ticket), ticket.id,
        was=Reading("report", (read_as,), nature=ticket.nature), kind="report", code=ticket.code,
    )  # fmt: skip


def rejected(desk: Desk, ticket: Ticket, reason: str) -> None:
    """不予受理: a lesson only if the reason says that it was no report at all."""
    desk.tx.lessons.drop(0, _source(ticket), Taught.OPENED)
    kind = not_a_report(reason)
    if kind and not ticket.private:
        _put(
            desk, Taught.REJECTED, ticket.grid, ticket.text, _source(ticket), ticket.id,
            was=Reading("report", (ticket.code,), nature=ticket.nature), kind=kind,
        )  # fmt: skip


def accepted_again(desk: Desk, ticket: Ticket) -> None:
    """立案 after 驳回: what the rejection taught is withdrawn."""
    desk.tx.lessons.drop(ticket.id, _source(ticket), Taught.REJECTED)


def declined(desk: Desk, message: Inbound) -> None:
    """不是, the leader's answer to a hint: the message was no report."""
    group = desk.group(message.conversation)
    read = desk.house.read(message.text)
    if group is None or _private(desk, read):
        return
    source = source_of(message.channel, message.platform_id)
    kind = read.kind if read.kind != "report" else "chat"
    _put(desk, Taught.REJECTED, group.grid, message.text, source, 0, was=read, kind=kind)


def opened(desk: Desk, message: Inbound, grid: str, read: Reading, code: str) -> None:
    """建单: the message was a report; `code` is the category that the leader named, or ""."""
    source = source_of(message.channel, message.platform_id)
    desk.tx.lessons.drop(0, source, Taught.REJECTED)
    minor = desk.house.taxonomy.minor(code) if code else None
    if not (_private(desk, read) or (minor and minor.private)):
        _put(desk, Taught.OPENED, grid, message.text, source, 0, was=read, kind="report", code=code)


def _private(desk: Desk, read: Reading) -> bool:
    minors = (desk.house.taxonomy.minor(code) for code in read.codes)
    return any(minor is not None and minor.private for minor in minors)


def _put(
    desk: Desk,
    action: Taught,
    grid: str,
    text: str,
    source: str,
    ticket_id: int,
    *,
    was: Reading,
    kind: str,
    code: str = "",
) -> None:
    names = (person.name for person in desk.house.roster.parts.people)
    words = without_people(text, names, desk.house.public_numbers)
    if words.strip():
        desk.tx.lessons.put(
            Lesson(
                id=desk.house.new_id(), at=desk.now, grid=grid, text=words, action=action,
                ticket_id=ticket_id, source=source, was_kind=was.kind,
                was_code="".join(was.codes[:1]), was_nature=was.nature, kind=kind, code=code,
            )
        )  # fmt: skip
