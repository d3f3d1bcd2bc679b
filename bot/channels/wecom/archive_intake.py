"""How archive records become messages: consent, recalls, pictures, what is parked, the cursor.

Where records come from is archive_source.py; what leaves the bot is archive.py."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot import metrics
from bot.channels.wecom.archive_consent import Consent
from bot.channels.wecom.archive_media import fetch
from bot.channels.wecom.archive_read import Entry, Media, Sort, outside, read
from bot.channels.wecom.archive_said import Said
from bot.channels.wecom.archive_shelf import Kept, Shelf
from bot.channels.wecom.archive_source import Record, Source
from bot.channels.wecom.arrivals import LOST
from bot.channels.wecom.cursor import StateFile
from bot.channels.wecom.mentions import clean, strip_mention
from bot.channels.wecom.received import Kind, Maker, Malformed, Received
from bot.errors import Rejected, SendError, TryLater
from bot.media import MediaStore
from bot.ports import Accept
from bot.recalls import Forget, Recall, withdrawal
from routing.message import Inbound

log = structlog.get_logger(__name__)

NOT_A_RECORD: Final = "not of the shape that the platform documents"
TIDY: Final = timedelta(days=1)
TRIES: Final = 3
"""So often a picture is asked for while the platform asks to wait."""


@dataclass(slots=True)
class Reader:
    """Reads on from a cursor. raw: kinds not understood; parked: records that do not open, which
    are tried again after a start; both are kept for `keep`."""

    source: Source
    consent: Consent
    state: StateFile
    maker: Maker
    media: MediaStore
    raw: Shelf
    parked: Shelf
    keep: timedelta
    now: Callable[[], datetime]
    said: Said = field(default_factory=Said)
    accept: Accept | None = None
    forgets: Forget | None = None
    _opened_again: bool = False
    _tidied: datetime | None = None
    _waited: Counter[int] = field(default_factory=Counter)

    async def sync(self) -> int:
        """Take every record behind the cursor; how many. The cursor follows each durable one.

        Raises SendError, and what the intake raises, once what came before is taken."""
        await self._tidy()
        await self._open_parked()
        batch, failure = await self._batch(int(self.state.load().get("seq", 0)))
        recalled = {e.recalls for e in map(_entry, batch) if e and e.sort is Sort.RECALL}
        for record in batch:
            if why := await self._take(record, recalled):
                self._park(record, why)
            self.state.save({"seq": record.seq})
        metrics.WAITING.labels("archive_parked").set(len(self.parked))
        if failure is not None:
            raise failure
        return len(batch)

    async def _batch(self, start: int) -> tuple[list[Record], SendError | None]:
        """What the source gives, also when it breaks off: one bad record must not hold up all."""
        batch: list[Record] = []
        try:
            async for record in self.source.records(start):
                batch.append(record)
        except SendError as error:
            return batch, error
        return batch, None

    # ── what is put aside

    async def _tidy(self) -> None:
        """Once a day: remove what has been kept long enough."""
        if self._tidied is None or self.now() - self._tidied >= TIDY:
            before = self.now() - self.keep
            for shelf in (self.raw, self.parked):
                await asyncio.to_thread(shelf.purge, before)
            self._tidied = self.now()

    async def _open_parked(self) -> None:
        """After a start, perhaps with another key, try once more what did not open."""
        if self._opened_again:
            return
        for kept in list(self.parked.every()):
            try:
                record = await self.source.again(kept.seq, kept.record)
            except SendError:
                continue
            if not await self._take(record, set()):
                self.parked.release(kept.seq)
                log.info("parked record taken", action="archive.unparked", seq=kept.seq)
        self._opened_again = True

    def _park(self, record: Record, why: str) -> None:
        log.warning("record parked", action="archive.parked", seq=record.seq, why=why)
        raw = record.raw if record.values is None else record.values
        msgid = str(raw.get("msgid", "")) if isinstance(raw, Mapping) else ""
        self.parked.keep(Kept(record.seq, raw, why), msgid, self.now())

    # ── what is taken

    async def _take(self, record: Record, recalled: set[str]) -> str:
        """One record to its place; why it must be parked, "" when it need not.

        Raises what the intake and the platform raise."""
        entry = _entry(record)
        if entry is None or record.values is None:
            return record.why or NOT_A_RECORD
        if entry.sort is Sort.CONSENT:
            self.consent.note(entry.sender, entry.agreed)
        elif entry.sort is Sort.RECALL:
            await self._recall(entry)
        elif entry.sort is not Sort.NOTHING and entry.msgid not in recalled:
            await self._hear(record.seq, entry, record.values)
        return ""

    async def _hear(self, seq: int, entry: Entry, values: Mapping[str, Any]) -> None:
        """What staff write to a resident one-to-one is nobody's report and is not read."""
        if not entry.room and not outside(entry.sender):
            return
        if not await self.consent.allows(entry.sender, entry.room, entry.to):
            return
        if entry.sort is Sort.RAW:
            kept = Kept(seq, dict(values), "")
            await asyncio.to_thread(self.raw.keep, kept, entry.msgid, self.now())
        elif not self._is_own(entry):
            await self._accepted(await self._message(seq, entry))

    def _is_own(self, entry: Entry) -> bool:
        return not outside(entry.sender) and self.said.knows(entry.room, entry.text)

    async def _accepted(self, message: Inbound) -> None:
        if self.accept is None:
            raise Rejected("the channel is not started")
        await self.accept(message)

    async def _message(self, seq: int, entry: Entry) -> Inbound:
        found = [await self._fetched(seq, media) for media in entry.media]
        references = tuple(reference for reference in found if reference)
        text = entry.text or ("" if references else LOST)
        message = self._inbound(entry, text)
        plain = clean(text).strip()
        called = strip_mention(plain, self.maker.names) != plain
        return replace(message, to_me=called or not entry.room, images=references)

    def _inbound(self, entry: Entry, text: str) -> Inbound:
        return self.maker.inbound(
            Received(
                Kind.MESSAGE, platform_id=entry.msgid, sender=entry.sender, chat=entry.room,
                text=text,
            )
        )  # fmt: skip

    async def _fetched(self, seq: int, media: Media) -> str:
        """The media reference, "" for what cannot be had; raises TryLater a few times."""
        try:
            return await fetch(self.source, self.media, seq, media)
        except TryLater:
            self._waited[seq] += 1
            if self._waited[seq] < TRIES:
                raise
        except (SendError, ValueError, OSError) as error:
            why = str(error)
            log.warning("media lost", action="archive.media_lost", seq=seq, error=why)
        return ""

    async def _recall(self, entry: Entry) -> None:
        """The words go, also from what is kept; what was registered from them is withdrawn by
        its sender, as 撤回 is."""
        for shelf in (self.raw, self.parked):
            await asyncio.to_thread(shelf.drop, entry.recalls)
        recall = Recall(self.maker.channel, entry.recalls)
        hangs_on_it = await self.forgets(recall) if self.forgets else False
        if hangs_on_it and await self.consent.allows(entry.sender, entry.room, entry.to):
            await self._accepted(withdrawal(self._inbound(entry, ""), entry.recalls))


def _entry(record: Record) -> Entry | None:
    """The record read; None for what is none."""
    try:
        return read(record.values) if record.values is not None else None
    except Malformed:
        return None
