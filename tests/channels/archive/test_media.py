"""Pictures and voices of records: files beside the record, checked, stored, or said to be lost."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bot.channels.wecom.arrivals import LOST
from bot.errors import TryLater
from bot.media import MAX_IMAGE_BYTES
from tests.channels.archive.conftest import Archive, Platform, record
from tests.fakes.wecom_people import PNG

AGREED = "wmResident9"
AMR = b"#!AMR\n" + b"a broken lamp"
JPG = b"\xff\xd8\xff" + b"x" * 700_000


@pytest.fixture(autouse=True)
def agreed(platform: Platform) -> None:
    platform.agreed = {AGREED: "Agree"}


def picture(md5: str = "", **more: Any) -> dict[str, Any]:
    image = {"sdkfileid": "F1", "md5sum": md5, "filesize": len(PNG)}
    return record(AGREED, msgtype="image", image=image, **more)


async def test_a_picture_lies_beside_its_record(archive: Archive) -> None:
    (archive.folder / "1-1.jpg").write_bytes(JPG)
    archive.put(picture(hashlib.md5(JPG).hexdigest().upper()))
    await archive.sync()
    (message,) = archive.taken
    assert message.text == ""
    (reference,) = message.images
    assert await archive.media.read(reference) == JPG


async def test_a_voice_is_kept_as_well(archive: Archive) -> None:
    (archive.folder / "1-1.amr").write_bytes(AMR)
    archive.put(record(AGREED, msgtype="voice", voice={"sdkfileid": "F2", "play_length": 3}))
    await archive.sync()
    (message,) = archive.taken
    assert message.text == "［语音］"
    assert message.images[0].endswith(".amr")
    assert await archive.media.read(message.images[0]) == AMR


async def test_words_and_pictures_stay_together(archive: Archive) -> None:
    for number, data in ((1, PNG), (2, JPG)):
        (archive.folder / f"1-{number}.bin").write_bytes(data)
    items = [
        {"type": "text", "content": '{"content": "楼道灯坏了"}'},
        {"type": "image", "content": '{"sdkfileid": "F1"}'},
        {"type": "image", "content": {"sdkfileid": "F2"}},
    ]
    archive.put(record(AGREED, msgtype="mixed", mixed={"item": items}))
    await archive.sync()
    (message,) = archive.taken
    assert message.text == "楼道灯坏了"
    assert [await archive.media.read(one) for one in message.images] == [PNG, JPG]


LOSSES = [
    (None, "", "no file"),
    (PNG, "0" * 32, "damaged"),
    (b"MZ no picture", "", "not a picture"),
    (b"\xff\xd8\xff" + b"x" * MAX_IMAGE_BYTES, "", "too large"),
]


@pytest.mark.parametrize(("data", "md5", "why"), LOSSES)
async def test_a_picture_that_cannot_be_had_is_said_to_be_lost(
    archive: Archive, data: bytes | None, md5: str, why: str
) -> None:
    if data is not None:
        (archive.folder / "1-1.jpg").write_bytes(data)
    archive.put(picture(md5))
    archive.put(record(AGREED, "后来的话"))
    await archive.sync()
    assert [(m.text, m.images) for m in archive.taken] == [(LOST, ()), ("后来的话", ())], why


async def test_a_busy_platform_is_waited_for_but_not_for_ever(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def busy(seq: int, media: Any) -> Any:
        asked.append(seq)
        raise TryLater(5.0, "busy")
        yield b""

    monkeypatch.setattr(archive.reader.source, "media", busy)
    archive.put(picture())
    for _ in range(2):
        with pytest.raises(TryLater):
            await archive.sync()
    await archive.sync()
    assert asked == [1, 1, 1]
    assert [m.text for m in archive.taken] == [LOST]


async def test_pictures_of_people_who_have_not_agreed_are_not_fetched(archive: Archive) -> None:
    (archive.folder / "1-1.jpg").write_bytes(PNG)
    archive.put({**picture(), "from": "wmSilent"})
    await archive.sync()
    assert archive.taken == []
    assert not archive.media.folder.exists()
