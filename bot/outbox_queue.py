"""Posts that a person has to send: gathered into numbered batches, told to staff, marked, expired.

A batch is the waiting job "batch:<number>", due when it is stale; the posts themselves stay in the
outbox as awaiting_human. Nothing here speaks to a platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import texts
from bot.desk import Desk
from routing.roster import Roster
from storage.jobs import Job
from storage.outbox import OutRow
from storage.store import Transaction

NOTICE: Final = "human"
"""Kind of the posts that tell staff what to send; such a one is never held itself."""
WAITING: Final = "awaiting_human"
MOST: Final = 2_000
_BATCH: Final = "batch:"
_EXPIRED: Final = "nobody sent it in time; see [human.expire_h]"
_REPLACED: Final = "a later post says the same"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one confirmation covers. told: accounts that were asked to send it."""

    number: int
    conversation: str
    ids: tuple[int, ...]
    told: tuple[str, ...]
    until: datetime

    @property
    def key(self) -> str:
        return f"{_BATCH}{self.number:09}"


def plan(tx: Transaction, row: OutRow, now: datetime, gather_s: int) -> None:
    """A post is held: announce it at once if urgent, else with what the next seconds bring."""
    urgent = row.kind == "urgent"
    window = int(now.timestamp()) // gather_s + 1
    at = now if urgent else datetime.fromtimestamp(window * gather_s, UTC)
    place = row.message.conversation
    key = f"announce:{place}:{row.message.id if urgent else window}"
    tx.jobs.put(key, "announce", at, {"conversation": place})


async def open_batches(tx: Transaction) -> list[Batch]:
    """Every batch that nobody has confirmed yet, oldest first."""
    return [_batch(job) for job in await tx.jobs.waiting(_BATCH)]


def _batch(job: Job) -> Batch:
    data = job.data
    number = int(job.key.removeprefix(_BATCH))
    return Batch(number, data["conversation"], tuple(data["ids"]), tuple(data["told"]), job.due_at)


async def held(tx: Transaction) -> dict[int, OutRow]:
    """The posts that wait for a person, by id, oldest first."""
    return {row.message.id: row for row in await tx.outbox.by_state(WAITING, MOST)}


async def announce(desk: Desk, job: Job) -> None:
    """Number what waits for a conversation and ask its staff to send it."""
    place = str(job.data["conversation"])
    numbered = {id_ for batch in await open_batches(desk.tx) for id_ in batch.ids}
    waiting = [row for id_, row in (await held(desk.tx)).items() if id_ not in numbered]
    rows = _latest(desk.tx, [row for row in waiting if row.message.conversation == place])
    if not rows:
        return
    number = await _next_number(desk.tx)
    until = desk.now + timedelta(hours=desk.house.settings.human.expire_h)
    told = await _staff(desk, place, rows)
    batch = Batch(number, place, tuple(row.message.id for row in rows), told, until)
    data = {"conversation": place, "ids": list(batch.ids), "told": list(told)}
    desk.tx.jobs.put(batch.key, "batch", until, data)
    words = [row.message.text for row in rows]
    human, task = desk.house.settings.human, _has_tasks(desk, place)
    name = place_name(desk.house.roster, place)
    text = texts.please_send(number, name, words, human.expire_h, task)
    for account in told:
        desk.say(account, text, NOTICE)


def _latest(tx: Transaction, rows: Sequence[OutRow]) -> list[OutRow]:
    """Without those that a later one in the same slot has replaced while they waited."""
    last = {row.slot: row for row in rows if row.slot}
    for row in rows:
        if row.slot and last[row.slot] is not row:
            tx.outbox.bury(row.message.id, _REPLACED)
    return [row for row in rows if not row.slot or last[row.slot] is row]


async def _next_number(tx: Transaction) -> int:
    last = await tx.jobs.last_key(_BATCH)
    return int(last.removeprefix(_BATCH)) + 1 if last else 1


async def _staff(desk: Desk, place: str, rows: Sequence[OutRow]) -> tuple[str, ...]:
    """Whoever leads the group, or handles the matter of a one-to-one post; and [human.staff]."""
    named = desk.house.settings.human.staff
    group = desk.house.roster.group(place)
    if group is not None:
        leaders = desk.house.roster.leaders(group.grid, desk.now)
        return tuple(dict.fromkeys((*desk.accounts(leaders, place), *named)))
    ids = {id_ for row in rows for id_ in row.ticket_ids}
    tickets = await desk.tx.tickets.by_ids(tuple(sorted(ids))) if ids else []
    people = [account for ticket in tickets for account in desk.handlers(ticket)]
    return tuple(dict.fromkeys(a for a in (*people, *named) if a != place))


def _has_tasks(desk: Desk, place: str) -> bool:
    archive = desk.house.settings.channels.wecom_archive
    mine = place.startswith("wecom_archive:") and desk.is_group(place)
    return mine and bool(archive.contact_secret.get_secret_value())


def place_name(roster: Roster, place: str) -> str:
    """A conversation as staff call it."""
    if (group := roster.group(place)) is not None:
        return texts.in_group(group.name)
    person = roster.person_of(place)
    return texts.to_person(person.name if person else place.partition(":")[2])


async def mark_sent(tx: Transaction, batch: Batch, now: datetime) -> int:
    """Staged: a person has sent the batch; how many posts that were."""
    waiting = await held(tx)
    sent = [id_ for id_ in batch.ids if id_ in waiting]
    _note_sent(tx, sent, now)
    tx.jobs.cancel(batch.key)
    return len(sent)


async def mark_all_sent(tx: Transaction, now: datetime) -> int:
    """Staged: everything that waited has been sent, numbered or not yet."""
    waiting = await held(tx)
    _note_sent(tx, waiting, now)
    tx.jobs.cancel(_BATCH)
    return len(waiting)


def _note_sent(tx: Transaction, ids: Iterable[int], now: datetime) -> None:
    for id_ in ids:
        tx.outbox.sent(id_, f"by-hand:{id_}", now)


async def expire(desk: Desk, job: Job) -> None:
    """Nobody confirmed the batch in time: its posts are given up, and those who were asked hear
    of it."""
    batch, waiting = _batch(job), await held(desk.tx)
    stale = [id_ for id_ in batch.ids if id_ in waiting]
    for id_ in stale:
        desk.tx.outbox.bury(id_, _EXPIRED)
    name = place_name(desk.house.roster, batch.conversation)
    for account in batch.told if stale else ():
        desk.say(account, texts.expired(batch.number, name, len(stale)), NOTICE)


def line(roster: Roster, batch: Batch, waiting: dict[int, OutRow]) -> str:
    """A batch as one line of a list."""
    words = [waiting[id_].message.text for id_ in batch.ids if id_ in waiting]
    first = texts.short(words[0]) if words else ""
    return texts.batch_line(batch.number, place_name(roster, batch.conversation), len(words), first)


async def listed(tx: Transaction, roster: Roster) -> list[str]:
    """Everything that waits, in full, for whoever runs the bot."""
    waiting, lines = await held(tx), []
    numbered: set[int] = set()
    for batch in await open_batches(tx):
        numbered.update(batch.ids)
        lines.append(line(roster, batch, waiting))
        lines += [f"    {waiting[id_].message.text}" for id_ in batch.ids if id_ in waiting]
    for id_, row in waiting.items():
        if id_ not in numbered:
            lines.append(f"（未编号）{place_name(roster, row.message.conversation)}")
            lines.append(f"    {row.message.text}")
    return lines or [texts.NOTHING_WAITS]


KINDS: dict[str, Callable[[Desk, Job], Awaitable[None]]] = {"announce": announce, "batch": expire}
