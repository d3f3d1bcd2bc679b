"""Segments written as the CQ strings that old bridges send."""

from __future__ import annotations

from typing import Any


def to_cq(segments: list[dict[str, Any]]) -> str:
    """Segments as the CQ string that old bridges send."""
    parts = []
    for one in segments:
        if one["type"] == "text":
            parts.append(_escaped(one["data"]["text"]))
        else:
            pairs = "".join(
                f",{key}={_escaped(value).replace(',', '&#44;')}"
                for key, value in one["data"].items()
            )
            parts.append(f"[CQ:{one['type']}{pairs}]")
    return "".join(parts)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
