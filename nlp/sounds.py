"""One sign for all characters that sound alike, so that a homophone typo changes nothing.

Made when a model is trained (pypinyin is a development dependency) and shipped inside it."""

from __future__ import annotations

import re

_FIRST, _LAST = 0x4E00, 0x9FA5
_INITIAL = re.compile(r"^([zcs])h")
_FINAL = re.compile(r"([ie])ng$")


def table() -> dict[int, str]:
    """code point → the first character with the same sound; tones and zh/z, ing/in ignored."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - training only

    first: dict[str, str] = {}
    found: dict[int, str] = {}
    for code in range(_FIRST, _LAST + 1):
        sign = chr(code)
        if sign.encode("gb2312", "ignore"):
            sound = plain(lazy_pinyin(sign)[0])
            found[code] = first.setdefault(sound, sign)
    return found


def plain(sound: str) -> str:
    """A syllable as people confuse them: "sheng" and "sen" become one."""
    return _FINAL.sub(r"\1n", _INITIAL.sub(r"\1", sound))
