"""The flat XML of WeCom callbacks as plain dicts, and back; small, strict and without entities.

Documents with a DOCTYPE, processing instructions, deep nesting or too many nodes are refused."""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

MAX_DEPTH: Final = 8
MAX_NODES: Final = 500

Node = dict[str, Any]
"""Values: str for a leaf, Node for a branch, a list of those for a repeated tag."""


class BadXml(ValueError):
    """Not the XML of a callback."""


class _Reader:
    __slots__ = ("_nodes", "_text", "stack")

    def __init__(self) -> None:
        self.stack: list[tuple[str, Node]] = [("", {})]
        self._text: list[str] = []
        self._nodes = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(self.stack) > MAX_DEPTH:
            raise BadXml
        self.stack.append((tag, {}))
        self._text.clear()

    def end(self, _tag: str) -> None:
        tag, node = self.stack.pop()
        value: Any = node or "".join(self._text).strip()
        self._text.clear()
        parent = self.stack[-1][1]
        if tag not in parent:
            parent[tag] = value
        elif isinstance(parent[tag], list):
            parent[tag].append(value)
        else:
            parent[tag] = [parent[tag], value]

    def text(self, data: str) -> None:
        self._text.append(data)


def _refuse(*_parts: object) -> None:
    raise BadXml


def parse(data: bytes) -> Node:
    """The children of <xml>; raises BadXml for anything else than such a document."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise BadXml from None
    root = reader.stack[0][1].get("xml")
    if not isinstance(root, dict):
        raise BadXml
    return root


def text_of(node: Node, tag: str) -> str:
    """The text of a leaf, "" when it is missing; raises BadXml for a branch or a repeated one."""
    value = node.get(tag, "")
    if not isinstance(value, str):
        raise BadXml
    return value


def render(tags: dict[str, str | int]) -> str:
    """An answer's <xml>: text in CDATA, numbers bare."""
    rows = (
        f"<{tag}>{value}</{tag}>" if isinstance(value, int) else f"<{tag}>{_cdata(value)}</{tag}>"
        for tag, value in tags.items()
    )
    return f"<xml>{''.join(rows)}</xml>"


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
