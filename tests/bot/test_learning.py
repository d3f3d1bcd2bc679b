"""`train`: fits, shows both figures, lets in or refuses, rests when it should, forgets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import learning
from bot.learning import REFUSED
from bot.settings import Settings
from bot.versions import SHIPPED, Manifest, Training, Versions
from tests.bot.models import IRON, fitted, iron, lesson, poison, settings_in, versions_in
from tests.nlp import small


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return versions_in(tmp_path)


def means(versions: Versions, text: str) -> tuple[str, tuple[str, ...]]:
    reading = versions.load()[1].read(text)
    return reading.kind, reading.codes


def test_lessons_change_how_the_next_sentence_is_read(
    settings: Settings, versions: Versions
) -> None:
    printed: list[str] = []
    assert means(versions, IRON[3]) != ("report", ("0404",))
    assert fitted(settings, versions, iron(3), printed.append) == 0
    assert means(versions, IRON[3]) == ("report", ("0404",))
    (one,) = versions.read().versions
    assert (one.lessons, one.lines) == (3, len(small.once()))
    assert set(one.figures) == {"kind", "reports", "false_tickets", "codes", "urgent"}
    text = "\n".join(printed)
    for word in ("学了3句更正", "现在用的", "新学的", "紧急没有漏掉", "已采用新模型"):
        assert word in text


def test_too_few_lessons_teach_nothing(settings: Settings, versions: Versions) -> None:
    printed: list[str] = []
    assert fitted(settings, versions, iron(2), printed.append) == 0
    assert versions.read() == Manifest()
    assert "2句" in printed[0]
    twice = [lesson(IRON[0]), lesson(IRON[0], about="other"), lesson(IRON[1])]
    assert fitted(settings, versions, twice) == 0
    assert versions.read() == Manifest()


def test_a_trial_changes_nothing(settings: Settings, versions: Versions) -> None:
    assert fitted(settings, versions, iron(), dry_run=True) == 0
    assert versions.read() == Manifest()
    assert not list(versions.folder.glob("*.npz"))


@pytest.mark.parametrize("dry_run", [False, True])
def test_poisoned_corrections_are_refused(
    settings: Settings, versions: Versions, dry_run: bool
) -> None:
    assert fitted(settings, versions, iron()) == 0
    before = versions.read()
    printed: list[str] = []
    assert (
        fitted(settings, versions, [*iron(), *poison()], printed.append, dry_run=dry_run) == REFUSED
    )
    after = versions.read()
    assert (after.in_use, after.versions) == (before.in_use, before.versions)
    assert (after.tried == before.tried) is dry_run
    assert [path.stem for path in versions.folder.glob("*.npz")] == [before.in_use]
    assert any("✗ 变差" in line for line in printed)
    assert "不采用" in printed[-1]


def test_back_to_the_earlier_model(settings: Settings, versions: Versions) -> None:
    assert fitted(settings, versions, iron()) == 0
    printed: list[str] = []
    assert learning.roll_back(versions, printed.append) == 0
    assert means(versions, IRON[3]) != ("report", ("0404",))
    assert "随程序带来的模型" in printed[0]
    assert learning.roll_back(versions, printed.append) == 0
    assert "没有可以退回的" in printed[1]


def test_the_night_rests_where_nothing_is_new(settings: Settings, versions: Versions) -> None:
    printed: list[str] = []
    assert fitted(settings, versions, iron(), nightly=True) == 0
    first = versions.read()
    assert fitted(settings, versions, iron(), printed.append, nightly=True) == 0
    assert versions.read() == first
    assert "今晚不学" in printed[0]
    assert fitted(settings, versions, [*iron(), lesson("咕噜铁疙瘩罢工又罢工")], nightly=True) == 0
    assert len(versions.read().versions) == 2


def test_the_night_rests_after_a_person_went_back(settings: Settings, versions: Versions) -> None:
    assert fitted(settings, versions, iron()) == 0
    learning.roll_back(versions, print)
    more = [*iron(), lesson("咕噜铁疙瘩罢工又罢工")]
    assert fitted(settings, versions, more, nightly=True) == 0
    assert versions.read().in_use == SHIPPED
    assert fitted(settings, versions, more) == 0
    assert versions.read().in_use != SHIPPED
    assert not versions.read().held


def test_the_same_refusal_is_not_repeated_every_night(
    settings: Settings, versions: Versions
) -> None:
    assert fitted(settings, versions, poison(), nightly=True) == REFUSED
    assert fitted(settings, versions, poison(), nightly=True) == 0
    assert fitted(settings, versions, poison()) == REFUSED


def test_lessons_that_are_gone_are_forgotten(settings: Settings, versions: Versions) -> None:
    assert fitted(settings, versions, iron()) == 0
    assert fitted(settings, versions, iron(1), nightly=True) == 0
    assert versions.read() == Manifest()
    assert not list(versions.folder.glob("*.npz"))


def test_every_fit_starts_from_the_shipped_model(settings: Settings, versions: Versions) -> None:
    assert fitted(settings, versions, iron()) == 0
    others = [lesson(text, "chat") for text in ("叽里呱啦", "叽里呱啦呀呀", "呱啦呱啦叽里")]
    assert fitted(settings, versions, others) == 0
    (versions.folder / "fresh").mkdir()
    two = versions_in(versions.folder / "fresh")
    assert fitted(settings, two, others) == 0
    assert versions.load()[1].read(IRON[3]) == two.load()[1].read(IRON[3])


def test_nobodys_name_is_learned(settings: Settings, versions: Versions) -> None:
    texts = ("孙悟空咕噜罢工啦", "咕噜孙悟空今天罢工", "孙悟空说咕噜要罢工")
    assert fitted(settings, versions, [lesson(text) for text in texts], names=["孙悟空"]) == 0
    (one,) = versions.read().versions
    assert "孙悟空" not in one.words
    assert "孙悟空" not in versions.load()[1]._model.vocabularies["words"]


def test_two_fits_at_once_are_refused(settings: Settings, versions: Versions) -> None:
    with versions.lock(), pytest.raises(Training):
        fitted(settings, versions, iron())
    with versions.lock(), pytest.raises(Training):
        learning.roll_back(versions, print)


def test_the_list_marks_what_is_in_use(settings: Settings, versions: Versions) -> None:
    printed: list[str] = []
    fitted(settings, versions, iron())
    learning.listed(versions, printed.append)
    assert [line[0] for line in printed] == [" ", "→"]
    assert "更正4句" in printed[1]
    learning.roll_back(versions, lambda _line: None)
    printed.clear()
    learning.listed(versions, printed.append)
    assert [line[0] for line in printed[:2]] == ["→", " "]
    assert "暂停" in printed[2]


async def test_stored_lessons_are_read_with_the_names_to_keep_out(settings: Settings) -> None:
    lessons, names = await learning.lessons_of(settings)
    assert (lessons, names) == ([], frozenset())
