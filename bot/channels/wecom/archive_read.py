"""One record of 会话内容存档 read: a message, a recall, a word of consent, or a kind kept raw.

Who may be stored is decided in archive_consent.py; where records come from in archive_source.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.channels.wecom.received import Malformed

MAX_ID: Final = 256
OUTSIDE: Final = ("wm", "wo")
ROBOT: Final = "wb"
MAX_FILEID: Final = 4_096
MAX_MEDIA: Final = 9
_SHOWN: Final = {
    "voice": "［语音］", "video": "［视频］", "file": "［文件］", "image": "［图片］",
}  # fmt: skip


class Sort(StrEnum):
    """What has to be done with a record."""

    MESSAGE = "message"
    RECALL = "recall"
    CONSENT = "consent"
    RAW = "raw"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a voice that can be fetched. number: its place within the record, from 1;
    md5: of its bytes, "" where the record does not say."""

    fileid: str
    number: int
    md5: str = ""
    voice: bool = False

    def __repr__(self) -> str:
        return f"Media({self.number})"


@dataclass(frozen=True, slots=True)
class Entry:
    """room: the group's id, "" one-to-one. recalls: msgid that is taken back. agreed: of a word
    about consent. to: the first receiver."""

    sort: Sort
    msgid: str = ""
    sender: str = ""
    to: str = ""
    room: str = ""
    text: str = ""
    media: tuple[Media, ...] = ()
    recalls: str = ""
    agreed: bool = False

    def __repr__(self) -> str:
        return f"Entry({self.sort}, {self.msgid})"


def outside(user: str) -> bool:
    """Whether a user id is that of a person outside the corporation."""
    return user.startswith(OUTSIDE)


def read(record: Mapping[str, Any]) -> Entry:
    """One decrypted record; raises Malformed."""
    action, kind = str(record.get("action")), str(record.get("msgtype"))
    if action == "switch":
        return Entry(Sort.NOTHING)
    msgid, sender = _id(record.get("msgid")), _id(record.get("from"))
    room = record.get("roomid") or ""
    if not isinstance(room, str) or action not in {"send", "recall"}:
        raise Malformed
    to = _first(record.get("tolist"))
    place: dict[str, Any] = {"msgid": msgid, "sender": sender, "room": room, "to": to}
    own = record.get(kind)
    body = own if isinstance(own, dict) else {}
    if action == "recall" or kind == "revoke":
        return Entry(Sort.RECALL, **place, recalls=_id(body.get("pre_msgid")))
    if kind in {"agree", "disagree"}:
        who = str(body.get("userid") or sender)
        return Entry(Sort.CONSENT, msgid, _id(who), to, room, agreed=kind == "agree")
    if sender.startswith(ROBOT):
        return Entry(Sort.NOTHING)
    parts = _parts(kind, body)
    text = "\n".join(words for words, _ in parts if words)
    found = [(one, voice) for _, (one, voice) in parts if one][:MAX_MEDIA]
    media = tuple(_media(one, number, voice) for number, (one, voice) in enumerate(found, 1))
    return Entry(Sort.MESSAGE if text or media else Sort.RAW, **place, text=text, media=media)


_Part = tuple[str, tuple[Mapping[str, Any], bool]]
"""Words, and the body of a picture or voice ({} for none) with whether it is a voice."""


def _parts(kind: str, body: Mapping[str, Any]) -> list[_Part]:
    """What a record is made of: one thing, or the pieces of a mixed one."""
    if kind != "mixed":
        fetched = body if kind in {"image", "voice"} and body.get("sdkfileid") else {}
        words = "" if kind == "image" and fetched else _words(kind, body)
        return [(words, (fetched, kind == "voice"))]
    items = body.get("item")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Malformed
    return [part for item in items for part in _parts(_piece(item), _inner(item))]


def _piece(item: Mapping[str, Any]) -> str:
    kind = str(item.get("type"))
    return "" if kind == "mixed" else kind


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content of a piece, which comes as an object or as the text of one."""
    content = item.get("content")
    try:
        found = json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        found = {"content": content}
    return found if isinstance(found, dict) else {}


def _media(body: Mapping[str, Any], number: int, voice: bool) -> Media:
    fileid, md5 = body["sdkfileid"], body.get("md5sum")
    if not isinstance(fileid, str) or len(fileid) > MAX_FILEID:
        raise Malformed
    return Media(fileid, number, md5 if isinstance(md5, str) else "", voice)


def _words(kind: str, body: Mapping[str, Any]) -> str:
    match kind:
        case "text":
            return str(body.get("content") or "")
        case "link":
            return str(body.get("title") or "")
        case "location":
            return f"位置：{body.get('address') or body.get('title') or ''}"
        case _:
            return _SHOWN.get(kind, "")


def _id(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID or "\0" in value:
        raise Malformed
    return value


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""
