"""A message that was taken back: its words go, and what was registered from them is withdrawn.

Channels hear of it, each in its own way; what is emptied is decided here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from bot import teaching
from routing.message import Inbound, Quote
from storage.store import Transaction

WITHDRAW: Final = "撤回"


@dataclass(frozen=True, slots=True)
class Recall:
    """What was taken back. conversation, sender: of the message, "" where the platform tells none;
    a message that was said elsewhere or by somebody else stays as it is."""

    channel: str
    platform_id: str
    conversation: str = ""
    sender: str = ""


Forget = Callable[[Recall], Awaitable[bool]]
"""Empties the message durably; whether a ticket is about it, or may yet be opened from it."""


@runtime_checkable
class Recalling(Protocol):
    """A channel that hears of messages taken back."""

    def forget_through(self, forgets: Forget) -> None:
        """How a stored message that was taken back is emptied; given before the start."""
        ...


async def forget(tx: Transaction, recall: Recall) -> bool:
    """Empty the message and unlearn what it taught; whether a ticket is about it, or it is in the
    hands of a worker that has its words already: then the withdrawal comes right after it."""
    found = await tx.inbox.by_platform_id(recall.channel, recall.platform_id)
    if found is None or not _fits(recall, found):
        return False
    await tx.lessons.forget(teaching.source_of(recall.channel, recall.platform_id))
    waits = await tx.inbox.waits(recall.channel, recall.platform_id)
    return bool(await tx.inbox.forget(recall.channel, recall.platform_id)) or waits


def _fits(recall: Recall, found: Inbound) -> bool:
    return recall.conversation in {"", found.conversation} and recall.sender in {"", found.sender}


def withdrawal(message: Inbound, platform_id: str) -> Inbound:
    """What its sender would have written: 撤回, quoting the message that was taken back."""
    quote = Quote(platform_id, "", of_bot=False)
    return replace(message, text=WITHDRAW, to_me=False, quote=quote)
