"""Who handles a message: routers in priority order, first match wins, else silence.

What a handler does lives in handlers/; this file knows none of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.context import Context

PASS = "pass"  # noqa: S105 - no password
"""What a handler returns when, on a closer look, the message is not its own."""

Test = Callable[[Context], bool]
Handle = Callable[[Context], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One handler: `when` is a cheap test without any reading from the database."""

    name: str
    when: Test | None
    handle: Handle


@dataclass(slots=True)
class Router:
    """The rules of one topic of conversation, in order."""

    name: str
    rules: list[Rule] = field(default_factory=list)

    def on(self, when: Test | None = None) -> Callable[[Handle], Handle]:
        """Register the decorated handler; `when` None takes every message."""

        def register(handle: Handle) -> Handle:
            name = f"{self.name}.{getattr(handle, '__name__', '?')}"
            self.rules.append(Rule(name, when, handle))
            return handle

        return register


class Dispatcher:
    """All rules in one tuple: the cost of a message is one pass over cheap tests."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self.rules = tuple(rule for router in routers for rule in router.rules)
        _check(self.rules)

    async def dispatch(self, ctx: Context) -> str:
        """The outcome of the first handler that does not pass, or "silent:<kind>"."""
        for rule in self.rules:
            if rule.when is None or rule.when(ctx):
                outcome = await rule.handle(ctx)
                if outcome != PASS:
                    return f"{rule.name}:{outcome}"
        return f"silent:{ctx.reading.kind}"


def _check(rules: Sequence[Rule]) -> None:
    """Refuse at start what would be wrong at night. Raises ValueError naming the rule."""
    names: set[str] = set()
    for position, rule in enumerate(rules):
        if rule.name in names:
            raise ValueError(f"two handlers are called {rule.name}; rename one")
        if not (rule.handle.__doc__ or "").strip():
            raise ValueError(f"{rule.name} has no docstring; say what it answers to")
        if rule.when is None and position < len(rules) - 1:
            raise ValueError(f"{rule.name} takes everything; the rules after it are unreachable")
        names.add(rule.name)
