"""Masking of personal data in anything a group, a digest or a log may show.

Phone, identity card, bank card, plate, door number, account names of other platforms, the names
it is told and those that a text shows to be names; nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from nlp.people import find_people

_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_GAP = r"[\s\-－—–·._]{0,2}"
_DASH = r"[-－—–/]"
_HAN = "零〇一二三四五六七八九"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_OTHER_COUNTS = "年月日元块平米㎡个名盏多度天次分点吨斤"


def _rule(word: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    return word, re.compile(pattern, re.IGNORECASE)


_RULES = (
    _rule(
        "[证件号]",
        rf"{_EDGE}[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}\d{{3}}{_GAP}[\dX]{_END}",
    ),
    _rule("[证件号]", rf"{_EDGE}[1-9]\d{{5}}{_GAP}\d{{2}}[01]\d[0-3]\d{_GAP}\d{{3}}{_END}"),
    _rule("[电话]", rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"),
    _rule("[卡号]", rf"{_EDGE}(?:\d{{4}}{_GAP}){{3,4}}\d{{1,7}}{_END}"),
    _rule("[电话]", rf"(?<!\d)[(（]?0\d{{2,3}}[)）]?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"),
    _rule(
        "[电话]",
        rf"(?<=电话|座机|固话|号码|手机|传真)(?:是|为|号码|号)?[:：\s]{{0,3}}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)",
    ),
    _rule("[电话]", rf"[{_HAN}幺两]{{11,18}}"),
    _rule(
        "[车牌]",
        rf"[{_PROVINCES}使领][\s]?[A-HJ-NP-Z][\s·•.\-－]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]",
    ),
    _rule(
        "[车牌]",
        rf"(?<=车牌|车号|牌照)(?:号码|号)?[是为:：\s]{{0,3}}[A-Z]?{_GAP}[A-Z0-9]{{5,6}}{_END}",
    ),
    _rule("[邮箱]", r"[A-Z0-9._+-]{1,64}@[A-Z0-9-]{1,63}\.[A-Z0-9.]{2,20}"),
    _rule("[QQ号]", rf"{_EDGE}QQ(?:号码|号)?[是为:：\s]{{0,3}}[1-9]\d{{4,10}}{_END}"),
    _rule("[微信号]", r"(?:微信号?|vx|wx|加v)[是为:：\s]{0,3}[A-Z][\w-]{5,19}"),
)

_ROOM = r"(?:[1-9]|[1-4]\d)(?:0[1-9]|1[0-2])"
"""A room as people number them: the floor, then 01 to 12."""

_DOOR_PATH = re.compile(
    rf"(?<!\d)(\d{{1,3}})\s?{_DASH}\s?(\d{{1,2}})\s?{_DASH}\s?0?\d{{3,4}}(?:室|号|户)?(?!\d)"
)
_DOOR_SHORT = re.compile(
    rf"(?<![\d#.:-])(\d{{1,2}})\s?{_DASH}\s?{_ROOM}(?:室|号房|户)?"
    rf"(?![\d.:{_OTHER_COUNTS}%人号路{_DASH[1:-1]}])"
)
_DOOR_PAIR = re.compile(
    rf"((?:幢|栋|号楼|#楼|单元|座|\d层|\d楼)\s?{_DASH}?\s?)第?"
    rf"(?!(?:110|119|120|122)(?!\d|室))(?:0?\d{{3,4}}|[{_HAN}]{{3,4}})"
    rf"(?:室|号房|号|房|户(?!人家)|家)?(?![\d{_OTHER_COUNTS}人])"
)
_DOOR = re.compile(
    rf"(?<![\d#{_HAN}])(?:\d{{3,4}}|[{_HAN}]{{3,4}})\s?"
    r"(?:室(?![外内友温])|房(?![租屋价产子东间])|号房|户主|号的?(?:住户|业主|邻居|那家|家))"
)
_DOOR_OF = re.compile(
    rf"(?<![\d#]){_ROOM}的?(?:业主|住户|邻居|家里|那家|那户|户主|租户|租客|房东|老人|大爷|大妈|阿姨|奶奶|先生|女士)"
)
_DOOR_VISITED = re.compile(
    rf"(?<=[到去进给和与找帮])(?!(?:11[09]|12[02])(?!\d)){_ROOM}(?=查看|察看|看[了过]|家[里门看查敲]|敲门|上门|维修|修[好了]"
    r"|换|处理|沟通|协商|了解|劝|调解|做工作)"
)

_FOLD = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def mask(text: str, names: Iterable[str] = (), keep: Collection[str] = ()) -> str:
    """The text without personal data; each find becomes a bracketed word such as [电话].

    Building and unit stay, the door number goes; full-width digits become ordinary ones.
    names: names to hide wherever they stand. keep: numbers that are public, such as a gas
    company's, in any spelling."""
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, "[姓名]")
    text = text.translate(_FOLD)
    for word, pattern in _RULES:
        text = pattern.sub(_hiding(word, keep), text)
    return mask_door(text)


def mask_people(text: str, names: Iterable[str] = (), keep: Collection[str] = ()) -> str:
    """As `mask`, and whoever the text calls by name is hidden too, ordinary words are not.

    names: names that somebody here has, in full or with a remark in brackets. keep: as for
    `mask`."""
    known = {_REMARK.sub("", name).strip() for name in names}
    for start, end in reversed(find_people(text, sorted(known, key=len))):
        text = f"{text[:start]}[姓名]{text[end:]}"
    return mask(text, (), keep)


_REMARK = re.compile(r"[（(][^（）()]*[)）]")


def _hiding(word: str, keep: Collection[str]) -> Callable[[re.Match[str]], str]:
    def hide(match: re.Match[str]) -> str:
        digits = _digits(match[0])
        public = bool(digits) and any(_digits(number) == digits for number in keep)
        return match[0] if public else word

    return hide


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def mask_door(text: str) -> str:
    """The text with door numbers dropped: "3-2-501" → "3-2", "2单元501室" → "2单元"."""
    text = _DOOR_PATH.sub(r"\1-\2", text.translate(_FOLD))
    text = _DOOR_PAIR.sub(r"\1", text)
    text = _DOOR_SHORT.sub(r"\1", text)
    text = _DOOR_VISITED.sub("[门牌]", _DOOR.sub("[门牌]", text))
    return _DOOR_OF.sub(lambda match: "[门牌]" + re.sub(r"^\d+", "", match[0]), text)
