"""The nightly fit: when it is due, what it starts, its time limit, and who hears of it."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import nightly
from bot.clock import ManualClock
from bot.desk import Desk
from bot.house import House
from bot.nightly import Nightly
from bot.opening import build_house, first_start
from bot.ports import Capabilities
from bot.settings import Settings
from bot.versions import Manifest, Version, versions_of
from storage.store import Store
from tests.bot.loops import Deaf
from tests.bot.models import ROOT, settings_in

EVENING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROGRAM = """
import json, os, sys, time
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "called"), "w") as file:
    json.dump({"args": sys.argv[1:], "pid": os.getpid(), "nice": os.nice(0)}, file)
BODY
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, GRIDBOT_BOT_DISTRICT=str(ROOT / "examples/district"))


@pytest.fixture
async def house(lite: Store, settings: Settings) -> House:
    await lite.run(lambda tx: first_start(tx, settings))
    async with lite.read() as tx:
        roster = await tx.people.load()
    made = build_house(settings, roster, Deaf())
    return House(**{**vars(made), "capabilities": {"local": Capabilities()}})


class Night:
    """One nightly fit whose program is written by the test."""

    def __init__(self, store: Store, house: House, folder: Path) -> None:
        self.store, self.house, self.folder = store, house, folder
        self.clock, self.changed = ManualClock(EVENING), 0
        self.fit = Nightly(
            store, house.settings, lambda: house, self.clock, self.change, folder / "own.toml"
        )

    def change(self) -> None:
        self.changed += 1

    def program(self, body: str) -> None:
        (self.folder / "program.py").write_text(PROGRAM.replace("BODY", body), encoding="utf-8")

    async def due(self) -> None:
        """The job's time has come."""
        async with self.store.write() as tx:
            nightly.plan(Desk(self.house, tx, self.clock.now()))
        self.clock.advance(timedelta(hours=10))
        async with self.store.write() as tx:
            desk = Desk(self.house, tx, self.clock.now())
            for job in await tx.jobs.due(self.clock.now(), 9):
                await self.fit.kinds[job.kind](desk, job)
                tx.jobs.done(job.id)

    async def waiting(self) -> list[tuple[str, datetime]]:
        async with self.store.read() as tx:
            return [(job.key, job.due_at) for job in await tx.jobs.waiting("learn:")]

    async def told(self) -> list[tuple[str, str]]:
        async with self.store.write() as tx:
            rows = await tx.outbox.claim(datetime(2030, 1, 1, tzinfo=UTC), 99)
            return [(row.message.conversation, row.message.text) for row in rows]

    def called(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / "called").read_text("utf-8"))
        return found


@pytest.fixture
def night(lite: Store, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(nightly, "PROGRAM", tmp_path / "program.py")
    return Night(lite, house, tmp_path)


def adopted(night: Night, name: str = "20261124-023000") -> str:
    """A program that puts a version into use, as `train` does."""
    version = Version(name, "2026-11-24", "b", "c", 9, "t", 7, ("罢工",), {})
    versions = versions_of(night.house.settings)
    versions.folder.mkdir(exist_ok=True)
    text = json.dumps(Manifest(name, versions=(version,)), default=vars_of, ensure_ascii=False)
    whole = {"format": 1, **json.loads(text)}
    return f"open({str(versions.folder / 'manifest.json')!r}, 'w').write({json.dumps(whole)!r})"


def vars_of(value: object) -> object:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        (datetime(2026, 11, 23, 18, 29, tzinfo=UTC), datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        (datetime(2026, 11, 23, 18, 30, tzinfo=UTC), datetime(2026, 11, 24, 18, 30, tzinfo=UTC)),
    ],
)
async def test_it_is_due_at_the_hour_of_the_calendar(
    night: Night, now: datetime, at: datetime
) -> None:
    for _ in range(3):
        async with night.store.write() as tx:
            nightly.plan(Desk(night.house, tx, now))
    ((_, due_at),) = await night.waiting()
    assert due_at == at


async def test_switched_off_nothing_is_planned(lite: Store, house: House, tmp_path: Path) -> None:
    off = house.settings.learning.model_copy(update={"enabled": False})
    changed = house.settings.model_copy(update={"learning": off})
    night = Night(lite, House(**{**vars(house), "settings": changed}), tmp_path)
    async with lite.write() as tx:
        nightly.plan(Desk(night.house, tx, EVENING))
    assert await night.waiting() == []


async def test_the_due_job_plans_the_next_and_wakes_the_fit(night: Night) -> None:
    assert await night.fit.once() == nightly.WAIT_S
    await night.due()
    assert night.fit.wake.is_set()
    assert [key for key, _ in await night.waiting()] == ["learn:20261125"]


async def test_the_program_is_called_gently_with_the_same_settings(night: Night) -> None:
    night.program("")
    await night.due()
    await night.fit.once()
    called = night.called()
    assert called["args"] == ["--config", str(night.folder / "own.toml"), "train", "--nightly"]
    assert called["nice"] == min(os.nice(0) + 10, 19)
    (night.folder / "called").unlink()
    await night.fit.once()
    assert not (night.folder / "called").exists()


@pytest.mark.parametrize("body", ["", "sys.exit(3)", "sys.exit(1)"])
async def test_where_nothing_changed_nobody_is_told(night: Night, body: str) -> None:
    night.program(body)
    await night.due()
    await night.fit.once()
    assert (night.changed, await night.told()) == (0, [])


async def test_a_change_is_told_to_the_administrator_in_one_sentence(night: Night) -> None:
    night.program(adopted(night))
    await night.due()
    await night.fit.once()
    assert night.changed == 1
    ((who, text),) = await night.told()
    assert who == "local:admin"
    assert "7句更正" in text
    assert "1个词" in text


async def test_a_fit_that_takes_too_long_is_stopped(night: Night) -> None:
    short = night.house.settings.learning.model_copy(update={"limit_s": 1.5})
    night.fit._settings = night.house.settings.model_copy(update={"learning": short})
    night.program("time.sleep(60)")
    await night.due()
    await night.fit.once()
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(night.called()["pid"])), 0)
    assert night.changed == 0


async def test_stopping_the_bot_stops_the_fit(night: Night) -> None:
    night.program("time.sleep(60)")
    await night.due()
    running = asyncio.create_task(night.fit.once())
    async with asyncio.timeout(30):
        while not (night.folder / "called").exists():  # noqa: ASYNC110 - a child's file
            await asyncio.sleep(0.01)
        while not (night.folder / "called").read_text("utf-8"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(night.called()["pid"])), 0)


async def test_a_damaged_manifest_does_not_stop_the_night(night: Night) -> None:
    folder = versions_of(night.house.settings).folder
    folder.mkdir()
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    night.program(adopted(night))
    await night.due()
    await night.fit.once()
    assert night.changed == 1
