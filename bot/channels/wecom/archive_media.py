"""Pictures and voices of archive records: gathered piece by piece, checked, stored.

Pieces come from the record's source; what is done without a picture is archive_intake.py's."""

from __future__ import annotations

import hashlib
from typing import Final

from bot.channels.wecom.archive_read import Media
from bot.channels.wecom.archive_source import Source
from bot.errors import Rejected
from bot.media import MAX_IMAGE_BYTES, MediaStore

PIECE: Final = 512 * 1024
"""Bytes that the platform gives at a time."""


async def fetch(source: Source, store: MediaStore, seq: int, media: Media) -> str:
    """The media reference; raises SendError, ImageError, OSError."""
    parts, size = [], 0
    async for part in source.media(seq, media):
        size += len(part)
        if size > MAX_IMAGE_BYTES:
            raise Rejected(f"a file of record {seq} is over {MAX_IMAGE_BYTES} bytes")
        parts.append(part)
    data = b"".join(parts)
    if media.md5 and hashlib.md5(data, usedforsecurity=False).hexdigest() != media.md5.lower():
        raise Rejected(f"a file of record {seq} is damaged")
    return await (store.put_voice(data) if media.voice else store.put(data))
