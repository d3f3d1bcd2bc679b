"""并案 and its undoing: one matter from several tickets, every voice kept, everybody told.

Whether two tickets are one matter is the leader's word, or proposals.py's high line."""

from __future__ import annotations

from collections.abc import Set

from bot import escalation, texts
from bot.desk import Desk
from routing.ticket import ALIVE, Action, State, Ticket

_HEARS = ALIVE | {State.CLOSED}


def merge(desk: Desk, child: Ticket, parent: Ticket, by: str) -> tuple[Ticket, Ticket]:
    """并案: the child's voices join the parent and are told; `by` "" is the bot itself.

    Where the parent is finished already they are asked for their verdict at once."""
    gone = desk.move(child, Action.MERGE, by, parent=parent.id, note=f"并入 #{parent.number}")
    voices = tuple(dict.fromkeys((*parent.supporters, *child.voices)))
    voices = tuple(v for v in voices if v != parent.reporter)
    unhappy = tuple(dict.fromkeys((*parent.unhappy, *child.unhappy)))
    kept = desk.move(
        parent, Action.SUPPORT, by, supporters=voices, unhappy=unhappy, note=_merged_from(child)
    )
    tell = texts.merged_for_voice if by else texts.merged_by_itself_for_voice
    desk.tell(child.voices, tell(desk.line(gone), desk.line(kept)), gone)
    if kept.result is not None and kept.state is State.RESOLVED:
        heard = texts.result_for_supporter(desk.line(kept), kept.result, kept.result_text)
        desk.tell(child.voices, heard, kept)
    return gone, kept


def _merged_from(child: Ticket) -> str:
    return f"并案自 #{child.number}"


async def unmerge(desk: Desk, child: Ticket, by: str) -> Ticket:
    """撤销并案: whom the merge brought leaves the parent, everybody else stays; the child goes on
    with its own reporters and the deadline it had from its own report, and all are told.

    The parent must not be merged itself."""
    (parent,) = await desk.tx.tickets.by_ids((child.parent,))
    brought = await _brought(desk, parent, child)
    if parent.state in _HEARS:
        _let_go(desk, parent, child, brought, by)
    unhappy = tuple(voice for voice in child.voices if voice in parent.unhappy)
    own = desk.move(child, Action.UNMERGE, by, parent=0, unhappy=unhappy)
    escalation.watch(desk, own)
    line = desk.line(own)
    desk.tell(own.voices, texts.unmerged_for_voice(line), own)
    staff = dict.fromkeys((*desk.leaders(own), *desk.handlers(parent)))
    told = [account for account in staff if account != by]
    desk.tell(told, texts.unmerged_for_staff(line, desk.line(parent)), own)
    return own


async def _brought(desk: Desk, parent: Ticket, child: Ticket) -> set[str]:
    """The supporters that the parent got by the last merge with the child."""
    before: set[str] = set()
    brought: set[str] = set()
    for event in await desk.tx.tickets.events(parent.id):
        now = set(event.changes.get("supporters", before))
        if event.note == _merged_from(child):
            brought = now - before
        before = now
    return brought


def _let_go(desk: Desk, parent: Ticket, child: Ticket, brought: Set[str], by: str) -> None:
    """The parent without them; the first who stays inherits it from one who has become its head."""
    left = tuple(voice for voice in parent.supporters if voice not in brought)
    reporter = parent.reporter
    if reporter in brought and left:
        reporter, *rest = left
        left = tuple(rest)
    staying = {reporter, *left}
    unhappy = tuple(voice for voice in parent.unhappy if voice in staying)
    note = f"撤销并案 #{child.number}"
    desk.move(
        parent, Action.SUPPORT, by, note=note, reporter=reporter, supporters=left, unhappy=unhappy
    )
