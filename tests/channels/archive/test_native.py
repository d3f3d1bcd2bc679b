"""The child process around the native library, here one with the same C interface built by gcc.

The platform's own library has never been run with it; what else it does is unknown."""

from __future__ import annotations

import base64
import json
import shutil
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

from bot.channels.wecom.archive_source import NativeSource, Record
from bot.errors import NotConfigured, TryLater

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc for the stand-in")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sdk") / "libfake.so"
    source = Path(__file__).with_name("fake_sdk.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", made, source], check=True)
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


async def test_records_are_decrypted_or_parked(native: NativeSource, tmp_path: Path) -> None:
    good = {"msgid": "m1", "text": {"content": "五楼没水"}}
    page(tmp_path, 0, row(1, good), row(2, good, version=9), row(3, good, key=b"other"))
    assert await every(native, 0) == [(1, good), (2, None), (3, None)]
    assert await every(native, 3) == []


async def test_an_aborting_library_costs_only_its_child(
    native: NativeSource, tmp_path: Path
) -> None:
    page(tmp_path, 0, row(1, {"msgid": "m1"}))
    with pytest.raises(TryLater, match="stopped"):
        await every(native, 99)
    assert await every(native, 0) == [(1, {"msgid": "m1"})]


async def test_codes_of_the_library(native: NativeSource, tmp_path: Path) -> None:
    with pytest.raises(TryLater):
        await every(native, 50)
    (tmp_path / "after-7.json").write_text('{"errcode":10009,"errmsg":"ip"}')
    with pytest.raises(NotConfigured, match="可信IP"):
        await every(native, 7)
    assert await every(native, 8) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [({"library": "/nowhere/lib.so"}, "library"), ({"secret": "wrong-7"}, "corp_id or secret")],
)
async def test_wrong_settings_are_named_and_not_shown(
    library: Path, more: dict[str, str], words: str
) -> None:
    source = NativeSource({**settings(str(library)), **more})
    with pytest.raises(NotConfigured, match=words) as caught:
        await every(source, 0)
    await source.aclose()
    assert "wrong-7" not in f"{caught.value!r} {source!r}"
