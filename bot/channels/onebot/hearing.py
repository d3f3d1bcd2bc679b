"""What bridges tell becomes Inbounds: messages in the order of their conversation, and recalls.

Whom to believe is decided in inlets.py; what goes out is channel.py."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot.channels.onebot import pictures
from bot.channels.onebot.dialect import Event, Heard, Recalled
from bot.channels.onebot.parts import NAME, Call, Own, Parts, conversation_of
from bot.channels.onebot.segments import Malformed, Words, gather
from bot.channels.onebot.sessions import Sessions
from bot.channels.wecom.turns import Turns
from bot.errors import SendError, TryLater
from bot.media import ImageError
from bot.ports import Accept
from bot.recalls import Forget, Recall, withdrawal
from routing.message import Inbound, Quote

log = structlog.get_logger(__name__)

ORIGINAL_S: Final = 2.0
LOST: Final = "［图片未能下载］"
TRIES: Final = 5
RECALLS: Final = 2_000
TAKEN_BACK: Final = "recall:"
"""Before the platform id of a message that only a recall stands for; nobody can quote it."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class Hearing:
    """Takes events. `accept` and `forgets` are set once the channel is started."""

    parts: Parts
    own: Own
    call: Call
    sessions: Sessions
    accept: Accept | None = None
    forgets: Forget | None = None
    _turns: Turns = field(default_factory=Turns)
    _recalled: OrderedDict[Key, None] = field(default_factory=OrderedDict)
    _under_way: Counter[Key] = field(default_factory=Counter)
    _ended: asyncio.Condition = field(default_factory=asyncio.Condition)

    def later(self, event: Event) -> None:
        """Take it in the order of its conversation; a socket has nobody who would send again."""
        self._turns.follow(conversation_of(event.group, event.user), self._insist(event))

    async def _insist(self, event: Event) -> None:
        for again in range(1, TRIES + 1):
            try:
                return await self.hear(event)
            except Exception:
                log.exception("event not stored", action="onebot.not_stored", again=again)
            if self.accept is None:
                return None
            await asyncio.sleep(0.2 * again)
        return None

    async def hear(self, event: Event) -> None:
        """Durable when it returns. Raises TryLater before the start, and what the intake raises."""
        if isinstance(event, Recalled):
            return await self._recall(event)
        key = _key(event)
        self._under_way[key] += 1
        try:
            return await self._hear(event)
        finally:
            async with self._ended:
                self._under_way -= Counter((key,))
                self._ended.notify_all()

    async def aclose(self) -> None:
        """Take nothing more; give up what has not ended."""
        self.accept = None
        await self._turns.aclose()

    async def _hear(self, heard: Heard) -> None:
        words = gather(heard.segments, heard.self_id, self.parts.names)
        self.sessions.heard(conversation_of(heard.group, heard.user), heard.self_id)
        quote = await self._quote(heard, words) if words.reply else None
        images = [one for one in [await self._store(data) for data in words.pictures] if one]
        text = words.text or (LOST if words.pictures and not images else "")
        if not text and not images and quote is not None and not quote.of_bot and words.to_me:
            text = quote.text
        if (text or images) and _key(heard) not in self._recalled:
            words = replace(words, text=text)
            await self._accepted(self._inbound(heard, words, quote, images))

    async def _accepted(self, message: Inbound) -> None:
        if self.accept is None:
            raise TryLater(1.0, "the channel is not started")
        await self.accept(message)

    async def _recall(self, recalled: Recalled) -> None:
        """After the message itself, also where that comes late or is still being taken in.

        What a person said is withdrawn if that person took it back; whoever runs the group may
        tidy words away, but the matter is not theirs."""
        if self.accept is None:
            raise TryLater(1.0, "the channel is not started")
        key = _key(recalled)
        self._recalled[key] = None
        while len(self._recalled) > RECALLS:
            self._recalled.popitem(last=False)
        async with self._ended:
            await self._ended.wait_for(lambda: not self._under_way[key])
        conversation, sender, platform_id = key
        recall = Recall(NAME, platform_id, conversation, sender)
        hangs_on_it = await self.forgets(recall) if self.forgets else False
        if hangs_on_it and recalled.by_sender:
            gone = Heard(
                recalled.self_id, recalled.message_id, recalled.group, recalled.user, "", ()
            )
            message = withdrawal(self._inbound(gone, Words(""), None, ()), platform_id)
            await self._accepted(replace(message, platform_id=f"{TAKEN_BACK}{platform_id}"))

    def _inbound(
        self, heard: Heard, words: Words, quote: Quote | None, images: Sequence[str]
    ) -> Inbound:
        return Inbound(
            id=self.parts.new_id(),
            channel=NAME,
            platform_id=f"{heard.self_id}:{heard.message_id}",
            conversation=conversation_of(heard.group, heard.user),
            is_group=bool(heard.group),
            sender=f"{NAME}:{heard.user}",
            sender_name=heard.name or heard.user,
            text=words.text,
            received_at=self.parts.now(),
            to_me=words.to_me or not heard.group,
            quote=quote,
            images=tuple(images),
        )

    async def _quote(self, heard: Heard, words: Words) -> Quote:
        """The quoted message; whose it is is remembered, told, or asked of the bridge."""
        platform_id = f"{heard.self_id}:{words.reply}"
        conversation = conversation_of(heard.group, heard.user)
        own = self.own.text(conversation, platform_id)
        if own is not None:
            return Quote(platform_id, own, of_bot=True)
        if words.reply_to == heard.self_id:
            return Quote(platform_id, "", of_bot=True)
        action = self.parts.dialect.ask_original(words.reply)
        if action is None:
            return Quote(platform_id, "", of_bot=False)
        try:
            async with asyncio.timeout(ORIGINAL_S):
                answer = await self.call(conversation, action)
            original = self.parts.dialect.read_original(answer.get("data"))
        except (SendError, TimeoutError, Malformed):
            return Quote(platform_id, "", of_bot=False)
        said = gather(original.segments, heard.self_id, self.parts.names)
        return Quote(platform_id, said.text, of_bot=original.user == heard.self_id)

    async def _store(self, data: Mapping[str, str]) -> str:
        """The media reference, "" for a picture that cannot be had."""
        parts = self.parts
        try:
            found = await pictures.fetch(
                data, parts.media_hosts, parts.caller, lambda action: self.call("", action)
            )
            return await parts.media.put(found)
        except (SendError, ImageError, OSError) as error:
            log.warning("picture lost", action="onebot.picture_lost", error=str(error))
            return ""


def _key(event: Event) -> Key:
    """The message that is told of: conversation, sender, platform id."""
    sender = f"{NAME}:{event.user}"
    platform_id = f"{event.self_id}:{event.message_id}"
    return conversation_of(event.group, event.user), sender, platform_id
