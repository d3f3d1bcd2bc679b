"""What is kept as it came: unknown kinds and records that do not open; for how long, until when."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot import metrics
from bot.errors import TryLater
from tests.channels.archive.conftest import Archive, Platform, record, write

AGREED = "wmResident9"


@pytest.fixture(autouse=True)
def agreed(platform: Platform) -> None:
    platform.agreed = {AGREED: "Agree"}


def feed() -> dict[str, Any]:
    return record(AGREED, msgtype="sphfeed", sphfeed={"feed_desc": "视频号"})


async def test_unknown_kinds_are_kept_raw_and_damaged_records_are_parked(archive: Archive) -> None:
    archive.put(feed())
    archive.put("{damaged")
    archive.put({"action": "send"})
    archive.put({"action": "switch", "msgid": "x", "time": 1, "user": "leader"})
    archive.put(record("wbRobot", "机器人说"))
    archive.put(record(AGREED, "完"))
    (archive.folder / "notes.json").write_text("{}")
    assert await archive.sync() == 6
    assert [m.text for m in archive.taken] == ["完"]
    (raw,) = archive.kept("raw")
    assert raw.name.startswith("1-")
    assert "sphfeed" in raw.read_text("utf-8")
    assert raw.stat().st_mode & 0o777 == 0o600
    parked = [json.loads(path.read_text("utf-8")) for path in archive.kept("parked")]
    assert [(one["why"], one["record"]) for one in parked] == [
        ("the file is no JSON object", "{damaged"),
        ("not of the shape that the platform documents", {"action": "send"}),
    ]
    assert metrics.WAITING.labels("archive_parked")._value.get() == 2


async def test_a_parked_record_is_taken_after_a_restart_once_it_opens(archive: Archive) -> None:
    seq = archive.put("{damaged")
    archive.put(record(AGREED, "后来的话"))
    await archive.sync()
    await archive.sync()
    await archive.restart()
    await archive.sync()
    assert len(archive.kept("parked")) == 1, "it is as damaged as before"
    write(archive.folder, seq, record(AGREED, "先前的话"))
    await archive.sync()
    assert len(archive.kept("parked")) == 1, "only a start tries again"
    await archive.restart()
    await archive.sync()
    assert [m.text for m in archive.taken] == ["后来的话", "先前的话"]
    assert archive.kept("parked") == []
    assert metrics.WAITING.labels("archive_parked")._value.get() == 0


async def test_a_parked_record_is_not_lost_when_it_cannot_be_stored(archive: Archive) -> None:
    seq = archive.put("{damaged")
    await archive.sync()
    write(archive.folder, seq, record(AGREED, "先前的话"))
    await archive.restart()
    archive.broken = 1
    with pytest.raises(OSError, match="disk full"):
        await archive.sync()
    assert len(archive.kept("parked")) == 1
    await archive.sync()
    assert [m.text for m in archive.taken] == ["先前的话"]


async def test_what_is_kept_has_its_days(archive: Archive) -> None:
    archive.section["raw_days"] = 7
    await archive.restart()
    archive.put(feed())
    archive.put("{damaged")
    await archive.sync()
    archive.later(days=6)
    archive.put(feed())
    await archive.sync()
    assert [len(archive.kept(shelf)) for shelf in ("raw", "parked")] == [2, 1]
    archive.later(days=2)
    await archive.sync()
    assert [len(archive.kept(shelf)) for shelf in ("raw", "parked")] == [1, 0]


async def test_a_recall_reaches_what_is_kept(archive: Archive) -> None:
    said, odd = feed(), {"action": "?", "msgid": "a/../odd"}
    archive.put(said)
    archive.put(odd)
    await archive.sync()
    for msgid in (said["msgid"], odd["msgid"], "never-seen"):
        archive.put(record(AGREED, msgtype="revoke", revoke={"pre_msgid": msgid}))
    await archive.sync()
    assert archive.kept("raw") == archive.kept("parked") == []


async def test_what_came_before_a_breakdown_is_taken(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(record(AGREED, "一"))
    source = archive.reader.source
    whole = source.records

    async def breaking(after: int) -> Any:
        async for one in whole(after):
            yield one
        raise TryLater(5.0, "the source broke off")

    monkeypatch.setattr(source, "records", breaking)
    with pytest.raises(TryLater):
        await archive.sync()
    assert [m.text for m in archive.taken] == ["一"]
    assert archive.reader.state.load() == {"seq": 1}
