"""The daily digest as due jobs: one a level and day, planned anew each time it has run.

What a digest says is routing/digest.py; this file finds the events and the readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from bot import texts
from bot.desk import Desk
from bot.scheduler import Run
from routing import digest
from routing.digest import Record, Window
from routing.gaps import vacancies
from routing.roster import Grid, Group, Role
from storage.jobs import Job

WEEK = timedelta(days=7)
SIGN_DAY = 0
"""Monday, as the street's weekly line."""

LEVELS = ("group", "community", "street")
_READERS = {
    "community": (Role.COMMUNITY, Role.SECRETARY),
    "street": (Role.STREET,),
}


def window_of(desk: Desk, level: str, day: date) -> Window | None:
    """From the digest of the day before to that day's, None where the level has no hour."""
    at = getattr(desk.house.settings.digest, level)
    if not at:
        return None
    end = datetime.combine(day, time.fromisoformat(at), desk.house.zone)
    start = end - timedelta(days=1)
    return Window(start.astimezone(desk.now.tzinfo), end.astimezone(desk.now.tzinfo))


def plan(desk: Desk) -> None:
    """Plan the next digest of each level; planning it twice changes nothing."""
    today = desk.now.astimezone(desk.house.zone).date()
    for level in LEVELS:
        for day in (today, today + timedelta(days=1)):
            window = window_of(desk, level, day)
            if window is not None and window.end > desk.now:
                data = {"level": level, "day": day.isoformat()}
                desk.tx.jobs.put(f"digest:{level}:{day}", "digest", window.end, data)
                break


async def post_digests(desk: Desk, job: Job) -> None:
    """The digests of one level for one day, then the plan for the next day."""
    level, day = str(job.data["level"]), date.fromisoformat(str(job.data["day"]))
    window = window_of(desk, level, day)
    if window is not None:
        rows = await load(desk, None, window)
        if level == "group":
            await _to_groups(desk, rows, window)
        else:
            _to_staff(desk, level, rows, window)
    plan(desk)


KINDS: dict[str, Run] = {"digest": post_digests}


async def load(desk: Desk, groups: Iterable[str] | None, window: Window) -> list[Record]:
    """Every ticket of the groups (None: of all) that matters to the window.

    What was alive at its end is alive now or has moved since: no need to read all of history."""
    wanted = (
        list(groups)
        if groups is not None
        else [g.conversation for g in desk.house.roster.parts.groups]
    )
    alive = await desk.tx.tickets.alive_in(wanted)
    later = await desk.tx.tickets.events_between(wanted, window.start, desk.now + timedelta(days=1))
    ids = {t.id for t in alive} | {event.ticket_id for event in later}
    histories = await desk.tx.tickets.histories(sorted(ids)) if ids else {}
    return digest.records(histories.values(), window)


async def _to_groups(desk: Desk, rows: Sequence[Record], window: Window) -> None:
    """A group with nothing new and nothing open is left in peace, but for a line once a week."""
    own: dict[str, list[Record]] = {}
    for row in rows:
        own.setdefault(row.ticket.group, []).append(row)
    spoken = [g for g in desk.house.roster.parts.groups if desk.mode(g.conversation) != "quiet"]
    idle = [g for g in spoken if digest.figures(own.get(g.conversation, ()), window).idle]
    for group in (g for g in spoken if g not in idle):
        text = group_text(desk, group, own.get(group.conversation, []), window)
        desk.say(group.conversation, text, "digest", rich=True)
    if window.end.astimezone(desk.house.zone).weekday() == SIGN_DAY:
        await _sign_of_life(desk, idle, window)


async def _sign_of_life(desk: Desk, idle: Sequence[Group], window: Window) -> None:
    """One line to each group in which nothing at all has happened for a week."""
    wanted = [group.conversation for group in idle]
    week = await desk.tx.tickets.events_between(wanted, window.end - WEEK, window.end)
    busy = {ticket.group for ticket in await desk.tx.tickets.by_ids({e.ticket_id for e in week})}
    for conversation in wanted:
        if conversation not in busy:
            desk.say(conversation, texts.STILL_HERE, "digest")


def _to_staff(desk: Desk, level: str, rows: Sequence[Record], window: Window) -> None:
    roster = desk.house.roster
    for grid in (g for g in roster.parts.grids if g.level == level):
        people = [
            p for role in _READERS[level] for p in roster.holders_on(grid.code, role, desk.now)
        ]
        accounts = [a for p in people for a in p.accounts[:1]]
        desk.tell(accounts, grid_text(desk, grid, rows, window), rich=True)


def group_text(desk: Desk, group: Group, rows: Sequence[Record], window: Window) -> str:
    """The digest of one residents' group."""
    return _compose(desk, f"{group.name} 日报", rows, window)


def grid_text(desk: Desk, grid: Grid, rows: Sequence[Record], window: Window) -> str:
    """The digest of a community or street: its sums, then one line a group."""
    groups = {g.conversation: g.name for g in desk.house.roster.groups_under(grid.code)}
    own = [row for row in rows if row.ticket.group in groups]
    lines = [*_vacant(desk, grid, window), *digest.by_group(own, groups, window)]
    return "\n".join([_compose(desk, f"{grid.name} 日报", own, window), *lines])


def _vacant(desk: Desk, grid: Grid, window: Window) -> list[str]:
    """On Mondays the street hears how many of its grids have no leader of their own."""
    monday = window.end.astimezone(desk.house.zone).weekday() == 0
    grids, vacant = vacancies(desk.house.roster, grid.code, desk.now)
    return [texts.vacant(grids, vacant)] if monday and vacant and grid.level == "street" else []


def _compose(desk: Desk, title: str, rows: Sequence[Record], window: Window) -> str:
    return digest.compose(
        title,
        rows,
        window,
        taxonomy=desk.house.taxonomy,
        zone=desk.house.zone,
        name=desk.public_name,
        unit=desk.name_of_unit,
    )
