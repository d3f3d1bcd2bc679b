"""OneBot v11: events with post_type, CQ strings or arrays, send_group_msg and its retcodes.

How frames travel is channel.py's business."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels.onebot.dialect import Action, Event, Heard, Original, Spelling, read_recall, wired
from bot.channels.onebot.segments import Malformed, Segment, identity, read_message
from bot.errors import NotConfigured, Rejected, SendError

KEPT: Final = 20_000
_SETTING: Final = "channels.onebot"
_REFUSED: Final = {1400: "bad request", 1404: "the bridge knows no such action"}
_UNAUTHORISED: Final = frozenset({1401, 1403})
_RECALLS: Final = {"group_recall": True, "friend_recall": False}
"""The notices of a message taken back, and whether it was said in a group."""
DONE: Final = frozenset({0, 1})
"""Carried out, or taken over to be carried out (status async)."""


class V11:
    """Implements Dialect. Ids are kept as text; on the wire they go back as they came."""

    version = 11
    who = "get_login_info"
    spelling = Spelling(quoted="id", mention="at", user="qq")

    def __init__(self) -> None:
        self._wire: OrderedDict[str, str | int] = OrderedDict()

    def read(self, event: Any) -> Event | None:
        if not isinstance(event, dict) or not isinstance(event.get("post_type"), str):
            raise Malformed
        kind = event.get("notice_type")
        if event["post_type"] == "notice" and kind in _RECALLS:
            return read_recall(event, identity(event.get("self_id")), _RECALLS[kind])
        if event["post_type"] != "message":
            return None
        return self._message(event)

    def _message(self, event: Mapping[str, Any]) -> Heard | None:
        kind = event.get("message_type")
        if kind not in {"group", "private"}:
            raise Malformed
        me, user = identity(event.get("self_id")), self._keep(event.get("user_id"))
        segments = tuple(read_message(event.get("message")))
        group = self._keep(event.get("group_id")) if kind == "group" else ""
        number = self._keep(event.get("message_id"))
        if user == me or event.get("anonymous"):
            return None
        return Heard(me, number, group, user, _name(event.get("sender")), segments)

    def _keep(self, value: Any) -> str:
        text = identity(value)
        self._wire[text] = value
        self._wire.move_to_end(text)
        while len(self._wire) > KEPT:
            self._wire.popitem(last=False)
        return text

    def wire(self, text: str) -> str | int:
        """An id as the bridge spelled it; one not seen yet as the standard has it."""
        known = self._wire.get(text)
        if known is not None:
            return known
        plain = text.isascii() and text.isdecimal() and str(int(text)) == text
        return int(text) if plain else text

    def post(self, place: str, group: bool, message: Sequence[Segment]) -> Action:
        if group:
            params = {"group_id": self.wire(place), "message": wired(message)}
            return Action("send_group_msg", params)
        return Action("send_private_msg", {"user_id": self.wire(place), "message": wired(message)})

    def hand_over(self, data: bytes, kind: str) -> Action | None:  # noqa: ARG002 - it goes inline
        return None

    def picture(self, data: bytes, uploaded: Any) -> Segment:  # noqa: ARG002 - it goes inline
        return Segment("image", {"file": f"base64://{base64.b64encode(data).decode()}"})

    def ask_original(self, message_id: str) -> Action | None:
        return Action("get_msg", {"message_id": self.wire(message_id)})

    def read_original(self, data: Any) -> Original:
        if not isinstance(data, dict) or not isinstance(data.get("sender"), dict):
            raise Malformed
        user = identity(data["sender"].get("user_id"))
        return Original(user, tuple(read_message(data.get("message"))))

    def error(self, action: str, answer: Mapping[str, Any]) -> SendError | None:
        code = answer.get("retcode")
        if code in DONE and answer.get("status") in {"ok", "async"}:
            return None
        if code in _UNAUTHORISED:
            return NotConfigured(f"{_SETTING}.token is refused by the bridge ({action}, {code})")
        why = _REFUSED.get(code, "see the bridge's log") if isinstance(code, int) else "no retcode"
        return Rejected(f"{action} refused: {why} (retcode {code})")


def _name(sender: Any) -> str:
    """The name in the group, else the nickname; "" where the bridge tells none."""
    if not isinstance(sender, dict):
        return ""
    for key in ("card", "nickname"):
        if isinstance(name := sender.get(key), str) and name:
            return name[:64]
    return ""
