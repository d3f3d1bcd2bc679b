"""会话内容存档 as a Channel: reads what licensed staff see in 客户群; a person sends the answers.

Groups are "wecom_archive:<roomid>", persons "wecom_archive:<userid>"; staff are reached through
the app, in which user ids are the same."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import structlog
from aiohttp import web

from bot.channels.wecom.archive_consent import Consent
from bot.channels.wecom.archive_read import Entry, Sort, outside, read
from bot.channels.wecom.archive_source import Record, Source
from bot.channels.wecom.client import Api
from bot.channels.wecom.cursor import StateFile
from bot.channels.wecom.mentions import clean, fingerprint, strip_mention
from bot.channels.wecom.received import Kind, Maker, Malformed, Received
from bot.errors import NeedsHuman, NotConfigured, Rejected, SendError
from bot.ports import Accept, Capabilities
from routing.message import Inbound, Outbound, Quote

log = structlog.get_logger(__name__)

NAME: Final = "wecom_archive"
TASK: Final = "task:"
KEPT: Final = 5_000
RETRY_S: Final = 5.0
ROOM: Final = "wr"
WITHDRAW: Final = "撤回"
TASK_BYTES: Final = 4_000

Forget = Callable[[str, str], Awaitable[int]]
"""(channel, platform id) to the ticket that the message was about, 0 if none."""
Elsewhere = Callable[[Outbound], Awaitable[str]]


@dataclass(slots=True)
class ArchiveParts:
    """What the channel is built of. contact: the API of 客户联系, for 群发 tasks, or None;
    staff: how staff are reached, or None; raw: where unknown kinds are kept."""

    source: Source
    consent: Consent
    state: StateFile
    maker: Maker
    raw: Path
    poll_s: float
    apis: Sequence[Api] = ()
    contact: Api | None = None
    staff: Elsewhere | None = None


class ArchiveChannel:
    """Implements ports.Channel; `send` raises NeedsHuman for whoever the bot may not write to."""

    name = NAME
    capabilities = Capabilities(sees="all", max_text_bytes=2_048)

    def __init__(self, parts: ArchiveParts) -> None:
        self._parts = parts
        self.forgets: Forget | None = None
        """Empties a stored message that was taken back; app.py gives it before the start."""
        self._accept: Accept | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def start(self, accept: Accept) -> None:
        """From now on records are read every `poll_s` seconds."""
        self._accept = accept
        self._task = asyncio.create_task(self._run(), name="wecom-archive")

    async def aclose(self) -> None:
        self._accept = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._parts.source.aclose()
        for api in self._parts.apis:
            await api.aclose()

    def routes(self) -> Sequence[web.RouteDef]:
        return []

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
        """Take every record behind the cursor; how many. The cursor follows each durable one."""
        count, start = 0, int(self._parts.state.load().get("seq", 0))
        batch = [record async for record in self._parts.source.records(start)]
        recalled = {e.recalls for _, r in batch if r for e in _maybe(r) if e.sort is Sort.RECALL}
        for record in batch:
            await self._take(record, recalled)
            self._parts.state.save({"seq": record[0]})
            count += 1
        return count

    async def _take(self, record: Record, recalled: set[str]) -> None:
        """One record to its place; raises what the intake and the platform raise."""
        seq, values = record
        entries = _maybe(values) if values is not None else []
        if values is None or not entries:
            log.warning("record parked", action="archive.parked", seq=seq)
            return
        (entry,) = entries
        if entry.sort is Sort.CONSENT:
            self._parts.consent.note(entry.sender, entry.agreed)
            return
        wanted = entry.sort is not Sort.NOTHING and entry.msgid not in recalled
        if wanted and await self._parts.consent.allows(entry.sender, entry.room, entry.to):
            await self._keep(seq, entry, values)

    async def _keep(self, seq: int, entry: Entry, values: Mapping[str, Any]) -> None:
        if entry.sort is Sort.RAW:
            path = self._parts.raw / f"{seq}.json"
            await asyncio.to_thread(_write, path, json.dumps(values, ensure_ascii=False))
            return
        if self._accept is None:
            raise Rejected("the channel is not started")
        if entry.sort is Sort.RECALL:
            message = await self._recall(entry)
        else:
            message = self._message(entry)
        if message is not None:
            await self._accept(message)

    def _message(self, entry: Entry) -> Inbound | None:
        """What a person said; None for the bot's own words, sent by hand, and for what staff
        write to a resident one-to-one."""
        from_staff = not outside(entry.sender)
        if from_staff and (not entry.room or self._is_own(entry.room, entry.text)):
            return None
        got = Received(
            Kind.MESSAGE, platform_id=entry.msgid, sender=entry.sender, chat=entry.room,
            text=entry.text,
        )  # fmt: skip
        message = self._parts.maker.inbound(got)
        plain = clean(entry.text).strip()
        called = strip_mention(plain, self._parts.maker.names) != plain
        return replace(message, to_me=called or not entry.room)

    async def _recall(self, entry: Entry) -> Inbound | None:
        """The words go; what was registered from them is withdrawn by its sender, as 撤回 is."""
        ticket = await self.forgets(NAME, entry.recalls) if self.forgets else 0
        if not ticket:
            return None
        got = Received(
            Kind.MESSAGE, platform_id=entry.msgid, sender=entry.sender, chat=entry.room,
            text=WITHDRAW,
        )  # fmt: skip
        message = self._parts.maker.inbound(got)
        return replace(message, to_me=False, quote=Quote(entry.recalls, "", of_bot=False))

    def _is_own(self, room: str, text: str) -> bool:
        said = fingerprint(clean(text))
        return any(place == room and mark and mark in said for place, mark in self._asked)

    # ── out

    async def send(self, message: Outbound) -> str:
        """To staff through the app; a 群发 task; else NeedsHuman."""
        channel, _, place = message.conversation.partition(":")
        if channel != NAME or not place:
            raise Rejected(f"{message.conversation!r} is no conversation of this channel")
        if place.startswith(TASK):
            return await self._make_task(place.removeprefix(TASK), message.text)
        if place.startswith(ROOM) or outside(place):
            self._asked[place, fingerprint(message.text)] = None
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
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


def _maybe(values: Mapping[str, Any]) -> list[Entry]:
    try:
        return [read(values)]
    except Malformed:
        return []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    spare = path.with_suffix(".new")
    spare.write_text(text, encoding="utf-8")
    spare.chmod(0o600)
    spare.replace(path)
