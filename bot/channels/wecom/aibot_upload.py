"""Pictures of a 智能机器人 uploaded over the long connection: begin, pieces, end.

Pieces may come in any order and again; a finished upload is a media_id for three days."""

from __future__ import annotations

import base64
import hashlib
from secrets import token_hex
from typing import Any, Final

from bot.channels.wecom.aibot_link import SECTION, Frame, Link
from bot.channels.wecom.errcodes import check
from bot.errors import Rejected

PIECE: Final = 512 * 1024
MOST_PIECES: Final = 100


async def upload(link: Link, name: str, data: bytes) -> str:
    """The media_id. Raises SendError; Unclear when an ack is missing, then begin anew."""
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    if not 0 < len(pieces) <= MOST_PIECES:
        raise Rejected(f"{name}: {len(data)} bytes cannot be uploaded")
    begun = await _call(
        link, "init",
        {
            "type": "image", "filename": name, "total_size": len(data),
            "total_chunks": len(pieces),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        },
    )  # fmt: skip
    upload_id = str(begun.get("upload_id", ""))
    for number, piece in enumerate(pieces):
        coded = base64.b64encode(piece).decode()
        body = {"upload_id": upload_id, "chunk_index": number, "base64_data": coded}
        await _call(link, "chunk", body)
    return str((await _call(link, "finish", {"upload_id": upload_id})).get("media_id", ""))


async def _call(link: Link, step: str, body: Frame) -> dict[str, Any]:
    cmd = f"aibot_upload_media_{step}"
    ack = check(await link.request(cmd, f"{cmd}_{token_hex(8)}", body), SECTION, cmd)
    found = ack.get("body")
    return found if isinstance(found, dict) else {}
