"""Which ticket is meant, and who may: by number, by quote, or bare when only one thing is pending.

It never guesses: what is not clear ends as Polite, the line that asks back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot import texts
from bot.context import LEADERSHIP, Context
from bot.desk import UNGIVEN
from bot.rights import OF_UNIT, may, who_may, works_on
from routing.closing import SIGNERS
from routing.commands import Command, Verb, plain
from routing.ticket import ALIVE, TRANSITIONS, Action, IllegalTransition, State, Ticket

MOST_NUMBERS = 5
MOST_WORDS = 500
FEW_GROUPS = 8
_LATELY = 20


class Polite(Exception):
    """Ends a handler with one line to the speaker."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class Refused(Polite):
    """The line says that the speaker may not, or that there is nothing to do it to: nobody else
    reads it about one of the staff."""


ACTIONS = {
    Verb.CONFIRM: Action.CONFIRM,
    Verb.REJECT: Action.REJECT,
    Verb.RECLASSIFY: Action.RECLASSIFY,
    Verb.DISPATCH: Action.DISPATCH,
    Verb.TRANSFER: Action.DISPATCH,
    Verb.TAKE: Action.ACCEPT,
    Verb.PROGRESS: Action.PROGRESS,
    Verb.EXTEND: Action.EXTEND,
    Verb.SUSPEND: Action.SUSPEND,
    Verb.RESUME: Action.RESUME,
    Verb.RESOLVE: Action.RESOLVE,
    Verb.RETURN: Action.RETURN,
    Verb.EXCEPT: Action.EXCEPT,
    Verb.MERGE: Action.MERGE,
    Verb.URGE: Action.URGE,
    Verb.WITHDRAW: Action.WITHDRAW,
    Verb.WHISTLE: Action.WHISTLE,
    Verb.HAND_UP: Action.PROGRESS,
    Verb.SUPERVISE: Action.SUPERVISE,
}

_ASKED_BACK, _TAKEN_BARE = re.compile("1|是"), re.compile("1|是|收到|👌")
TALK = re.compile("好了|通了|好的")
"""Weak words of assent: those that ask back when several things are pending, those that count
bare in a group at all; and words of a finish that are too common to count there."""


async def meant(ctx: Context, command: Command) -> tuple[Ticket, ...]:
    """The tickets a staff command speaks of, each checked for right and legality; of a merged
    ticket the one it went into.

    () when a weak word turns out to be ordinary talk. Raises Polite."""
    verb = command.verb
    if len(command.argument) > MOST_WORDS:
        raise Polite(texts.TOO_LONG)
    found = await named(ctx, command.numbers) or await quoted(ctx)
    if found:
        living = dict.fromkeys([await followed(ctx, ticket) for ticket in found])
        return tuple(_checked(ctx, verb, ticket) for ticket in living)
    if ctx.message.quote is None:
        return await _pending(ctx, command)
    if ctx.staff and (command.strong or _ASKED_BACK.match(plain(ctx.message.text))):
        raise Polite(texts.QUOTE_GONE)
    return ()


def _checked(ctx: Context, verb: Verb, ticket: Ticket) -> Ticket:
    if not may(ctx, verb, ticket):
        raise Refused(texts.may_not(verb, who_may(verb)))
    if not fits(verb, ticket):
        allowed = IllegalTransition(ticket.state, ACTIONS[verb]).allowed
        raise Refused(texts.illegal(ctx.line(ticket), verb, spoken(ctx, ticket, allowed)))
    return ticket


def spoken(ctx: Context, ticket: Ticket, allowed: Iterable[Action]) -> list[str]:
    """The verbs, as words, that the sender may use on the ticket now."""
    wanted = set(allowed)
    verbs = [v for v, action in ACTIONS.items() if action in wanted and may(ctx, v, ticket)]
    return [v.value for v in dict.fromkeys(verbs) if v not in {Verb.TRANSFER, Verb.WITHDRAW}]


def fits(verb: Verb, ticket: Ticket) -> bool:
    """Whether the verb's move is legal now; 确认 also answers the call of an urgent ticket.

    What somebody was once dissatisfied with can no longer be ended by 驳回."""
    if verb is Verb.CONFIRM and ticket.urgent and ticket.state is State.CONFIRMED:
        return True
    if verb is Verb.REJECT and ticket.reopened:
        return False
    return (ticket.state, ACTIONS[verb]) in TRANSITIONS


async def _pending(ctx: Context, command: Command) -> tuple[Ticket, ...]:
    verb = command.verb
    if _only_talk(ctx, command):
        return ()
    alive = await ctx.within_reach()
    ripe = [t for t in alive if fits(verb, t) and may(ctx, verb, t)]
    if verb in {Verb.CONFIRM, Verb.REJECT}:
        waiting = [t for t in ripe if t.state is State.REPORTED or t.urgent]
        ripe = waiting or ([] if verb is Verb.CONFIRM else ripe)
    near = [t for t in ripe if works_on(ctx, t)]
    own = [t for t in near if t.state not in UNGIVEN] or near
    ripe = own if len(own) == 1 and verb in OF_UNIT else ripe
    called = [t for t in ripe if t.urgent and not t.handler]
    if verb in {Verb.TAKE, Verb.CONFIRM} and len(called) == 1:
        return (called[0],)
    return _only(ctx, command, ripe, any(may(ctx, verb, t) for t in alive))


def _only_talk(ctx: Context, command: Command) -> bool:
    """Words that everybody says in a group and that decide nothing there without a quote."""
    if command.strong or not ctx.message.is_group:
        return False
    words = plain(ctx.message.text)
    assent = command.verb is Verb.CONFIRM and not _TAKEN_BARE.match(words)
    return assent or command.verb is Verb.REJECT or TALK.match(words) is not None


def _only(
    ctx: Context, command: Command, ripe: Sequence[Ticket], entitled: bool
) -> tuple[Ticket, ...]:
    """The single candidate, or a line that asks which; ordinary talk is passed over."""
    if len(ripe) == 1:
        return (ripe[0],)
    if not ripe:
        if command.strong and (entitled or ctx.staff):
            raise Polite(texts.nothing_pending(command.verb))
        return ()
    weak_assent = command.verb is Verb.CONFIRM and not command.strong
    if weak_assent and not _ASKED_BACK.match(plain(ctx.message.text)):
        return ()
    raise Polite(texts.which([ctx.line(t) for t in ripe], command.verb.value))


async def named(ctx: Context, numbers: Sequence[int]) -> tuple[Ticket, ...]:
    """The tickets with these numbers, in the groups that the sender may mean. Raises Polite."""
    if len(numbers) > MOST_NUMBERS:
        raise Polite(texts.TOO_MANY)
    return tuple([await _numbered(ctx, number) for number in numbers])


async def _numbered(ctx: Context, number: int) -> Ticket:
    if len(ctx.groups) <= FEW_GROUPS:
        asked = [await ctx.tx.tickets.by_number(group, number) for group in ctx.groups]
        ever = [t for t in asked if t is not None]
        called = [
            t for t in await ctx.concerned_elsewhere() if t.number == number and t not in ever
        ]
        found = [t for t in ever if t.state in ALIVE] + called or ever
    else:
        found = [t for t in await ctx.within_reach() if t.number == number]
    found = [t for t in found if visible(ctx, t)]
    if len(found) > 1:
        found = _concerning(ctx, found)
    if not found:
        raise Refused(texts.no_such_number(number, staff=ctx.staff))
    if len(found) > 1:
        rows = [(_group_name(ctx, t), ctx.line(t)) for t in found]
        raise Polite(texts.several_groups(number, rows))
    return found[0]


def _concerning(ctx: Context, found: Sequence[Ticket]) -> list[Ticket]:
    """Of one number in several groups those the sender has to do with, of these the one that the
    command can be carried out on, if it is the only one."""
    deciding = LEADERSHIP | set(SIGNERS)
    near = [
        t for t in found
        if ctx.sender in t.voices or works_on(ctx, t) or ctx.roles(t) & deciding
    ]  # fmt: skip
    verb = ctx.command.verb if ctx.command else None
    ready = [t for t in near if verb in ACTIONS and may(ctx, verb, t) and fits(verb, t)]
    return ready if len(ready) == 1 else near


def visible(ctx: Context, ticket: Ticket) -> bool:
    """A private matter exists only for its voices and for those who handle it."""
    if not ticket.private or ctx.sender in ticket.voices:
        return True
    return works_on(ctx, ticket) or bool(ctx.roles(ticket) & LEADERSHIP)


def _group_name(ctx: Context, ticket: Ticket) -> str:
    group = ctx.group(ticket.group)
    return group.name if group else "一对一"


async def quoted(ctx: Context) -> tuple[Ticket, ...]:
    """The ticket of the quoted message; several ones in one post must be told apart by number."""
    quote = ctx.message.quote
    if quote is None:
        return ()
    ids = await _quoted_ids(ctx)
    found = await ctx.tx.tickets.by_ids(ids) if ids else []
    if not found and quote.of_bot and (numbers := re.findall(r"#(\d{1,6})", quote.text)):
        found = list(await named(ctx, [int(n) for n in dict.fromkeys(numbers)]))
    if len(found) > 1:
        word = ctx.command.verb.value if ctx.command else plain(ctx.message.text)
        raise Polite(texts.which([ctx.line(t) for t in found], word))
    return tuple(t for t in found if visible(ctx, t))


async def _quoted_ids(ctx: Context) -> tuple[int, ...]:
    message = ctx.message
    assert message.quote is not None
    if not message.quote.platform_id:
        return ()
    if message.quote.of_bot:
        return await ctx.tx.outbox.tickets_of_post(message.conversation, message.quote.platform_id)
    found = await ctx.tx.inbox.ticket_of(message.channel, message.quote.platform_id)
    return (found,) if found else ()


async def of_resident(
    ctx: Context, command: Command, wanted: Callable[[Ticket], bool], *, every: bool = False
) -> tuple[Ticket, ...]:
    """The sender's own tickets that a resident's word speaks of; () when there is none.

    Own means reporter or supporter; of a merged ticket the one it went into. Raises Polite when
    several fit, none is named and not `every` one is meant, or when the named one is not his or
    not so far."""
    found = await named(ctx, command.numbers) or await quoted(ctx)
    if found:
        living = [await followed(ctx, t) for t in found]
        own = tuple(t for t in living if ctx.sender in t.voices)
        if command.strong and not own and not ctx.staff:
            raise Refused(texts.may_not(command.verb, "反映人本人"))
        return own
    recent = await own_tickets(ctx)
    ripe = [t for t in recent if wanted(t)]
    if len(ripe) > 1 and not every:
        raise Polite(texts.which([ctx.line(t) for t in ripe], command.verb.value))
    return tuple(ripe)


async def followed(ctx: Context, ticket: Ticket) -> Ticket:
    """The ticket itself or, once merged, the one that goes on for it."""
    while ticket.state is State.MERGED:
        (ticket,) = await ctx.tx.tickets.by_ids((ticket.parent,))
    return ticket


async def own_tickets(ctx: Context) -> list[Ticket]:
    """The sender's alive tickets and last reports; one-to-one of every group, listed or not."""
    groups = ctx.groups if ctx.message.is_group else None
    return await ctx.tx.tickets.of_voice(ctx.sender, groups, _LATELY)
