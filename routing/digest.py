"""The daily digest of a group, a community or a street: figures and lines from the events alone.

Deterministic and without personal data; who is sent it, and when, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp.taxonomy import Taxonomy
from routing.privacy import mask_people
from routing.ticket import OPEN, Action, State, Ticket, TicketEvent, replay

TOP = 3
TAKEN_UP = frozenset({Action.CONFIRM, Action.DISPATCH, Action.ACCEPT, Action.PROGRESS})
"""The first of these is the 立案 of a ticket."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time a digest speaks of: start < at ≤ end, aware UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start < at <= self.end


@dataclass(frozen=True, slots=True)
class Record:
    """A ticket as it stood at the end of the window, and what happened to it within."""

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    dispatched: bool
    confirmed_at: datetime | None

    def had(self, *actions: Action) -> bool:
        return any(event.action in actions for event in self.events)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of tickets, not of messages or moves."""

    new: int = 0
    confirmed: int = 0
    finished: int = 0
    on_the_spot: int = 0
    closed: int = 0
    overdue: int = 0
    waiting: int = 0
    open: int = 0

    @property
    def quiet(self) -> bool:
        """Nothing happened and nothing is late or waiting."""
        return not any(
            (self.new, self.confirmed, self.finished, self.closed, self.overdue, self.waiting)
        )

    @property
    def idle(self) -> bool:
        """Nothing happened and nothing is open: a day on which there is nothing to say."""
        return self.quiet and not self.open


def records(histories: Iterable[Sequence[TicketEvent]], window: Window) -> list[Record]:
    """Each ticket that existed by the end of the window, replayed to that moment, oldest first."""
    found = []
    for history in histories:
        past = [event for event in history if event.at <= window.end]
        if past:
            within = tuple(e for e in past if window.holds(e.at))
            sent = any(e.action is Action.DISPATCH for e in past)
            taken = next((e.at for e in past if e.action in TAKEN_UP), None)
            found.append(Record(replay(past), within, sent, taken))
    return sorted(found, key=lambda r: (r.ticket.created_at, r.ticket.id))


def figures(rows: Iterable[Record], window: Window) -> Figures:
    """The counts of a digest. Merged duplicates count as new but never as finished (domain rule:
    once, with their parent); 当场解决 is finished in the window it came in, never dispatched."""
    counts = dict.fromkeys(Figures.__slots__, 0)
    for row in rows:
        ticket = row.ticket
        finished = row.had(Action.RESOLVE) and ticket.state in {State.RESOLVED, State.CLOSED}
        counts["new"] += row.had(Action.REPORT)
        counts["confirmed"] += row.confirmed_at is not None and window.holds(row.confirmed_at)
        counts["finished"] += finished
        counts["on_the_spot"] += finished and row.had(Action.REPORT) and not row.dispatched
        counts["closed"] += ticket.state is State.CLOSED and row.had(
            Action.SATISFY, Action.PARTLY, Action.EXCEPT
        )
        counts["overdue"] += is_overdue(ticket, window.end)
        counts["waiting"] += ticket.state is State.RESOLVED
        counts["open"] += ticket.state in OPEN
    return Figures(**counts)


def is_overdue(ticket: Ticket, at: datetime) -> bool:
    """Still open after its deadline; a suspended ticket's time does not run."""
    running = ticket.state in OPEN and ticket.state is not State.SUSPENDED
    return running and ticket.due_at is not None and ticket.due_at < at


Namer = Callable[[str, str], str]
"""(account, grid) → role or unit as the public knows it, never a name of a person."""


def compose(
    title: str,
    rows: Sequence[Record],
    window: Window,
    *,
    taxonomy: Taxonomy,
    zone: ZoneInfo,
    name: Namer,
    unit: Callable[[str], str] = str,
) -> str:
    """The text of one digest; a day on which nothing happened gets one line.

    unit: what a unit is called by its id."""
    day = window.end.astimezone(zone)
    head = f"【{title} {day.month}月{day.day}日】"
    sums = figures(rows, window)
    if sums.quiet:
        going = f"在办{sums.open}件，都在期限内。" if sums.open else "没有在办的事项。"
        return f"{head}今天没有新的诉求，{going}"
    lines = [head, _counts(sums), *_supported(rows, taxonomy), *_thanks(rows, name, unit)]
    return "\n".join(line for line in lines if line)


def _counts(sums: Figures) -> str:
    spot = f"（当场解决{sums.on_the_spot}件）" if sums.on_the_spot else ""
    parts = [
        f"新增{sums.new}件",
        f"立案{sums.confirmed}件",
        f"办结{sums.finished}件{spot}",
        f"销号{sums.closed}件",
        f"超期{sums.overdue}件",
        f"待评价{sums.waiting}件",
        f"在办{sums.open}件",
    ]
    return "，".join(parts) + "。"


def _supported(rows: Iterable[Record], taxonomy: Taxonomy) -> list[str]:
    """The open public issues that most people stand behind."""
    tickets = [r.ticket for r in rows if r.ticket.state in OPEN and not r.ticket.private]
    shared = sorted((t for t in tickets if t.supporters), key=lambda t: (-len(t.voices), t.id))
    if not shared:
        return []
    lines = [
        f"{rank}. #{t.number} {taxonomy.name(t.code)}{_place(t)}：{_standing(t)}"
        for rank, t in enumerate(shared[:TOP], start=1)
    ]
    return ["大家最关心：", *lines]


def _standing(ticket: Ticket) -> str:
    return f"{len(ticket.voices)}位居民关心，{ticket.state.label}"


def _place(ticket: Ticket) -> str:
    return f"（{mask_people(ticket.place)}）" if ticket.place else ""


def _thanks(rows: Iterable[Record], name: Namer, unit: Callable[[str], str]) -> list[str]:
    """By role or unit, with the number of matters finished; nobody is named or ranked. Of a joint
    case every unit that did its part."""
    done: dict[str, int] = {}
    for row in rows:
        ticket = row.ticket
        if (
            row.had(Action.RESOLVE)
            and ticket.resolved_by
            and ticket.state in {State.RESOLVED, State.CLOSED}
        ):
            hands = [unit(share.unit) for share in ticket.shares if share.finished_at]
            for who in hands or [name(ticket.resolved_by, ticket.grid)]:
                done[who] = done.get(who, 0) + 1
    if not done:
        return []
    return ["感谢" + "、".join(f"{who}（{count}件）" for who, count in sorted(done.items())) + "。"]


def by_group(rows: Iterable[Record], names: Mapping[str, str], window: Window) -> list[str]:
    """One line a group in which something happened or is late, for communities and streets."""
    sorted_rows: dict[str, list[Record]] = {}
    for row in rows:
        sorted_rows.setdefault(row.ticket.group, []).append(row)
    lines = []
    for group, own in sorted(sorted_rows.items()):
        sums = figures(own, window)
        if not sums.quiet:
            lines.append(
                f"· {names.get(group, group)}：新增{sums.new}，办结{sums.finished}，"
                f"超期{sums.overdue}，待评价{sums.waiting}"
            )
    return lines
