"""OneBot v12: typed events with self, send_message with detail_type, and its ranges of retcodes.

How frames travel is channel.py's business."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels.onebot.dialect import Action, Event, Heard, Original, Spelling, read_recall, wired
from bot.channels.onebot.segments import Malformed, Segment, identity, read_message
from bot.errors import NotConfigured, Rejected, SendError, TryLater

_SETTING: Final = "channels.onebot"
_BUSY_S: Final = 60.0
_UNSUPPORTED: Final = frozenset({10002, 10005})
_WHO: Final = frozenset({10101, 10102})
_THOUSANDS: Final = 1000
_TIRED: Final = 36
_RECALLS: Final = {"group_message_delete": True, "private_message_delete": False}
"""The notices of a message taken back, and whether it was said in a group."""


class V12:
    """Implements Dialect."""

    version = 12
    who = "get_self_info"
    spelling = Spelling(quoted="message_id", mention="mention", user="user_id")

    def read(self, event: Any) -> Event | None:
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Malformed
        if event["type"] not in {"message", "notice"}:
            return None
        kind, me = event.get("detail_type"), event.get("self")
        if not isinstance(me, dict) or not isinstance(kind, str):
            raise Malformed
        if event["type"] == "message" and kind in {"group", "private"}:
            return _message(event, identity(me.get("user_id")), kind == "group")
        if event["type"] == "notice" and kind in _RECALLS:
            return read_recall(event, identity(me.get("user_id")), _RECALLS[kind])
        return None

    def post(self, place: str, group: bool, message: Sequence[Segment]) -> Action:
        target = {"group_id": place} if group else {"user_id": place}
        kind = "group" if group else "private"
        params = {"detail_type": kind, **target, "message": wired(message)}
        return Action("send_message", params)

    def hand_over(self, data: bytes, kind: str) -> Action | None:
        coded = base64.b64encode(data).decode()
        return Action("upload_file", {"type": "data", "name": f"picture.{kind}", "data": coded})

    def picture(self, data: bytes, uploaded: Any) -> Segment:  # noqa: ARG002 - it was uploaded
        if not isinstance(uploaded, dict):
            raise Malformed
        return Segment("image", {"file_id": identity(uploaded.get("file_id"))})

    def ask_original(self, message_id: str) -> Action | None:  # noqa: ARG002 - none is asked
        return None

    def read_original(self, data: Any) -> Original:  # noqa: ARG002 - none is asked
        raise Malformed

    def error(self, action: str, answer: Mapping[str, Any]) -> SendError | None:
        code = answer.get("retcode")
        if code == 0 and answer.get("status") == "ok":
            return None
        if not isinstance(code, int):
            return Rejected(f"{action}: the answer has no retcode")
        if code in _WHO:
            return NotConfigured(f"{_SETTING}: the bridge has no such bot account (retcode {code})")
        if code in _UNSUPPORTED:
            return Rejected(f"{action} is not supported by the bridge (retcode {code})")
        if code // _THOUSANDS == _TIRED:
            return TryLater(_BUSY_S, f"{action}: the platform asks to wait (retcode {code})")
        return Rejected(f"{action} refused; see the bridge's log (retcode {code})")


def _message(event: Mapping[str, Any], self_id: str, in_group: bool) -> Heard | None:
    user = identity(event.get("user_id"))
    group = identity(event.get("group_id")) if in_group else ""
    segments = tuple(read_message(event.get("message")))
    number = identity(event.get("message_id"))
    return None if user == self_id else Heard(self_id, number, group, user, "", segments)
