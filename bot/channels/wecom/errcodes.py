"""What WeCom's error codes mean for us: wait, give up, or a setting that somebody must change.

Each sentence for the operator names the setting; nothing here talks to the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.errors import NotConfigured, Rejected, SendError, TryLater

BAD_TOKEN: Final = frozenset({40014, 42001})
"""The access token is stale: drop it, fetch another, try once more."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one platform. waits: seconds; settings: what to change, "{section}" in it;
    refused: why nothing can be done; kinds: refusals that somebody asks for by their class."""

    waits: Mapping[int, float]
    settings: Mapping[int, str]
    refused: Mapping[int, str]
    kinds: Mapping[int, type[Rejected]] = field(default_factory=dict)

    def __contains__(self, code: int) -> bool:
        return code in self.waits or code in self.settings or code in self.refused

    def error(self, code: int, section: str, call: str) -> SendError:
        """The error to raise for an errcode; section is the TOML path, as channels.wecom_app."""
        if code in self.waits:
            return TryLater(self.waits[code], f"{call} asks to wait (errcode {code})")
        if code in self.settings:
            why = self.settings[code].format(section=section)
            return NotConfigured(f"{why} (errcode {code})")
        why = self.refused.get(code, "see the platform's list of error codes")
        return self.kinds.get(code, Rejected)(f"{call} refused: {why} (errcode {code})")


_WAIT_S: Final = {
    -1: 2.0, 6000: 1.0, 45009: 60.0, 45033: 5.0, 846607: 30.0, 846609: 2.0,
}  # fmt: skip

_SETTINGS: Final = {
    40001: "{section}.secret is not the Secret of this app; copy it again from 应用管理",
    40013: "{section}.corp_id is unknown; copy 企业ID from 我的企业",
    40014: "{section}.secret: its token was refused twice; copy the Secret again",
    41001: "{section}.secret gave no access token; check corp_id and secret",
    42001: "{section}.secret: its token was refused twice; copy the Secret again",
    40056: "{section}.agent_id is not the AgentId of this app",
    301002: "{section}.agent_id and {section}.secret belong to different apps",
    48002: "{section}: this app has no right to the call; grant it in 应用管理 → 接口权限",
    60011: "{section}: the person is outside the app's 可见范围; widen it in 应用管理",
    60020: "{section}: add this server's address to 企业可信IP of the app",
    86008: "{section}: this group was not created by the app; create it with the app's own Secret",
    93000: "{section}.robots: the key is wrong or revoked; copy the Webhook address again",
    93004: "{section}.robots: the robot is disabled; switch it on in the group",
    93008: "{section}.robots: the robot is no longer in the group; add it again",
    853000: "{section}.bot_id or {section}.secret is wrong; copy both from 智能机器人 → API模式",
}

EXISTS: Final = 86215


class Exists(Rejected):
    """What was to be made is there already."""


_REFUSED: Final = {
    EXISTS: "a group of this chatid exists already",
    40003: "no such user id", 40007: "unknown media_id", 40008: "this kind is not allowed",
    40050: "no such group", 40058: "a parameter is wrong", 44004: "the text is empty",
    45002: "the text is too long", 60111: "no such user id", 81013: "no valid receiver",
    86001: "malformed chatid", 86003: "no such group", 846605: "the message to answer is unknown",
    846606: "the message was answered already", 846608: "the stream has expired",
}  # fmt: skip


WECOM: Final = Codes(_WAIT_S, _SETTINGS, _REFUSED, {EXISTS: Exists})


def code_of(answer: dict[str, Any]) -> int:
    """errcode of an answer; 0 when there is none, as in a download of bytes."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1


def check(answer: dict[str, Any], section: str, call: str) -> dict[str, Any]:
    """The answer itself when errcode is 0; raises TryLater, Rejected or NotConfigured."""
    code = code_of(answer)
    if code:
        raise WECOM.error(code, section, call)
    return answer
