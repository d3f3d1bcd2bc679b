"""群消息推送 as a Channel: digests and notices into a group; it hears nothing.

A conversation is "wecom_webhook:<name>"; the robot's key behind the name is its credential."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.channels.wecom.client import Http
from bot.channels.wecom.errcodes import check
from bot.channels.wecom.posts import Posts
from bot.channels.wecom.split import MOST_BYTES, check_length, split
from bot.errors import NotConfigured, NotYet, Rejected
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

NAME: Final = "wecom_webhook"
SECTION: Final = "channels.wecom_webhook"
TEXT_BYTES: Final = 2_048
MARKDOWN_BYTES: Final = 4_096
IMAGE_BYTES: Final = 2 * 1024 * 1024
POSTS_A_MINUTE: Final = 18
"""The platform takes 20; two are left for whoever else posts with the same key."""
MINUTE_S: Final = 60.0


class WebhookChannel:
    """Implements ports.Channel. robots: key by name of ours."""

    name = NAME
    capabilities = Capabilities(
        sees="nothing",
        can_direct=False,
        max_text_bytes=MOST_BYTES,
    )

    def __init__(self, http: Http, robots: Mapping[str, str]) -> None:
        self._http, self._robots = http, dict(robots)
        self._posts = Posts()
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    def knows(self, robot: str) -> bool:
        """Whether a robot of that name is configured."""
        return robot in self._robots

    async def start(self, accept: Accept) -> None:
        """Nothing ever comes in."""

    def routes(self) -> Sequence[web.RouteDef]:
        return []

    async def aclose(self) -> None:
        await self._http.aclose()

    def probes(self, reach: Reach) -> Sequence[Probe]:  # noqa: ARG002 - nobody calls us
        """Each key, by a file that nobody sees and that is gone in three days."""
        return [(f"robots.{name}", partial(self._try_key, name)) for name in self._robots]

    async def _try_key(self, robot: str) -> str:
        key = self._robots[robot]
        if "/" in key or "=" in key:
            why = "is a whole address; copy only what follows key="
            raise NotConfigured(f"{SECTION}.robots.{robot} {why}")
        form = aiohttp.FormData()
        form.add_field("media", b"check", filename="check.txt", content_type="text/plain")
        query = {"key": key, "type": "file"}
        answer = await self._http.post("/cgi-bin/webhook/upload_media", form, query)
        check(answer, SECTION, "webhook/upload_media")
        return "key accepted"

    async def send(self, message: Outbound) -> str:
        """Text with its mentions, in parts where it is long; the platform gives no id."""
        channel, _, robot = message.conversation.partition(":")
        if channel != NAME:
            raise Rejected(f"{message.conversation!r} is no conversation of this channel")
        check_length(message.text)
        users = [mention.partition(":")[2] for mention in message.mentions]
        parts = split(message.text, TEXT_BYTES)
        for number in range(self._posts.parts_sent(message.id), len(parts)):
            extra = {"mentioned_list": users} if users and number == 0 else {}
            body = {"msgtype": "text", "text": {"content": parts[number], **extra}}
            await self.post(robot, body)
            self._posts.part_sent(message.id)
        self._posts.finished(message.id)
        return f"o{message.id}"

    async def post_markdown(self, robot: str, text: str) -> None:
        """Markdown such as a digest, in parts of at most 4096 bytes. Raises SendError."""
        for part in split(text, MARKDOWN_BYTES):
            await self.post(robot, {"msgtype": "markdown", "markdown": {"content": part}})

    async def post_image(self, robot: str, data: bytes) -> None:
        """A JPG or PNG of at most 2 MB. Raises SendError."""
        if len(data) > IMAGE_BYTES or not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise Rejected("webhook/send takes JPG or PNG pictures of at most 2 MB")
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        image = {"base64": base64.b64encode(data).decode(), "md5": digest}
        await self.post(robot, {"msgtype": "image", "image": image})

    async def post(self, robot: str, body: dict[str, Any]) -> None:
        """One message of any kind; raises NotYet when the minute's share is used up."""
        key = self._robots.get(robot)
        if key is None:
            raise NotConfigured(f"no robot {robot!r}; add it to [{SECTION}.robots]")
        self._count(robot)
        answer = await self._http.post("/cgi-bin/webhook/send", body, {"key": key})
        check(answer, SECTION, "webhook/send")

    def _count(self, robot: str) -> None:
        now, recent = asyncio.get_running_loop().time(), self._recent[robot]
        while recent and now - recent[0] >= MINUTE_S:
            recent.popleft()
        if len(recent) >= POSTS_A_MINUTE:
            raise NotYet(recent[0] + MINUTE_S - now, "18 posts a minute and robot")
        recent.append(now)
