"""A small town for scenario tests: its groups, its people, its clock, and what they may see.

The bot behind it is the whole one, on a real database; what is checked lives in the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from bot.app import Bot
from bot.channels.local import LocalChannel, Post
from bot.clock import ManualClock
from bot.ports import Classifier
from nlp.reading import Issue, Place, Reading
from routing.ticket import Ticket, TicketEvent
from tests.driver import GroupDriver

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE).astimezone(UTC)


class Interpreter(Classifier):
    """The real classifier, except for sentences whose meaning a story fixes."""

    def __init__(self, real: Classifier) -> None:
        self._real = real
        self.fixed: dict[str, Reading] = {}
        self.heard: Callable[[str, tuple[str, ...], str], object] = lambda *_: None

    @property
    def meta(self) -> Mapping[str, object]:
        return cast(Mapping[str, object], getattr(self._real, "meta", {}))

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        self.heard(text, tuple(words), quoted)
        return self.fixed.get(text) or self._real.read(text, words, quoted)


class Voice(GroupDriver):
    """A conversation in which every sentence has had its effect before the next one."""

    async def says(
        self,
        who: str,
        text: str,
        *,
        quote: str | Post = "",
        images: Sequence[str] = (),
        platform_id: str = "",
    ) -> str:
        said = await super().says(who, text, quote=quote, images=images, platform_id=platform_id)
        assert self._settled is not None
        await self._settled()
        return said

    @property
    def texts(self) -> list[str]:
        """What the bot said here, oldest first."""
        return [post.text for post in self.posts]

    @property
    def news(self) -> list[str]:
        """What the bot said here and no `expect` has taken."""
        return [post.text for post in self.unseen]


class Town:
    """One running bot with its people; `group` is the group of 7幢 (mode 自动)."""

    def __init__(self, bot: Bot, clock: ManualClock, interpreter: Interpreter) -> None:
        self.bot, self.clock, self._interpreter = bot, clock, interpreter
        self.channel = cast(LocalChannel, bot.channels["local"])
        self._voices: dict[str, Voice] = {}
        self.group = self.at("g1")

    def at(self, name: str) -> Voice:
        """A group (g1 自动, g2 村 自动, g3 提示, g4 静默) or a person's one-to-one."""
        if name not in self._voices:
            self._voices[name] = Voice(
                self.channel, f"local:{name}", settled=self.bot.settle, timeout_s=0.05
            )
        return self._voices[name]

    async def at_once(self, *said: tuple[str, str], group: str = "g1") -> None:
        """Several people speak at the same time: one batch for the bot."""
        room = f"local:{group}"
        await asyncio.gather(*(self.channel.say(f"local:{who}", room, text) for who, text in said))
        await self.bot.settle()

    async def later(self, **span: float) -> None:
        """Time passes, with everything that falls due on the way done at its own time."""
        end = self.clock.now() + timedelta(**span)
        while True:
            times = (await self.bot.scheduler.next_due(), await self.bot.delivery.next_due())
            due = [at for at in times if at is not None and self.clock.now() < at <= end]
            self.clock.set(min(due, default=end))
            await self.bot.settle()
            if not due:
                return

    async def ticket(self, number: int, group: str = "g1") -> Ticket:
        """The ticket that a group calls by this number."""
        async with self.bot.store.read() as tx:
            found = await tx.tickets.by_number(f"local:{group}", number)
        assert found is not None, f"no ticket #{number} in {group}"
        return found

    async def tickets(self, group: str = "g1") -> list[Ticket]:
        """Every ticket of a group, by number."""
        async with self.bot.store.read() as tx:
            return await tx.tickets.recent_in(f"local:{group}", MONDAY - timedelta(days=400))

    async def events(self, ticket: Ticket) -> list[TicketEvent]:
        """The history of a ticket."""
        async with self.bot.store.read() as tx:
            return await tx.tickets.events(ticket.id)

    def listen(self, heard: Callable[[str, tuple[str, ...], str], object]) -> None:
        """Be told what the classifier is asked: text, words of the group, quoted text."""
        self._interpreter.heard = heard

    def means(
        self,
        text: str,
        *codes: str,
        place: str = "",
        normal: str | None = None,
        urgent: bool = False,
        confidence: float = 0.99,
    ) -> str:
        """Fix how a sentence is understood: a report of these categories, a sure one."""
        form = place if normal is None else normal
        places = (Place(place, form, text.find(place)),) if place else ()
        share = len(text) // max(len(codes), 1)
        issues = tuple(
            Issue(code, n * share, (n + 1) * share, places) for n, code in enumerate(codes)
        )
        self._interpreter.fixed[text] = Reading(
            kind="report", codes=codes, nature="求助", urgent=urgent, places=places,
            confidence=confidence, issues=issues,
        )  # fmt: skip
        return text

    def seems(self, text: str, code: str, doubt: float, place: str = "") -> str:
        """Fix how a sentence is understood: a follow-up that may be a report after all."""
        places = (Place(place, place, text.find(place)),) if place else ()
        self._interpreter.fixed[text] = Reading(
            kind="follow_up", candidates=(code,), places=places, confidence=0.6, doubt=doubt
        )
        return text

    def group_posts(self) -> list[str]:
        """Everything the bot said in any group."""
        return [text for room in self.channel.groups for text in self.at(room[6:]).texts]

    @property
    def local_time(self) -> datetime:
        return self.clock.now().astimezone(ZONE)
