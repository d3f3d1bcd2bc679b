"""The words and numbers places are made of, found in one pass, each with what it can be.

How they join into places is decided in places.py."""

from __future__ import annotations

import re
import string
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from nlp.spotter import starts_of

LEXICON = Path(__file__).parent / "lexicon" / "places.toml"

HEAD, SITE, THING, NAMED, TAIL, AFTER, WHOSE, BEFORE, DEMO, NUMBER, LINKED, NEAR = (
    1 << i for i in range(12)
)
"""What a word can be in a place; the lists of the lexicon say what each means.

NUMBER: an address of its own; LINKED: a number that says where only beside another word."""

_ROLES = {
    "head": HEAD,
    "site": SITE,
    "thing": THING,
    "named": NAMED,
    "tail": TAIL,
    "after": AFTER,
    "near": AFTER | NEAR,
    "whose": WHOSE,
    "before": BEFORE,
    "demo": DEMO,
}

_N = r"(?:[0-9]{1,3}|(?<![一二三四五六七八九十几])[一二三四五六七八九十]{1,3})"
_FREE = r"(?<![0-9A-Za-z])"
_ALONE = r"(?<![0-9A-Za-z#＃.:：*￥¥\-－—第])"
_DASH = r"[\-－—]"
_HOUSE = (
    rf"(?:[A-Za-z][0-9]{{0,2}}|{_N}[A-Za-z]?) ?"
    r"(?:号楼栋?|栋楼?|幢楼?|[#＃]楼?|座楼?|咚|号院|号门(?!票)|号棚|号梯|号地块|号车库|号车位|号房|号桩)"
)
_TO = r"(?:(?:号楼?|[楼层栋幢])?[\-－—~～至到和跟]|(?:号楼?|[楼层栋幢])、)"
_ROOM = r"(?!1(?:1[0-9]|2[02])(?![0-9]))(?:[1-9][0-9]?(?:0[1-9]|1[0-9])(?:[室房]|号房)?)"
_SPOKEN_ROOM = r"[一二三四五六七八九十]{1,2}零[一二三四五六七八九](?!年)"
_NOT_LAYER = r"(?![楼灰油泥土水膜皮白黑厚薄雪纸塑布保意关的霜冰])"
_MEASURES = (
    "元块毛分角天年月日个人户名米平度斤克升吨公里万千百页条次路件岁点份箱瓶盒包张辆台只双套位票号倍级型"
    "式线胶寸秒多"
)
_NOT_ROOM = rf"(?![0-9A-Za-z.*\-－—%％]|[:：][0-9]| ?[{_MEASURES}])"
_NUMBERS = (
    rf"{_ALONE}[A-Z]?[0-9]{{1,2}}{_DASH}[0-9]{{1,2}}{_DASH}{_ROOM}(?![0-9])",
    rf"{_ALONE}[A-Z]?[0-9]{{1,2}}{_DASH}(?:{_ROOM}(?![0-9])|[0-9]单元)",
    rf"{_FREE}{_N}{_TO}{_N}(?:号楼|[楼层栋幢]|单元)(?!楼|以)",
    rf"{_FREE}{_HOUSE}(?:{_N}单[元圆])?(?:{_ROOM}(?![0-9]))?",
    rf"{_FREE}(?:{_N} ?|[A-Z甲乙丙丁])单[元圆](?:{_ROOM}(?![0-9]))?",
    rf"{_FREE}(?:{_N}|[A-Z])(?:门洞|号窗口?|洞(?!洞))",
    rf"{_FREE}[0-9]{{1,3}}弄(?:[0-9]{{1,3}}号)?",
    r"负[一二三123](?:[层楼])?(?![0-9个])|(?<![0-9A-Za-z])[Bb][123]层?(?![0-9A-Za-z])",
    rf"{_FREE}{_N}楼(?![盘主市价花兰])",
    rf"(?<![几共盖爬厚了有]){_FREE}(?!一层(?![楼走过电大公西东南北])){_N}层{_NOT_LAYER}",
    rf"{_ALONE}{_ROOM}{_NOT_ROOM}|{_SPOKEN_ROOM}",
    r"(?<![分第])[一二三四五六1-6]期(?![工款分付限待间望中末])",
    rf"{_FREE}[A-Z]区(?:[0-9]{{1,3}}号)?",
    rf"{_FREE}(?<!第){_N}[组社队](?![照织合数长人词])",
    r"[二三四五六七八九十]排(?=[平房楼那东西]|$)",
    r"[一二三四五六七八九]{1,2}[中小](?=[门旁后前操周校路食附东西南北对围])",
    r"[二三四五六]环(?:路|线)?",
)
_NUMBERED_SITES = (
    r"[东南西北][一二三四]排",
    r"[东南西北]环(?:路|线)?",
    r"(?:市|区|县|镇|实验)[一二三四五六七八九]{1,2}[中小](?=[门旁后前操周校路食附东西南北对围])",
    r"地下[一二三123](?:[层楼])?(?![0-9个])",
    r"地铁站?[A-Z][0-9]?口|地铁口[A-Z]",
)
_NUMERALS = "一二三四五六七八九十甲乙丙丁"
_DIGITS = f"{string.digits}{string.ascii_letters}{_NUMERALS}负"
_SITE_STARTS = "东南西北市区县镇实地"
_UNITS = "零号栋幢#座咚楼层单组社队区期洞弄排中小环门至到"
_SOON = rf"(?=[0-9A-Za-z负]|[{_NUMERALS}]{{1,3}} ?[{_UNITS}])"
_LINKED = (rf"{_FREE}{_N}号(?![线楼晚早上下中])", rf"{_N}门")


class Word(NamedTuple):
    """A word of a text, with its place in it and everything it can be."""

    start: int
    end: int
    roles: int


class Lexicon:
    """The roles of the words, and how to find every word and number of a text in one pass."""

    def __init__(self, lists: dict[str, str]) -> None:
        self.roles: dict[str, int] = {}
        for name, role in _ROLES.items():
            for word in lists[name].split():
                self.roles[word] = self.roles.get(word, 0) | role
        self.roles.update(dict.fromkeys(lists["never"].split(), 0))
        sizes: dict[str, set[int]] = {}
        for word in self.roles:
            sizes.setdefault(word[:2], set()).add(len(word))
            if word[0] in self.roles:
                sizes[word[:2]].add(1)
        self._sizes = {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}
        numbers = re.compile(f"{_SOON}(?:({'|'.join(_NUMBERS)})|{'|'.join(_LINKED)})").match
        others = re.compile(f"({'|'.join(_NUMBERED_SITES)})").match
        self._numbers = dict.fromkeys(_DIGITS, numbers) | dict.fromkeys(_SITE_STARTS, others)
        self._starts = {*self._numbers, *(word[0] for word in self.roles)}

    def openings(self, enough: int) -> frozenset[str]:
        """The letter or the two letters that a number begins with, or a word that has a role of
        `enough`, or one of position that is more than a letter."""
        words = {
            word[:2]
            for word, roles in self.roles.items()
            if roles & enough or (roles & AFTER and len(word) > 1)
        }
        sites = map(starts_of, _NUMBERED_SITES)
        numbers = {a + b for a in _NUMERALS for b in f"{_NUMERALS}{_UNITS} "}
        return frozenset(words).union(numbers, string.digits, string.ascii_letters, "负", *sites)

    def words(self, text: str) -> list[Word]:
        """The words of a text in its order, the longest at each letter.

        Those that only look like a place have no role."""
        starts, numbers, sizes, roles = self._starts, self._numbers, self._sizes, self.roles
        found: list[Word] = []
        stop = 0
        for at, letter in enumerate(text):
            if at < stop or letter not in starts:
                continue
            if letter in numbers and (match := numbers[letter](text, at)):
                stop = match.end()
                found.append(Word(at, stop, NUMBER if match.lastindex else LINKED))
                continue
            for size in sizes.get(text[at : at + 2]) or sizes.get(letter, ()):
                word = text[at : at + size]
                if word in roles:
                    stop = at + len(word)
                    found.append(Word(at, stop, roles[word]))
                    break
        return found


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon, read once."""
    return Lexicon(tomllib.loads(LEXICON.read_text(encoding="utf-8")))


@lru_cache(maxsize=4096)
def own_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern for a group's own names of places, the longest first; None without any."""
    usable = sorted({w for w in words if w}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, usable))) if usable else None
