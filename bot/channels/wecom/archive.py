"""会话内容存档 as a Channel: reads what licensed staff see in 客户群; a person sends the answers.

Groups are "wecom_archive:<roomid>", persons "wecom_archive:<userid>"; staff are reached through
the app, in which user ids are the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.channels.wecom.archive_intake import Reader
from bot.channels.wecom.archive_read import outside
from bot.channels.wecom.client import Api
from bot.errors import NeedsHuman, NotConfigured, Rejected, SendError
from bot.ports import Accept, Capabilities, Probe, Reach
from bot.recalls import Forget
from routing.message import Outbound

log = structlog.get_logger(__name__)

NAME: Final = "wecom_archive"
TASK: Final = "task:"
RETRY_S: Final = 5.0
ROOM: Final = "wr"
TASK_BYTES: Final = 4_000

Elsewhere = Callable[[Outbound], Awaitable[str]]


@dataclass(slots=True)
class ArchiveParts:
    """What the channel is built of. contact: the API of 客户联系, for 群发 tasks, or None;
    staff: how staff are reached, or None."""

    reader: Reader
    poll_s: float
    apis: Sequence[Api] = ()
    contact: Api | None = None
    staff: Elsewhere | None = None


class ArchiveChannel:
    """Implements ports.Channel; `send` raises NeedsHuman for whoever the bot may not write to."""

    name = NAME
    capabilities = Capabilities(max_text_bytes=2_048)

    def __init__(self, parts: ArchiveParts) -> None:
        self._parts = parts
        self._task: asyncio.Task[None] | None = None

    def forget_through(self, forgets: Forget) -> None:
        """As in recalls.Recalling."""
        self._parts.reader.forgets = forgets

    async def start(self, accept: Accept) -> None:
        """From now on records are read every `poll_s` seconds."""
        self._parts.reader.accept = accept
        self._task = asyncio.create_task(self._run(), name="wecom-archive")

    async def aclose(self) -> None:
        self._parts.reader.accept = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._parts.reader.source.aclose()
        for api in self._parts.apis:
            await api.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        return []

    def probes(self, reach: Reach) -> Sequence[Probe]:  # noqa: ARG002 - nobody calls us
        """The source behind the cursor, and each secret's token."""
        return [("source", self._look), *(("token", api.probe) for api in self._parts.apis)]

    async def _look(self) -> str:
        reader = self._parts.reader
        start = int(reader.state.load().get("seq", 0))
        async for record in reader.source.records(start):
            return f"readable, next is {record.seq}"
        return f"readable, nothing behind {start}"

    # ── in

    async def _run(self) -> None:
        while True:
            pause = self._parts.poll_s
            try:
                await self.sync()
            except SendError as error:
                log.warning("archive not read", action="archive.not_read", error=str(error))
                pause = max(pause, RETRY_S)
            except Exception:
                log.exception("records not stored", action="archive.not_stored")
                pause = max(pause, RETRY_S)
            await asyncio.sleep(pause)

    async def sync(self) -> int:
        """Take every record behind the cursor; how many. Raises as Reader.sync does."""
        return await self._parts.reader.sync()

    def remember(self, posts: Iterable[Outbound]) -> None:
        """Posts of before a restart that a person has been, or still is, asked to send."""
        for post in posts:
            self._parts.reader.said.keep(_place(post), post.text)

    # ── out

    async def send(self, message: Outbound) -> str:
        """To staff through the app; a 群发 task; else NeedsHuman."""
        channel, _, place = message.conversation.partition(":")
        if channel != NAME or not place:
            raise Rejected(f"{message.conversation!r} is no conversation of this channel")
        if place.startswith(TASK):
            return await self._make_task(place.removeprefix(TASK), message.text)
        if place.startswith(ROOM) or outside(place):
            self._parts.reader.said.keep(place, message.text)
            raise NeedsHuman("only a person may write into a 客户群 or to its members")
        if self._parts.staff is None:
            raise NeedsHuman("staff are reached through [channels.wecom_app]; switch it on")
        return await self._parts.staff(message)

    async def _make_task(self, place: str, text: str) -> str:
        """add_msg_template; the staff member still has to tap 发送."""
        if self._parts.contact is None:
            raise NotConfigured(f"channels.{NAME}.contact_secret is empty; 群发 needs it")
        sender, _, room = place.partition(":")
        if len(text.encode()) > TASK_BYTES:
            raise Rejected(f"a 群发 task takes at most {TASK_BYTES} bytes; copy the posts by hand")
        body = {
            "chat_type": "group", "sender": sender, "chat_id_list": [room],
            "text": {"content": text},
        }  # fmt: skip
        answer = await self._parts.contact.call("/cgi-bin/externalcontact/add_msg_template", body)
        return str(answer.get("msgid", "")) or "task"


def _place(post: Outbound) -> str:
    return post.conversation.partition(":")[2]
