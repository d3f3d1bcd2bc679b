"""What every encrypted callback needs: the capped body, the echo, and one way of saying no.

Anything malformed or forged is a 403 without a word; what the body means is read elsewhere."""

from __future__ import annotations

import asyncio
import binascii
import struct
import time
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Final, TypeVar

import aiohttp
import structlog
from aiohttp import web

from bot.channels.wecom.arrivals import Late
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.received import Malformed
from bot.channels.wecom.xmlbody import render

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")

MAX_BODY: Final = 1 << 20
READ_S: Final = 5.0
REFUSED: Final = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError,
    AssertionError, struct.error, binascii.Error, TimeoutError, aiohttp.ClientError,
    aiohttp.http_exceptions.HttpProcessingError, web.HTTPException,
)  # fmt: skip
"""Everything that hostile input may raise while it is verified and read."""


def forbidden() -> web.Response:
    """The answer to whatever is not from the platform."""
    return web.Response(status=HTTPStatus.FORBIDDEN)


def unavailable() -> web.Response:
    """Not stored: the platform shall send it again."""
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


async def read_body(request: web.Request) -> bytes:
    """The body, at most 1 MiB also after decompression; raises Malformed."""
    if (request.content_length or 0) > MAX_BODY:
        raise Malformed
    if request.content.is_eof():
        return _capped(request.content.read_nowait())
    parts, size = [], 0
    async with asyncio.timeout(READ_S):
        async for part in request.content.iter_any():
            size += len(part)
            if size > MAX_BODY:
                raise Malformed
            parts.append(part)
    return b"".join(parts)


def _capped(data: bytes) -> bytes:
    if len(data) > MAX_BODY:
        raise Malformed
    return data


def open_request(crypto: Crypto, request: web.Request, encrypted: str) -> bytes:
    """Verify with the query of the request, then decrypt; raises Forged, KeyError."""
    query = request.query
    return crypto.open(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)


def echo(crypto: Crypto, request: web.Request) -> web.Response:
    """The answer to the verification GET: the bare plaintext.

    A "+" of the base64 that came as a space is put back."""
    try:
        plain = open_request(crypto, request, request.query["echostr"].replace(" ", "+"))
        return web.Response(text=plain.decode())
    except REFUSED:
        return forbidden()


async def stored(work: Awaitable[Answer], identity: str) -> Answer | web.Response:
    """What the work gives; the answer "send it again" when nothing is durable yet."""
    try:
        return await work
    except Late:
        return unavailable()
    except Exception:
        log.exception("callback not stored", action="callback.not_stored", id=identity)
        return unavailable()


def sealed_xml(crypto: Crypto, xml: str, nonce: str) -> web.Response:
    """An encrypted answer; nonce: of the callback that is answered."""
    moment = int(time.time())
    sealed = crypto.seal(xml.encode(), str(moment), nonce)
    tags: dict[str, str | int] = {"Encrypt": sealed.encrypt, "MsgSignature": sealed.signature}
    return as_xml(render({**tags, "TimeStamp": moment, "Nonce": nonce}))


def as_xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/xml")


def reply_to(user: str, ours: str, tags: dict[str, str | int]) -> str:
    """The XML of an answer from us to whoever sent the callback."""
    head: dict[str, str | int] = {"ToUserName": user, "FromUserName": ours}
    return render({**head, "CreateTime": int(time.time()), **tags})
