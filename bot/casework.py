"""The steps of a ticket's life that more than one handler or job takes: register, ask, close.

Each does the move, tells who must know and sets the jobs that follow; who may is checked before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import escalation, texts
from bot.desk import UNGIVEN, Desk
from bot.discretion import roles_for
from routing import closing
from routing.crowd import people
from routing.quality import How
from routing.roster import Knowledge
from routing.ticket import Action, Result, State, Ticket, Verdict, open_ticket
from storage.talks import Talk

OBJECTION = timedelta(days=3)
"""How long an answer to a rejection is waited for."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be registered: one issue of one message, with its group already known."""

    group: str
    grid: str
    code: str
    text: str
    reporter: str
    source: str
    origin: str
    nature: str = ""
    urgent: bool = False
    place: str = ""
    place_normal: str = ""
    images: tuple[str, ...] = ()
    recurs: int = 0


async def register(desk: Desk, report: Report, how: How = How.ITSELF) -> Ticket:
    """Open the ticket with its number, first unit and deadline; class E is confirmed at once.

    how: who noticed it, for the figures about the bot."""
    minor = desk.house.taxonomy.minor(report.code)
    unit = desk.first_unit(report.grid, report.code, report.urgent)
    first = Ticket(
        id=desk.house.new_id(),
        number=await desk.tx.tickets.next_number(report.group),
        created_at=desk.now,
        private=bool(minor and minor.private),
        unit=unit.id if unit else "",
        crowd=people(report.text),
        **{name: getattr(report, name) for name in Report.__slots__},
    )
    first = replace(first, due_at=desk.finish_by(first, desk.now))
    ticket = desk.keep(open_ticket(first, note=how.value, **desk.meta))
    if ticket.urgent:
        ticket = desk.move(ticket, Action.CONFIRM, "", note="紧急事项自动立案")
    else:
        escalation.watch_confirm(desk, ticket)
    escalation.watch(desk, ticket)
    return ticket


def call_duty(desk: Desk, ticket: Ticket, turn: int) -> tuple[str, ...]:
    """Who is called at this turn of the duty chain, and the job that calls the next one.

    The first turn calls the leaders together with the first of the chain. () at the end."""
    chain = desk.accounts(
        desk.house.roster.duty_chain(ticket.grid, ticket.created_at), ticket.group
    )
    called = chain[turn : turn + 1]
    if turn == 0:
        called = tuple(dict.fromkeys((*desk.leaders(ticket), *called)))
    wait = desk.terms(ticket).confirm
    at = desk.now + wait.length(desk.house.calendar)
    data = {"ticket": ticket.id, "turn": turn + 1}
    desk.tx.jobs.put(f"call:{ticket.id}:{turn + 1}", "call", at, data)
    return called


async def accept(desk: Desk, ticket: Ticket, by: str) -> Ticket:
    """签收: `by` works on it from now on; the group and whoever had it before hear of it."""
    moved = desk.move(ticket, Action.ACCEPT, by, handler=by, holding="")
    name = desk.public_name(by, moved.grid)
    if ticket.handler:
        relieve(desk, ticket, moved, name)
    await desk.post(moved, texts.taken(desk.line(moved), name), "update", slot=f"status:{moved.id}")
    return moved


async def solve(
    desk: Desk,
    ticket: Ticket,
    result: Result,
    words: str,
    by: str,
    *,
    ask: str = "",
    images: tuple[str, ...] = (),
) -> Ticket:
    """办结: record the result, give the words back to the residents and ask for the verdict.

    `ask` replaces the usual question (a ready answer to a question asks in its own way). images:
    what the result looks like."""
    own = in_hand(ticket, by)
    moved = desk.keep(closing.finish(ticket, result, by, desk.now, text=words, **own, **desk.meta))
    text = ask or texts.ask_verdict(desk.line(moved), result, words)
    slot, shown = f"status:{moved.id}", result_photos(desk, images)
    if await desk.post(moved, text, "ask", quote=moved.source, slot=slot, images=shown):
        heard = texts.result_for_supporter(desk.line(moved), result, words)
        desk.tell(moved.voices[1:], heard, moved)
    plan_verdict(desk, moved)
    return moved


def in_hand(ticket: Ticket, by: str) -> dict[str, str]:
    """The change that makes whoever works on a ticket that nobody was given its handler."""
    return {"handler": by} if not ticket.handler and ticket.state in UNGIVEN else {}


def relieve(desk: Desk, before: Ticket, after: Ticket, name: str) -> None:
    """Tell those who had the ticket in hand and have it no more who has it now."""
    if not before.handler and before.state in UNGIVEN:
        return
    staying = [account for share in after.shares for account in desk.crew(share.unit, after)]
    now = {*desk.handlers(after), *staying, desk.speaker}
    gone = [account for account in desk.handlers(before) if account not in now]
    desk.tell(gone, texts.relieved(desk.line(after), name), after)


def result_photos(desk: Desk, images: tuple[str, ...]) -> tuple[str, ...]:
    """The pictures of a result that residents are shown: all, or none where that is not wished."""
    return images if desk.house.settings.group.result_photos else ()


def plan_verdict(desk: Desk, ticket: Ticket) -> None:
    """One reminder, then 未评价: both jobs check that the same finish still waits."""
    hours = desk.house.settings.verdict
    data = {"ticket": ticket.id, "version": ticket.version}
    for kind, after in (("remind", hours.remind_h), ("lapse", hours.lapse_h)):
        at = desk.now + timedelta(hours=after)
        desk.tx.jobs.put(f"{kind}:{ticket.id}:{ticket.version}", kind, at, data)


async def answer_at_once(desk: Desk, ticket: Ticket, known: Knowledge) -> Ticket:
    """A question with a ready answer: the receipt is the answer, the verdict is asked with it."""
    line = desk.line(ticket)
    ask = texts.answered(line, known.answer, known.source)
    return await solve(desk, ticket, Result.EXPLAINED, known.answer, "", ask=ask)


async def rate(desk: Desk, ticket: Ticket, verdict: Verdict, by: str, reason: str) -> Ticket:
    """A verdict of the reporter or a supporter, with everything that follows from it.

    Raises closing.ClosingRefused, IllegalTransition."""
    accounts = same_person(desk, by)
    moved = desk.keep(
        closing.rate(ticket, verdict, by, desk.now, reason=reason, accounts=accounts, **desk.meta)
    )
    line = desk.line(moved)
    if moved.state is State.IN_PROGRESS:
        await rework(desk, moved, reason)
    elif moved.state is State.CLOSED:
        await desk.post(moved, texts.closed(line), "close", slot=f"status:{moved.id}")
    elif by != moved.reporter:
        return await _supporter_rated(desk, moved, by)
    elif moved.unhappy:
        desk.tell(by, texts.others_unhappy(line), moved)
    else:
        own, asked = closing.own_work(moved, by, accounts), seconds(desk, moved)
        waits = texts.own_work_waits(line, bool(asked)) if own else texts.rated_waits(line)
        desk.tell(by, waits, moved)
        desk.tell(asked, texts.needs_second_person(line, own_work=own), moved)
    return moved


def same_person(desk: Desk, account: str) -> tuple[str, ...]:
    """Every account of the person behind one."""
    person = desk.house.roster.person_of(account)
    return person.accounts if person else ()


async def _supporter_rated(desk: Desk, ticket: Ticket, by: str) -> Ticket:
    """A supporter is content; if only that was missing, the reporter's own word now closes it."""
    if not ticket.unhappy and ticket.verdict in {Verdict.SATISFIED, Verdict.PARTLY}:
        note = "附和人也满意了，按反映人先前的评价"
        return await rate(desk, ticket, ticket.verdict, ticket.reporter, note)
    desk.tell(by, texts.rated_by_supporter(desk.line(ticket)), ticket)
    return ticket


async def reopen(desk: Desk, ticket: Ticket, by: str, reason: str) -> Ticket:
    """没修好 within the window: the same ticket goes back to work. Raises as `rate` does."""
    moved = desk.keep(
        closing.send_back(ticket, Action.REOPEN, by, desk.now, reason=reason, **desk.meta)
    )
    await rework(desk, moved, reason)
    return moved


async def rework(desk: Desk, ticket: Ticket, reason: str) -> None:
    """Tell who worked on it why it came back, and give it a fresh deadline to do it right."""
    due = desk.finish_by(ticket, desk.now)
    ticket = desk.move(
        ticket, Action.EXTEND, "", note="退回重办，期限重新计算",
        due_at=due, runs_from=desk.now, extended=(),
    )  # fmt: skip
    escalation.watch(desk, ticket)
    line = desk.line(ticket)
    staff = (*desk.leaders(ticket), *desk.handlers(ticket))
    desk.tell(staff, texts.dissatisfied(line, reason), ticket)
    await desk.post(ticket, texts.back_to_work(line), "update", slot=f"status:{ticket.id}")


async def take_back(desk: Desk, ticket: Ticket, by: str, reason: str) -> Ticket:
    """撤销办结: it goes on as it was, with a fresh deadline where the old one has passed; who had
    finished it and the residents are told. Raises as closing.take_back does."""
    moved = desk.keep(closing.take_back(ticket, by, desk.now, reason=reason, **desk.meta))
    if moved.due_at is not None and moved.due_at <= desk.now:
        due = desk.finish_by(moved, desk.now)
        note = "撤销办结，期限重新计算"
        moved = desk.move(
            moved, Action.EXTEND, "", note=note, due_at=due, runs_from=desk.now, extended=()
        )
    escalation.watch(desk, moved)
    line = desk.line(moved)
    staff = (*desk.handlers(moved), ticket.resolved_by)
    desk.tell([a for a in staff if a != by], texts.finish_sent_back(line), moved)
    await desk.post(moved, texts.finish_undone(line), "update", slot=f"status:{moved.id}")
    return moved


def reason_key(ticket: Ticket, version: int, by: str) -> str:
    """The job that waits for the reason of a 不满意 on the finish of that version."""
    return f"reason:{ticket.id}:{version}:{by}"


async def awaits_reason(desk: Desk, ticket: Ticket) -> bool:
    """Whether somebody has said 不满意 and is still being asked why."""
    version = await finished_at(desk, ticket)
    keys = [reason_key(ticket, version, voice) for voice in ticket.voices]
    found = [await desk.tx.jobs.find(key) for key in keys]
    return any(job is not None and job[1] == "waiting" for job in found)


def seconds(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """Whom to ask for an exception: the nearest level where somebody never touched the ticket."""
    roster = desk.house.roster
    touched = {ticket.handler, ticket.resolved_by, *ticket.hands, *ticket.voices}
    for roles in closing.LEVELS:
        near = (role for role in roles if role in roles_for(ticket, roles))
        people = [p for role in near for p in roster.holders(ticket.grid, role, desk.now)]
        free = [person for person in people if touched.isdisjoint(person.accounts)]
        if accounts := desk.accounts(free, ticket.group):
            return accounts
    return ()


async def finished_at(desk: Desk, ticket: Ticket) -> int:
    """The version at which the ticket was last finished; 0 if never."""
    events = await desk.tx.tickets.events(ticket.id)
    return max((e.seq for e in events if e.action is Action.RESOLVE), default=0)


def invite_objection(desk: Desk, ticket: Ticket) -> None:
    """A rejection invites its reporters to answer: what they say next one-to-one is heard."""
    until = desk.now + OBJECTION
    for voice in ticket.voices:
        desk.tx.talks.put(Talk(voice, voice, until, (ticket.id,), "objection"))


async def caller(desk: Desk, ticket: Ticket) -> str:
    """Who has whistled last; "" where the units were dispatched without a whistle."""
    events = await desk.tx.tickets.events(ticket.id)
    return next((e.by for e in reversed(events) if e.action is Action.WHISTLE), "")


def leave(desk: Desk, ticket: Ticket, by: str) -> Ticket:
    """撤回 of a voice: a supporter is no longer asked or waited for; from its reporter the ticket
    passes to the first supporter, and without one it ends."""
    if not ticket.supporters:
        return desk.move(ticket, Action.WITHDRAW, by)
    reporter, *rest = [voice for voice in ticket.voices if voice != by]
    unhappy = tuple(voice for voice in ticket.unhappy if voice != by)
    passes = by == ticket.reporter
    note = "反映人撤回，转由附和人跟进" if passes else "附和人撤回"
    return desk.move(
        ticket, Action.SUPPORT, by,
        reporter=reporter, supporters=tuple(rest), unhappy=unhappy, note=note,
    )  # fmt: skip
