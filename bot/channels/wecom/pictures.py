"""Pictures of a 智能机器人: fetched within their five minutes, size-capped, decrypted.

Only allowed hosts are asked; storing is media.py's business."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.channels.wecom.client import Http, read_up_to
from bot.channels.wecom.crypto import Crypto, open_media
from bot.channels.wecom.received import Picture
from bot.errors import Rejected
from bot.media import MAX_IMAGE_BYTES

FETCH_S: Final = 60.0
TRIES: Final = 3
PAUSE_S: Final = 0.5


class PictureFetcher:
    """Fetches pictures from the platform's storage. crypto: the bot's, where items have no key."""

    def __init__(self, http: Http, hosts: Sequence[str], crypto: Crypto | None = None) -> None:
        self._http, self._hosts, self._crypto = http, tuple(hosts), crypto

    async def fetch(self, picture: Picture) -> bytes:
        """The decrypted bytes; raises Rejected, Forged."""
        url = self._allowed(picture.url)
        for left in reversed(range(TRIES)):
            try:
                data = await self._download(url)
                break
            except (aiohttp.ClientError, TimeoutError):
                if not left:
                    raise Rejected("a picture could not be downloaded") from None
                await asyncio.sleep(PAUSE_S)
        return self._decrypt(picture, data)

    def _allowed(self, text: str) -> URL:
        try:
            url = URL(text)
        except ValueError:
            raise Rejected("a picture has no address") from None
        host = url.host or ""
        known = any(host == h or (h.startswith(".") and host.endswith(h)) for h in self._hosts)
        if not known or url.scheme != self._http.base.scheme:
            raise Rejected(f"picture host {host!r} is not in channels.wecom_aibot.media_hosts")
        return url

    async def _download(self, url: URL) -> bytes:
        timeout = aiohttp.ClientTimeout(total=FETCH_S)
        async with self._http.session.get(url, timeout=timeout, allow_redirects=False) as response:
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise aiohttp.ClientError
            if response.status != HTTPStatus.OK:
                raise Rejected(f"a picture has expired (HTTP {response.status})")
            return await read_up_to(response, MAX_IMAGE_BYTES + 64)

    def _decrypt(self, picture: Picture, data: bytes) -> bytes:
        if picture.key:
            return open_media(picture.key, data)
        return self._crypto.open_media(data) if self._crypto else data
