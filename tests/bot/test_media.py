"""The picture store: kinds by content, one file a picture, nothing half written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media import MAX_IMAGE_BYTES, ImageError, MediaStore, kind_of, name_of

JPEG = b"\xff\xd8\xff\xe0 picture"
PNG = b"\x89PNG\r\n\x1a\n picture"
GIF = b"GIF89a picture"
WEBP = b"RIFF\x10\0\0\0WEBP picture"
HASH = "0123456789abcdef" * 4


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (JPEG, "jpg"),
        (PNG, "png"),
        (GIF, "gif"),
        (b"GIF87a", "gif"),
        (WEBP, "webp"),
        (b"RIFF\x10\0\0\0WAVE", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<!doctype html>", ""),
        (b"%PDF-1.7", ""),
        (b"\xff\xd8", ""),
        (b"", ""),
    ],
)
def test_kinds_are_told_by_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("data", [JPEG, PNG, GIF, WEBP])
async def test_a_picture_comes_back_as_it_went_in(store: MediaStore, data: bytes) -> None:
    reference = await store.put(data)
    assert reference.startswith("media:")
    assert await store.has(reference)
    assert await store.read(reference) == data


AMR = b"#!AMR\n voice"


async def test_a_voice_is_kept_apart_from_pictures(store: MediaStore) -> None:
    reference = await store.put_voice(AMR)
    assert name_of(reference).endswith(".amr")
    assert await store.read(reference) == AMR
    for wrong in (store.put(AMR), store.put_voice(PNG), store.put_voice(AMR + b"x" * (11 << 20))):
        with pytest.raises(ImageError):
            await wrong


async def test_the_same_picture_is_kept_once(store: MediaStore) -> None:
    references = await asyncio.gather(*(store.put(PNG) for _ in range(8)))
    assert len(set(references)) == 1
    assert [path.name for path in store.folder.iterdir()] == [name_of(references[0])]


@pytest.mark.parametrize("data", [b"", b"text", b"<svg/>", PNG + b"\0" * MAX_IMAGE_BYTES])
async def test_what_is_no_picture_leaves_no_trace(store: MediaStore, data: bytes) -> None:
    with pytest.raises(ImageError, match="请"):
        await store.put(data)
    assert not store.folder.exists()


async def test_a_folder_that_cannot_be_written_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        await MediaStore(tmp_path / "media").put(PNG)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (f"media:{HASH}.png", f"{HASH}.png"),
        (f"{HASH}.png", ""),
        (f"media:{HASH}.svg", ""),
        (f"media:{HASH}.png\n", ""),
        (f"media:../{HASH}.png", ""),
        ("media:", ""),
        ("", ""),
    ],
)
async def test_references_are_checked(store: MediaStore, reference: str, name: str) -> None:
    assert name_of(reference) == name
    assert not await store.has(reference)
    with pytest.raises(FileNotFoundError):
        await store.read(reference)


@given(st.text(max_size=90))
def test_no_text_names_a_path_outside(text: str) -> None:
    name = name_of(f"media:{text}")
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
