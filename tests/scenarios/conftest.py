"""A town for each story: the whole bot on a fresh database, on a Monday morning at ten.

After each story the laws that hold for all of them are checked; see `town`."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.settings import Settings, load
from nlp.classify import LinearClassifier
from routing.privacy import mask_people
from tests.scenarios.town import MONDAY, Interpreter, Town

ROOT = Path(__file__).parents[2]
NAMES = re.compile(r"小[王李赵杨]（示例）|小[王李赵杨]家")

MENTION = re.compile(r"^(?:@\S+ )+")
"""Whom the platform calls by the name in the group."""


@pytest.fixture(scope="session")
def real_classifier() -> LinearClassifier:
    return LinearClassifier.load()


def settings_in(folder: Path, **more: str) -> Settings:
    """The shipped settings with their data in a folder of the test."""
    environ = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/bot.db",
        "GRIDBOT_BOT_DATA_DIR": str(folder),
        **{f"GRIDBOT_DIGEST_{level}": "" for level in ("GROUP", "COMMUNITY", "STREET")},
        "GRIDBOT_BOT_DISTRICT": str(ROOT / "examples/district"),
        "GRIDBOT_BOT_RULES": str(ROOT / "examples/rules.toml"),
        **more,
    }
    return load(ROOT / "bot.toml", environ)


@pytest.fixture(scope="session")
def district_file(
    tmp_path_factory: pytest.TempPathFactory, real_classifier: LinearClassifier
) -> Path:
    """A database with the sample district loaded; copied for each story."""
    folder = tmp_path_factory.mktemp("district")

    async def load_it() -> None:
        bot = await Bot.open(settings_in(folder), ManualClock(MONDAY), real_classifier)
        await bot.aclose()

    asyncio.run(load_it())
    return folder / "bot.db"


@pytest.fixture
def interpreter(real_classifier: LinearClassifier) -> Interpreter:
    return Interpreter(real_classifier)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
async def bot(
    tmp_path: Path, district_file: Path, clock: ManualClock, interpreter: Interpreter
) -> AsyncIterator[Bot]:
    """The whole bot, started, with nothing said yet."""
    shutil.copyfile(district_file, tmp_path / "bot.db")
    opened = await Bot.open(settings_in(tmp_path), clock, interpreter)
    await opened.start()
    await opened.settle()
    yield opened
    await opened.aclose()


@pytest.fixture
async def town(bot: Bot, clock: ManualClock, interpreter: Interpreter) -> AsyncIterator[Town]:
    """The town; afterwards nothing may be lost, broken or told to the wrong people."""
    place = Town(bot, clock, interpreter)
    yield place
    await bot.settle()
    await _nothing_lost(bot)
    await _posts_are_few(place)
    for text in place.group_posts():
        said = MENTION.sub("", text)
        assert mask_people(said) == said, f"personal data in a group: {text}"
        assert not NAMES.search(text), f"a resident's name in a group: {text}"


async def _nothing_lost(bot: Bot) -> None:
    async with bot.store.read() as tx:
        assert set(await tx.inbox.count_by_state()) <= {"done"}
        assert set(await tx.outbox.count_by_state()) <= {"sent", "superseded", "pending"}
        assert set(await tx.jobs.count_by_state()) <= {"waiting", "done", "cancelled"}


async def _posts_are_few(town: Town) -> None:
    """At most three posts in the group for an ordinary ticket; its chain of events is whole."""
    async with town.bot.store.read() as tx:
        for group in town.channel.groups:
            for ticket in await town.tickets(group.partition(":")[2]):
                await tx.tickets.verify(ticket.id)
                posts = await tx.outbox.group_posts(ticket.id)
                assert ticket.urgent or posts <= 3 + ticket.reopened, f"#{ticket.number}: {posts}"
