"""From a read message to registered tickets: new ones, additions and supporters.

Whether a message is to be registered at all is decided by the handlers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import casework, texts
from bot.casework import Report
from bot.context import Context
from bot.homes import building_of, settled, settled_together
from bot.proposals import (
    WIDE,
    as_report,
    candidates,
    elsewhere,
    places_of,
    propose,
    same_place,
)
from bot.receipts import acknowledge, welcome
from nlp import similar
from nlp.places import find_places
from nlp.reading import Issue, Place, Reading
from nlp.several import covers, parts_of, together
from routing.commands import Verb
from routing.message import Inbound
from routing.privacy import mask_door
from routing.quality import How
from routing.roster import Group
from routing.ticket import OPEN, Action, State, Ticket, TicketEvent

SPREADING = frozenset({"0303", "0801"})
"""Emergencies that a whole building sees: two reports within the window are the same one."""

IN_THE_AIR = frozenset({"0601", "0602", "0604", "0605", "0606", "0607"})
"""What everybody around hears or smells: complaints without a place, one upon another."""

_AGAIN = re.compile("又|还是|还没|仍|依然|照样")
SAME_MATTER = timedelta(hours=24)
URGED_AGAIN = timedelta(hours=1)
MOST_PLACE = 40
START = "start"
"""What a window waits for after photos or a place without a word of what is wrong."""


async def open_reports(
    ctx: Context, message: Inbound, reading: Reading, by: str = "", how: How = How.ITSELF
) -> str:
    """Register every issue of the message and answer with one receipt.

    `by` is the leader who asked for it (建单), "" when the bot decided, `how` in which way it came
    to that. `message` may be an older one than the context's: its sender is the reporter."""
    group = ctx.group(message.conversation) or ctx.home
    if group is None:
        names = [g.name for g in ctx.led]
        return ctx.answer(texts.which_group(names) if names else texts.NO_GROUP)
    opened: list[Ticket] = []
    joined: list[Ticket] = []
    for report in await _drafts(ctx, message, reading, group):
        twin = await _twin(ctx, report)
        if twin is not None:
            joined.append(_join(ctx, twin, report))
        else:
            ticket = await _register(ctx, report, by, how)
            (joined if ticket.state is State.MERGED else opened).append(ticket)
    _link(ctx, message, (opened or joined)[0])
    if opened:
        await acknowledge(ctx, message, opened)
    else:
        await welcome(ctx, message, joined)
    if by:
        ctx.confide(texts.registered([ctx.line(t) for t in (*opened, *joined)]), *opened, *joined)
    return "opened" if opened else "joined"


def _link(ctx: Context, message: Inbound, ticket: Ticket) -> None:
    """So that whoever quotes the message later is understood to mean the ticket."""
    ctx.about = ticket.id
    if message.id != ctx.message.id:
        ctx.tx.inbox.link(message.id, ticket.id)


async def _drafts(ctx: Context, message: Inbound, reading: Reading, group: Group) -> list[Report]:
    codes = reading.codes or reading.candidates[:1] or ("9901",)
    issues = reading.issues or tuple(Issue(c, 0, len(message.text), reading.places) for c in codes)
    issues = _discreet(ctx, issues)
    drafts = []
    images, before = _begun(ctx, message)
    for issue in issues:
        whole = len(issues) == 1
        named = issue.places or (reading.places if whole else building_of(reading.places))
        text = message.text if whole else message.text[issue.start : issue.end]
        place = await settled_together(ctx, message, together(text, named))
        place = place or await settled(ctx, message, named or before)
        drafts.append(
            Report(
                group=group.conversation,
                grid=group.grid,
                code=issue.code,
                text=text,
                reporter=message.sender,
                source=message.platform_id,
                origin=message.conversation,
                nature=reading.nature,
                urgent=reading.urgent and issue.code == (reading.codes or codes)[0],
                place=place.text[:MOST_PLACE] if place else "",
                place_normal=place.normal if place else "",
                images=images,
            )
        )
    return drafts


def _discreet(ctx: Context, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """What is told beside a private matter without a place of its own belongs to that matter: the
    boss who does not answer the telephone is no old person whom nobody has seen."""
    private = [i for i in issues if (m := ctx.house.taxonomy.minor(i.code)) and m.private]
    return tuple(i for i in issues if i in private or i.places) if private else issues


def _begun(ctx: Context, message: Inbound) -> tuple[tuple[str, ...], tuple[Place, ...]]:
    """The photos of a report with those sent just before it, and a place said just before it."""
    talk = ctx.talk
    if talk is None or talk.asks != START or message.id != ctx.message.id:
        return message.images, ()
    images = dict.fromkeys((*talk.data.get("images", ()), *message.images))
    group = ctx.group(message.conversation)
    return tuple(images), find_places(talk.data.get("place", ""), group.words if group else ())


async def _twin(ctx: Context, report: Report) -> Ticket | None:
    """An open ticket that the report speaks of, if there is one."""
    for ticket in await candidates(ctx, report.group, report.code, report.place_normal):
        fits = ticket.state in OPEN and ticket.urgent >= report.urgent
        if fits and _same_matter(ctx, ticket, report):
            return ticket
    return None


def _same_matter(ctx: Context, ticket: Ticket, report: Report) -> bool:
    """Same place, down to the floor, and no other fault within a day. Without a place: one's own
    words within the window or told as still so, failures of a supply, and what a whole building
    sees, hears or smells at once. Never a neighbour's private matter."""
    age = ctx.now - ticket.created_at
    just_now = age <= timedelta(minutes=ctx.house.settings.group.window_min)
    own = ticket.reporter == report.reporter
    if own and not report.place_normal and _AGAIN.search(report.text):
        return True
    if age > SAME_MATTER or (ticket.private and not own):
        return False
    if own and places_agree(ticket, report.place_normal):
        return just_now or report.text == ticket.text
    told, said = as_report(ticket), _compared(ctx, report)
    seen_by_all = report.urgent and just_now and report.code in SPREADING
    if similar.contradicts(told, said) or (not seen_by_all and elsewhere(told, said)):
        return False
    if covers(ticket.place_normal, report.place_normal):
        return True
    vague = not report.place_normal or not ticket.place_normal
    around = just_now and report.code in IN_THE_AIR
    return vague and (report.code in WIDE or seen_by_all or around)


def _compared(ctx: Context, report: Report) -> similar.Report:
    places = places_of(report.place, report.place_normal)
    return similar.Report(0, report.grid, (report.code,), places, ctx.now, report.text)


def places_agree(ticket: Ticket, normal: str) -> bool:
    """Whether a place may be the ticket's: unknown, the same, or a more or less exact one."""
    known, said = parts_of(ticket.place_normal), parts_of(normal)
    near = (a.startswith(b) or b.startswith(a) for a in known for b in said)
    return not known or not said or any(near)


def _join(ctx: Context, ticket: Ticket, report: Report) -> Ticket:
    """A further report of the same matter: the reporter's addition, or a supporter's voice."""
    if report.urgent:
        ctx.tell(report.reporter, texts.advice(ticket.code, ctx.phones(ticket)), ticket)
    if report.reporter == ticket.reporter:
        return attach(ctx, ticket, report.text, report.images, report.place, report.place_normal)
    return support(ctx, ticket, report.reporter, report.text)


def attach(
    ctx: Context,
    ticket: Ticket,
    words: str,
    images: Sequence[str] = (),
    place: str = "",
    normal: str = "",
) -> Ticket:
    """Add words, photos and, where none was known, the place to the ticket."""
    changes: dict[str, object] = {}
    if images:
        changes["images"] = tuple(dict.fromkeys((*ticket.images, *images)))
    if place and not ticket.place:
        changes |= {"place": mask_door(place)[:MOST_PLACE], "place_normal": normal}
    return ctx.move(ticket, Action.ATTACH, ctx.sender, note=words, **changes)


def support(ctx: Context, ticket: Ticket, account: str, words: str) -> Ticket:
    """Add a voice to the ticket and tell it one-to-one; said twice it counts once."""
    if account in ticket.voices:
        return ctx.move(ticket, Action.ATTACH, account, note=words)
    voices = (*ticket.supporters, account)
    moved = ctx.move(ticket, Action.SUPPORT, account, note=words, supporters=voices)
    ctx.tell(account, texts.joined(ctx.line(moved), len(moved.voices)), moved)
    return moved


async def urge(ctx: Context, ticket: Ticket, words: str) -> Ticket:
    """催办: kept with the ticket and passed on to whoever works on it. However many residents
    press however often, it is passed on once in URGED_AGAIN; staff are always heard."""
    heard = _last_heard(e.at for e in await ctx.tx.tickets.events(ticket.id) if _urges(e))
    lately = not ctx.staff and heard is not None and ctx.now - heard < URGED_AGAIN
    moved = ctx.move(ticket, Action.URGE, ctx.sender, note=words)
    if not lately:
        ctx.tell(ctx.handlers(moved), texts.urged(ctx.line(moved)), moved)
    answer = texts.urged_lately if lately else partial(texts.done, Verb.URGE)
    ctx.confide(answer(ctx.line(moved)), moved)
    return moved


def _urges(event: TicketEvent) -> bool:
    return event.action is Action.URGE


def _last_heard(times: Iterable[datetime]) -> datetime | None:
    """When it was last passed on: not every press is, or steady pressing would silence itself."""
    heard = None
    for at in times:
        if heard is None or at - heard >= URGED_AGAIN:
            heard = at
    return heard


async def _register(ctx: Context, report: Report, by: str, how: How) -> Ticket:
    earlier = await _earlier(ctx, report)
    if earlier is not None:
        report = replace(report, recurs=earlier.id)
    ticket = await casework.register(ctx, report, how)
    ticket = await propose(ctx, ticket, only=bool(by))
    if by and ticket.state is State.REPORTED:
        ticket = ctx.move(ticket, Action.CONFIRM, by, note="网格长建单")
    return ticket


async def open_again(ctx: Context, earlier: Ticket) -> Ticket:
    """The same fault again, too late to reopen: a new ticket with what was known of the old."""
    report = Report(
        group=earlier.group,
        grid=earlier.grid,
        code=earlier.code,
        text=ctx.message.text,
        reporter=ctx.sender,
        source=ctx.message.platform_id,
        origin=ctx.message.conversation,
        nature=earlier.nature,
        urgent=ctx.reading.urgent,
        place=earlier.place,
        place_normal=earlier.place_normal,
        images=ctx.message.images,
        recurs=earlier.id,
    )
    ticket = await casework.register(ctx, report)
    await propose(ctx, ticket, only=True)
    ctx.about = ticket.id
    await acknowledge(ctx, ctx.message, [ticket])
    return ticket


async def _earlier(ctx: Context, report: Report) -> Ticket | None:
    """The last finished ticket of the same category at the same place, within the window."""
    if not report.place_normal:
        return None
    since = ctx.now - timedelta(days=ctx.house.settings.group.recurrence_days)
    done = [
        t for t in await same_place(ctx, report.group, report.code, report.place_normal)
        if t.state not in OPEN and t.resolved_at is not None
        and max(t.created_at, t.closed_at or t.created_at) >= since
    ]  # fmt: skip
    return max(done, key=lambda t: t.id, default=None)
