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
from bot.channels.wecom.markup import set_apart, with_mentions
from bot.channels.wecom.posts import Posts, Step, picture_steps, place_in
from bot.channels.wecom.split import MOST_BYTES, check_length, split
from bot.errors import NotConfigured, NotYet, Rejected
from bot.media import MediaStore
from bot.ports import Accept, Capabilities, Probe, Reach
from routing.message import Outbound

NAME: Final = "wecom_webhook"
SECTION: Final = "channels.wecom_webhook"
TEXT_BYTES: Final = 2_048
MARKDOWN_BYTES: Final = 4_096
IMAGE_BYTES: Final = 2 * 1024 * 1024
KINDS: Final = frozenset({"jpg", "png"})
POSTS_A_MINUTE: Final = 18
"""The platform takes 20; two are left for whoever else posts with the same key."""
MINUTE_S: Final = 60.0


class WebhookChannel:
    """Implements ports.Channel. robots: key by name of ours."""

    name = NAME
    capabilities = Capabilities(
        can_direct=False,
        pictures=True,
        max_text_bytes=MOST_BYTES,
    )

    def __init__(self, http: Http, robots: Mapping[str, str], media: MediaStore) -> None:
        self._http, self._robots, self._media = http, dict(robots), media
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
        """Text with its mentions or a digest as markdown, in parts where it is long, then the
        pictures; the platform gives no id."""
        robot = place_in(message, NAME)
        check_length(message.text)
        steps: list[Step] = [partial(self._post, robot, body) for body in _bodies(message)]
        push = partial(self._post_picture, robot)
        return await self._posts.deliver(
            message, steps + picture_steps(message, self._media, push, KINDS)
        )

    async def _post_picture(self, robot: str, data: bytes, _kind: str) -> str:
        if len(data) > IMAGE_BYTES:
            raise Rejected("webhook/send takes pictures of at most 2 MB")
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        image = {"base64": base64.b64encode(data).decode(), "md5": digest}
        return await self._post(robot, {"msgtype": "image", "image": image})

    async def _post(self, robot: str, body: dict[str, Any]) -> str:
        """One message of any kind; raises NotYet when the minute's share is used up."""
        key = self._robots.get(robot)
        if key is None:
            raise NotConfigured(f"no robot {robot!r}; add it to [{SECTION}.robots]")
        self._count(robot)
        answer = await self._http.post("/cgi-bin/webhook/send", body, {"key": key})
        check(answer, SECTION, "webhook/send")
        return ""

    def _count(self, robot: str) -> None:
        now, recent = asyncio.get_running_loop().time(), self._recent[robot]
        while recent and now - recent[0] >= MINUTE_S:
            recent.popleft()
        if len(recent) >= POSTS_A_MINUTE:
            raise NotYet(recent[0] + MINUTE_S - now, "18 posts a minute and robot")
        recent.append(now)


def _bodies(message: Outbound) -> list[dict[str, Any]]:
    users = [mention.partition(":")[2] for mention in message.mentions]
    if message.rich:
        parts = split(with_mentions(set_apart(message.text), users), MARKDOWN_BYTES)
        return [{"msgtype": "markdown", "markdown": {"content": part}} for part in parts]
    first, *rest = split(message.text, TEXT_BYTES)
    named = {"mentioned_list": users} if users else {}
    texts: list[dict[str, Any]] = [{"content": first, **named}, *({"content": t} for t in rest)]
    return [{"msgtype": "text", "text": text} for text in texts]
