"""The dispatcher: the first rule that wants a message has it, and wrong rules stop the start."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.context import Context
from bot.dispatcher import PASS, Dispatcher, Router, Rule
from bot.handlers import ROUTERS
from nlp.reading import Reading


def context(kind: str = "chat") -> Context:
    """Dispatch looks at nothing but the reading."""
    return cast(Context, SimpleNamespace(reading=Reading(kind=kind)))


def rule(
    name: str,
    outcome: str,
    when: Callable[[Context], bool] | None = lambda _: True,
    calls: list[str] | None = None,
) -> Rule:
    async def handle(ctx: Context) -> str:
        """Answers."""
        if calls is not None:
            calls.append(name)
        return outcome

    return Rule(name, when, handle)


async def outcome(*rules: Rule) -> str:
    return await Dispatcher([Router("r", list(rules))]).dispatch(context())


async def test_the_first_match_wins() -> None:
    calls: list[str] = []
    found = await outcome(
        rule("a", "no", lambda _: False, calls), rule("b", "yes", calls=calls),
        rule("c", "late", calls=calls),
    )  # fmt: skip
    assert (found, calls) == ("b:yes", ["b"])


async def test_who_passes_lets_the_next_one_have_it() -> None:
    calls: list[str] = []
    found = await outcome(rule("a", PASS, calls=calls), rule("b", "done", calls=calls))
    assert (found, calls) == ("b:done", ["a", "b"])


@pytest.mark.parametrize("kind", ["chat", "report", "notice"])
async def test_what_nobody_wants_is_silence(kind: str) -> None:
    dispatcher = Dispatcher([Router("r", [rule("a", PASS)])])
    assert await dispatcher.dispatch(context(kind)) == f"silent:{kind}"


async def test_without_rules_everything_is_silence() -> None:
    assert await Dispatcher([]).dispatch(context()) == "silent:chat"


async def test_a_rule_without_a_test_takes_everything_if_it_is_the_last() -> None:
    assert await outcome(rule("a", PASS), rule("b", "any", None)) == "b:any"


def test_routers_name_their_rules() -> None:
    router = Router("night")

    @router.on()
    async def watch(ctx: Context) -> str:
        """Watches."""
        return PASS

    assert [one.name for one in router.rules] == ["night.watch"]
    assert router.rules[0].handle is watch


def _undocumented() -> Rule:
    async def handle(ctx: Context) -> str:
        return PASS

    return Rule("mute", None, handle)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([rule("a", ""), rule("a", "")], "two handlers are called a"),
        ([rule("a", "", None), rule("b", "")], "a takes everything"),
        ([_undocumented()], "mute has no docstring"),
    ],
)
def test_wrong_rules_stop_the_start(rules: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Dispatcher([Router("r", rules)])


def test_the_shipped_rules_are_in_order() -> None:
    rules = Dispatcher(ROUTERS).rules
    assert len({one.name for one in rules}) == len(rules) >= len(ROUTERS)
