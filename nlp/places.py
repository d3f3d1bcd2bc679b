"""Where a message says something is: exact substrings, found by words, numbers and how they join.

The words live in place_words.py, normal forms in place_forms.py; nothing here decides what the
message is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from nlp.place_forms import normalise_place
from nlp.place_words import (
    AFTER,
    BEFORE,
    DEMO,
    HEAD,
    LINKED,
    NAMED,
    NEAR,
    NUMBER,
    SITE,
    TAIL,
    THING,
    WHOSE,
    Word,
    lexicon,
    own_pattern,
)
from nlp.reading import Place

__all__ = ["find_places", "normalise_place"]

_OPENS = HEAD | SITE | THING | WHOSE | BEFORE | DEMO | NUMBER
_STOP = (
    "的了是在我你他她它们这那哪谁啥么吗呢吧啊呀嘛就都也还又很太把被给让到从往去来过着要会能说问看想没不有走"
    "个条住请帮找靠沿咋怎于映和跟与及向对为当每几站洒赶叫拉挖成半绕摔议堵停漏坏断掉倒扔摆占贴挡拦撞骑样"
)
_NAME = re.compile(rf"[^\W0-9A-Za-z_{_STOP}]{{1,6}}$")
_LONGEST_NAME = 3
_ENTERED = "在到进去往从"


def find_places(text: str, words: Sequence[str] = ()) -> tuple[Place, ...]:
    """The places named in a text, in its order; `words` are the group's own names of places.

    Every place is an exact, maximal substring; places do not overlap."""
    found = lexicon().words(text)
    if words:
        found = _with_own(text, found, tuple(words))
    places: list[Place] = []
    end = 0
    for floor, run in _runs(text, found):
        span = _span(text, max(floor, end), run)
        if span:
            start, end = span
            places.append(Place(text[start:end], normalise_place(text[start:end]), start))
    return tuple(places)


def _with_own(text: str, found: list[Word], words: tuple[str, ...]) -> list[Word]:
    pattern = own_pattern(words)
    own = [Word(m.start(), m.end(), HEAD) for m in pattern.finditer(text)] if pattern else []
    if not own:
        return found
    rest = (w for w in found if all(w.end <= o.start or w.start >= o.end for o in own))
    return sorted((*own, *rest))


def _runs(text: str, found: list[Word]) -> list[tuple[int, list[Word]]]:
    """Words that stand side by side, each run with where a name before it may begin.

    A 的 or a blank between two words does not part them."""
    runs: list[tuple[int, list[Word]]] = []
    end, floor = -2, 0
    for word in found:
        start, stop, roles = word
        if not roles:
            end, floor = -2, stop
            continue
        gap = start - end
        if gap == 0 or (gap == 1 and text[end] in "的 " and roles & (HEAD | NUMBER)):
            runs[-1][1].append(word)
        else:
            runs.append((floor, [word]))
        end = stop
        if stop - start > 1 or roles & (HEAD | WHOSE):
            floor = stop
    return runs


def _span(text: str, floor: int, run: list[Word]) -> tuple[int, int] | None:
    name = _name_start(text, floor, run)
    if name is None:
        run = _opened(run)
        if not run:
            return None
    last = _closing(text, run, named=name is not None)
    start = run[0].start if name is None else name
    return (start, run[last].end) if last >= 0 else None


def _opened(run: list[Word]) -> list[Word]:
    """The run without leading words that cannot open a place: 上, 那个 before a noun, 我们 3栋."""
    first, size = 0, len(run)
    while first < size:
        roles = run[first].roles
        ahead = run[first + 1].roles if first + 1 < size else 0
        if roles & _OPENS and not (
            (roles & WHOSE and ahead & NUMBER) or (roles & DEMO and ahead & (HEAD | NUMBER | WHOSE))
        ):
            break
        first += 1
    return run[first:]


def _closing(text: str, run: list[Word], *, named: bool) -> int:
    """Index of the last word of the place, -1 if the run names none."""
    last = -1
    before = 0
    for i, word in enumerate(run):
        roles = word.roles
        sure = last >= 0
        if (
            (named and roles & (NAMED | TAIL | NEAR))
            or roles & (HEAD | NUMBER)
            or (roles & SITE and _is_site(before, word))
            or (roles & LINKED and sure)
            or (roles & AFTER and _holds(before, word, sure=sure and last == i - 1))
        ):
            last = i
            named = named and not roles & (NAMED | NEAR)
        before = roles
    if last < 0 and before & (SITE | THING) and _stands_alone(text, run):
        return len(run) - 1
    return last


def _is_site(before: int, word: Word) -> bool:
    wide = word.end - word.start > 1
    return bool(before & (WHOSE | BEFORE | NUMBER | (HEAD | DEMO if wide else 0)))


def _holds(before: int, after: Word, *, sure: bool) -> bool:
    """Whether a word of position closes a place with the word before it."""
    if before & WHOSE:
        return after.end - after.start > 1
    return sure or bool(before & (SITE | THING))


def _stands_alone(text: str, run: list[Word]) -> bool:
    """A noun that is a clause of its own, or is entered: "…，超市", "在工地"."""
    start, end = run[0].start, run[-1].end
    if end - start < 2:
        return False
    left = text[start - 1] if start else "，"
    if left in _ENTERED and run[0].roles & SITE:
        return True
    whole = start == 0 and end == len(text)
    return not whole and not left.isalnum() and (end == len(text) or not text[end].isalnum())


def _name_start(text: str, floor: int, run: list[Word]) -> int | None:
    """Where the proper name begins that a word of the run ends (解放|路), None without one."""
    ending = _name_ending(run)
    if ending < 0:
        return None
    start = run[0].start
    have = run[ending].start - start
    match = _NAME.search(text, max(floor, start - 6), start)
    name = match[0] if match else ""
    if len(name) + have >= _LONGEST_NAME and len(name) > 1:
        name = _last_name(name, have)
    return start - len(name) if have + len(name) > 1 else None


def _name_ending(run: list[Word]) -> int:
    """Index of the word that may end a proper name, -1 if the run has none."""
    ending = -1
    size = len(run)
    for i, word in enumerate(run):
        roles = word.roles
        if roles & NAMED or (roles & TAIL and i + 1 < size) or (roles & NEAR and not i):
            ending = i
        elif roles & (HEAD | NUMBER | WHOSE | DEMO):
            break
    return ending


def _last_name(name: str, have: int) -> str:
    """The part of a stretch of letters that is the name: its last word, at most three letters."""
    parts: list[str] = rjieba.cut(name)
    if len(name) + have == _LONGEST_NAME and len(parts[-1]) == 1:
        return name
    last = parts[-1]
    return parts[-2] + last if len(last) + have < 2 and len(parts) > 1 else last
