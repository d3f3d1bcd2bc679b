"""Normal forms of places, comparable between messages: 3号楼2单元门口 and 3栋二单元 are one.

A normal form says where, not on which side of it; finding places in a text is places.py."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_ROUGHLY = "一二|二三|三四|四五|五六|六七|七八|八九"
"""Said of two neighbours, as in 三四层: no number of one of them."""
_CHINESE_NUMBER = re.compile(
    f"(?<![零〇一二三四五六七八九十两])(?!(?:{_ROUGHLY})(?![零〇一二三四五六七八九十]))"
    "([零〇一二三四五六七八九十]{1,4})(?=号|栋|幢|座|单[元圆]|[层楼室组期队门]|院)"
)
_SPOKEN_ROOM = re.compile(
    "(?<![零〇一二三四五六七八九十])[一二三四五六七八九十]{1,2}零[一二三四五六七八九]$"
)
_WHOSE = re.compile(
    "^在?(?:(?:我|俺|咱|你|他|她|恁|侬|阿拉|伲)(?:们|自己)?(?:家的?|屋头?里?|屋企)?"
    "|(?:邻居|隔壁|楼上|楼下|人家|自)家的?|本(?=小区|楼|单元))的?"
)
_WHICH = re.compile(
    "^(?:[这那](?:个|条|段|块|栋|幢|排|座|间|家)?|某个?|整[个条栋幢]|全(?=小区|楼|村))的?"
)
_NAME = r"(?P<name>[^\d]*?(?:\d+期)?(?:[A-Z]区)?)"
_FLAT = r"[\-－—]"
_DASHED = re.compile(
    rf"^{_NAME}(?P<b>[A-Z]?\d{{1,2}}){_FLAT}(?:(?P<u>\d{{1,2}})(?:{_FLAT}|单元))?(?P<r>\d{{3,4}})?(?:[室房]|$|(?=\D))"
)
_BUILDING = r"(?P<b>[A-Z]?\d{1,3}[A-Z]?|[A-Z])(?:号楼栋?|号(?=\d单元)|栋楼?|幢楼?|#楼?|座楼?|咚)"
_UNIT = r"(?P<u>\d{1,2}|[A-Z甲乙丙丁])单[元圆]"
_ROOM = r"(?P<r>[1-9]\d{2,3})(?:[室房]|号房|$|(?=[^\d号弄路栋幢米元]))"
_FLOOR = r"(?P<f>(?:负|地下|B|-)?\d{1,2})[层楼]"
_PLAIN = re.compile(
    rf"^{_NAME}(?:{_BUILDING}楼?(?:{_UNIT})?(?:{_ROOM})?(?:{_FLOOR})?"
    rf"|{_UNIT.replace('<u>', '<u2>')}(?:{_ROOM.replace('<r>', '<r2>')})?"
    rf"(?:{_FLOOR.replace('<f>', '<f2>')})?"
    rf"|{_FLOOR.replace('<f>', '<f3>')}(?:{_ROOM.replace('<r>', '<r4>')})?"
    rf"|{_ROOM.replace('<r>', '<r3>')})"
)
_ESTATE = re.compile("(?:小区|社区|园区|大院)$")
_GATE = re.compile(
    r"(?:^|小区|社区|园区|(?<![医学法老剧影利养察])院子?)(?P<side>东南|西南|东北|西北|[东南西北后侧]|\d号)大?门"
    r"(?:口|外|前|内)?(?:里|外|旁边?|边上?|附近|内侧|外侧|那边|那里|那儿|岗亭)?$"
)
_MAIN_GATE = re.compile(
    r"^(?:小区|社区|园区|院)?(?:(?:大|正)门口?|(?<=区)门口|(?<=院)门口)"
    r"(?:外|旁边?|边上?|附近|那边|那里|那儿)?$"
)
_SIDE = re.compile(
    "(?:里面|里头|里厢|里|内侧|内|上面|上头|上|下面|下头|底下|下|边上|旁边|旁侧|旁|侧面|外面|外头|外边|外侧|外"
    "|前面|前头|前|大?门口|门前|门外|口子|后面|后头|后边|背后|背面|跟前|面前|对面|对过|附近|周边|周围|四周|沿线|一带|两侧|两边|两旁"
    "|中间|当中|之间|顶上|角落里?|拐角处?|尽头|入口|出口|[东南西北][侧边面头]|[那这](?:儿|里|边|块|片|段|一段|头|侧)?"
    "(?:马?路|街|地)?|沿街|处)$"
)
_ROUNDS = 8
_LISTS = tomllib.loads((Path(__file__).parent / "lexicon" / "place_forms.toml").read_text("utf-8"))
_RELATIVE = frozenset(_LISTS["relative"].split())
_SHARED = frozenset(_LISTS["shared"].split())
_ONE: dict[str, str] = {
    other: name for name, others in _LISTS["same"].items() for other in others.split()
}


@lru_cache(maxsize=8192)
def normalise_place(text: str, own_building: str = "") -> str:
    """The comparable form of a place; "" when it says nothing without knowing the speaker.

    `own_building`: where the speaker lives, if known ("3幢2单元"); it is what "我家楼下" means
    and what completes a bare unit, floor or room. Normalising a normal form changes nothing."""
    home = _settled(own_building) if own_building else ""
    form = _settled(text)
    if not home:
        return form
    return _settled(_at_home(form, home))


def _settled(text: str) -> str:
    """The form that no further round changes; "" for the odd text that never settles."""
    for _ in range(_ROUNDS):
        form = _once(_plain(text))
        if form == text:
            return form
        text = form
    return ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split()).strip("的")


def _once(text: str) -> str:
    text = _SPOKEN_ROOM.sub(_spoken_room, _CHINESE_NUMBER.sub(_arabic, text))
    bare = _WHICH.sub("", _WHOSE.sub("", text))
    bare = _WHICH.sub("", bare)
    if address := _address(bare):
        return address
    if gate := _GATE.search(bare):
        return f"{gate['side']}门"
    if _MAIN_GATE.match(bare):
        return "大门"
    if bare in _RELATIVE:
        return _ONE.get(bare, bare) if bare in _SHARED and bare == text else ""
    if bare in _ONE:
        return _ONE[bare]
    short = _SIDE.sub("", bare)
    if len(short) > 1 and short != bare:
        return "" if short in _RELATIVE and short not in _SHARED else short
    return bare


def _address(text: str) -> str:
    match = _DASHED.match(text) or _PLAIN.match(text)
    if match is None:
        return ""
    found = {k.rstrip("234"): v for k, v in match.groupdict().items() if v}
    name = _WHICH.sub("", _ESTATE.sub("", found.get("name", "")))
    if name and name[-1] in "路街巷弄道第":
        return ""
    name = "" if name in _RELATIVE else name
    building = f"{found['b']}幢" if "b" in found else ""
    unit = f"{found['u']}单元" if "u" in found else ""
    return name + building + unit + _storey(found)


def _storey(found: dict[str, str]) -> str:
    if "r" in found:
        return f"{found['r']}室"
    if "f" in found:
        return re.sub("^(?:地下|B|-)", "负", found["f"]) + "层"
    return ""


def _at_home(form: str, home: str) -> str:
    """What a place means in the mouth of somebody who lives in `home`."""
    building = re.match(r"(.*?幢)(.*单元)?", home)
    if not form or form in _SHARED:
        return home
    if building and re.match(r"\d+(?:室|层)$|负\d+层$", form):
        return (building[0] if "室" in form else building[1]) + form
    if building and re.match(r"(?:\d+|[A-Z甲乙丙丁])单元", form):
        return building[1] + form
    return form


def _arabic(match: re.Match[str]) -> str:
    return _number(match[1])


def _spoken_room(match: re.Match[str]) -> str:
    floor, _, room = match[0].partition("零")
    return f"{_number(floor)}0{_number(room)}"


def _number(chinese: str) -> str:
    """十二 → 12, 二十 → 20, 五零一 → 501."""
    if "十" not in chinese:
        return "".join(str(_DIGITS[c]) for c in chinese)
    tens, _, ones = chinese.partition("十")
    ten = "".join(str(_DIGITS[c]) for c in tens) or "1"
    one = "".join(str(_DIGITS[c]) for c in ones if c in _DIGITS) or "0"
    return f"{ten}{one}"
