"""Pages and diagrams of the documentation that are written from the code; run it to write them.

`python -m tests.docs.pages` after changing a setting, a handler or the transition table."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.handlers import ROUTERS
from routing.ticket import TRANSITIONS, Action, State
from tests.docs.figures_page import figures_page

ROOT = Path(__file__).resolve().parents[2]
STATES = re.compile(r"(<!-- states:begin -->\n).*?(<!-- states:end -->)", re.DOTALL)


def settings_page() -> str:
    """Every key of the shipped bot.toml with its default and its comment."""
    lines = [
        "# Settings",
        "",
        "Written from `bot.toml`; every key, its default, what it means.",
        "",
    ]
    comments = _comments((ROOT / "bot.toml").read_text(encoding="utf-8"))
    values = tomllib.loads((ROOT / "bot.toml").read_text(encoding="utf-8"))
    for section, keys in _sections(values):
        lines += [f"## [{section}]", ""]
        lines += [f"- `{key} = {_toml(value)}` — {comments[section, key]}" for key, value in keys]
        lines.append("")
    return "\n".join(lines)


def _sections(values: dict[str, Any], path: str = "") -> list[tuple[str, list[tuple[str, Any]]]]:
    found = []
    for name, value in values.items():
        if isinstance(value, dict):
            inner = f"{path}{name}"
            plain = [(k, v) for k, v in value.items() if not isinstance(v, dict)]
            if plain:
                found.append((inner, plain))
            nested = {k: v for k, v in value.items() if isinstance(v, dict)}
            found += _sections(nested, f"{inner}.")
    return found


def _comments(text: str) -> dict[tuple[str, str], str]:
    """The comment behind each key; "" where there is none (the tests refuse that)."""
    found, section = {}, ""
    for line in text.splitlines():
        if match := re.fullmatch(r"\[([\w.]+)\]\s*(?:#.*)?", line):
            section = match[1]
        elif match := re.match(r"(\w+) = ", line):
            code, _, comment = line.partition("  #")
            found[section, match[1]] = comment.strip() if code else ""
    return found


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_toml(v) for v in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def commands_page() -> str:
    """What people can say, one line a handler, in the order in which they are tried."""
    lines = [
        "# What people can say",
        "",
        "Written from the handlers; the first that fits takes a message.",
        "",
    ]
    for router in ROUTERS:
        lines += [f"## {router.name}", ""]
        lines += [
            f"- {(rule.handle.__doc__ or '').strip().splitlines()[0]}" for rule in router.rules
        ]
        lines.append("")
    return "\n".join(lines)


def state_diagram() -> str:
    """The transition table as a Mermaid diagram, actions that lead the same way joined."""
    ways: dict[tuple[State, State], list[Action]] = {}
    for (state, action), target in TRANSITIONS.items():
        if state is not target:
            ways.setdefault((state, target), []).append(action)
    rows = [
        f"    {one.value} --> {other.value}: {' '.join(a.label for a in actions)}"
        for (one, other), actions in sorted(ways.items())
    ]
    names = [f"    {state.value}: {state.label}" for state in State]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, *rows, "```", ""])


def architecture() -> str:
    """ARCHITECTURE.md with its diagram as the table has it now."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return STATES.sub(lambda m: m[1] + state_diagram() + m[2], text)


PAGES = {
    "docs/settings.md": settings_page,
    "docs/commands.md": commands_page,
    "docs/figures.md": figures_page,
    "ARCHITECTURE.md": architecture,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")
