"""The JSON of a 智能机器人, callback or long connection alike, read into Received.

Shapes that the platform documents are taken, unknown kinds are passed over, wrong types refused."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.channels.wecom.received import Kind, Malformed, Picture, Received, event_id

MAX_PICTURES: Final = 9
MAX_ID: Final = 256
LABELS: Final = {"image": "［图片］", "voice": "［语音］", "file": "［文件］", "video": "［视频］"}


def load(data: bytes | str) -> dict[str, Any]:
    """A JSON object; raises Malformed."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(body, dict):
        raise Malformed
    return body


def read(body: dict[str, Any], bot_id: str = "") -> Received:
    """One message or event; raises Malformed. A message of the bot itself is Kind.OTHER."""
    sender = text_at(body, "from", "userid")
    if bot_id and text_at(body, "aibotid") not in {"", bot_id}:
        raise Malformed
    kind = text_at(body, "msgtype")
    if kind == "event":
        return _event(body, sender)
    if kind == "stream":
        return Received(Kind.REFRESH, sender=sender, stream_id=text_at(body, "stream", "id"))
    identity = text_at(body, "msgid")
    if sender and sender in {bot_id, text_at(body, "aibotid")}:
        return Received(Kind.OTHER)
    if not sender or not identity or max(len(sender), len(identity)) > MAX_ID:
        raise Malformed
    words, pictures = _content(body, kind)
    quote = body.get("quote")
    quoted, more = _quoted(quote) if quote is not None else (None, ())
    return Received(
        Kind.MESSAGE,
        platform_id=identity,
        sender=sender,
        chat=_chat(body),
        text=words,
        quote=quoted,
        pictures=(*pictures, *more)[:MAX_PICTURES],
        response_url=text_at(body, "response_url"),
    )


def _chat(body: dict[str, Any]) -> str:
    chat = text_at(body, "chatid")
    if text_at(body, "chattype") != "group":
        return ""
    if not chat or len(chat) > MAX_ID:
        raise Malformed
    return chat


def _content(body: dict[str, Any], kind: str) -> tuple[str, tuple[Picture, ...]]:
    """Words and pictures of a message or of a quote."""
    if kind == "mixed":
        items = _list(_node(body, "mixed").get("msg_item", []))
        parts = [_content(_dict(item), text_at(_dict(item), "msgtype")) for item in items]
        words = "\n".join(text for text, _ in parts if text)
        return words, tuple(picture for _, some in parts for picture in some)
    if kind == "image":
        return "", (Picture(text_at(body, "image", "url"), text_at(body, "image", "aeskey")),)
    if kind in {"text", "voice"}:
        return text_at(body, kind, "content") or LABELS.get(kind, ""), ()
    return LABELS.get(kind, ""), ()


def _quoted(quote: object) -> tuple[str, tuple[Picture, ...]]:
    body = _dict(quote)
    kind = text_at(body, "msgtype")
    words, pictures = _content(body, kind)
    return words or LABELS.get(kind, ""), pictures


def _event(body: dict[str, Any], sender: str) -> Received:
    name = text_at(body, "event", "eventtype")
    if name == "disconnected_event":
        return Received(Kind.EVICTED)
    if name == "enter_chat":
        return Received(Kind.ENTER, sender=sender)
    if name != "template_card_event" or not sender:
        return Received(Kind.OTHER)
    card = _node(_node(body, "event"), "template_card_event")
    key, task = text_at(card, "event_key"), text_at(card, "task_id")
    moment = str(body.get("create_time", "")) or text_at(body, "msgid")
    return Received(
        Kind.CLICK,
        platform_id=event_id(sender, moment, name, key, task),
        sender=sender,
        chat=_chat(body),
        text=key,
        task_id=task,
        response_url=text_at(body, "response_url"),
    )


def text_at(body: dict[str, Any], *path: str) -> str:
    """The string at a path, "" where something on the way is missing; raises Malformed."""
    value: object = body
    for key in path:
        value = _dict(value).get(key)
        if value is None:
            return ""
    if not isinstance(value, str):
        raise Malformed
    return value


def _node(body: dict[str, Any], key: str) -> dict[str, Any]:
    return _dict(body.get(key) or {})


def _dict(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed
    return value
