"""What staff read when a deadline is to be moved and the level above must agree.

Who that is, is decided in handlers/putting_off.py."""

from __future__ import annotations

from bot.texts.line import Line
from routing.commands import Verb


def urgent_waits_for_none(verb: Verb) -> str:
    return f"紧急事项{verb.value}要上一级同意"


def once_only(verb: Verb) -> str:
    return f"已经{verb.value}过一次，再{verb.value}要上一级同意"


def too_long(longest: str) -> str:
    return f"自己定的延期最多{longest}，更久要上一级同意"


def asks_consent(line: Line, role: str, alone: str, verb: Verb, wish: str) -> str:
    """wish: how long and why, as it was typed."""
    return (
        f"【申请{verb.value}】{line.head}，{line.due}办结。{role}想{verb.value}：{wish}\n"
        f"{alone}。同意请回复：{verb.value} {line.ticket.number} {wish}\n不同意不用回复，期限不变。"
    )


def consent_asked(line: Line, alone: str, level: str) -> str:
    return f"{line.head}：{alone}，已替您报给{level}。同意前期限不变，{line.due}办结。"


def nobody_to_consent(line: Line, alone: str) -> str:
    return f"{line.head}：{alone}，名册里还没有社区、街道或区县的同志，请联系系统管理员补上。"


def consented(line: Line, verb: Verb, role: str) -> str:
    return f"{line.head}：{role}同意{verb.value}，{line.due}办结。"
