"""The nightly fit: due once a day for all processes, done in a process of its own, told if it
changed anything. What is fitted, and what is refused, is learning.py."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog

from bot import texts
from bot.desk import Desk
from bot.house import House
from bot.ports import Clock
from bot.scheduler import Run
from bot.settings import Settings
from bot.versions import BadManifestError, Manifest, versions_of
from routing.roster import Role
from storage.jobs import Job
from storage.store import Store, Transaction

log = structlog.get_logger()

PROGRAM = Path(__file__).parents[1] / "run_bot.py"
WAIT_S = 3600.0
_LEARNED_BY = (Role.ADMIN, Role.COMMUNITY)
"""Who is told, the first of these that anybody holds."""


def plan(desk: Desk) -> None:
    """Plan the next night's fit, if it is on; planning it twice changes nothing."""
    learning = desk.house.settings.learning
    if learning.enabled:
        at = _next(desk.now.astimezone(desk.house.zone), time.fromisoformat(learning.at))
        desk.tx.jobs.put(f"learn:{at:%Y%m%d}", "learn", at.astimezone(desk.now.tzinfo), {})


def _next(now: datetime, clock: time) -> datetime:
    today = datetime.combine(now.date(), clock, now.tzinfo)
    return today if today > now else today + timedelta(days=1)


class Nightly:
    """Starts the fit when its job is due here. `changed` wakes whoever reads with the model;
    config: the file of the settings, which the fit reads again."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        house: Callable[[], House],
        clock: Clock,
        changed: Callable[[], None],
        config: Path,
    ) -> None:
        self._store, self._settings, self._house, self._clock = store, settings, house, clock
        self._changed, self._versions = changed, versions_of(settings)
        self._config = config.absolute()
        self.wake, self._asked = asyncio.Event(), False
        self.kinds: dict[str, Run] = {"learn": self._due}

    async def _due(self, desk: Desk, _job: Job) -> None:
        """The job: leave the work to `once`, which is in no transaction, and plan tomorrow's."""
        plan(desk)
        if desk.house.settings.learning.enabled:
            self._asked = True
            self.wake.set()

    async def once(self) -> float:
        """Fit if it was asked for; how long to wait for the next time."""
        if not self._asked:
            return WAIT_S
        self._asked = False
        before = self._manifest()
        code = await self._fit()
        after = self._manifest()
        log.info("nightly fit ended", action="learned", code=code, model=after.in_use or "shipped")
        if after.in_use != before.in_use:
            self._changed()
            await self._store.run(lambda tx: self._tell(tx, after))
        return WAIT_S

    def _manifest(self) -> Manifest:
        try:
            return self._versions.read()
        except BadManifestError as error:
            log.warning("manifest is damaged", action="model_damaged", why=str(error))
            return Manifest()

    async def _fit(self) -> int | str:
        """Run `train` at low priority; its exit code, or why there is none."""
        nice = [found, "-n", "10"] if (found := shutil.which("nice")) else []
        command = [sys.executable, str(PROGRAM), "--config", str(self._config)]
        child = await asyncio.create_subprocess_exec(
            *nice, *command, "train", "--nightly",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._settings.learning.limit_s):
                return await child.wait()
        except TimeoutError:
            return "stopped: [learning] limit_s is over"
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()

    async def _tell(self, tx: Transaction, manifest: Manifest) -> None:
        version = manifest.find(manifest.in_use)
        text = texts.learned(version.lessons, len(version.words)) if version else texts.UNLEARNED
        desk = Desk(self._house(), tx, self._clock.now())
        desk.tell(_learners(desk), text)


def _learners(desk: Desk) -> tuple[str, ...]:
    """The accounts of those who answer for the bot."""
    roster, today = desk.house.roster, desk.now
    for role in _LEARNED_BY:
        grids = {post.grid for post in roster.parts.posts if post.role is role}
        people = [p for grid in sorted(grids) for p in roster.holders_on(grid, role, today)]
        if found := tuple(dict.fromkeys(p.accounts[0] for p in people if p.accounts)):
            return found
    return ()
