"""What the commands do with a database: serve, check, migrate, simulate, digest, import.

Arguments are parsed in cli.py; the running bot itself is app.py."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO, TypeVar

import uvloop
from rich.console import Console

from bot import aside, digests, lists, outbox_queue, texts
from bot.app import Bot
from bot.calendars import uncovered, warning
from bot.channels.local import LocalChannel
from bot.clock import SystemClock
from bot.desk import Desk
from bot.errors import GridbotError, SettingsError
from bot.house import House
from bot.opening import build_house, prepare_folder
from bot.ports import Classifier
from bot.settings import Settings
from bot.simulate import simulate as talk
from bot.versions import versions_of
from nlp.reading import Reading
from routing.crowd import people
from routing.deadlines import deadline_of
from routing.digest import Window
from routing.roster import Roster
from routing.rules import explain, idle
from storage import migrate as schema
from storage.engine import StorageError
from storage.store import Store, Transaction

Print = Callable[[str], None]
T = TypeVar("T")


class _Deaf(Classifier):
    """A classifier for commands that read no message."""

    def read(self, text: str, words: Sequence[str] = (), quoted: str = "") -> Reading:
        raise AssertionError(f"this command understands no text: {text!r} {words!r} {quoted!r}")


def serve(settings: Settings, config: Path) -> int:
    """Run until SIGINT or SIGTERM, then stop in order."""
    try:
        uvloop.run(_serve(settings, config))
    except StorageError as error:
        raise GridbotError(str(error)) from error
    return 0


async def _serve(settings: Settings, config: Path) -> None:
    bot = await Bot.open(settings, config=config)
    gc.freeze()  # roster and model stay: looking for garbage in them stops everything
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, me.cancel)
    for year in uncovered(bot.house.calendar, bot.clock.now(), bot.house.zone):
        print_warning(warning(year))

    def listening(port: int) -> None:
        Console(highlight=False, markup=False).print(
            f"小格已启动：http://{settings.web.host}:{port}/local/  （按 Ctrl+C 停止）"
        )

    try:
        with suppress(asyncio.CancelledError):
            await bot.run(listening)
    finally:
        await bot.aclose()


def print_warning(text: str) -> None:
    Console(stderr=True, highlight=False, markup=False).print(f"注意：{text}")


async def check(
    settings: Settings, out: Print, *, everything: bool = False, now: datetime | None = None
) -> int:
    """Print the effective settings, ping the database, list gaps of the roster, all if wanted."""
    for section, values in settings.model_dump().items():
        for key, value in values.items():
            out(f"[{section}] {key} = {_shown(value)}")
    stored = await schema.revision(settings.storage.url)
    out(f"数据库：{_shown(settings.storage.url)}")
    out(f"结构版本：{stored or '（空）'}，需要 {schema.head()}")
    if stored != schema.head():
        out("数据库结构不是最新的，请运行：python run_bot.py migrate")
        return 1
    roster = await _roster(settings)
    house = build_house(settings, roster, _Deaf())
    now = now or SystemClock().now()
    lists.report(settings, roster, now, out, None if everything else lists.MOST_LINES)
    for year in uncovered(house.calendar, now, house.zone):
        out(f"注意：{warning(year)}")
    for line in idle(house.rules, roster):
        out(f"派单规则：{line}")
    out(f"派单规则：{len(house.rules)}条。")
    for line in await _with_store(settings, aside.counts):
        out(line)
    out("检查完毕。")
    return 0


def _shown(value: object) -> str:
    """A setting as it may be printed: the password of a database address is hidden."""
    text = str(value)
    head, at, tail = text.partition("@")
    if at and "://" in head and head.count(":") > 1:
        return head.rpartition(":")[0] + ":***@" + tail
    return text


async def _roster(settings: Settings) -> Roster:
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            return await tx.people.load(settings.roster.level_names)
    finally:
        await store.aclose()


async def route(settings: Settings, text: str, group: str, out: Print) -> int:
    """Explain, rule by rule, where a message said in this group would go; nothing is stored."""
    await schema.ensure(settings.storage.url)
    roster = await _roster(settings)
    found = roster.group(group)
    if found is None:
        raise GridbotError(f"没有这个群：{group}；名册里有 {len(roster.parts.groups)} 个群")
    house = build_house(settings, roster, versions_of(settings).load()[1])
    reading = house.read(text)
    if reading.kind != "report":
        out(f"这句话不像诉求（{reading.kind}，把握{reading.confidence:.0%}），不会登记。")
        return 0
    for code in reading.codes:
        terms = deadline_of(house.taxonomy, code, reading.urgent, people(text))
        rules = explain(roster, house.taxonomy, found.grid, code, reading.urgent, rules=house.rules)
        out(f"{house.taxonomy.name(code)}（把握{reading.confidence:.0%}）")
        out("\n".join([*rules, f"期限：{terms.name}类，{terms.finish.spoken}内办结。"]))
    return 0


async def migrate(settings: Settings, out: Print) -> int:
    prepare_folder(settings.storage.url)
    before = await schema.revision(settings.storage.url)
    await schema.upgrade(settings.storage.url)
    after = await schema.revision(settings.storage.url)
    out(
        "数据库结构已经是最新的。"
        if before == after
        else f"数据库结构已升级：{before or '空'} → {after}"
    )
    return 0


async def simulate(settings: Settings, source: TextIO, out: TextIO, config: Path) -> int:
    """The simulated group in the terminal, over the same database as `run`."""
    bot = await Bot.open(
        settings.model_copy(update={"web": settings.web.model_copy(update={"port": 0})}),
        config=config,
    )
    channel = bot.channels.get("local")
    if not isinstance(channel, LocalChannel):
        await bot.aclose()
        raise SettingsError(["[channels.local.enabled] must be true for `simulate`"])
    running = asyncio.create_task(bot.run())
    try:
        await talk(channel, source, out)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await bot.aclose()
    return 0


async def digest(settings: Settings, day: date, group: str, out: Print) -> int:
    """Print the digests of a day, from the events alone; nothing is sent."""
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            roster = await tx.people.load(settings.roster.level_names)
            house = build_house(settings, roster, _Deaf())
            desk = Desk(house, tx, SystemClock().now())
            window = digests.window_of(desk, "group", day) or _whole_day(house, day)
            groups = [g for g in roster.parts.groups if group in {"", g.conversation}]
            if not groups:
                raise GridbotError(f"没有这个群：{group or '名册里还没有群，请先导入'}")
            rows = await digests.load(desk, [g.conversation for g in groups], window)
            for one in groups:
                own = [row for row in rows if row.ticket.group == one.conversation]
                out(digests.group_text(desk, one, own, window))
    finally:
        await store.aclose()
    return 0


def _whole_day(house: House, day: date) -> Window:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), house.zone)
    utc = SystemClock().now().tzinfo
    return Window((end - timedelta(days=1)).astimezone(utc), end.astimezone(utc))


async def outbox(settings: Settings, number: int, everything: bool, out: Print) -> int:
    """List what waits for a person, or mark a batch or everything as sent by hand."""
    await schema.ensure(settings.storage.url)
    store, now = await Store.open(settings.storage.url), SystemClock().now()
    try:
        if everything:
            count = await store.run(lambda tx: outbox_queue.mark_all_sent(tx, now))
            out(f"✓ {count}条已记为发出。")
            return 0
        if number:
            return await store.run(lambda tx: _mark(tx, number, out))
        async with store.read() as tx:
            for line in await outbox_queue.listed(tx, await tx.people.load()):
                out(line)
    finally:
        await store.aclose()
    return 0


async def put_aside(settings: Settings, what: str, which: str, out: Print) -> int:
    """List or try again what was given up. what: posts or messages; which: "", a number or all."""
    await schema.ensure(settings.storage.url)
    shown = {"posts": aside.dead_posts, "messages": aside.dead_messages}[what]
    again = {"posts": aside.resend, "messages": aside.retry}[what]
    return await _with_store(
        settings, lambda store: again(store, which, out) if which else shown(store, out)
    )


async def _with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    store = await Store.open(settings.storage.url)
    try:
        return await work(store)
    finally:
        await store.aclose()


async def _mark(tx: Transaction, number: int, out: Print) -> int:
    for batch in await outbox_queue.open_batches(tx):
        if batch.number == number:
            count = await outbox_queue.mark_sent(tx, batch, SystemClock().now())
            out(texts.marked_sent(number, count))
            return 0
    out(texts.nothing_to_send(number))
    return 1
