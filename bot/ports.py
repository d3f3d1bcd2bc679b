"""The seams of the process: Protocols with at least two real implementations each.

Implementations live in channels/, nlp/ and clock.py; only app.py chooses among them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from nlp.reading import Reading
from routing.message import Inbound, Outbound

if TYPE_CHECKING:
    from aiohttp import web

Accept = Callable[[Inbound], Awaitable[bool]]
"""Durable intake of one message: True when it was new, False for a re-sent one.

Returns only after the commit. A channel answers its platform only afterwards."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform allows: `rate` is posts a minute and conversation, 0 for no limit;
    `pictures`: whether posts may carry some."""

    can_push: bool = True
    can_direct: bool = True
    pictures: bool = False
    max_text_bytes: int = 2048
    rate: int = 0
    needs_human: bool = False


class Channel(Protocol):
    """One way in and out. `send` raises only errors.TryLater, Rejected or NotConfigured."""

    name: str
    capabilities: Capabilities

    async def start(self, accept: Accept) -> None: ...

    async def send(self, message: Outbound) -> str:
        """Deliver and return the platform's id of the post."""
        ...

    def routes(self) -> Sequence[web.RouteDef]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Reach:
    """The running bot as platforms reach it. base: of its web server, "" where nobody answers;
    links: by channel what is connected, "" for nothing."""

    base: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


Probe = tuple[str, Callable[[], Awaitable[str]]]
"""A harmless call: its name, and a function that tells what it saw. It raises SendError with the
setting to change, or NotTried."""


@runtime_checkable
class Probed(Protocol):
    """A channel whose settings can be tried out, also while it is not started."""

    def probes(self, reach: Reach) -> Sequence[Probe]: ...


@runtime_checkable
class Linked(Protocol):
    """A channel that lives on a connection."""

    def connected(self) -> str:
        """What is connected now, for the operator; "" for nothing."""
        ...


class Classifier(Protocol):
    """Text to meaning; `words` are the group's own names for places and buildings, `quoted` is
    what the message replies to, "" for nothing."""

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading: ...

    def read_batch(
        self,
        texts: Sequence[str],
        words: Sequence[Sequence[str]] = (),
        quoted: Sequence[str] = (),
    ) -> list[Reading]:
        """Many messages, each on its own; words and quoted are empty or one a text.

        As here where a classifier knows no faster way. Raises ValueError for other lengths."""
        own, replied = words or [()] * len(texts), quoted or [""] * len(texts)
        return [self.read(*one) for one in zip(texts, own, replied, strict=True)]


class Clock(Protocol):
    """The only source of time in the process."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...
