"""The decrypted XML of a 自建应用 read into Received.

What an answer looks like is in app.py; unknown kinds are passed over, not refused."""

from __future__ import annotations

from typing import Final

from bot.channels.wecom.received import Kind, Malformed, Picture, Received, event_id
from bot.channels.wecom.xmlbody import Node, text_of

MAX_ID: Final = 256
CLICKS: Final = frozenset({"template_card_event", "template_card_menu_event"})
ENTERS: Final = frozenset({"enter_agent", "subscribe"})


def read(node: Node) -> Received:
    """One message or event; raises Malformed or BadXml."""
    sender, kind = text_of(node, "FromUserName"), text_of(node, "MsgType")
    if not kind or len(sender) > MAX_ID:
        raise Malformed
    if kind == "event":
        return _event(node, sender)
    identity = text_of(node, "MsgId")
    if sender in {"sys", text_of(node, "AgentID")}:
        return Received(Kind.OTHER)
    if not sender or not identity.isdecimal() or len(identity) > MAX_ID:
        raise Malformed
    pictures = (Picture(media_id=text_of(node, "MediaId")),) if kind == "image" else ()
    return Received(
        Kind.MESSAGE,
        platform_id=identity,
        sender=sender,
        text=_words(node, kind),
        pictures=pictures,
    )


def _words(node: Node, kind: str) -> str:
    if kind == "text":
        return text_of(node, "Content")
    if kind == "location":
        return f"位置：{text_of(node, 'Label')}"
    if kind == "link":
        return text_of(node, "Title")
    return {"voice": "［语音］", "video": "［视频］", "file": "［文件］"}.get(kind, "")


def _event(node: Node, sender: str) -> Received:
    name = text_of(node, "Event")
    if name in ENTERS:
        return Received(Kind.ENTER, sender=sender)
    if name not in CLICKS or not sender:
        return Received(Kind.OTHER)
    key, task = text_of(node, "EventKey"), text_of(node, "TaskId")
    moment = text_of(node, "CreateTime")
    return Received(
        Kind.CLICK,
        platform_id=event_id(sender, moment, name, key, task),
        sender=sender,
        text=key,
        task_id=task,
    )
