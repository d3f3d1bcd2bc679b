"""Masking of personal data in anything a group, a digest or a log may show.

Phone, identity card, bank card, plate, door number, and the names it is told; nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_GAP = r"[\s\-－—·.]?"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "[证件号]",
        re.compile(
            rf"{_EDGE}[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}[01]\d[0-3]\d{_GAP}\d{{3}}[\dXx]{_END}"
        ),
    ),
    ("[卡号]", re.compile(rf"{_EDGE}(?:\d{{4}}{_GAP}){{3,4}}\d{{1,7}}{_END}")),
    ("[电话]", re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")),
    ("[电话]", re.compile(rf"(?<!\d)0\d{{2,3}}{_GAP}[2-9]\d{{6,7}}(?!\d)")),
    (
        "[车牌]",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][\s·•.]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
        ),
    ),
    ("[微信号]", re.compile(r"(?:微信号?|vx|VX|wx|WX)\s*[:：]?\s*[A-Za-z][\w-]{5,19}")),
)
_DOOR_PATH = re.compile(
    r"(?<!\d)(\d{1,3})\s*[-－—–]\s*(\d{1,2})\s*[-－—–]\s*(\d{3,4})(?:室|号|户)?(?!\d)"
)
_HAN_DOOR = "[零〇一二三四五六七八九]{3,4}"
_DOOR_PAIR = re.compile(
    rf"((?:幢|栋|号楼|单元|座)\s*[-－]?\s*)(?:第)?(\d{{3,4}}|{_HAN_DOOR})(?:室|号|房|户|家)?(?![\d年月日元块])"
)
_DOOR = re.compile(
    rf"(?<![\d#])(\d{{3,4}}|{_HAN_DOOR})\s*(?:室|房(?!租)|号房|户主|号的?(?:住户|业主|邻居|那家|家))"
)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text without personal data; each find becomes a bracketed word such as [电话].

    Building and unit stay, the door number goes. `names`: names to hide wherever they stand."""
    for name in names:
        if len(name.strip()) > 1:
            text = text.replace(name.strip(), "[姓名]")
    for word, pattern in _RULES:
        text = pattern.sub(word, text)
    return mask_door(text)


def mask_door(text: str) -> str:
    """The text with door numbers dropped: "3-2-501" → "3-2", "2单元501室" → "2单元"."""
    text = _DOOR_PATH.sub(r"\1-\2", text)
    text = _DOOR_PAIR.sub(r"\1", text)
    return _DOOR.sub("[门牌]", text)
