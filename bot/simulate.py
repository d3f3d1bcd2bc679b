"""The simulated group in a terminal: read a line, say it as the chosen person, print what comes.

It speaks only through a local channel that is already running; it starts and stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from threading import Thread
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

import structlog

from bot.channels.local import LocalChannel, Person, Post

log = structlog.get_logger(__name__)

HELP: Final = """\
直接输入文字，就是以当前的人在当前的群里说话。
  /我是 名字或身份   换一个人，例如 /我是 网格长
  /群 编号或名字     换一个群，例如 /群 2
  /单聊              和机器人一对一说话；再用 /群 回到群里
  /引用 编号 文字    引用屏幕上 [编号] 的那条消息，例如 /引用 3 办结
  /谁                列出可以扮演的人和可以去的群
  /帮助              显示这段话
  /退出              结束"""


class Terminal:
    """One person at a keyboard, in one conversation at a time.

    lines: one awaited call a line, None at the end of input. out: where posts are printed."""

    def __init__(
        self,
        channel: LocalChannel,
        lines: Callable[[], Coroutine[Any, Any, str | None]],
        out: TextIO,
    ) -> None:
        self._channel = channel
        self._lines = lines
        self._out = out
        self._zone = ZoneInfo(channel.timezone)
        self._shown: list[Post] = []
        self._person = next(iter(channel.people.values()), Person("local:me", "我"))
        self._conversation = next(iter(channel.groups), self._person.account)
        self._commands: dict[str, Callable[[str], Coroutine[Any, Any, None]]] = {
            "/我是": self._become,
            "/群": self._enter,
            "/单聊": self._whisper,
            "/引用": self._quote,
            "/谁": self._list,
            "/帮助": self._help,
        }

    async def run(self) -> None:
        """Talk until the input ends or /退出."""
        leave = self._channel.subscribe(self._hear)
        try:
            self._print("模拟居民群。输入 /帮助 看用法，/退出 结束。")
            self._where()
            while (line := await self._lines()) is not None and line.strip() != "/退出":
                await self._obey(line.strip())
        finally:
            leave()

    async def _obey(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if not line:
            return
        if not word.startswith("/"):
            await self._say(line)
        elif word in self._commands:
            await self._commands[word](rest.strip())
        else:
            self._print(f"没有“{word}”这个命令。输入 /帮助 看用法。")

    async def _say(self, text: str, quote: str = "") -> None:
        try:
            await self._channel.say(
                self._person.account, self._conversation, text, name=self._person.name, quote=quote
            )
        except ValueError:
            self._print("这条消息太长了，请分成几条发送。")
        except Exception:
            log.exception("a message could not be stored", action="simulate.say_failed")
            self._print("服务正忙，这条消息没有存下来，请再发一次。")

    async def _become(self, who: str) -> None:
        people = list(self._channel.people.values())
        found = [one for one in people if who and who in (one.name, one.label)]
        found = found or [one for one in people if who and who in one.name + one.label]
        if not found:
            self._print(f"没有“{who}”这个人。输入 /谁 看有哪些人。")
            return
        if self._conversation == self._person.account:
            self._conversation = found[0].account
        self._person = found[0]
        self._where()

    async def _enter(self, which: str) -> None:
        groups = list(self._channel.groups.items())
        for number, (conversation, title) in enumerate(groups, 1):
            if which and (which in (str(number), conversation, f"g{number}") or which in title):
                self._conversation = conversation
                self._where()
                return
        self._print(f"没有“{which}”这个群。输入 /谁 看有哪些群。")

    async def _whisper(self, _rest: str) -> None:
        self._conversation = self._person.account
        self._where()

    async def _quote(self, rest: str) -> None:
        number, _, text = rest.partition(" ")
        if not number.isdecimal() or not text.strip():
            self._print("这样写：/引用 编号 文字，例如 /引用 3 办结")
        elif not 1 <= int(number) <= len(self._shown):
            self._print(f"屏幕上没有 [{number}] 这条消息。")
        elif (post := self._shown[int(number) - 1]).conversation != self._conversation:
            self._print(f"[{number}] 在“{self._title(post.conversation)}”里，请先到那里再引用。")
        else:
            await self._say(text.strip(), quote=post.platform_id)

    async def _list(self, _rest: str) -> None:
        for number, title in enumerate(self._channel.groups.values(), 1):
            self._print(f"  群 {number}：{title}")
        for person in self._channel.people.values():
            self._print(f"  {person.name}（{person.label or '居民'}）")

    async def _help(self, _rest: str) -> None:
        self._print(HELP)

    def _hear(self, post: Post) -> None:
        self._shown.append(post)
        person = self._channel.people.get(post.sender)
        label = f"（{person.label}）" if person and person.label else ""
        head = f"[{len(self._shown)}] {self._time(post.at)} {self._title(post.conversation)} "
        if post.quote and post.quote.text:
            self._print(f"{head}┃ {post.quote.text.splitlines()[0][:40]}")
        body = post.text.replace("\n", "\n    ")
        pictures = f" [图片 {len(post.images)} 张]" if post.images else ""
        self._print(f"{head}{post.name}{label}：{body}{pictures}")

    def _title(self, conversation: str) -> str:
        title = self._channel.groups.get(conversation)
        return title or f"与{self._channel.name_of(conversation)}单聊"

    def _time(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%H:%M")

    def _where(self) -> None:
        label = f"（{self._person.label}）" if self._person.label else ""
        self._print(f"您是{self._person.name}{label}，在“{self._title(self._conversation)}”。")

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def lines_of(stream: TextIO) -> Callable[[], Coroutine[Any, Any, str | None]]:
    """Lines of a blocking stream without blocking the loop; call it inside a running loop.

    A daemon thread reads, so that a keyboard nobody touches never delays the end."""
    loop = asyncio.get_running_loop()
    read: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(line: str | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(read.put_nowait, line)

    def pump() -> None:
        for line in stream:
            hand_over(line.rstrip("\r\n"))
        hand_over(None)

    Thread(target=pump, daemon=True, name="terminal-input").start()
    return read.get


async def simulate(channel: LocalChannel, source: TextIO, out: TextIO) -> None:
    """Run the terminal over a started channel until its input ends."""
    await Terminal(channel, lines_of(source), out).run()
