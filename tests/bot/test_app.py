"""The whole process: it opens, takes back what was left, serves, survives its errors, and ends."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from bot import app
from bot.app import Bot
from bot.channels.local import LocalChannel
from bot.clock import ManualClock, SystemClock
from bot.errors import NotConfigured, SettingsError
from bot.opening import prepare_folder
from bot.settings import Settings, load
from storage.errors import InUse
from storage.store import Store
from tests.bot.loops import NOON, Deaf, Unlucky, put, row, said
from tests.driver import next_post

ROOT = Path(__file__).parents[2]
Opening = Callable[..., Awaitable[Bot]]


def settings_in(folder: Path, **more: str) -> Settings:
    return load(
        ROOT / "bot.toml",
        {
            "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/bot.db",
            "GRIDBOT_BOT_DATA_DIR": str(folder),
            "GRIDBOT_BOT_DISTRICT": str(ROOT / "examples/district"),
            "GRIDBOT_BOT_RULES": str(ROOT / "examples/rules.toml"),
            "GRIDBOT_GROUP_QUIET_FROM": "",
            "GRIDBOT_WEB_PORT": "0",
            **more,
        },
    )


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample district; copy it."""
    folder = tmp_path_factory.mktemp("sample")

    async def load_it() -> None:
        bot = await Bot.open(settings_in(folder), ManualClock(NOON), Deaf())
        await bot.aclose()

    asyncio.run(load_it())
    return folder / "bot.db"


@pytest.fixture
async def opening(district: Path, tmp_path: Path) -> AsyncIterator[Opening]:
    """Opens bots on this test's database and closes them in the end."""
    shutil.copyfile(district, tmp_path / "bot.db")
    bots: list[Bot] = []

    async def open_one(clock: ManualClock | SystemClock | None = None, **more: str) -> Bot:
        bot = await Bot.open(settings_in(tmp_path, **more), clock or ManualClock(NOON), Deaf())
        bots.append(bot)
        return bot

    yield open_one
    for bot in bots:
        await bot.aclose()


def channel(bot: Bot) -> LocalChannel:
    return cast(LocalChannel, bot.channels["local"])


def posts(bot: Bot, where: str) -> list[str]:
    return [post.text for post in channel(bot).history(where) if post.of_bot]


async def test_the_district_is_loaded_into_an_empty_database_only(opening: Opening) -> None:
    bot = await opening()
    assert bot.house.roster.group("local:g1") is not None
    async with bot.store.write() as tx:
        await tx.people.set_mode("local:g1", "quiet")
    await bot.aclose()
    again = await opening()
    group = again.house.roster.group("local:g1")
    assert group is not None
    assert group.mode == "quiet", "what was changed since stays"


async def test_it_starts_without_any_district(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, GRIDBOT_BOT_DISTRICT="", GRIDBOT_BOT_RULES="")
    bot = await Bot.open(settings, ManualClock(NOON), Deaf())
    await bot.start()
    await bot.settle()
    assert bot.house.roster.parts.groups == ()
    await bot.aclose()


async def test_one_process_a_file(opening: Opening) -> None:
    await opening()
    with pytest.raises(InUse):
        await opening()


async def test_a_start_that_fails_lets_go_of_the_file(opening: Opening, tmp_path: Path) -> None:
    wrong = tmp_path / "rules.toml"
    wrong.write_text("[[rule]]\nnonsense = 1\n", "utf-8")
    for path in (str(wrong), "/no/such/rules.toml"):
        with pytest.raises(SettingsError) as refused:
            await opening(GRIDBOT_BOT_RULES=path)
        assert all(line.startswith("[bot.rules]") for line in refused.value.problems)
    await opening()


async def test_what_an_earlier_process_left_half_done_is_taken_back(
    opening: Opening, tmp_path: Path
) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/bot.db")
    async with store.write() as tx:
        await tx.inbox.add([said("m1", "帮助", "local:wang", is_group=False, to_me=True)])
    await put(store, row("local:li", "半路上"))
    async with store.write() as tx:
        assert await tx.inbox.claim("gone", NOON, 3600, 10)
        assert await tx.outbox.claim(NOON, 10)
    await store.aclose()
    bot = await opening()
    await bot.settle()
    assert posts(bot, "local:li") == ["半路上"]
    assert len(posts(bot, "local:wang")) == 1


async def test_it_answers(opening: Opening) -> None:
    bot = await opening()
    with pytest.raises(NotConfigured):
        await channel(bot).say("local:wang", "local:wang", "帮助")
    await bot.start()
    await channel(bot).say("local:wang", "local:wang", "帮助")
    await bot.settle()
    assert len(posts(bot, "local:wang")) == 1


async def test_a_changed_roster_is_taken_over(opening: Opening) -> None:
    bot = await opening()
    await bot.start()
    before = bot.house
    await bot.settle()
    assert bot.house is before, "nothing is loaded without need"
    await channel(bot).say("local:leader", "local:g1", "模式 静默")
    await bot.settle()
    group = bot.house.roster.group("local:g1")
    assert group is not None
    assert group.mode == "quiet"


async def test_daily_work_is_planned_once_and_goes_on(opening: Opening) -> None:
    clock = ManualClock(NOON)
    bot = await opening(clock)
    for _ in range(3):
        clock.advance(timedelta(days=1))
        await bot.settle()
    await bot.aclose()
    again = await opening(clock)
    async with again.store.read() as tx:
        next_due = await tx.jobs.next_due()
    assert next_due is not None
    assert clock.now() < next_due <= clock.now() + timedelta(days=1)


@asynccontextmanager
async def serving(bot: Bot) -> AsyncIterator[str]:
    """The real loops and the web server; the address of the latter."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(bot.run(port.set_result))
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(port, 10)}"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_it_serves_until_it_is_stopped(opening: Opening) -> None:
    bot = await opening(SystemClock())
    async with serving(bot) as address, aiohttp.ClientSession() as web:
        async with web.get(f"{address}/healthz") as answer:
            assert (answer.status, (await answer.json())["ok"]) == (200, True)
        await channel(bot).say("local:wang", "local:wang", "帮助")
        await next_post(channel(bot), "local:wang")
        async with web.get(f"{address}/metrics") as answer:
            figures = await answer.text()
        assert "gridbot_received_total" in figures
        assert "帮助" not in figures
    await bot.aclose()
    with pytest.raises(NotConfigured):
        await channel(bot).say("local:wang", "local:wang", "还在吗")


async def test_a_loop_that_fails_goes_on(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BETWEEN_FAILURES_S", 0.01)
    bot = await opening(SystemClock())
    unlucky = Unlucky(bot.store, _claim=2, _exchange=1)
    bot.worker._store = bot.delivery._store = unlucky
    async with serving(bot):
        await channel(bot).say("local:wang", "local:wang", "帮助")
        await next_post(channel(bot), "local:wang")
    assert unlucky.busy == {"_claim": 0, "_exchange": 0}


async def test_a_channel_that_does_not_close_keeps_nothing_open(opening: Opening) -> None:
    bot = await opening()

    class Stubborn(LocalChannel):
        async def aclose(self) -> None:
            raise OSError("no")

    channel(bot).__class__ = Stubborn
    await bot.aclose()
    await opening()


async def test_closing_twice_is_closing_once(opening: Opening) -> None:
    bot = await opening()
    await bot.start()
    await bot.aclose()
    await bot.aclose()


@pytest.mark.parametrize(
    ("seconds", "wait_s"),
    [(None, app.LONGEST_WAIT_S), (5, 5), (3600, app.LONGEST_WAIT_S), (0, app.POLL_S),
     (-60, app.POLL_S), (0.0001, 0.01)],
)  # fmt: skip
async def test_how_long_a_loop_waits(
    opening: Opening, seconds: float | None, wait_s: float
) -> None:
    """What is due but blocked is looked at once in a while, not all the time."""
    bot = await opening()
    due = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert bot._until(due) == wait_s


async def test_the_folder_of_the_database_is_private(tmp_path: Path) -> None:
    prepare_folder(f"sqlite:///{tmp_path}/deep/er/bot.db")
    assert (tmp_path / "deep/er").stat().st_mode & 0o777 == 0o700
    prepare_folder("postgresql://u@h/d")
