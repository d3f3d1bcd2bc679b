"""Messages as the domain sees them: what came in, what goes out.

How a platform spells them lives in bot/channels/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that a message answers; `platform_id` is "" where the platform names none."""

    platform_id: str
    text: str
    of_bot: bool


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel received it, mention of the bot already stripped.

    id: ours, grows with arrival. platform_id: unique per channel, for de-duplication.
    conversation: "<channel>:<chat>"; sender: "<channel>:<user>", an account reference.
    images: media references as the channel stored them. received_at: aware UTC."""

    id: int
    channel: str
    platform_id: str
    conversation: str
    is_group: bool
    sender: str
    sender_name: str
    text: str
    received_at: datetime
    to_me: bool = False
    quote: Quote | None = None
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbound:
    """One post of the bot: to a group or, where the conversation is an account, to one person.

    quote_id: platform id of the message it answers or "". mentions: account references to @.
    rich: a digest; channels that know markdown set its head and figures apart. images: media
    references that are shown with it, where the platform can."""

    id: int
    conversation: str
    text: str
    quote_id: str = ""
    mentions: tuple[str, ...] = ()
    rich: bool = False
    images: tuple[str, ...] = ()
