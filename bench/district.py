"""A generated district of any size and the messages of its groups, the same in every run.

The words come from the project's own corpus; nothing is measured here."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from nlp import corpus
from routing.message import Inbound
from routing.parts import Grid, Group, Member, Parts, Person, Post, Role, Unit
from storage import migrate
from storage.store import Store

CHANNEL = "bench"
REPORTS_IN_100 = 5
_PER_STREET, _PER_COMMUNITY = 400, 40
_UNITS = (("wuye", "物业公司"), ("gongshui", "自来水公司"), ("chengguan", "城管中队"))


def parts(groups: int, people: int) -> Parts:
    """A tree with one grid and one leader a group; the other people live in the groups."""
    grids = [Grid("d", "区", "district")]
    grids += [Grid(f"s{i}", f"第{i}街道", "street", "d") for i in range(-(-groups // _PER_STREET))]
    grids += [
        Grid(f"c{i}", f"第{i}社区", "community", f"s{i * _PER_COMMUNITY // _PER_STREET}")
        for i in range(-(-groups // _PER_COMMUNITY))
    ]
    grids += [Grid(f"g{i}", f"第{i}网格", "grid", f"c{i // _PER_COMMUNITY}") for i in range(groups)]
    posts = [Post(f"p{i}", f"g{i}", Role.LEADER) for i in range(groups)]
    posts += [Post(f"p{i}", f"g{i % groups}", Role.RESIDENT) for i in range(groups, people)]
    return Parts(
        grids=tuple(grids),
        people=tuple(Person(f"p{i}", f"居民{i}", (f"{CHANNEL}:p{i}",)) for i in range(people)),
        posts=tuple(posts),
        units=tuple(Unit(unit, name, "0631-5200000", (name,)) for unit, name in _UNITS),
        members=tuple(Member(unit, f"p{place}") for place, (unit, _) in enumerate(_UNITS)),
        groups=tuple(Group(_conversation(i), f"g{i}", f"第{i}网格群") for i in range(groups)),
    )


def _conversation(number: int) -> str:
    return f"{CHANNEL}:g{number}"


async def seed(file: Path, groups: int, people: int) -> None:
    """A migrated SQLite file that holds the district and nothing else."""
    url = f"sqlite:///{file}"
    await migrate.ensure(url)
    store = await Store.open(url)
    try:
        await store.run(lambda tx: tx.people.replace(parts(groups, people)))
    finally:
        await store.aclose()


def texts(count: int) -> list[str]:
    """95 lines of ordinary chat to 5 reports, shuffled with a fixed seed."""
    dice = random.Random(7)
    lines = corpus.shipped()
    chat = [line.text for line in lines if line.kind == "chat"]
    reports = [line.text for line in lines if line.kind == "report"]
    dice.shuffle(chat)
    dice.shuffle(reports)
    wanted = max(1, count * REPORTS_IN_100 // 100)
    mixed = [*islice(cycle(reports), wanted), *islice(cycle(chat), count - wanted)]
    dice.shuffle(mixed)
    return mixed


def messages(count: int, groups: int, people: int, new_id: Callable[[], int]) -> list[Inbound]:
    """Messages from residents all over the district, received now."""
    dice, now = random.Random(11), datetime.now(UTC)
    found = []
    for number, text in enumerate(texts(count)):
        person = dice.randrange(groups, people)
        found.append(
            Inbound(
                id=new_id(), channel=CHANNEL, platform_id=f"m{number}",
                conversation=_conversation(person % groups), is_group=True,
                sender=f"{CHANNEL}:p{person}", sender_name=f"居民{person}",
                text=text, received_at=now,
            )
        )  # fmt: skip
    return found
