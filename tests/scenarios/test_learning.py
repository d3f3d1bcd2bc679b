"""A town whose leader teaches: corrections, a real fit, the swap while people talk, and the way
back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot import learning
from bot.app import Bot
from bot.clock import ManualClock
from bot.learning import REFUSED
from bot.reader import Reader
from bot.settings import Settings
from bot.versions import versions_of
from nlp.classify import LinearClassifier
from nlp.reading import Reading
from routing.ticket import Ticket
from tests.bot.models import IRON, fitted, iron, poison, versions_in
from tests.scenarios.conftest import settings_in
from tests.scenarios.town import MONDAY, Interpreter, Town

PLACES = ("1号楼", "2号楼", "3号楼", "5号楼", "6号楼", "8号楼", "9号楼", "10号楼")


class Pupil(Reader):
    """The bot's own reader, except for sentences whose first meaning a story fixes."""

    fixed: dict[str, Reading]

    def read(self, text: str, words: object = (), quoted: str = "") -> Reading:
        return self.fixed.get(text) or super().read(text, (), quoted)

    def read_batch(self, texts: object, words: object = (), quoted: object = ()) -> list[Reading]:
        return [self.read(text) for text in texts]  # type: ignore[attr-defined]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, GRIDBOT_LEARNING_LEAST_LESSONS="3")


@pytest.fixture
async def school(
    tmp_path: Path, district_file: Path, settings: Settings, real_classifier: LinearClassifier
) -> AsyncIterator[Town]:
    """A town that reads with whatever model is in use."""
    shutil.copyfile(district_file, tmp_path / "bot.db")
    clock, pupil = ManualClock(MONDAY), Pupil(versions_in(tmp_path))
    pupil.fixed = {}
    bot = await Bot.open(settings, clock, pupil)
    await bot.start()
    await bot.settle()
    interpreter = Interpreter(real_classifier)
    interpreter.fixed = pupil.fixed
    yield Town(bot, clock, interpreter)
    await bot.aclose()


async def fit(settings: Settings) -> int:
    """`train` over a few lines, as a process of its own would do it beside the running bot."""
    lessons, names = await learning.lessons_of(settings)
    own = versions_in(settings.bot.data_dir)
    return await asyncio.to_thread(fitted, settings, own, lessons, names=tuple(names))


async def teach(town: Town) -> None:
    """Three residents say it, the leader corrects each."""
    for number, (who, text) in enumerate(zip(("wang", "li", "zhao"), IRON, strict=False), 1):
        await town.group.says(who, town.means(text, "0403", place=PLACES[number]))
        await town.group.says("leader", f"改类 {number} 电梯")


async def last(town: Town) -> Ticket:
    return (await town.tickets())[-1]


async def test_three_times_corrected_and_the_next_is_read_right(
    school: Town, settings: Settings
) -> None:
    before = school.bot.house.read(IRON[3])
    assert (before.kind, before.codes[:1]) != ("report", ("0404",))
    await teach(school)
    assert await fit(settings) == 0
    assert school.bot.house.read(IRON[3]) == before
    await school.bot.reread()
    await school.group.says("wang", f"{IRON[3]}，在10号楼")
    assert (await last(school)).code == "0404"
    assert (await last(school)).number == 4


async def test_the_way_back(school: Town, settings: Settings) -> None:
    before = school.bot.house.read(IRON[3])
    await teach(school)
    assert await fit(settings) == 0
    await school.bot.reread()
    assert school.bot.house.read(IRON[3]).codes[:1] == ("0404",)
    assert learning.roll_back(versions_in(settings.bot.data_dir), print) == 0
    await school.bot.reread()
    assert school.bot.house.read(IRON[3]) == before


async def test_what_is_taken_back_is_not_learned(school: Town, settings: Settings) -> None:
    await teach(school)
    for number in (1, 2):
        await school.group.says("leader", f"撤销 {number}")
    assert await fit(settings) == 0
    assert versions_in(settings.bot.data_dir).read().versions == ()


async def test_false_rejections_are_refused(school: Town, settings: Settings) -> None:
    for number, one in enumerate(poison()[:24], 1):
        await school.group.says("wang", school.means(one.text, "0404", place=f"{number}号楼"))
        await school.group.says("leader", f"驳回 {number} 闲聊")
    assert await fit(settings) == REFUSED
    await school.bot.reread()
    assert isinstance(school.bot._classifier, Reader)
    assert school.bot._classifier.name == ""


@asynccontextmanager
async def served(bot: Bot) -> AsyncIterator[None]:
    """The bot with all its loops."""
    ready = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(bot.run(ready.set_result))
    try:
        await asyncio.wait_for(ready, 20)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Let the loops work until it holds; 40 s at most."""
    async with asyncio.timeout(40):
        while not await holds():  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.02)


@pytest.fixture
async def busy(tmp_path: Path, district_file: Path) -> AsyncIterator[Bot]:
    """A bot with its own reader, served by nothing yet; posts wait for no quiet hours."""
    shutil.copyfile(district_file, tmp_path / "bot.db")
    more = {"GRIDBOT_LEARNING_LEAST_LESSONS": "3", "GRIDBOT_WEB_PORT": "0"}
    reader = Reader(versions_in(tmp_path))
    bot = await Bot.open(settings_in(tmp_path, **more), ManualClock(MONDAY), reader)
    yield bot
    await bot.aclose()


async def test_a_running_bot_swaps_between_two_messages_and_loses_none(busy: Bot) -> None:
    reader = busy._classifier
    assert isinstance(reader, Reader)
    batches: list[set[str]] = []
    read_batch, read = reader.read_batch, reader.read

    def noted(text: str, words: object = (), quoted: str = "") -> Reading:
        batches[-1].add(reader.name)
        return read(text, (), quoted)

    def noted_batch(texts: list[str], *rest: object) -> list[Reading]:
        batches[-1].add(reader.name)
        return read_batch(texts)

    claim = busy.worker._claim

    async def claimed(tx: object) -> object:
        batches.append(set())
        return await claim(tx)  # type: ignore[arg-type]

    reader.read, reader.read_batch = noted, noted_batch  # type: ignore[method-assign,assignment]
    busy.worker._claim = claimed  # type: ignore[method-assign,assignment]
    town = Town(busy, ManualClock(MONDAY), Interpreter(reader))
    own = versions_in(busy.settings.bot.data_dir)
    said = 0

    async def talk() -> None:
        nonlocal said
        while True:
            said += 1
            await town.channel.say("local:wang", "local:g1", f"{IRON[3]} {said}")
            await asyncio.sleep(0.005)

    async with served(busy):
        talking = asyncio.create_task(talk())
        assert await asyncio.to_thread(fitted, busy.settings, own, iron()) == 0
        busy._models.set()

        async def swapped() -> bool:
            return any(reader.name in names for names in batches if reader.name)

        await until(swapped)
        talking.cancel()

        async def quiet() -> bool:
            async with busy.store.read() as tx:
                return await tx.inbox.count_by_state() == {"done": said}

        await until(quiet)
    seen = [names for names in batches if names]
    assert all(len(names) == 1 for names in seen)
    order = ["".join(names) for names in seen]
    assert order == sorted(order)
    assert set(order) == {"", reader.name}
    assert [t.code for t in await town.tickets()][-1] == "0404"


async def test_a_batch_in_work_is_read_by_one_model(
    school: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, reader = school.bot, school.bot._classifier
    assert isinstance(reader, Reader)
    found = ("new", reader._now)
    seen: list[str] = []
    asked: list[asyncio.Task[float]] = []

    async def newer() -> tuple[str, LinearClassifier]:
        return found

    read_batch = Pupil.read_batch

    def noted(self: Pupil, texts: list[str], *rest: object) -> list[Reading]:
        seen.append(self.name)
        if not asked:
            asked.append(asyncio.create_task(bot.reread()))
        return read_batch(self, texts)

    monkeypatch.setattr(reader, "newer", newer)
    monkeypatch.setattr(Pupil, "read_batch", noted)
    many = [school.channel.say("local:wang", "local:g1", f"早上好{n}") for n in range(60)]
    await asyncio.gather(*many)
    await bot.worker.once()
    await asyncio.gather(*asked)
    assert len(seen) > 1
    assert set(seen) == {""}
    assert reader.name == "new"


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_night_fits_in_a_process_of_its_own(tmp_path: Path, district_file: Path) -> None:
    """The due job, the child process over the whole corpus, the swap, one sentence to staff."""
    shutil.copyfile(district_file, tmp_path / "bot.db")
    config = tmp_path / "bot.toml"
    config.write_text(
        f'[storage]\nurl = "sqlite:///{tmp_path}/bot.db"\n[bot]\ndata_dir = "{tmp_path}"\n'
        "[learning]\nleast_lessons = 3\n",
        encoding="utf-8",
    )
    settings, clock = settings_in(tmp_path), ManualClock(MONDAY)
    pupil = Pupil(versions_of(settings))
    pupil.fixed = {}
    bot = await Bot.open(settings, clock, pupil, config=config)
    interpreter = Interpreter(pupil)
    interpreter.fixed = pupil.fixed
    town = Town(bot, clock, interpreter)
    await bot.start()
    try:
        await teach(town)
        await town.later(hours=17)
        await bot.nightly.once()
        await bot.reread()
        assert pupil.name
        assert bot.house.read(IRON[3]).codes[:1] == ("0404",)
        await town.later(hours=8)
        told = [post for room in ("street", "community", "admin") for post in town.at(room).texts]
        assert any("小格昨夜学会了网格长的3句更正" in text for text in told)
        before = pupil.name
        await town.later(hours=24)
        await bot.nightly.once()
        await bot.reread()
        assert pupil.name == before
    finally:
        await bot.aclose()
