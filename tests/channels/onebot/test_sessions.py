"""Which connection an action goes by, and which account a conversation is heard through."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from aiohttp import web

from bot.channels.onebot import parts, sessions
from bot.channels.onebot.dialect import Action
from bot.channels.onebot.parts import Own, conversation_of
from bot.channels.onebot.sessions import Session, Sessions
from bot.channels.wecom.client import Unclear
from bot.errors import TryLater

NO_WIRE = cast(web.WebSocketResponse, None)


def session(self_id: str, role: str = "Universal") -> Session:
    return Session(NO_WIRE, self_id, role, 1.0)


def test_an_account_is_connected_once_a_role() -> None:
    opened = Sessions()
    first = session("1", "API")
    assert opened.add(first)
    assert not opened.add(session("1", "API"))
    assert opened.add(session("1", "Event"))
    assert opened.add(session("2", "API"))
    assert opened.count == 3
    opened.remove(first)
    opened.remove(first)
    assert opened.count == 2
    assert opened.add(session("1", "API"))


def test_a_conversation_goes_by_the_account_that_heard_it_last() -> None:
    opened = Sessions()
    one, two = session("1"), session("2")
    assert opened.way_to("onebot:7") is None
    assert opened.account_for("onebot:7") == ""
    opened.add(one)
    opened.add(two)
    assert opened.way_to("onebot:7") is one, "any, while nobody has spoken"
    opened.heard("onebot:7", "2")
    opened.heard("onebot:8", "1")
    assert opened.way_to("onebot:7") is two
    assert opened.way_to("onebot:8") is one
    opened.heard("onebot:7", "1")
    assert opened.way_to("onebot:7") is one
    opened.remove(one)
    assert opened.way_to("onebot:7") is two, "better another account than none"


def test_a_connection_for_events_takes_no_actions() -> None:
    opened = Sessions()
    opened.add(session("1", "Event"))
    assert opened.way_to("onebot:7") is None
    able = session("1", "API")
    opened.add(able)
    assert opened.way_to("onebot:7") is able


def test_an_account_is_known_from_what_is_open_or_was_heard() -> None:
    opened = Sessions()
    opened.add(session("#0"))
    assert opened.account_for("onebot:7") == "", "a number of ours is no account"
    opened.heard("onebot:8", "3")
    opened.heard("onebot:9", "4")
    assert opened.account_for("onebot:7") == "4"
    opened.add(session("5"))
    assert opened.account_for("onebot:7") == "5"
    assert opened.account_for("onebot:8") == "3"


def test_conversations_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "KEPT", 2)
    opened = Sessions()
    for number in ("1", "2"):
        opened.heard(f"onebot:{number}", number)
    opened.heard("onebot:1", "1")
    opened.heard("onebot:3", "3")
    assert [opened.account_for(f"onebot:{n}") for n in "123"] == ["1", "3", "3"]


def test_own_posts_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "KEPT", 2)
    own = Own()
    for number in "123":
        own.keep("onebot:7", number, f"第{number}条")
    assert [own.text("onebot:7", number) for number in "123"] == [None, "第2条", "第3条"]
    assert own.text("onebot:8", "3") is None


def test_a_group_and_a_person_of_one_number_are_two_conversations() -> None:
    assert conversation_of("55", "7") == "onebot:group:55"
    assert conversation_of("", "55") == "onebot:55"


class Wire:
    """Takes down what goes out; what comes back is handed to the session by the test."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed = False

    async def send_json(self, frame: dict[str, Any]) -> None:
        self.sent.append(frame)


async def asked(timeout_s: float, *names: str) -> tuple[Wire, Session, list[asyncio.Task[Any]]]:
    """A session with these actions under way, in their order."""
    wire = Wire()
    one = Session(cast(web.WebSocketResponse, wire), "1", "API", timeout_s)
    tasks = [asyncio.create_task(one.call(Action(name, {"n": name}))) for name in names]
    while len(wire.sent) < len(names):  # noqa: ASYNC110 - the tasks have only to begin
        await asyncio.sleep(0)
    return wire, one, tasks


async def test_each_answer_finds_its_question_whatever_the_order() -> None:
    wire, one, tasks = await asked(5, "first", "second")
    assert [(frame["action"], frame["params"]) for frame in wire.sent] == [
        ("first", {"n": "first"}), ("second", {"n": "second"}),
    ]  # fmt: skip
    echoes = [frame["echo"] for frame in wire.sent]
    assert echoes[0] != echoes[1]
    for echo in (None, 5, "unknown", echoes[1], echoes[1], echoes[0]):
        one.answered({"echo": echo, "retcode": 0})
    assert [task["echo"] for task in await asyncio.gather(*tasks)] == echoes
    one.answered({"echo": echoes[0]})
    assert one._waiting == {}


async def test_who_waits_is_told_at_once_when_the_line_breaks() -> None:
    wire, one, (answered, waiting) = await asked(60, "first", "second")
    one.answered({"echo": wire.sent[0]["echo"], "retcode": 0})
    one.ended()
    one.ended()
    assert (await answered)["retcode"] == 0
    with pytest.raises(Unclear, match=r"second: no answer .ConnectionError"):
        await asyncio.wait_for(waiting, 5)


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever() -> None:
    _, one, (waiting,) = await asked(0.01, "first")
    with pytest.raises(Unclear, match=r"first: no answer .TimeoutError"):
        await waiting
    assert one._waiting == {}


async def test_a_line_that_is_closed_takes_nothing() -> None:
    wire, one, _ = await asked(5)
    wire.closed = True
    with pytest.raises(TryLater, match="hung up"):
        await one.call(Action("first", {}))
    assert wire.sent == []
