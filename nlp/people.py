"""Where a text names a person: 王建国, 李阿姨, 小张; found sparingly, ordinary words are let be.

What is done about it - masking - is decided outside nlp/."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rjieba

from nlp.segment import cut

LEXICON = Path(__file__).parent / "lexicon" / "people.toml"
Span = tuple[int, int]
_PLACE_FOLLOWS = re.compile(
    r"小区|社区|新?村|路|街|巷|桥|庄|府|苑|家园|大厦|广场|公园|山|河|学校|中学|小学"
)
_STANDS = re.compile(r"[\s,，。;；!！?？、:：（(\[]|1[3-9]\d|$")
_LONGEST = 3
_LONGEST_WORD = 5


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of people.toml as they are asked."""

    sure: frozenset[str]
    given: frozenset[str]
    single: frozenset[str]
    surnames: frozenset[str]
    ordinary: frozenset[str]
    titled: re.Pattern[str]
    familiar: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    between: re.Pattern[str]


@cache
def _words() -> _Words:
    lists = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
    sure, doubtful = ("".join(lists[name].split()) for name in ("surnames", "doubtful"))
    given = "".join(lists["given"].split())
    titles, short = (_either(lists[name]) for name in ("titles", "short_titles"))
    before, after = _either(lists["before"]), rf"(?:{_either(lists['after'])})|{_STANDS.pattern}"
    of_title = "".join(sorted({*sure, *doubtful} - {*lists["not_before_titles"]}))
    return _Words(
        sure=frozenset(sure), given=frozenset(given),
        single=frozenset("".join(lists["single"].split())),
        surnames=frozenset(sure + doubtful), ordinary=frozenset(lists["ordinary"].split()),
        titled=re.compile(
            rf"(?:[小老阿]?(?P<a>[{of_title}])|(?P<b>[{of_title}])[{given}]{{1,2}})(?:{titles})"
            rf"|[小老阿]?(?P<c>[{sure}])(?:{short})(?![姐哥叔姨伯妹弟作程些日天时个地处种人户楼位计数是庙宫])"
        ),
        familiar=re.compile(rf"[小老](?P<a>[{sure}])"),
        before=re.compile(rf"(?:{before}|^|[\s,，。;；、:：“（(])$"),
        after=re.compile(after),
        between=re.compile(
            rf"(?:{before})[:：]?(?P<n>[{sure}{doubtful}][{given}]{{2}})(?={after})"
        ),
    )  # fmt: skip


def _either(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


def find_people(text: str, known: Iterable[str] = ()) -> tuple[Span, ...]:
    """The spans [start, end) of people's names in the text, in order, apart from each other.

    known: names that somebody here has; they are found without a title or a word of contact, one
    of two letters only where it is cut as a word of its own."""
    if not any(letter in text for letter in _words().surnames) and not any(
        name in text for name in known
    ):
        return ()
    starts = _starts(text)
    found = {*_known(text, known, starts), *_titled(text, starts), *_full(text)}
    found.update(_between(text, starts))
    return _apart(found)


def _starts(text: str) -> list[int]:
    """Where the words of the text begin, and its end."""
    at, starts = 0, [0]
    for word in cut(text):
        at += len(word)
        starts.append(at)
    return starts


def _at_word(starts: list[int], place: int) -> bool:
    found = bisect_left(starts, place)
    return found < len(starts) and starts[found] == place


def _known(text: str, known: Iterable[str], starts: list[int]) -> Iterator[Span]:
    for name in known:
        if len(name) < 2:  # noqa: PLR2004 - a single letter is nobody's name
            continue
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            whole = _at_word(starts, start) and _at_word(starts, end)
            if end - start >= _LONGEST or (whole and _clear(text, start, end)):
                yield start, end


def _clear(text: str, start: int, end: int) -> bool:
    """Whether a word that may be an ordinary one stands where a person does."""
    words, name = _words(), text[start:end]
    ((first, tag), *_) = rjieba.tag(name)
    if name not in words.ordinary and (first != name or tag.startswith("nr")):
        return True
    ahead = words.before.search(text, max(0, start - _LONGEST_WORD), start)
    return bool(ahead and ahead[0]) and words.after.match(text, end) is not None


def _titled(text: str, starts: list[int]) -> Iterator[Span]:
    """王师傅, 李秀兰阿姨, 小张, 老周: the surname begins a word or is one."""
    words = _words()
    for match in words.titled.finditer(text):
        surname = next(match.start(n) for n in "abc" if match[n])
        if _at_word(starts, surname):
            yield match.span()
    for match in words.familiar.finditer(text):
        alone = _at_word(starts, match.start()) and _at_word(starts, match.end())
        if alone and not _PLACE_FOLLOWS.match(text, match.end()):
            yield match.span()


def _full(text: str) -> Iterator[Span]:
    """Surname and given name, where the words around them say that somebody is meant."""
    at = 0
    for word, tag in rjieba.tag(text):
        start, at = at, at + len(word)
        name = word[:-1] if word.endswith("家") else word
        if tag.startswith("nr") and _is_name(name):
            end = start + len(name)
            if _meant(text, start, end) and not _PLACE_FOLLOWS.match(text, end):
                yield start, end


def _between(text: str, starts: list[int]) -> Iterator[Span]:
    """A name of three letters that the dictionary cuts up, right after a word of contact."""
    for match in _words().between.finditer(text):
        if _at_word(starts, match.start("n")):
            yield match.span("n")


def _is_name(name: str) -> bool:
    words = _words()
    rest, wanted = name[1:], words.single if len(name) == 2 else words.given  # noqa: PLR2004
    fits = len(name) in (2, _LONGEST) and name[0] in words.surnames
    return fits and wanted.issuperset(rest) and name not in words.ordinary


def _meant(text: str, start: int, end: int) -> bool:
    words = _words()
    ahead = words.before.search(text, max(0, start - _LONGEST_WORD), start)
    behind = words.after.match(text, end)
    if end - start == _LONGEST and text[start] in words.sure:
        return bool((ahead and ahead[0]) or behind)
    return ahead is not None and behind is not None


def _apart(found: Collection[Span]) -> tuple[Span, ...]:
    """The spans without those that begin inside a longer one."""
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)
