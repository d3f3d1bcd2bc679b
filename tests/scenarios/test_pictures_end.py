"""Pictures end with their days, in real files, unless something that is not over names them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.media import MediaStore
from storage.store import Store
from tests.scenarios.town import Town

LAMP = "7幢2单元楼道灯不亮了"


def png(mark: str) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + mark.encode()


@pytest.fixture
def media(town: Town) -> MediaStore:
    return MediaStore.below(town.bot.settings.bot.data_dir)


async def sent_at_the_clock(media: MediaStore, town: Town, mark: str) -> str:
    """A picture whose file is as old as the clock of the town says."""
    reference = await media.put(png(mark))
    at = town.clock.now().timestamp()
    os.utime(_path(media, reference), (at, at))
    return reference


def _path(media: MediaStore, reference: str) -> Path:
    return media.folder / reference.removeprefix("media:")


async def test_pictures_go_with_the_words_once_the_matter_is_over(
    town: Town, media: MediaStore
) -> None:
    days = town.bot.settings.storage.retention_days
    gone = await sent_at_the_clock(media, town, "over")
    kept = await sent_at_the_clock(media, town, "open")
    stray = await sent_at_the_clock(media, town, "named by nothing")
    await town.group.says("wang", LAMP, images=[gone])
    await town.group.says("li", town.means("6幢电梯坏了", "0101", place="6幢"), images=[kept])
    assert (await town.ticket(2)).images == (kept,)
    await town.group.says("wang", "撤回 1")
    await town.later(days=days - 1)
    assert [await media.has(one) for one in (gone, kept, stray)] == [True, True, True]
    await town.later(days=3)
    assert [await media.has(one) for one in (gone, kept, stray)] == [False, True, False]


async def test_what_is_sent_again_is_young_again(town: Town, media: MediaStore) -> None:
    reference = await sent_at_the_clock(media, town, "again")
    path = _path(media, reference)
    os.utime(path, (0, 0))
    assert await media.put(png("again")) == reference
    assert await media.older(town.clock.now() - timedelta(days=36_500)) == []
    assert path.stat().st_mtime > 0


async def test_only_what_is_ours_is_removed(town: Town, media: MediaStore) -> None:
    old, named = [await media.put(png(mark)) for mark in ("old", "named")]
    for name in ("notes.txt", "half.part"):
        (media.folder / name).write_text("x")
    for path in media.folder.iterdir():
        os.utime(path, (0, 0))
    now = town.clock.now()
    assert await media.remove(await media.older(now), now, [named]) == 2
    assert not await media.has(old)
    left = {path.name for path in media.folder.iterdir()}
    assert left == {"notes.txt", named.removeprefix("media:")}


async def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path, town: Town) -> None:
    assert await MediaStore(tmp_path / "none").older(town.clock.now()) == []


async def test_no_file_is_touched_inside_the_transaction(
    town: Town, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a hundred thousand files on a slow disk holds up nobody who writes."""
    stray = await sent_at_the_clock(media, town, "stray")
    writing = 0
    run = Store.run

    async def counted(store: Store, work: Any) -> Any:
        nonlocal writing
        writing += 1
        try:
            return await run(store, work)
        finally:
            writing -= 1

    seen: list[int] = []

    def noting(work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any) -> Any:
            seen.append(writing)
            return work(*args)

        return noted

    monkeypatch.setattr(Store, "run", counted)
    monkeypatch.setattr(MediaStore, "_older", noting(MediaStore._older))
    monkeypatch.setattr(MediaStore, "_remove", noting(MediaStore._remove))
    await town.later(days=town.bot.settings.storage.retention_days + 2)
    assert not await media.has(stray)
    assert seen
    assert not any(seen)


async def test_sent_again_between_looking_and_removing_it_stays(
    town: Town, media: MediaStore
) -> None:
    reference = await sent_at_the_clock(media, town, "again")
    now = town.clock.now() + timedelta(days=1)
    old = await media.older(now)
    os.utime(_path(media, reference), (now.timestamp(), now.timestamp()))
    assert (len(old), await media.remove(old, now, ())) == (1, 0)
    assert await media.has(reference)


async def test_what_is_gone_already_is_no_trouble(town: Town, media: MediaStore) -> None:
    reference = await sent_at_the_clock(media, town, "gone")
    now = town.clock.now() + timedelta(days=1)
    old = await media.older(now)
    _path(media, reference).unlink()
    assert await media.remove(old, now, ()) == 0
