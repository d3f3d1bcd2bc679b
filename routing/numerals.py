"""How people write ticket numbers and spans of time: digits of any width, signs, numerals.

What a number is used for is decided by whoever asks."""

from __future__ import annotations

import re
import unicodedata

_FOLD = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FOLD |= {ord("＃"): "#", ord("＠"): "@", ord("＋"): "+", ord("？"): "?", ord("　"): " "}
_MOST_NUMBERS = 8
GAP = " \t\r\n:：,，。.、;；!！~～-—"


def _visible(sign: str) -> bool:
    return sign in "\n\t" or unicodedata.category(sign) not in {"Cf", "Cc"}


def plain(text: str) -> str:
    """Text without full-width digits and letters, invisible marks and a leading @mention."""
    folded = text.replace("\ufe0f", "").translate(_FOLD)
    kept = folded if folded.isprintable() else "".join(filter(_visible, folded))
    return re.sub(r"^\s*@\S{1,12}[\s\u2005]+", "", kept).strip()


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN = "零〇一二两三四五六七八九十百"
_OF_A_PLACE = (
    "楼(?!道|长|上|下)|院|门(?!口)|线(?!路)|库|井|店|桌|车(?!位)|路(?!灯|面)|桥|厅|口|地(?!面)"
)
_COUNTED = (
    "[幢栋座单元层室户个次盏位名人点天日月年周小时分秒刻米块度%％℃根棵辆台套条只头把张片段组队家公斤吨平"
    "件袋桶箱包本份封批遍趟回排期梯万千百十余多几来岁圈盒瓶间扇]|处(?!理|置)|部(?!分)|工作|星期|礼拜|钟头"
)
_SPACED = "号?(?:楼(?!道|长)|栋|幢|单元|院)|[个天日月周年点]|小时|工作日|星期|礼拜|钟头"
_NOT_A_TICKET = (
    rf"(?!\s*[-－—~:：]\s*\d|[.．]\d|号?(?:{_OF_A_PLACE})|{_COUNTED}|[A-Za-z]|\s+(?:{_SPACED}))"
)
_NUMBER = (
    rf"(?:[#＃]\s*(\d{{1,6}})(?!\d)|第?(\d{{1,6}})\s*号?(?:工单|单(?!元|位|身|车|双|号\s*\d)|件(?!事))"
    rf"|(?<!\d)(\d{{1,6}})(?:号(?![码召令头外])|(?!号)){_NOT_A_TICKET}(?!\d)"
    rf"|第?([{_HAN}]{{1,5}})号?(?:单(?!元|位)|件(?!事))|单号?\s*(\d{{1,6}})(?!\d))"
)
_NUMBERS = re.compile(rf"\s*(?:{_NUMBER}\s*[,，、和及/]?\s*)")
LAST_NUMBER = re.compile(r"\s*#\s?0{0,5}([1-9]\d{0,5})$")
LAST_WORD = re.compile(r"(?:[\s,，、]+[#第]?|\s*#)\s?0{0,5}([1-9]\d{0,5})号?(?:单|件)?$")


_A_DOOR = re.compile(r"\d{3,4}(?=[^\W\d_])(?!号|单|件|和|及)")
"""After a ticket's number: 办结 1 502已做防水 speaks of 502, a room."""


def take_numbers(text: str, *, doors: bool = False) -> tuple[tuple[int, ...], str]:
    """The ticket numbers that a text begins with, and what follows; 3号楼 and 3盏灯 are none.

    doors: a later number may be a room, as in what was done."""
    numbers: list[int] = []
    while len(numbers) < _MOST_NUMBERS and (match := _NUMBERS.match(text)):
        if doors and numbers and _A_DOOR.match(text):
            break
        digits = next(g for g in match.groups() if g)
        value = int(digits) if digits.isdecimal() else han_number(digits)
        if value == 0:
            break
        numbers.append(value)
        text = text[match.end() :]
    return tuple(numbers), text


def han_number(text: str) -> int:
    """A Chinese numeral up to 九百九十九 as an integer; 0 if it is none."""
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        elif char in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[char]
        else:
            return 0
    return total + digit


_DURATION = re.compile(
    rf"(?<!\d)(\d{{1,3}}|半|[{_HAN}]{{1,3}})\s?个?\s?(工作日|工作天|天|日|小时|钟头|周|星期|礼拜)(半?)"
)
_SPAN_WITHIN = 20
_UNITS = {
    "工作日": "wd", "工作天": "wd", "天": "d", "日": "d",
    "小时": "h", "钟头": "h", "周": "w", "星期": "w", "礼拜": "w",
}  # fmt: skip


def duration(text: str) -> tuple[str, str] | None:
    """A span of time at the start of an argument, as ("3wd", rest); None if there is none.

    半天 is 12h, a week seven natural days; 两天半 is rounded up. At most 180 days."""
    match = _DURATION.search(text, 0, _SPAN_WITHIN)
    if match is None:
        return None
    amount, unit = match[1], _UNITS[match[2]]
    rest = (text[: match.start()] + text[match.end() :]).strip(GAP)
    if amount == "半":
        return {"d": "12h", "h": "30m", "wd": "4wh", "w": "4d"}[unit], rest
    value = int(amount) if amount.isdecimal() else han_number(amount)
    if unit == "w":
        value, unit = value * 7, "d"
    value += bool(match[3])
    limit = 180 * (24 if unit == "h" else 1)
    return (f"{value}{unit}", rest) if 0 < value <= limit else None
