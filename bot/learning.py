"""Fitting on site: the stored lessons become a new model, which the gate lets in or refuses.

Run in a process of its own; a running bot notices the manifest's change (reader.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.settings import Settings
from bot.versions import SHIPPED, Manifest, Version, Versions
from nlp import corpus, gate, train
from nlp import model as models
from nlp.adapt import Adapted, adapt
from nlp.classify import LinearClassifier
from nlp.corpus import Example
from nlp.gate import Figures, Finding
from nlp.lessons import Taught, weighed
from routing.lessons import Lesson, speakable
from storage import migrate
from storage.store import Store

Print = Callable[[str], None]
Tell = Callable[[float], None]

DONE, REFUSED = 0, 3
"""Exit codes of `train`: all is well, whether or not something is new; the gate refused."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What is fitted and measured beside the lessons."""

    corpus: Sequence[Example]
    checks: Sequence[Example]

    @classmethod
    def shipped(cls) -> Lines:
        """The lines that come with the program."""
        return cls(corpus.shipped(), corpus.checks())


@dataclass(frozen=True, slots=True)
class Request:
    """How `train` was called. nightly: rest while a person has gone back to an earlier model, and
    where nothing is new since the last try."""

    dry_run: bool = False
    nightly: bool = False


async def lessons_of(settings: Settings) -> tuple[list[Taught], frozenset[str]]:
    """The stored lessons as the fitting takes them, and the names that no model may learn."""
    await migrate.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            found, parts = await tx.lessons.all(), await tx.people.parts()
    finally:
        await store.aclose()
    return [_taught(one) for one in found], frozenset(person.name for person in parts.people)


def _taught(one: Lesson) -> Taught:
    about = str(one.ticket_id) if one.ticket_id else one.source
    return Taught(one.text, one.kind, one.code, one.nature, one.grid, about)


def fit(
    settings: Settings,
    versions: Versions,
    lessons: Sequence[Taught],
    names: frozenset[str],
    request: Request,
    out: Print,
    *,
    tell: Tell = lambda _share: None,
    lines: Lines | None = None,
) -> int:
    """Fit, judge and, unless refused, put into use; the exit code. Raises Training, OSError."""
    with versions.lock():
        manifest = versions.read()
        count = len(weighed(lessons))
        if count < settings.learning.least_lessons:
            return _too_few(versions, manifest, count, settings, request, out)
        lines = lines or Lines.shipped()
        taught = _hash(lessons, versions.base(), lines.corpus)
        if request.nightly and (manifest.held or manifest.tried == taught):
            out("没有新的更正，或者已由人工退回旧模型；今晚不学。")
            return DONE
        return _Fitting(versions, manifest, lines, taught, request, out).run(
            settings, lessons, names, tell
        )


def _too_few(
    versions: Versions,
    manifest: Manifest,
    count: int,
    settings: Settings,
    request: Request,
    out: Print,
) -> int:
    """Too little to learn from; what was learned from lessons that are gone is given up."""
    least = settings.learning.least_lessons
    out(f"可学的更正有{count}句，少于 least_lessons = {least}，先不学。")
    if manifest.in_use and not request.dry_run:
        versions.write(Manifest(versions=()))
        out("以前学会的更正已经过期删除，改用随程序带来的模型。")
    return DONE


def _hash(lessons: Sequence[Taught], base: str, lines: Sequence[Example]) -> str:
    rows = sorted("\t".join(one) for one in lessons)
    whole = "\n".join([base, train.digest(lines), *rows])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """One run of `train` with everything it needs at hand."""

    versions: Versions
    manifest: Manifest
    lines: Lines
    taught: str
    request: Request
    out: Print

    def run(
        self, settings: Settings, lessons: Sequence[Taught], names: frozenset[str], tell: Tell
    ) -> int:
        now = SystemClock().now().astimezone(ZoneInfo(settings.calendar.timezone))
        adapted = adapt(
            models.load(self.versions.shipped),
            self.lines.corpus,
            lessons,
            speakable=lambda word: speakable(word, names),
            tell=tell,
        )
        path = self.versions.save(adapted.model)
        try:
            old = gate.figures(self.versions.load()[1], self.lines.checks)
            new = gate.figures(LinearClassifier.load(path), self.lines.checks)
            return self._decide(now, adapted, gate.compare(old, new), new)
        finally:
            path.unlink(missing_ok=True)

    def _decide(
        self,
        now: datetime,
        adapted: Adapted,
        findings: Sequence[Finding],
        figures: Figures,
    ) -> int:
        out = self.out
        out(f"学了{adapted.lessons}句更正，语料{len(self.lines.corpus)}句。")
        if adapted.words:
            out(f"新认得的词：{'、'.join(adapted.words)}")
        for row in table(findings):
            out(row)
        if not gate.passed(findings):
            out("新模型有指标变差，不采用；继续用现在的模型。")
            if not self.request.dry_run:
                self._note_try()
            return REFUSED
        if self.request.dry_run:
            out("只是试算，没有换模型。")
            return DONE
        name = self.versions.free_name(self.manifest, now)
        self.versions.add(self.manifest, self._version(name, now, adapted, figures))
        out(f"已采用新模型 {name}；正在运行的小格会自己换上，不用重启。")
        return DONE

    def _note_try(self) -> None:
        kept = self.manifest
        self.versions.write(Manifest(kept.in_use, kept.held, self.taught, kept.versions))

    def _version(self, name: str, now: datetime, adapted: Adapted, figures: Figures) -> Version:
        return Version(
            name=name, at=now.isoformat(timespec="seconds"), base=self.versions.base(),
            corpus=train.digest(self.lines.corpus), lines=len(self.lines.corpus),
            taught=self.taught, lessons=adapted.lessons, words=adapted.words,
            figures={name: (count.hits, count.total) for name, count in figures.items()},
        )  # fmt: skip


def table(findings: Sequence[Finding]) -> list[str]:
    """The figures of both models as aligned lines."""
    rows = ["指标              现在用的          新学的"]
    for one in findings:
        old, new = (f"{c.hits}/{c.total} {c.share:.1%}" for c in (one.old, one.new))
        mark = "  ✗ 变差" if one.worse else ""
        rows.append(f"{one.measure.label}      {old:<16}  {new}{mark}")
    return rows


def roll_back(versions: Versions, out: Print) -> int:
    """Use the version before; the nightly fit rests until `train` is run by hand."""
    with versions.lock():
        manifest = versions.read()
        if manifest.in_use == SHIPPED:
            out("现在用的就是随程序带来的模型，没有可以退回的。")
            return DONE
        fresh = versions.roll_back(manifest)
    out(f"已退回：{fresh.in_use or '随程序带来的模型'}。夜间学习暂停，手工运行 train 后恢复。")
    return DONE


def listed(versions: Versions, out: Print) -> int:
    """Every kept version, the one in use marked."""
    manifest = versions.read()
    base = versions.base()
    out(f"{_mark(not manifest.in_use)} 随程序带来的模型 {base}")
    for one in manifest.versions:
        aside = "" if one.base == base else "（基于旧版程序，搁置）"
        kinds = gate.Count(*one.figures.get("kind", (0, 0)))
        out(
            f"{_mark(one.name == manifest.in_use)} {one.name}  更正{one.lessons}句"
            f"  种类判断正确 {kinds.share:.1%}{aside}"
        )
    if manifest.held:
        out("夜间学习已暂停（有人退回过旧模型），手工运行 train 后恢复。")
    return DONE


def _mark(yes: bool) -> str:
    return "→" if yes else " "
