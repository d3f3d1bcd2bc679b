"""One spelling for what people type: width, script, emoji, laughter, invisible characters.

The result feeds the features only; spans and places are always those of the original text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u115f\u180e\u200b-\u200f\u202a-\u202e"
    "\u2028\u2029\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_EMOJI_WORDS = {
    "[哈哈]": "😀😁😂😃😄😅😆🤣😹😝😜🤪",
    "[哭]": "😭😢😥😿🥺😩😫",
    "[怒]": "😡😠🤬😤👿",
    "[赞]": "👍👏💪🙆✌👌🫡🎉🌹💐🌸🌺❤💕😘🥰😍☀🧧",
    "[谢]": "🙏🤝🫶",
    "[火]": "🔥🚒",
    "[求救]": "🆘🚨🚑",
    "[警]": "⚠❗‼📢📣🔔",
    "[问]": "❓❔🤔🙄",
    "[狗]": "🐶🐕🐾",
}
_EMOJI = {ord(sign): word for word, signs in _EMOJI_WORDS.items() for sign in signs}
_PICTURES = re.compile("[\u20e3\ufe00-\ufe0f\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff]+")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
_LINK = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+")
_LAUGH = re.compile(r"(?:哈|呵|嘿|嘻|[hH]a?){3,}|哈哈+|23{2,}")
_RUN = re.compile(r"([!?,.~;:啊呀呜嗯哦嘿呢吧吗么了])\1+")
_PLAIN = re.compile("[\u4e00-\u9fff0-9a-z,.?]+")
"""Texts of these only have but one spelling, script and repetition apart."""
_USUAL = re.compile("[\u4e00-\u9fff -~]+")
"""Of these too, once they are in lower case."""
_DASHES = re.compile(r"[-_=*·•—]{2,}")
_AGAIN = re.compile(r"[哈呵嘿嘻hHa]{2}|33|([!?,.~;:啊呀呜嗯哦呢吧吗么了])\1|[-_=*·•—]{2}")
"""Without one of these nothing is repeated."""
NEW_LINE = "¶"
"""What a line break becomes, so that lists keep their form."""
_SPLIT_HAN = re.compile(r"(?:[\u4e00-\u9fff] ){3,}[\u4e00-\u9fff]")
_WIDE = tuple(zip("，！？：；（）～", ",!?:;()~", strict=True))
_MARKS = tuple(zip("。、“”‘’", ".,\"\"''", strict=True))


def normalise(text: str) -> str:
    """The text in simplified characters, half width, lower case, without repeated marks.

    Pure and total: any string is accepted; idempotent on its own result for ordinary text."""
    if not text.isprintable():
        text = text.strip().replace("\n", NEW_LINE).replace("\t", " ")
        text = _INVISIBLE.sub("", text)
    if text.isascii():
        return _tidy(text.lower())
    traditional = _traditional_signs().search(text)
    if not traditional and _PLAIN.fullmatch(text):
        return _unrepeated(text)
    usual = _marked(text, _WIDE + _MARKS)
    if not traditional and _USUAL.fullmatch(usual):
        return _tidy(usual.lower())
    text = unicodedata.normalize("NFKC", text)
    if _traditional_signs().search(text):
        text = _converter().convert(text)
    if _PICTURES.search(text):
        text = _KEYCAP.sub(r"\1", text).translate(_EMOJI)
        text = _PICTURES.sub(" ", text)
    return _tidy(_marked(text, _MARKS).lower())


def _marked(text: str, marks: Iterable[tuple[str, str]]) -> str:
    for mark, plain in marks:
        text = text.replace(mark, plain)
    return text


def _tidy(text: str) -> str:
    if "http" in text or "www." in text:
        text = _LINK.sub("[链接]", text)
    text = _unrepeated(text)
    if " " in text:
        text = " ".join(text.split())
        return _SPLIT_HAN.sub(lambda m: m[0].replace(" ", ""), text)
    return text


def _unrepeated(text: str) -> str:
    if not _AGAIN.search(text):
        return text
    return _DASHES.sub("-", _RUN.sub(r"\1", _LAUGH.sub("哈哈", text)))


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 - 20 ms and 10 MB that most groups never need

    return opencc.OpenCC("t2s")


@cache
def _traditional_signs() -> re.Pattern[str]:
    """Characters that no simplified text has; one of them sends a text to the converter."""
    signs = Path(__file__).with_name("lexicon") / "traditional.txt"
    return re.compile("[" + "".join(signs.read_text(encoding="utf-8").split()) + "]")
