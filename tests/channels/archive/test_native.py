"""The child process around the native library, here one with the same C interface.

The platform's own library has never been run with it; what else it does is unknown."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bot.channels.wecom.archive_child import DEATHS, NativeSource
from bot.channels.wecom.archive_read import Media
from bot.channels.wecom.archive_source import Record
from bot.errors import NotConfigured, Rejected, TryLater
from tests.channels.archive.conftest import Archive, Platform, record
from tests.fakes.wecom_people import PNG

COMPILER = shutil.which("cc") or shutil.which("gcc")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
GOOD = {"msgid": "m1", "text": {"content": "五楼没水"}}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if COMPILER is None:
        assert "CI" not in os.environ, "the checks need a C compiler; see .ci/run"
        pytest.skip("no C compiler to build the stand-in with")
    made = tmp_path_factory.mktemp("sdk") / "libfake.so"
    source = Path(__file__).with_name("fake_sdk.c")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-Wall", "-Werror", "-o", made, source],
                   check=True)  # fmt: skip
    return made


@pytest.fixture
async def native(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[NativeSource]:
    monkeypatch.setenv("FAKE_SDK_DATA", str(tmp_path))
    source = NativeSource(settings(str(library)))
    yield source
    await source.aclose()


def settings(library: str) -> dict[str, Any]:
    return {"library": library, "corp_id": "ww1", "secret": "s", "private_keys": {"3": PEM}}


def row(seq: int, message: Any, version: int = 3, key: bytes = b"random-key") -> dict[str, Any]:
    sealed = KEY.public_key().encrypt(key, padding.PKCS1v15())
    return {
        "seq": seq, "msgid": f"m{seq}", "publickey_ver": version,
        "encrypt_random_key": base64.b64encode(sealed).decode(),
        "encrypt_chat_msg": json.dumps(message),
    }  # fmt: skip


def page(folder: Path, after: int, *rows: dict[str, Any]) -> None:
    answer = {"errcode": 0, "errmsg": "ok", "chatdata": rows}
    (folder / f"after-{after}.json").write_text(json.dumps(answer))


async def every(source: NativeSource, after: int) -> list[Record]:
    return [record async for record in source.records(after)]


async def file_of(source: NativeSource, fileid: str) -> bytes:
    return b"".join([piece async for piece in source.media(1, Media(fileid, 1))])


async def test_records_are_decrypted_or_say_why_not(native: NativeSource, tmp_path: Path) -> None:
    rows = row(1, GOOD), row(2, GOOD, version=9), row(3, GOOD, key=b"other"), row(4, [])
    damaged = {**row(5, GOOD), "encrypt_random_key": "no base64"}
    page(tmp_path, 0, *rows, damaged)
    found = await every(native, 0)
    assert [(one.seq, one.values) for one in found] == [
        (1, GOOD), (2, None), (3, None), (4, None), (5, None),
    ]  # fmt: skip
    assert found[1].why == "no private key of version 9"
    assert found[2].why == "the library cannot decrypt it (10006)"
    assert found[1].raw == rows[1]
    assert await every(native, 3) == []


async def test_another_key_opens_what_did_not(
    native: NativeSource, library: Path, tmp_path: Path
) -> None:
    page(tmp_path, 0, row(2, GOOD, version=9))
    (parked,) = await every(native, 0)
    assert (await native.again(2, parked.raw)).values is None
    more = NativeSource({**settings(str(library)), "private_keys": {"3": PEM, "9": PEM}})
    assert (await more.again(2, parked.raw)).values == GOOD
    await more.aclose()


@pytest.mark.parametrize("size", [0, 1, 4, 5, 1000])
async def test_a_file_comes_in_pieces(native: NativeSource, tmp_path: Path, size: int) -> None:
    data = bytes(range(256)) * 4
    (tmp_path / "media-F1").write_bytes(data[:size])
    assert await file_of(native, "F1") == data[:size]
    page(tmp_path, 0, row(1, GOOD))
    assert [one.values for one in await every(native, 0)] == [GOOD], "no buffer is left behind"


async def test_files_that_cannot_be_had(native: NativeSource) -> None:
    with pytest.raises(Rejected, match="10005"):
        await file_of(native, "unknown")
    with pytest.raises(TryLater):
        await file_of(native, "busy")


async def test_whoever_stops_reading_a_file_can_ask_on(
    native: NativeSource, tmp_path: Path
) -> None:
    (tmp_path / "media-F1").write_bytes(b"x" * 4000)
    pieces = native.media(1, Media("F1", 1))
    assert await anext(pieces) == b"xxxx"
    await pieces.aclose()  # type: ignore[attr-defined]
    page(tmp_path, 0, row(1, GOOD))
    assert len(await every(native, 0)) == 1


async def test_an_aborting_library_costs_only_its_child(
    native: NativeSource, tmp_path: Path
) -> None:
    page(tmp_path, 0, row(1, GOOD))
    with pytest.raises(TryLater, match="stopped"):
        await every(native, 99)
    assert await every(native, 0) == [Record(1, GOOD)]


async def test_a_killed_child_is_replaced(native: NativeSource, tmp_path: Path) -> None:
    page(tmp_path, 0, row(1, GOOD))
    (tmp_path / "media-F1").write_bytes(b"x" * 9)
    for _ in range(3):
        assert await every(native, 0) == [Record(1, GOOD)]
        child = native._child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        assert await file_of(native, "F1") == b"x" * 9


async def test_a_child_killed_at_work_is_noticed(native: NativeSource, tmp_path: Path) -> None:
    (tmp_path / "media-F1").write_bytes(b"x" * 100_000)
    pieces = native.media(1, Media("F1", 1))
    await anext(pieces)
    assert native._child is not None
    os.kill(native._child.pid, signal.SIGKILL)
    with pytest.raises(TryLater, match="stopped"):
        [piece async for piece in pieces]
    assert await file_of(native, "F1") == b"x" * 100_000


async def test_a_record_that_kills_the_library_is_parked_at_last(
    native: NativeSource, tmp_path: Path
) -> None:
    page(tmp_path, 0, row(1, GOOD), row(2, "poison"), row(3, GOOD))
    page(tmp_path, 2, row(3, GOOD))
    for _ in range(DEATHS - 1):
        records = native.records(0)
        assert (await anext(records)).values == GOOD
        with pytest.raises(TryLater):
            await anext(records)
    found = await every(native, 0)
    assert [(one.seq, one.values) for one in found] == [(1, GOOD), (2, None)]
    assert found[1].why == "the library stopped at this record"
    with pytest.raises(TryLater):
        await native.again(2, found[1].raw)
    assert await every(native, 2) == [Record(3, GOOD)]


async def test_codes_of_the_library(native: NativeSource, tmp_path: Path) -> None:
    with pytest.raises(TryLater):
        await every(native, 50)
    (tmp_path / "after-7.json").write_text('{"errcode":10009,"errmsg":"ip"}')
    with pytest.raises(NotConfigured, match="可信IP"):
        await every(native, 7)
    assert await every(native, 8) == []


WRONG = [
    ({"library": "/nowhere/lib.so"}, "library"),
    ({"secret": "wrong-7"}, "corp_id or secret"),
    ({"private_keys": {"3": "wrong-7"}}, "private_keys"),
]


@pytest.mark.parametrize(("more", "words"), WRONG)
async def test_wrong_settings_are_named_and_not_shown(
    library: Path, more: dict[str, Any], words: str
) -> None:
    source = NativeSource({**settings(str(library)), **more})
    with pytest.raises(NotConfigured, match=words) as caught:
        await every(source, 0)
    await source.aclose()
    assert "wrong-7" not in f"{caught.value!r} {source!r}"


async def test_the_channel_over_the_library(
    archive: Archive, platform: Platform, native: NativeSource, tmp_path: Path
) -> None:
    """Words, a picture and a key that is added later, from the library to the intake."""
    platform.agreed = {"wmA": "Agree"}
    (tmp_path / "media-F1").write_bytes(PNG)
    image = record("wmA", msgtype="image", image={"sdkfileid": "F1"})
    page(tmp_path, 0, row(1, record("wmA", "五楼没水")), row(2, image),
         row(3, record("wmA", "门禁坏了"), version=9))  # fmt: skip
    archive.reader.source = native
    assert await archive.sync() == 3
    assert [(m.text, len(m.images)) for m in archive.taken] == [("五楼没水", 0), ("", 1)]
    assert len(archive.kept("parked")) == 1
    await archive.restart()
    archive.reader.source = NativeSource({**native._settings, "private_keys": {"9": PEM}})
    await archive.sync()
    await archive.reader.source.aclose()
    assert archive.taken[-1].text == "门禁坏了"
    assert archive.kept("parked") == []
