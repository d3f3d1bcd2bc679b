"""What every encrypted callback needs: the capped body, the echo, and one way of saying no.

Anything malformed or forged is a 403 without a word; what the body means is read elsewhere."""

from __future__ import annotations

import asyncio
import binascii
import struct
from http import HTTPStatus
from typing import Final

import aiohttp
from aiohttp import web

from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.received import Malformed

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
