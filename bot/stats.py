"""`run_bot.py stats`: reads the tickets of a period, adds them up and hands the table over.

What is counted is routing/indicators.py; how it is printed is figures_text.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress

from bot import texts
from bot.calendars import build_calendar
from bot.clock import SystemClock
from bot.errors import GridbotError
from bot.settings import Settings
from nlp import taxonomy
from routing.breakdown import Period, Table
from routing.dimensions import Dimension, dimensions
from routing.exclusions import Exclusion, read_exclusions, refusals
from routing.fact import Fact
from routing.indicators import Measure, Rules
from routing.indices import WeightProblems, Weights, load_weights
from routing.reasons import counted
from routing.roster import Roster
from routing.sheets import ImportProblems
from routing.worktime import WorkClock
from storage import migrate as schema
from storage.store import Store, Transaction

CHUNK = 2_000
EXAMPLE_WEIGHTS = Path(__file__).parents[1] / "examples" / "indices.toml"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: both days inclusive; `under` a grid code, `code` the start of a category,
    `levels` the handling levels that are in scope, each "" or () for everything."""

    first: date
    last: date
    by: tuple[str, ...] = ()
    grid_level: str = "street"
    under: str = ""
    code: str = ""
    levels: tuple[str, ...] = ()
    weights: Path = EXAMPLE_WEIGHTS
    exclude: Path | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The finished table with everything a reader must know about it."""

    query: Query
    table: Table
    by: tuple[Dimension, ...]
    weights: Weights
    exclusions: tuple[Exclusion, ...]
    scope: str
    as_of: datetime
    reasons: Mapping[str, int]
    """Ground of dissatisfaction → how often it was given in the period."""


async def report(settings: Settings, query: Query, now: datetime | None = None) -> Report:
    """Add up the figures of the query. Raises GridbotError for what the user must correct."""
    weights, exclusions = files(query)
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            load = tx.people.load if "person" in query.by else tx.people.tree
            roster = await load(settings.roster.level_names)
            adding = Adding(settings, query, roster, weights, now or SystemClock().now())
            await adding.leave_out(tx, exclusions)
            await adding.run(tx)
    finally:
        await store.aclose()
    return Report(
        query, adding.table.finish(), adding.by, weights, exclusions, adding.scope, adding.as_of,
        adding.reasons,
    )  # fmt: skip


def files(query: Query) -> tuple[Weights, tuple[Exclusion, ...]]:
    """The weights and the 剔除 that the query names. Raises GridbotError."""
    try:
        return (
            load_weights(query.weights),
            read_exclusions(query.exclude) if query.exclude else (),
        )
    except (WeightProblems, ImportProblems) as error:
        raise GridbotError("\n".join(error.lines)) from error


class Adding:
    """One pass over the tickets of a period; `wanted` says which are in its scope."""

    def __init__(
        self, settings: Settings, query: Query, roster: Roster, weights: Weights, now: datetime
    ) -> None:
        zone = ZoneInfo(settings.calendar.timezone)
        known = taxonomy.load()
        self._query = query
        self.period = Period.of(_midnight(query.first, zone), _after(query.last, zone), now)
        self.as_of = min(_after(query.last, zone), now.astimezone(zone))
        found = dimensions(roster, known, zone, query.grid_level)
        self.by = tuple(found[key] for key in query.by)
        self._level = found["level"].split
        self._grids = _grids_under(roster, query.under)
        clock = self._clock = WorkClock(build_calendar(settings.calendar), known)
        period = self.period
        measure = Measure(clock, period.as_of, Rules(weights.partly), period.start, period.end)
        self.table = Table(
            self.period, clock, measure, [one.split for one in self.by],
            moving=any(one.moving for one in self.by),
        )  # fmt: skip
        self.reasons: dict[str, int] = {}
        self._counted: set[int] = set()
        self.scope = _scope(query, roster, found["category"], found["level"])

    async def leave_out(self, tx: Transaction, exclusions: Iterable[Exclusion]) -> None:
        """Take the 剔除 into account; none is taken when one of them may not be."""
        asked: dict[int, Exclusion] = {}
        for one in exclusions:
            number = await tx.facts.id_of(one.group, one.number)
            if not number:
                raise GridbotError(f"剔除名单里的 {one.group} #{one.number} 不存在")
            asked[number] = one
        facts = list(await tx.facts.known(sorted(asked), self.period.as_of))
        if lines := refusals(asked, facts, self._clock):
            raise GridbotError("\n".join(lines))
        self.table.excluded = frozenset(asked)

    async def run(self, tx: Transaction) -> None:
        ids = await tx.facts.relevant(self.period.start, self.period.end)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            step = progress.add_task("统计", total=len(ids))
            for place in range(0, len(ids), CHUNK):
                self._take(await tx.facts.known(ids[place : place + CHUNK], self.period.as_of))
                progress.advance(step, CHUNK)
        notes = await tx.facts.unhappy(self.period.start, self.period.as_of)
        own = (note for number, note in notes if number in self._counted)
        self.reasons = counted(own, unsaid=texts.NO_REASON)

    def _take(self, facts: Iterator[Fact]) -> None:
        for fact in facts:
            if fact.created and self.wanted(fact):
                self.table.take(fact)
                self._counted.add(fact.id)

    def holds(self, grid: str) -> bool:
        """Whether a grid lies in the scope."""
        return self._grids is None or grid in self._grids

    def wanted(self, fact: Fact) -> bool:
        """Whether a ticket lies in the scope."""
        query = self._query
        if not self.holds(fact.grid):
            return False
        if query.levels and self._level(fact, fact.created) not in query.levels:
            return False
        return fact.code.startswith(query.code)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone)


def _after(day: date, zone: ZoneInfo) -> datetime:
    return _midnight(day + timedelta(days=1), zone)


def _grids_under(roster: Roster, code: str) -> frozenset[str] | None:
    if not code:
        return None
    if roster.grid(code) is None:
        raise GridbotError(f"没有这个网格编码：{code}")
    return frozenset(grid.code for grid in roster.grids_under(code))


def _scope(query: Query, roster: Roster, categories: Dimension, levels: Dimension) -> str:
    """The denominators' scope in words, for the head of every table."""
    grid = roster.grid(query.under)
    parts = [grid.name if grid else "全部网格"]
    parts.append(categories.label(query.code) if query.code else "全部类别")
    parts.append("、".join(map(levels.label, query.levels)) or "全部层级")
    return "，".join(parts)
