"""Messages taken back: verified like messages, after the message itself, whoever was faster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.recalls import Recall
from routing.message import Inbound
from tests.channels.onebot.conftest import Build, Stand
from tests.channels.stand import outbound
from tests.fakes.onebot import FakeBridge

Bridges = Callable[..., FakeBridge]
LAMP = "3号楼2单元楼道灯不亮了"
GONE = [Recall("onebot", "10001:101", "onebot:group:88", "onebot:77")]


@pytest.fixture
def saying(bridges: Bridges) -> tuple[FakeBridge, dict[str, Any]]:
    """A bridge, and what 77 says in group 88."""
    bridge = bridges(11)
    return bridge, {**bridge.event(77, LAMP, 88), "message_id": 101}


Saying = tuple[FakeBridge, dict[str, Any]]


@pytest.mark.parametrize("ticket", [0, 7])
async def test_what_hangs_on_it_is_withdrawn_once(
    stand: Build, saying: Saying, ticket: int
) -> None:
    made, (bridge, said) = await stand(), saying
    made.ticket = ticket
    bridge.reach(made.port)
    for event in (said, bridge.recall(said), bridge.recall(said)):
        assert await bridge.post(event) == 204
    assert set(made.gone) == set(GONE)
    assert [m.text for m in made.taken] == [LAMP, "撤回"][: 2 if ticket else 1]
    if ticket:
        gone = made.taken[1]
        assert gone.quote is not None
        assert (gone.quote.platform_id, gone.quote.of_bot) == ("10001:101", False)
        assert (gone.sender, gone.to_me, gone.is_group) == ("onebot:77", False, True)


async def test_who_runs_the_group_tidies_words_only(stand: Build, saying: Saying) -> None:
    made, (bridge, said) = await stand(), saying
    bridge.reach(made.port)
    await bridge.post(said)
    assert await bridge.post(bridge.recall(said, by=99)) == 204
    assert made.gone == GONE
    assert [m.text for m in made.taken] == [LAMP]


FORGED: list[tuple[dict[str, str], int]] = [
    ({"X-Signature": ""}, 401),
    ({"X-Signature": "sha1=" + "0" * 40}, 403),
    ({"X-Self-ID": "10002"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), FORGED)
async def test_strangers_take_nothing_back(
    stand: Build, saying: Saying, headers: dict[str, str], status: int
) -> None:
    made, (bridge, said) = await stand(), saying
    bridge.reach(made.port)
    assert await bridge.post(bridge.recall(said), **headers) == status
    assert made.gone == []


async def test_a_socket_takes_back_for_its_own_account_only(stand: Build, saying: Saying) -> None:
    made, (bridge, said) = await stand(), saying
    await bridge.dial(made.port)
    await bridge.tell({**bridge.recall(said), "self_id": 10002})
    await bridge.tell(said)
    await made.settled(1)
    assert made.gone == []


@pytest.mark.parametrize("field", ["message_id", "user_id", "group_id", "self_id"])
async def test_a_notice_that_names_nothing_is_refused(
    stand: Build, saying: Saying, field: str
) -> None:
    made, (bridge, said) = await stand(), saying
    bridge.reach(made.port)
    hostile: list[Any] = [None, True, "", "x" * 300, {}]
    for broken in hostile:
        event = {**bridge.recall(said), field: broken}
        assert await bridge.post(event) == 403
    assert made.gone == []


async def test_what_was_not_forgotten_is_not_confirmed(stand: Build, saying: Saying) -> None:
    made, (bridge, said) = await stand(), saying
    bridge.reach(made.port)
    await bridge.post(said)
    made.broken = 1
    recall = bridge.recall(said)
    assert [await bridge.post(recall), await bridge.post(recall)] == [503, 204]
    assert made.gone == GONE


async def test_a_socket_insists_and_keeps_the_order(stand: Build, saying: Saying) -> None:
    made, (bridge, said) = await stand(), saying
    await bridge.dial(made.port)
    made.broken = 2
    await bridge.tell(said)
    await bridge.tell(bridge.recall(said))
    await made.settled(2)
    assert made.gone == GONE
    assert [m.text for m in made.taken] == [LAMP, "撤回"]


async def test_a_message_that_comes_after_its_recall_is_not_taken(
    stand: Build, saying: Saying
) -> None:
    made, (bridge, said) = await stand(), saying
    made.ticket = 0
    bridge.reach(made.port)
    await bridge.post(bridge.recall(said))
    await bridge.post(said)
    await bridge.post({**said, "message_id": 102})
    assert [m.platform_id for m in made.taken] == ["10001:102"]


async def test_a_recall_waits_for_a_message_that_is_being_taken(
    stand: Build, saying: Saying
) -> None:
    """Over HTTP the two may come at the same time."""
    made, (bridge, said) = await stand(), saying
    bridge.reach(made.port)
    entered, on = _hold(made)
    first = asyncio.create_task(bridge.post(said))
    await entered.wait()
    second = asyncio.create_task(bridge.post(bridge.recall(said)))
    elsewhere = {**said, "message_id": 5, "group_id": 89}
    assert await bridge.post(bridge.recall(elsewhere)) == 204
    assert [recall.platform_id for recall in made.gone] == ["10001:5"]
    on.set()
    assert [await first, await second] == [204, 204]
    assert made.gone[1:] == GONE


def _hold(made: Stand) -> tuple[asyncio.Event, asyncio.Event]:
    """The intake stops at its first message until it may go on."""
    entered, on = asyncio.Event(), asyncio.Event()

    async def accept(message: Inbound) -> bool:
        if message.text == LAMP:
            entered.set()
            await on.wait()
        return await made.accept(message)

    made.channel._hearing.accept = accept
    return entered, on


async def test_nobody_is_quoted_who_only_took_back(stand: Build, saying: Saying) -> None:
    made, (bridge, said) = await stand(), saying
    await bridge.dial(made.port)
    await bridge.tell(said)
    await bridge.tell(bridge.recall(said))
    await made.settled(2)
    quote = made.taken[1].platform_id
    await made.channel.send(outbound("onebot:group:88", "已撤回", quote_id=quote))
    assert [(post.text, post.quote) for post in bridge.posts] == [("已撤回", "")]
