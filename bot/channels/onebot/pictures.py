"""Pictures in OneBot messages: inline base64, an address on an allowed host, or v12's get_file.

Storing is media.py's business; nothing else of a message is looked at."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.channels.onebot.caller import Caller
from bot.channels.onebot.dialect import Action
from bot.channels.wecom.client import read_up_to
from bot.errors import Rejected
from bot.media import MAX_IMAGE_BYTES

INLINE: Final = "base64://"
Call = Callable[[Action], Awaitable[Mapping[str, Any]]]


async def fetch(data: Mapping[str, str], hosts: Sequence[str], caller: Caller, call: Call) -> bytes:
    """The bytes of an image segment; raises Rejected or another SendError."""
    for value in (data.get("file", ""), data.get("url", "")):
        if value.startswith(INLINE):
            return _decoded(value.removeprefix(INLINE))
    if number := data.get("file_id"):
        answer = await call(Action("get_file", {"file_id": number, "type": "data"}))
        found = answer.get("data")
        return _decoded(str(found.get("data", "")) if isinstance(found, dict) else "")
    return await _download(data.get("url") or data.get("file", ""), hosts, caller)


def _decoded(text: str) -> bytes:
    if not text or len(text) > MAX_IMAGE_BYTES * 4 // 3 + 4:
        raise Rejected("a picture is empty or over 10 MB")
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise Rejected("a picture is no base64") from None


async def _download(text: str, hosts: Sequence[str], caller: Caller) -> bytes:
    url = _allowed(text, hosts)
    try:
        async with caller.session.get(url, allow_redirects=False) as response:
            if not response.ok:
                raise Rejected(f"a picture has expired (HTTP {response.status})")
            return await read_up_to(response, MAX_IMAGE_BYTES)
    except (aiohttp.ClientError, TimeoutError):
        raise Rejected("a picture could not be downloaded") from None


def _allowed(text: str, hosts: Sequence[str]) -> URL:
    try:
        url = URL(text)
    except ValueError:
        raise Rejected("a picture has no address") from None
    host = url.host or ""
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    if not known or url.scheme not in {"http", "https"}:
        raise Rejected(f"picture host {host!r} is not in channels.onebot.media_hosts")
    return url
