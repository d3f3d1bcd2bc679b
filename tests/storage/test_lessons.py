"""Lessons: one a correction, replaced, taken back, forgotten with their message, kept a while."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from routing.lessons import Lesson, Taught
from storage.errors import StorageError
from storage.store import Store
from tests.storage.samples import IDS, NOW, later


def lesson(ticket_id: int = 1, **changes: Any) -> Lesson:
    first = Lesson(
        id=IDS.new(), at=NOW, grid="7-1", text="门口的灯不亮", action=Taught.RECLASSIFIED,
        ticket_id=ticket_id, source=f"local:m{ticket_id}", was_kind="report", was_code="0203",
        was_nature="求助", kind="report", code="0403", nature="求助",
    )  # fmt: skip
    return replace(first, **changes)


async def _put(store: Store, *lessons: Lesson) -> None:
    async with store.write() as tx:
        for one in lessons:
            tx.lessons.put(one)


async def _all(store: Store) -> list[Lesson]:
    async with store.read() as tx:
        found = await tx.lessons.all()
        assert await tx.lessons.count() == len(found)
        return found


async def test_lessons_come_back_as_they_were_oldest_first(store: Store) -> None:
    young, old = lesson(1, at=later(5)), lesson(2, text="灯\n’坏’了", action=Taught.OPENED)
    await _put(store, young, old)
    assert await _all(store) == [old, young]
    async with store.read() as tx:
        assert await tx.lessons.all(limit=1) == [old]


async def test_the_same_correction_again_replaces_the_first(store: Store) -> None:
    first = lesson(1)
    again = lesson(1, code="0201", at=later(9))
    other = lesson(1, action=Taught.REJECTED, kind="chat", code="")
    await _put(store, first, other)
    await _put(store, again)
    assert await _all(store) == [other, again]


async def test_one_of_many_is_dropped(store: Store) -> None:
    kept = [lesson(1, action=Taught.OPENED), lesson(2), lesson(1, source="local:other")]
    await _put(store, lesson(1), *kept)
    async with store.write() as tx:
        tx.lessons.drop(1, "local:m1", Taught.RECLASSIFIED)
        tx.lessons.drop(9, "local:m9", Taught.RECLASSIFIED)
    assert sorted(one.id for one in await _all(store)) == sorted(one.id for one in kept)


async def test_what_a_failed_handler_taught_is_taken_back(store: Store) -> None:
    await _put(store, lesson(1))
    async with store.write() as tx:
        tx.lessons.put(lesson(2))
        mark = tx.mark()
        tx.lessons.drop(1, "local:m1", Taught.RECLASSIFIED)
        tx.lessons.put(lesson(2, code="0101"))
        tx.lessons.put(lesson(3))
        tx.back_to(mark)
    assert [(one.ticket_id, one.code) for one in await _all(store)] == [(1, "0403"), (2, "0403")]


async def test_a_message_taken_back_takes_its_lessons_along(store: Store) -> None:
    shared = {"source": "local:m7"}
    await _put(store, lesson(1, **shared), lesson(2, **shared), lesson(3), lesson(4, source=""))
    async with store.write() as tx:
        assert await tx.lessons.forget("local:m7") == 2
        assert await tx.lessons.forget("local:m7") == 0
        assert await tx.lessons.forget("") == 0
    assert [one.ticket_id for one in await _all(store)] == [3, 4]


@pytest.mark.parametrize(("seconds", "left"), [(0, [1, 2]), (1, [2]), (11, [])])
async def test_lessons_are_kept_for_a_time(store: Store, seconds: int, left: list[int]) -> None:
    await _put(store, lesson(1), lesson(2, at=later(10)))
    async with store.write() as tx:
        assert await tx.lessons.purge(later(seconds)) == 2 - len(left)
    assert [one.ticket_id for one in await _all(store)] == left


async def test_a_read_transaction_teaches_nothing(store: Store) -> None:
    with pytest.raises(StorageError, match="read transaction"):
        async with store.read() as tx:
            tx.lessons.put(lesson())
