"""What the holders of an office are called where the levels of the tree have names of their own.

The roles themselves are parts.py; who holds them is roster.py."""

from __future__ import annotations

from collections.abc import Mapping

from routing.parts import LEVELS, Role

_OF_LEVEL = {
    Role.DISTRICT: ("district", "指挥中心"),
    Role.STREET: ("street", "指挥中心"),
    Role.SECRETARY: ("community", "书记"),
    Role.COMMUNITY: ("community", "工作者"),
}


def title_of(role: Role, levels: Mapping[str, str]) -> str:
    """街道指挥中心, or 乡镇指挥中心 where the level is called 乡镇."""
    level, office = _OF_LEVEL.get(role, ("", ""))
    if not level or levels[level] == LEVELS[level]:
        return role.label
    return f"{levels[level]}{office}"
