"""The one HTTP client of WeCom's API: tokens, error codes, and what an unclear outcome means.

HTTP 200 is not success here; what is sent, and when, is decided by the channels."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from yarl import URL

from bot.channels.wecom.errcodes import BAD_TOKEN, WECOM, check, code_of
from bot.channels.wecom.received import Picture
from bot.errors import MAY_HAVE_ARRIVED, Rejected, SendError, TryLater
from bot.media import MAX_IMAGE_BYTES

TIMEOUT_S: Final = 10.0
RETRY_S: Final = 5.0
TOKEN_MARGIN: Final = timedelta(seconds=300)
JSON_TYPES: Final = frozenset({"application/json", "text/plain"})


Form = Callable[[], aiohttp.FormData]
"""Makes a multipart body anew for each try."""


class Unclear(SendError):
    """The request may or may not have been carried out."""


class Http:
    """JSON over HTTP to one base URL; the session opens with the first request."""

    def __init__(self, base: str, timeout_s: float = TIMEOUT_S) -> None:
        self.base = URL(base)
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=timeout_s / 2)
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        return self._session

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """A call that only reads; raises TryLater when its outcome is unclear."""
        try:
            return await self._json("GET", path, query)
        except Unclear as error:
            raise TryLater(RETRY_S, str(error)) from None

    async def post(
        self,
        path: str,
        body: Mapping[str, Any] | aiohttp.FormData,
        query: Mapping[str, str] | None = None,
        *,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """A call that acts. repeatable: the platform drops a second one itself.

        An unclear outcome raises TryLater then, and Rejected otherwise."""
        try:
            return await self._json("POST", path, query or {}, body)
        except Unclear as error:
            if repeatable:
                raise TryLater(RETRY_S, str(error)) from None
            raise Rejected(f"{error}; not repeated, since {MAY_HAVE_ARRIVED}") from None

    async def bytes_of(
        self, path: str, query: Mapping[str, str], most: int
    ) -> bytes | dict[str, Any]:
        """A download of at most `most` bytes, or the JSON that was answered in its place."""
        call = _name(path)
        try:
            async with self.session.get(
                self._url(path), params=query, allow_redirects=False
            ) as response:
                _check_status(response.status, call)
                if response.content_type in JSON_TYPES:
                    answer = await response.json(content_type=None)
                    return answer if isinstance(answer, dict) else {"errcode": -1}
                return await read_up_to(response, most)
        except (aiohttp.ClientError, TimeoutError, ValueError, Unclear) as error:
            raise TryLater(RETRY_S, f"{call} failed: {type(error).__name__}") from None

    async def _json(
        self, method: str, path: str, query: Mapping[str, str], body: Any = None
    ) -> dict[str, Any]:
        call = _name(path)
        what = {"data": body} if isinstance(body, aiohttp.FormData) else _as_json(body)
        try:
            async with self.session.request(
                method, self._url(path), params=query, allow_redirects=False,
                **(what if body is not None else {}),
            ) as response:  # fmt: skip
                _check_status(response.status, call)
                answer = await response.json(content_type=None)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            host = self.base.host
            raise TryLater(
                RETRY_S, f"{host} cannot be reached: {type(error).__name__}; see api_base"
            ) from None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unclear(f"{call}: no clear answer ({type(error).__name__})") from None
        if not isinstance(answer, dict):
            raise Unclear(f"{call}: the answer is no JSON object")
        return answer

    def _url(self, path: str) -> URL:
        return self.base.join(URL(path))


class Api(Http):
    """Calls with the access token of one secret, cached and refetched once when refused.

    section: TOML path of the settings, for messages to the operator; now: aware UTC. stale: codes
    that refuse an access token."""

    stale: frozenset[int] = BAD_TOKEN

    def __init__(
        self, base: str, corp_id: str, secret: str, section: str, now: Callable[[], datetime]
    ) -> None:
        super().__init__(base)
        self.section = section
        self._corp_id, self._secret, self._now = corp_id, secret, now
        self._token, self._until = "", now()
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Api({self.section})"

    async def token(self, refused: str = "") -> str:
        """A valid access token; `refused` is one that must not be given again."""
        async with self._turn:
            if not self._token or self._token == refused or self._now() >= self._until:
                await self._fetch_token()
            return self._token

    async def probe(self) -> str:
        """Fetch a token to see whether the secret is right. Raises SendError."""
        await self.token()
        return "given"

    async def _fetch_token(self) -> None:
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        self._keep(check(await self.get("/cgi-bin/gettoken", query), self.section, "gettoken"))

    def _keep(self, answer: dict[str, Any]) -> None:
        self._token = str(answer.get("access_token", ""))
        life = timedelta(seconds=int(answer.get("expires_in", 0)))
        self._until = self._now() + max(life - TOKEN_MARGIN, timedelta(seconds=1))

    async def call(
        self,
        path: str,
        body: Mapping[str, Any] | Form | None = None,
        query: Mapping[str, str] | None = None,
        *,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """POST a body, or GET without one; one more try with a fresh token. Raises SendError."""
        token = await self.token()
        answer = await self._once(path, body, query or {}, token, repeatable)
        if code_of(answer) in self.stale:
            token = await self.token(refused=token)
            answer = await self._once(path, body, query or {}, token, repeatable)
        return self.checked(answer, _name(path))

    def checked(self, answer: dict[str, Any], call: str) -> dict[str, Any]:
        """The answer when it is a success; raises what its error code means."""
        return check(answer, self.section, call)

    async def _once(
        self,
        path: str,
        body: Mapping[str, Any] | Form | None,
        query: Mapping[str, str],
        token: str,
        repeatable: bool,
    ) -> dict[str, Any]:
        full = {**query, "access_token": token}
        if body is None:
            return await self.get(path, full)
        ready = body() if callable(body) else body
        return await self.post(path, ready, full, repeatable=repeatable)

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """A temporary media_id, valid for three days; kind: image, voice, video or file."""

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            file = io.BytesIO(data)
            made.add_field("media", file, filename=name, content_type="application/octet-stream")
            return made

        answer = await self.call("/cgi-bin/media/upload", form, {"type": kind}, repeatable=True)
        return str(answer.get("media_id", ""))

    async def download(self, media_id: str, most: int) -> bytes:
        """A temporary media file, at most `most` bytes; one more try with a fresh token."""
        path, refused = "/cgi-bin/media/get", ""
        for _ in range(2):
            refused = await self.token(refused)
            query = {"access_token": refused, "media_id": media_id}
            got = await self.bytes_of(path, query, most)
            if isinstance(got, bytes):
                return got
            if code_of(got) not in self.stale:
                self.checked(got, "media/get")
                raise Rejected("media/get gave no file")
        raise WECOM.error(min(BAD_TOKEN), self.section, "media/get")

    async def fetch(self, picture: Picture) -> bytes:
        """A picture that somebody sent; raises SendError."""
        return await self.download(picture.media_id, MAX_IMAGE_BYTES)


async def read_up_to(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The body; raises Rejected when it is longer than `most` bytes."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(1 << 16):
        size += len(part)
        if size > most:
            raise Rejected(f"the file is over {most} bytes")
        parts.append(part)
    return b"".join(parts)


def _as_json(body: Any) -> dict[str, Any]:
    """JSON as a stream: aiohttp warns of large bodies that are given whole."""
    data = io.BytesIO(json.dumps(body).encode())
    return {"data": data, "headers": {"Content-Type": "application/json"}}


def _check_status(status: int, call: str) -> None:
    """HTTP 4xx was refused; anything else but 200 leaves the outcome open."""
    if status // 100 == HTTPStatus.BAD_REQUEST // 100:
        raise Rejected(f"{call}: HTTP {status}")
    if status != HTTPStatus.OK:
        raise Unclear(f"{call}: HTTP {status}")


def _name(path: str) -> str:
    """The call without its query, which may hold a key."""
    return path.partition("?")[0].rpartition("/cgi-bin/")[2]
