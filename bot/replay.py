"""Plays stories through the whole bot with a clock turned by hand, and prints the transcripts.

What a story may contain is story.py; nothing of the bot is replaced but the clock."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import digests
from bot.app import Bot
from bot.channels.local import LocalChannel, Post
from bot.clock import ManualClock
from bot.desk import Desk
from bot.ports import Classifier
from bot.settings import Settings
from bot.story import Ending, Step, Story
from routing.digest import Window
from routing.ticket import Ticket

Print = Callable[[str], None]

_PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "63606060f80f0001040100a5f645400000000049454e44ae426082"
)
"""The smallest picture there is: one transparent dot."""


class Player:
    """One story on its own bot with its own empty database; `problems` collects what went wrong."""

    def __init__(self, story: Story, bot: Bot, clock: ManualClock, out: Print) -> None:
        self.story, self.bot, self.clock, self.out = story, bot, clock, out
        self.zone = ZoneInfo(bot.settings.calendar.timezone)
        channel = bot.channels["local"]
        assert isinstance(channel, LocalChannel)
        self.channel = channel
        self.problems: list[str] = []
        self._taken: set[str] = set()

    async def play(self) -> list[str]:
        """Run every step, check the endings, print the digest; what went wrong, [] if nothing."""
        self.out(f"\n━━ {self.story.title} ━━")
        leave = self.channel.subscribe(self._print)
        try:
            for step in self.story.steps:
                await self._step(step)
        finally:
            leave()
        for ending in self.story.endings:
            await self._check(ending)
        await self._digest()
        return self.problems

    async def _step(self, step: Step) -> None:
        await advance(self.bot, self.clock, step.at.replace(tzinfo=self.zone).astimezone(UTC))
        if step.kind == "say":
            await self._say(step)
        elif step.kind == "expect":
            self._expect(step)

    async def _say(self, step: Step) -> None:
        account = self.story.people[step.who]
        place = account if step.private else self.story.group
        images = [await self.channel.media.put(_PHOTO)] if step.photo else []
        quote = self._quoted(place, step) if step.quote else ""
        await self.channel.say(
            account, place, step.text or "[图片]", name=step.who, quote=quote, images=images
        )
        await self.bot.settle()

    def _quoted(self, place: str, step: Step) -> str:
        for post in reversed(self.channel.history(place)):
            if step.quote in post.text:
                return post.platform_id
        self.problems.append(f"第{step.line}行：没有可引用的消息“{step.quote}”")
        return ""

    def _expect(self, step: Step) -> None:
        place = self.story.people.get(step.who, self.story.group) if step.who else self.story.group
        for post in self.channel.history(place):
            if post.of_bot and post.platform_id not in self._taken and step.text in post.text:
                self._taken.add(post.platform_id)
                return
        self.problems.append(f"第{step.line}行：小格没有说“{step.text}”")

    async def _check(self, ending: Ending) -> None:
        async with self.bot.store.read() as tx:
            ticket = await tx.tickets.by_number(self.story.group, ending.number)
        found = self._standing(ticket) if ticket else "没有这件"
        missing = [word for word in ending.words if word not in found]
        mark = "✗" if missing else "✓"
        self.out(f"{mark} #{ending.number} {found}")
        if missing:
            self.problems.append(f"第{ending.line}行：#{ending.number} 缺少 {'、'.join(missing)}")

    def _standing(self, ticket: Ticket) -> str:
        words = [
            self.bot.house.taxonomy.name(ticket.code),
            ticket.state.label,
            ticket.result.label if ticket.result else "",
            ticket.verdict.value,
            "紧急" if ticket.urgent else "",
            "复发" if ticket.recurs else "",
            f"{len(ticket.voices)}人" if ticket.supporters else "",
        ]
        return " ".join(word for word in words if word)

    async def _digest(self) -> None:
        day = self.clock.now().astimezone(self.zone).date()
        async with self.bot.store.read() as tx:
            desk = Desk(self.bot.house, tx, self.clock.now())
            group = desk.group(self.story.group)
            window = digests.window_of(desk, "group", day)
            if group is None or window is None:
                return
            window = Window(window.start, max(window.end, self.clock.now()))
            text = digests.group_text(
                desk, group, await digests.load(desk, [group.conversation], window), window
            )
        self.out(text)
        self.problems += [
            f"日报里没有“{words}”" for words in self.story.digest if words not in text
        ]

    def _print(self, post: Post) -> None:
        if post.conversation not in {self.story.group, *self.story.people.values()}:
            return
        at = post.at.astimezone(self.zone)
        aside = (
            "" if post.conversation == self.story.group else f" →{self._name(post.conversation)}"
        )
        quoted = f" 〔引用：{post.quote.text[:12]}…〕" if post.quote and post.quote.text else ""
        picture = " 🖼" if post.images else ""
        text = post.text.replace("\n", "\n" + " " * 13)
        self.out(f"{at:%m-%d %H:%M}  {post.name}{aside}：{text}{quoted}{picture}")

    def _name(self, conversation: str) -> str:
        return f"{self.channel.name_of(conversation)}（私聊）"


async def advance(bot: Bot, clock: ManualClock, to: datetime) -> None:
    """Turn the clock to `to`, stopping at everything that is due on the way."""
    while True:
        due = [at for at in (await bot.scheduler.next_due(), await bot.delivery.next_due()) if at]
        ahead = [at for at in due if clock.now() < at <= to]
        if not ahead:
            break
        clock.set(min(ahead))
        await bot.settle()
    if to > clock.now():
        clock.set(to)
    await bot.settle()


async def replay(
    story: Story, settings: Settings, out: Print, classifier: Classifier | None = None
) -> list[str]:
    """Play one story in a folder of its own that is gone afterwards; its problems."""
    with tempfile.TemporaryDirectory(prefix="gridbot-story-") as folder:
        private = settings.model_copy(
            update={
                "storage": settings.storage.model_copy(
                    update={"url": f"sqlite:///{folder}/story.db"}
                ),
                "bot": settings.bot.model_copy(update={"data_dir": Path(folder)}),
            }
        )
        zone = ZoneInfo(settings.calendar.timezone)
        clock = ManualClock(story.start.replace(tzinfo=zone).astimezone(UTC))
        bot = await Bot.open(private, clock, classifier)
        try:
            await bot.start()
            return await Player(story, bot, clock, out).play()
        finally:
            await bot.aclose()


def replay_all(
    stories: list[Story], settings: Settings, out: Print, classifier: Classifier | None = None
) -> list[str]:
    """Play the stories one after another; every problem, each with its story's title."""

    async def play() -> list[str]:
        problems = []
        for story in stories:
            found = await replay(story, settings, out, classifier)
            problems += [f"{story.title}：{line}" for line in found]
        return problems

    return asyncio.run(play())
