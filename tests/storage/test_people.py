"""The roster: loaded as imported, replaced as a whole, with a version that grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from routing.parts import Duty, Grid, Group, Knowledge, Member, Parts, Person, Post, Role, Unit
from storage.store import Store
from tests.storage.samples import NOW

PARTS = Parts(
    grids=(
        Grid("7", "城东街道", "street", "", 4_200, 11_000, "urban"),
        Grid("7-1", "7幢", "micro", "7"),
        Grid("10", "另一街道", "street"),
    ),
    people=(
        Person("z", "周敏", ("local:zhou", "wecom:zhou")),
        Person("a", "安<b>'", ()),
        Person("w", "王琴", ("local:wang",)),
    ),
    posts=(
        Post("z", "7-1", Role.MICRO_LEADER),
        Post("a", "7", Role.STREET, True, date(2026, 1, 1), date(2026, 12, 31)),
        Post("a", "7", Role.STREET, False, date(2027, 1, 1)),
        Post("w", "7-1", Role.RESIDENT),
        Post("a", "7-1", Role.WORKER, full_time=True),
    ),
    units=(Unit("wuye", "物业", "0578-1", ("物业", "物管")), Unit("gas", "燃气", grid="7")),
    members=(Member("wuye", "a"),),
    groups=(
        Group("local:g-7-1", "7-1", "7幢邻里群", "", ("小花园",)),
        Group("local:g-7-2", "7-1", "7幢二群", "hint"),
    ),
    duties=(Duty("7", 1, "a", 22, 6), Duty("7", 2, "z")),
    knowledge=(Knowledge(3, "7", "0301", ("疫苗",), "周二上午", "社区", date(2026, 12, 1)),),
)


async def _replace(store: Store, parts: Parts) -> None:
    async with store.write() as tx:
        await tx.people.replace(parts)


async def _parts(store: Store) -> Parts:
    async with store.read() as tx:
        return await tx.people.parts()


async def test_an_empty_database_has_an_empty_roster(store: Store) -> None:
    assert await _parts(store) == Parts()
    async with store.read() as tx:
        assert await tx.people.version() == 0


async def test_an_import_is_loaded_as_it_was_and_in_its_order(store: Store) -> None:
    await _replace(store, PARTS)
    assert await _parts(store) == PARTS
    async with store.read() as tx:
        roster = await tx.people.load()
    assert [p.name for p in roster.leaders("7-1", NOW)] == ["周敏"]
    assert roster.parts == PARTS


async def test_a_second_import_replaces_the_first(store: Store) -> None:
    await _replace(store, PARTS)
    new = replace(
        PARTS,
        grids=PARTS.grids[:2],
        people=(Person("z", "周敏", ("local:zhou2",)), Person("n", "新人", ("wecom:zhou",))),
        posts=(Post("n", "7-1", Role.MICRO_LEADER),),
        groups=PARTS.groups[:1],
        duties=(),
    )
    await _replace(store, new)
    found = await _parts(store)
    assert {p.id: p.accounts for p in found.people} == {
        "z": ("local:zhou2",), "n": ("wecom:zhou",), "a": (), "w": ("local:wang",),
    }  # fmt: skip
    assert found.posts == (Post("n", "7-1", Role.MICRO_LEADER), PARTS.posts[3])
    assert replace(found, people=new.people, posts=new.posts) == new


async def test_an_account_that_moves_belongs_to_the_new_person(store: Store) -> None:
    await _replace(store, PARTS)
    async with store.write() as tx:
        await tx.people.add(Parts(people=(Person("n", "新人", ("local:wang",)),)))
    async with store.read() as tx:
        owner = (await tx.people.load()).person_of("local:wang")
    assert owner
    assert owner.id == "n"


async def test_adding_leaves_the_rest_alone(store: Store) -> None:
    await _replace(store, PARTS)
    bound = Parts(
        people=(Person("r", "住户", ("local:r",)),), posts=(Post("r", "7-1", Role.RESIDENT),)
    )
    async with store.write() as tx:
        await tx.people.add(bound)
    found = await _parts(store)
    assert set(found.people) == {*PARTS.people, *bound.people}
    assert set(found.posts) == {*PARTS.posts, *bound.posts}
    assert replace(found, people=PARTS.people, posts=PARTS.posts) == PARTS
    await _replace(store, PARTS)
    async with store.read() as tx:
        home = (await tx.people.load()).home_group("local:r")
    assert home == PARTS.groups[0]


async def test_a_mode_set_in_the_running_bot_survives_an_import(store: Store) -> None:
    await _replace(store, PARTS)
    async with store.write() as tx:
        assert await tx.people.set_mode("local:g-7-1", "quiet")
        assert await tx.people.set_mode("local:g-7-2", "auto")
        assert not await tx.people.set_mode("local:unknown", "auto")
    await _replace(store, PARTS)
    assert [g.mode for g in (await _parts(store)).groups] == ["quiet", "hint"]


async def test_every_change_raises_the_version(store: Store) -> None:
    seen = []
    async with store.write() as tx:
        await tx.people.replace(PARTS)
        seen.append(await tx.people.version())
        await tx.people.set_mode("local:unknown", "auto")
        seen.append(await tx.people.version())
        await tx.people.set_mode("local:g-7-1", "auto")
        seen.append(await tx.people.version())
        await tx.people.add(Parts())
        seen.append(await tx.people.version())
    assert seen == [1, 1, 2, 3]


async def test_a_large_district_is_loaded_whole(store: Store) -> None:
    people = tuple(Person(f"p{n}", f"居民{n}", (f"local:u{n}",)) for n in range(5_000))
    groups = tuple(Group(f"local:g{n}", "7-1", f"群{n}") for n in range(500))
    await _replace(store, replace(PARTS, people=people, groups=groups))
    found = await _parts(store)
    assert (found.people, found.groups) == (people, groups)
