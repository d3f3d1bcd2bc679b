"""Where a message says something is: exact substrings, found by words, numbers and how they join.

The words live in place_words.py, normal forms in place_forms.py; nothing here decides what the
message is about."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

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
from nlp.spotter import signs_of

__all__ = ["find_places", "normalise_place"]

_OPENS = HEAD | SITE | THING | WHOSE | BEFORE | DEMO | NUMBER
_ENOUGH = HEAD | SITE | THING | NAMED | TAIL | NEAR | NUMBER
_STOP = (
    "的了是在我你他她它们这那哪谁啥么吗呢吧啊呀嘛就都也还又很太把被给让到从往去来过着要会能说问看想没不有走"
    "个条住请帮找靠沿咋怎于映跟与及向对为当每几站洒赶叫拉挖成半绕摔议堵停漏坏断掉倒扔摆占贴挡拦撞骑样"
)
_NAME = re.compile(rf"[^\W0-9A-Za-z_{_STOP}]{{1,6}}$")
_BREAK = re.compile(r"[\W的]")
_STRONG = lexicon().openings(_ENOUGH)
"""Without one of these no place is named: words like 我家 or 新 and letters like 上 alone name
none."""
_SHORTEST_NAME = 2
_LONGEST_NAME = 3
_ENTERED = "在到进去往从"


def find_places(
    text: str, words: Sequence[str] = (), signs: Set[str] | None = None
) -> tuple[Place, ...]:
    """The places named in a text, in its order; `words` are the group's own names of places;
    signs: the text's `signs_of`, if they are known already.

    Every place is an exact, maximal substring; places do not overlap."""
    pattern = own_pattern(tuple(words)) if words else None
    if pattern is None and _STRONG.isdisjoint(signs_of(text) if signs is None else signs):
        return ()
    found = lexicon().words(text) if pattern is None else _with_own(text, pattern)
    places: list[Place] = []
    end = 0
    for floor, run in _runs(text, found):
        if len(run) == 1 and not run[0].roles & _ENOUGH:
            continue
        span = _span(text, max(floor, end), run)
        if span:
            start, end = span
            places.append(Place(text[start:end], normalise_place(text[start:end]), start))
    return tuple(places)


def _with_own(text: str, pattern: re.Pattern[str]) -> list[Word]:
    """The words of a text; a group's own names hide whatever words they are made of."""
    own = [Word(m.start(), m.end(), HEAD) for m in pattern.finditer(text)]
    rest = lexicon().words(pattern.sub(lambda m: "\n" * len(m[0]), text)) if own else None
    return lexicon().words(text) if rest is None else sorted((*own, *rest))


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
    ending = _name_ending(text, run)
    name = _name_start(text, floor, run, ending) if ending >= 0 else None
    if name is None:
        ending = -1
        run = _opened(text, run)
        if not run:
            return None
    last = _closing(text, run, ending)
    start = run[0].start if name is None else name
    return (start, run[last].end) if last >= 0 else None


def _opened(text: str, run: list[Word]) -> list[Word]:
    """The run without leading words that cannot open a place: 上, 那个 before a noun, 我们 3栋."""
    first, size = 0, len(run)
    while first < size:
        start, _, roles = run[first]
        ahead = run[first + 1].roles if first + 1 < size else 0
        points = roles & DEMO and text[start] in "这那" and ahead & (HEAD | NUMBER | WHOSE)
        if roles & _OPENS and not (points or (roles & WHOSE and ahead & NUMBER)):
            break
        first += 1
    return run[first:]


def _closing(text: str, run: list[Word], last: int) -> int:
    """Index of the last word of the place, -1 if the run names none.

    `last`: index of the word that ends a proper name, -1 without one."""
    before = 0
    for i, word in enumerate(run):
        if i > last and _continues(before, word, sure=last >= 0, joined=last == i - 1):
            last = i
        before = word.roles
    if last < 0 and before & (SITE | THING) and _stands_alone(text, run):
        return len(run) - 1
    return last


def _continues(before: int, word: Word, *, sure: bool, joined: bool) -> bool:
    """Whether a word belongs to the place that the words before it began, or begins one.

    `sure`: there is a place already; `joined`: it ends right before this word."""
    roles = word.roles
    if roles & (HEAD | NUMBER) or (roles & (LINKED | NAMED) and sure and joined):
        return True
    if roles & (SITE | NAMED) and _is_site(before, word, sure=sure):
        return True
    return bool(roles & AFTER) and _holds(before, word, sure=sure, joined=joined)


def _is_site(before: int, word: Word, *, sure: bool) -> bool:
    wide = word.end - word.start > 1
    kinds = WHOSE | BEFORE | NUMBER | (HEAD | SITE if wide else 0) | (DEMO if wide or sure else 0)
    return bool(before & kinds)


def _holds(before: int, after: Word, *, sure: bool, joined: bool) -> bool:
    """Whether a word of position closes a place with the word before it."""
    if before & WHOSE:
        return after.end - after.start > 1
    return (sure and joined) or bool(before & (SITE | THING))


def _stands_alone(text: str, run: list[Word]) -> bool:
    """A noun that is a clause of its own, or is entered: "…，超市", "在工地"."""
    start, end = run[0].start, run[-1].end
    if end - start < _SHORTEST_NAME:
        return False
    left = text[start - 1] if start else "，"
    if left in _ENTERED and run[0].roles & SITE:
        return True
    whole = start == 0 and end == len(text)
    return not whole and not left.isalnum() and (end == len(text) or not text[end].isalnum())


def _name_ending(text: str, run: list[Word]) -> int:
    """Index of the word that may end a proper name (解放|路), -1 if the run has none."""
    ending = -1
    for i, word in enumerate(run):
        roles = word.roles
        if roles & (NAMED | TAIL) or (roles & NEAR and (not i or run[i - 1].roles & TAIL)):
            ending = i
        elif roles & (HEAD | NUMBER | WHOSE) or (
            roles & DEMO and (i or text[word.start] in "这那")
        ):
            break
    return ending


def _name_start(text: str, floor: int, run: list[Word], ending: int) -> int | None:
    """Where the proper name begins that the word at `ending` ends, None without one."""
    start, stop = run[0].start, run[ending].start
    title = text.rfind("关于", max(floor - 2, 0, stop - 9), start)
    if (
        title >= 0
        and run[ending].end - title > _LONGEST_NAME + 1
        and not _BREAK.search(text, title + 2, stop)
    ):
        return title + 2
    match = _NAME.search(text, max(floor, start - 6), start)
    name = match[0].lstrip("和") if match else ""
    have = stop - start
    if len(name) + have >= _LONGEST_NAME and len(name) > 1:
        name = _last_name(name, have)
    first = start - len(name)
    last = run[ending]
    short = stop - first < _SHORTEST_NAME
    numbered = ending + 1 < len(run) and run[ending + 1].roles & NUMBER
    single = last.end - stop == 1 and not numbered
    if short and (stop == first or last.roles & (HEAD | SITE) or single):
        return None
    if last.roles & (NAMED | NEAR) or ending + 1 < len(run):
        return first
    return first if first == 0 or not text[first - 1].isalnum() else None


def _last_name(name: str, have: int) -> str:
    """The part of a stretch of letters that is the name: its last word, at most three letters."""
    parts: list[str] = rjieba.cut(name)
    if len(name) + have == _LONGEST_NAME and len(parts[-1]) == 1:
        return name
    last = parts[-1]
    return parts[-2] + last if len(last) + have < _SHORTEST_NAME and len(parts) > 1 else last
