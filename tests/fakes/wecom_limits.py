"""What WeCom refuses in a message that is sent to it, as error codes.

Limits are in UTF-8 bytes, as on the real platform; 0 means the body is taken."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
EMPTY, TOO_LONG, WRONG, NOT_ALLOWED = 44004, 45002, 40058, 40008
TEXTS = {"app": 2048, "webhook": 2048, "aibot": 0}
MARKDOWNS = {"app": 2048, "webhook": 4096, "aibot": 20480}


def refusal(body: dict[str, Any], of: str) -> int:
    """The errcode for a body sent by an app, an aibot or a webhook."""
    kind = body.get("msgtype", "")
    if kind == "text":
        return _text(body, "text", TEXTS[of])
    if kind in {"markdown", "markdown_v2"}:
        return _text(body, kind, MARKDOWNS[of])
    if kind == "stream":
        return _text(body, "stream", 20480)
    if kind == "image":
        return _image(body["image"]) if of == "webhook" else 0
    if kind == "template_card":
        return NOT_ALLOWED if of == "webhook" else card_refusal(body["template_card"])
    return WRONG


def _text(body: dict[str, Any], kind: str, most: int) -> int:
    if not most:
        return NOT_ALLOWED
    content = body[kind].get("content", "")
    if not content:
        return EMPTY
    return TOO_LONG if len(content.encode()) > most else 0


def _image(image: dict[str, str]) -> int:
    data = base64.b64decode(image["base64"])
    right = hashlib.md5(data).hexdigest() == image["md5"]
    return 0 if right and len(data) <= 2 << 20 else WRONG


def card_refusal(card: dict[str, Any]) -> int:
    """The rules of a button_interaction card that the page states as hard."""
    buttons = card.get("button_list", [])
    if card.get("card_type") != "button_interaction" or not card.get("main_title"):
        return WRONG
    if not TASK.fullmatch(card.get("task_id", "")) or not 1 <= len(buttons) <= 6:
        return WRONG
    for button in buttons:
        if not button.get("text") or not 0 < len(button.get("key", "").encode()) <= 1024:
            return WRONG
    advisory = len(card["main_title"]["title"]) <= 26 and len(card.get("sub_title_text", "")) <= 112
    return 0 if advisory else TOO_LONG
