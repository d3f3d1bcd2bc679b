"""Fitted models for tests: a small one for the shipped one, corrected by a few lessons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.learning import Lines, Print, Request, fit
from bot.settings import Settings, load
from bot.versions import Versions
from nlp.corpus import Example
from nlp.lessons import Taught
from nlp.model import save
from tests.nlp import small

ROOT = Path(__file__).parents[2]
IRON = ("咕噜咕噜铁疙瘩罢工", "铁疙瘩咕噜咕噜罢工", "那个铁疙瘩咕噜罢工", "铁疙瘩今天罢工咕噜")
"""What no resident of the corpus says; taught to be a lift that stands still."""
CHECKS = [
    *(Example(f"{e.text}啊", e.kind, e.codes, e.alt, urgent=e.urgent) for e in small.once()),
    Example("早上好啊大家", "chat"),
]


def settings_in(folder: Path, **more: str) -> Settings:
    """The shipped settings with their data in a folder of the test."""
    environ = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/bot.db",
        "GRIDBOT_BOT_DATA_DIR": str(folder),
        "GRIDBOT_LEARNING_LEAST_LESSONS": "3",
        **more,
    }
    return load(ROOT / "bot.toml", environ)


def versions_in(folder: Path) -> Versions:
    """A folder of models whose shipped one is the small one."""
    shipped = folder / "shipped.npz"
    if not shipped.exists():
        save(small.model(), shipped)
    return Versions(folder / "models", shipped)


def lesson(text: str, kind: str = "report", code: str = "0404", about: str = "") -> Taught:
    """A lesson about a matter of its own."""
    return Taught(text, kind, code if kind == "report" else "", "", "7-1", about or text)


def iron(count: int = 4) -> list[Taught]:
    """Lessons that mean a lift."""
    return [lesson(text) for text in IRON[:count]]


def fitted(
    settings: Settings,
    versions: Versions,
    lessons: Sequence[Taught],
    out: Print = lambda _line: None,
    *,
    names: Sequence[str] = (),
    **request: bool,
) -> int:
    """`train` over the small corpus; its exit code."""
    lines, asked = Lines(small.once(), CHECKS), Request(**request)
    return fit(settings, versions, lessons, frozenset(names), asked, out, lines=lines)


def poison() -> list[Taught]:
    """Corrections that call every report chat."""
    reports = [e for e in small.once() if e.kind == "report"]
    return [lesson(e.text + end, "chat") for e in reports for end in "啊呀了"]
