"""What a bot needs before it can open: its house, its folder, the sample district.

Started and stopped it is in app.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.calendars import build_calendar
from bot.errors import SettingsError
from bot.house import House
from bot.ports import Classifier
from bot.settings import Settings
from nlp import taxonomy
from nlp.reading import Reading
from routing.roster import Roster
from routing.rules import Rule, RuleProblems, load_rules
from routing.workbook import ImportProblems, read_folder
from storage.ids import Ids
from storage.store import Transaction


def build_house(settings: Settings, roster: Roster, classifier: Classifier) -> House:
    """The unchanging surroundings of a desk. Raises SettingsError for a wrong rules file."""
    known = taxonomy.load()

    def read(text: str, words: Sequence[str] = ()) -> Reading:
        return classifier.read(text, words)

    return House(
        settings=settings,
        taxonomy=known,
        roster=roster,
        calendar=build_calendar(settings.calendar),
        rules=_rules(settings),
        new_id=Ids().new,
        capabilities={},
        read=read,
    )


def _rules(settings: Settings) -> tuple[Rule, ...]:
    if not settings.bot.rules:
        return ()
    try:
        return load_rules(Path(settings.bot.rules), taxonomy.load())
    except RuleProblems as error:
        raise SettingsError([f"[bot.rules] {line}" for line in error.lines]) from error
    except OSError as error:
        line = (
            f"[bot.rules] 打不开派单规则文件 {settings.bot.rules}（{error.strerror}），"
            '请写对路径；没有本地规则就写 rules = ""'
        )
        raise SettingsError([line]) from error


def prepare_folder(url: str) -> None:
    """The folder of an embedded database, private to this user."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


async def first_start(tx: Transaction, settings: Settings) -> None:
    """Load the sample district into an empty database."""
    if settings.bot.district and await tx.people.version() == 0:
        try:
            levels = settings.roster.level_names
            await tx.people.replace(read_folder(Path(settings.bot.district), levels=levels))
        except ImportProblems as error:
            raise SettingsError([f"[bot.district] {error}"]) from error
