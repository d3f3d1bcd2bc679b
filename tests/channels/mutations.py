"""Changes to genuine bodies: bytes turned over, put in or left out, and other JSON values.

What is done with the result is in test_fuzz.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Edit:
    """One change to some bytes."""

    how: str
    at: int
    extra: bytes


def mutated(data: bytes, edits: list[Edit]) -> bytes:
    """The bytes after all changes."""
    for edit in edits:
        at = edit.at % (len(data) + 1)
        if edit.how == "flip" and at < len(data):
            turned = data[at] ^ (1 + (edit.extra or b"\0")[0] % 255)
            data = data[:at] + bytes([turned]) + data[at + 1 :]
        elif edit.how == "insert":
            data = data[:at] + edit.extra + data[at:]
        elif edit.how == "drop":
            data = data[:at] + data[at + len(edit.extra) + 1 :]
        elif edit.how == "cut":
            data = data[:at]
    return data


def replaced(body: Any, data: st.DataObject, values: st.SearchStrategy[object]) -> Any:
    """The JSON with one value, at any depth, drawn anew."""
    node = body
    while True:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else [0]))
        if isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(values)
        return body
