"""What the linear models see of a message: characters, words, sounds and shapes.

Only strings are made here; which of them count, and for what, is the model's business."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Set
from operator import add
from typing import NamedTuple

from nlp.normalise import NEW_LINE
from nlp.spotter import Spotter, signs_of

_DIGITS = re.compile(r"\d+")
_KEPT_NUMBERS = frozenset({"119", "110", "120", "122", "12345", "95598", "12"})
_ENTRY = re.compile(r"^\s*\d{1,3}\s*[.,、:)）．]")
_LISTED = re.compile(r"(?:^|¶)\s*\d{1,3}\s*[.,、:)）．]")
_UNIT = re.compile(r"\d\s*(?:号楼|栋|幢|单元|室|楼|层|座|号院)|\d-\d")
_AMOUNT = re.compile(r"[\d一两二三四五六七八九十半]\s*(?:份|斤|盒|箱|包|只|袋|瓶|件|人|板|桶|提)")
_CLOCK = re.compile(r"\d\s*(?:点|:\d\d|时|月|日|号(?!楼|院))")
_MONEY = re.compile(r"\d\s*(?:元|块|万|%|折)|[¥￥]")
_ASKS = re.compile(r"[吗么呢不没否嘛]\s*[?.!~]*$|\?")
_LENGTHS = (4, 7, 11, 16, 24, 36, 60, 100)


class Features(NamedTuple):
    """The feature strings of one text by family; a family has its own vocabulary."""

    chars: Collection[str]
    words: Collection[str]
    sounds: Collection[str]
    shapes: Collection[str]


def fold_digits(text: str) -> str:
    """Every number becomes 0 (one figure), 00 (more), except emergency and hot-line numbers."""
    return _DIGITS.sub(_folded, text)


def _folded(match: re.Match[str]) -> str:
    number = match[0]
    if number in _KEPT_NUMBERS:
        return number
    return "0" if len(number) == 1 else "00"


class Written(NamedTuple):
    """What the characters of a text alone tell; folded: the text with its ends and numbers."""

    folded: str
    signs: set[str]
    forms: list[str]

    def signs_in(self, text: str) -> set[str]:
        """The signs of a text that may be spelled otherwise than this one, and perhaps more."""
        return self.signs if text in self.folded else signs_of(text)


def written(text: str) -> Written:
    """Single characters, pairs and shapes of a normalised text."""
    folded = f"^{fold_digits(text)}$"
    signs = signs_of(folded)
    return Written(folded, signs, shapes(text, signs))


def extract(
    text: str, words: list[str], sounds: Mapping[int, str], seen: Written | None = None
) -> Features:
    """Features of a normalised text, its words, and a table code point → sound sign.

    seen: what `written` said of the text, if it was asked before."""
    seen = seen or written(text)
    heard = seen.folded.translate(sounds)
    pairs = {*map(add, heard, heard[1:])}
    return Features(seen.signs, words, pairs, seen.forms + turns(text, seen))


def shapes(text: str, signs: Set[str]) -> list[str]:
    """Names of the forms that a text has: its length, list entries, amounts, questions. signs:
    its characters and pairs."""
    found = [f"len{bisect_left(_LENGTHS, len(text))}"]
    if _DIGITS.search(text):
        if _ENTRY.match(text):
            found.append("entry")
        if NEW_LINE in text and len(_LISTED.findall(text)) > 1:
            found.append("list")
        found += [name for name, rule in _NUMBERED if rule.search(text)]
    if text.isdigit():
        found.append("number")
    found += map(_SIGNS.__getitem__, _SIGNS.keys() & signs)
    if not _ASKING.isdisjoint(signs) and _ASKS.search(text):
        found.append("asks")
    return found


def turns(text: str, seen: Written) -> list[str]:
    """What the sentences of a text do: ask how, propose, blame, accuse, beg, refer back …"""
    return _SPOTTER.each(text, seen.signs_in(text))


def is_turn(form: str) -> bool:
    """Whether a form is one of `turns`, which the first look does not see."""
    return form.startswith(_DOES)


_DOES = "does "
_TURNS = {
    "how": (
        "怎么(?:办|弄|申请|领|报|交|走|联系|查|补)|如何|咋(?:办|弄|申请)|流程|手续"
        "|要(?:什么|啥|哪些)"
    ),
    "propose": "建议|希望|提议|最好|不如|应该(?:设|装|加|改|增)|能不能(?:加|装|设|增)|可以考虑",
    "where": "哪里|哪儿|哪个部门|在哪|去哪|找谁|谁管|归谁",
    "whether": "能不能|可不可以|是不是|有没有|能否|可否|要不要|算不算|可以吗|行吗",
    "when": "什么时候|啥时候|几点|多久|哪天|何时",
    "much": "多少|几块|几钱",
    "inquire": "请问|咨询|问一?下|打听|想问|求问|了解一下",
    "blame": (
        "没人管|不管|不作为|凭什么|过分|缺德|离谱|不像话|受不了|忍无可忍|投诉|(?<![今昨明])天天"
        "|老是|总是|每天|让不让人|态度|坑人|乱收|讲不讲理"
    ),
    "accuse": "举报|偷偷|私自|非法|违规|无证|黑(?:作坊|车|中介|诊所)|涉嫌|猫腻",
    "praise": "点赞|表扬|感谢|给力|真好|夸|好人|暖心|锦旗|必须赞",
    "beg": "麻烦|帮忙|帮帮|求|请(?:派|来|尽快|师傅|人|帮|处理|修)|快来|派人|来个?人|辛苦|拜托",
    "done": "修好|好了|来了|解决|处理[好完]|弄好|恢复|搞定",
    "back": "上次|上回|之前|那个|那天|报[的过修]|反映过|说[的过好]|答应|到现在|至今",
    "again": "又|再次|还是|还没|还在|一直|仍|依旧|照样",
}
_SPOTTER = Spotter({f"{_DOES}{name}": rule for name, rule in _TURNS.items()})

DOING = (*(f"{_DOES}{name}" for name in _TURNS), "asks", "question")
"""The forms that tell what a sender wants."""


_NUMBERED = (("unit", _UNIT), ("amount", _AMOUNT), ("clock", _CLOCK), ("money", _MONEY))
_SIGNS = {
    "@": "at",
    "#": "hash",
    "!": "bang",
    "?": "question",
    "我": "me",
    "你": "you",
    "[": "bracket",
    NEW_LINE: "lines",
    ":": "colon",
    ",": "comma",
    "通知": "notice",
    "昨": "past",
    "刚": "now",
    "现在": "now",
    "大家": "everyone",
    "各位": "everyone",
}
_ASKING = frozenset("吗么呢不没否嘛?")
