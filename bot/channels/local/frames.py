"""The JSON frames between the page and the server: parsed strictly, built in one place.

No sockets and no state live here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from bot.channels.local.room import Person, Post
from bot.media import name_of

MAX_TEXT_BYTES: Final = 20_000
MAX_IMAGES: Final = 9
MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class FrameError(ValueError):
    """A frame that cannot be taken; str(error) is shown to the person."""

    def __init__(self, text: str, frame_id: str = "") -> None:
        self.frame_id = frame_id
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Hello:
    """The page chose whom it speaks as; "" while nobody is chosen."""

    account: str


@dataclass(frozen=True, slots=True)
class Say:
    """A message typed on the page; `id` is made there and stays the same when re-sent."""

    id: str
    conversation: str
    text: str
    quote: str
    images: tuple[str, ...]


def parse(data: str) -> Hello | Say:
    """One frame from the page; raises FrameError with a sentence for the person."""
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FrameError("页面发来的内容看不懂，请刷新页面。") from error
    if not isinstance(frame, dict):
        raise FrameError("页面发来的内容看不懂，请刷新页面。")
    if frame.get("type") == "hello":
        return Hello(_text(frame, "account"))
    if frame.get("type") == "say":
        return _say(frame)
    raise FrameError("页面版本不对，请刷新页面。")


def _say(frame: dict[str, object]) -> Say:
    identity = _text(frame, "id")
    if not MESSAGE_ID.fullmatch(identity):
        raise FrameError("页面版本不对，请刷新页面。")
    text = _text(frame, "text", identity).strip()
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise FrameError("这条消息太长了，请分成几条发送。", identity)
    images = _images(frame, identity)
    if not text and not images:
        raise FrameError("不能发送空消息。", identity)
    conversation, quote = _text(frame, "conversation", identity), _text(frame, "quote", identity)
    return Say(identity, conversation, text, quote, images)


def _text(frame: dict[str, object], key: str, identity: str = "") -> str:
    value = frame.get(key, "")
    if not isinstance(value, str):
        raise FrameError("页面发来的内容看不懂，请刷新页面。", identity)
    # half a surrogate pair and NUL are no text: a database would refuse the message for ever
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def _images(frame: dict[str, object], identity: str) -> tuple[str, ...]:
    value = frame.get("images", [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FrameError("图片没有传上来，请重新选择图片。", identity)
    if len(value) > MAX_IMAGES:
        raise FrameError(f"一次最多发 {MAX_IMAGES} 张图片。", identity)
    return tuple(value)


def post_frame(post: Post, author: Person) -> dict[str, object]:
    """A post as the page draws it; `at` in milliseconds since the epoch."""
    quote = post.quote
    return {
        "order": post.order,
        "id": post.platform_id,
        "conversation": post.conversation,
        "sender": post.sender,
        "name": post.name,
        "label": author.label,
        "bot": post.of_bot,
        "text": post.text,
        "at": int(post.at.timestamp() * 1000),
        "quote": quote and {"id": quote.platform_id, "name": post.quote_name, "text": quote.text},
        "images": [f"/local/pictures/{name_of(image)}" for image in post.images],
    }
