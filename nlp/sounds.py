"""One sign for all characters that sound alike, so that a homophone typo changes nothing.

Made when a model is trained (pypinyin is a development dependency) and shipped inside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_FIRST, _LAST = 0x4E00, 0x9FA5
_INITIAL = re.compile(r"^([zcs])h")
_FINAL = re.compile(r"([ie])ng$")
_NASAL = re.compile(r"([aei])ng$")
_HU = {"hu": "fu", "hui": "fei", "hun": "fen"}


@cache
def syllables() -> dict[str, str]:
    """Every character of everyday use with its syllable, without tones."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - training only

    signs = (chr(code) for code in range(_FIRST, _LAST + 1))
    return {sign: lazy_pinyin(sign)[0] for sign in signs if sign.encode("gb2312", "ignore")}


def plain(sound: str) -> str:
    """A syllable as people confuse them: "sheng" and "sen" become one."""
    return _FINAL.sub(r"\1n", _INITIAL.sub(r"\1", sound))


def wide(sound: str) -> str:
    """A syllable with all that accents mix: besides zh/z and ing/in also n/l, hu/f, ang/an."""
    if sound.startswith("hu"):
        sound = _HU.get(sound, f"f{sound[2:]}")
    elif sound.startswith("n"):
        sound = f"l{sound[1:]}"
    return _NASAL.sub(r"\1n", plain(sound))


def table(fold: Callable[[str], str] = plain) -> dict[int, str]:
    """code point → the first character with the same sound; tones and what `fold` mixes
    ignored."""
    first: dict[str, str] = {}
    return {ord(s): first.setdefault(fold(sound), s) for s, sound in syllables().items()}
