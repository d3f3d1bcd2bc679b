"""Messages of OneBot as segments: CQ strings and arrays of v11 and v12 read, words gathered.

Ids stay text whatever the bridge sends; nothing here talks to a bridge."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.wecom.mentions import clean, strip_mention

MAX_ID: Final = 256
MAX_SEGMENTS: Final = 500
_CQ: Final = re.compile(r"\[CQ:([A-Za-z_.-]{1,40})((?:,[^,\[\]=]+=[^,\[\]]*)*)\]")
_ESCAPES: Final = (("&#91;", "["), ("&#93;", "]"), ("&#44;", ","), ("&amp;", "&"))
_SHOWN: Final = {
    "record": "［语音］", "voice": "［语音］", "audio": "［语音］",
    "video": "［视频］", "file": "［文件］", "location": "［位置］",
}  # fmt: skip


class Malformed(ValueError):
    """Not of the shape that the standard documents."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a message; values of data are text."""

    kind: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """A message as people see it. reply: id of the quoted message, "" for none; reply_to: its
    sender where told. pictures: data of the image segments."""

    text: str
    to_me: bool = False
    reply: str = ""
    reply_to: str = ""
    pictures: tuple[Mapping[str, str], ...] = ()


def identity(value: Any) -> str:
    """An id as text, never as a number; raises Malformed."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Malformed
    if isinstance(value, int) and abs(value) >= 1 << 64:
        raise Malformed
    text = str(value)
    if not text or len(text) > MAX_ID or clean(text) != text:
        raise Malformed
    return text


def read_message(message: Any) -> list[Segment]:
    """The segments of a CQ string, an array, or a single segment; raises Malformed."""
    if isinstance(message, str):
        return parse_cq(message)
    if isinstance(message, dict):
        message = [message]
    if not isinstance(message, list) or len(message) > MAX_SEGMENTS:
        raise Malformed
    return [_segment(one) for one in message]


def _segment(one: Any) -> Segment:
    if not isinstance(one, dict) or not isinstance(one.get("type"), str):
        raise Malformed
    data = one.get("data") or {}
    if not isinstance(data, dict):
        raise Malformed
    texts = {k: str(v) for k, v in data.items() if isinstance(v, str | int)}
    return Segment(one["type"], texts)


def parse_cq(text: str) -> list[Segment]:
    """A CQ string in segments; what only looks like a code stays text."""
    found, at = [], 0
    for match in _CQ.finditer(text):
        if match.start() > at:
            found.append(Segment("text", {"text": unescape(text[at : match.start()])}))
        pairs = (part.partition("=") for part in match[2].split(",")[1:])
        found.append(Segment(match[1], {key: unescape(value) for key, _, value in pairs}))
        at = match.end()
        if len(found) > MAX_SEGMENTS:
            raise Malformed
    if at < len(text):
        found.append(Segment("text", {"text": unescape(text[at:])}))
    return found


def unescape(text: str) -> str:
    """&amp; last, so that "&amp;#91;" is "&#91;" and not a bracket."""
    for code, char in _ESCAPES:
        text = text.replace(code, char)
    return text


def gather(segments: Sequence[Segment], self_id: str, names: Sequence[str]) -> Words:
    """What was said: text without the mention of the bot, the quote and the pictures."""
    texts: list[str] = []
    pictures: list[Mapping[str, str]] = []
    to_me, reply, reply_to = False, "", ""
    for one in segments:
        match one.kind:
            case "text":
                texts.append(one.data.get("text", ""))
            case "at" | "mention":
                mine = self_id in {one.data.get("qq"), one.data.get("user_id")}
                to_me = to_me or mine
                texts.append(" " if mine else _named(one))
            case "reply":
                reply = one.data.get("id") or one.data.get("message_id") or ""
                reply_to = one.data.get("user_id", "")
            case "image":
                pictures.append(one.data)
            case _:
                texts.append(_SHOWN.get(one.kind, ""))
    spoken = clean("".join(texts)).strip()
    words = strip_mention(spoken, names)
    return Words(words, to_me or words != strip_mention(spoken, ()), reply, reply_to,
                 tuple(pictures))  # fmt: skip


def _named(mention: Segment) -> str:
    name = mention.data.get("name", "").lstrip("@")
    return f"@{name} " if name else " "
