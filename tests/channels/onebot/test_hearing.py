"""What becomes of a message on its way in: whose words it speaks with, and what it quotes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.onebot import hearing
from bot.recalls import Recall
from routing.message import Quote
from tests.channels.onebot.conftest import Build
from tests.channels.stand import outbound
from tests.fakes.onebot import SELF, FakeBridge, at, reply, text

Bridges = Callable[..., FakeBridge]
NEIGHBOUR, OWN = "900", "901"


async def said(
    stand: Build, bridges: Bridges, *segments: dict[str, Any]
) -> tuple[str, Quote | None]:
    """The words and the quote of a message in a group, as they are taken in."""
    made, bridge = await stand(), bridges(11)
    await bridge.dial(made.port)
    bridge.messages[NEIGHBOUR] = ("77", [text("五楼又没水了")])
    bridge.messages[OWN] = (str(SELF), [text("已登记 #7")])
    await bridge.tell(bridge.event(78, list(segments), 88))
    await bridge.tell(bridge.event(78, "完", 88))
    await made.settled(1)
    (first, *_) = made.taken
    return first.text, first.quote


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ((reply(11, NEIGHBOUR), at(11, SELF)), "五楼又没水了"),
        ((reply(11, NEIGHBOUR), at(11, SELF), text(" 登记")), "登记"),
        ((reply(11, NEIGHBOUR),), "完"),
        ((reply(11, OWN), at(11, SELF)), "完"),
        ((at(11, SELF),), "完"),
    ],
    ids=["mention", "words", "no mention", "own post", "no quote"],
)
async def test_a_bare_mention_speaks_with_the_words_it_quotes(
    stand: Build, bridges: Bridges, segments: tuple[dict[str, Any], ...], words: str
) -> None:
    """Where nothing is said and nobody's words are meant, nothing is taken in."""
    assert (await said(stand, bridges, *segments))[0] == words


async def test_the_quote_of_a_mention_stays_a_quote(stand: Build, bridges: Bridges) -> None:
    _, quote = await said(stand, bridges, reply(11, NEIGHBOUR), at(11, SELF))
    assert quote == Quote(f"{SELF}:{NEIGHBOUR}", "五楼又没水了", of_bot=False)


async def test_a_post_of_the_bot_is_known_without_asking(stand: Build, bridges: Bridges) -> None:
    made, bridge = await stand(), bridges(11)
    await bridge.dial(made.port)
    await bridge.tell(bridge.event(78, "在吗", 88))
    await made.settled(1)
    sent = await made.channel.send(outbound("onebot:group:88", "已登记 #7"))
    number = sent.rpartition(":")[2]
    await bridge.tell(bridge.event(78, [reply(11, number), text("满意")], 88))
    await made.settled(2)
    assert made.taken[1].quote == Quote(sent, "已登记 #7", of_bot=True)
    assert "get_msg" not in [action["action"] for action in bridge.actions]


@pytest.mark.parametrize("of_bot", [True, False])
async def test_without_an_original_the_sender_of_the_quote_decides(
    stand: Build, bridges: Bridges, of_bot: bool
) -> None:
    made, bridge = await stand(version=12), bridges(12)
    await bridge.dial(made.port)
    sender = bridge.me if of_bot else "u77"
    quoted = {"type": "reply", "data": {"message_id": "m1", "user_id": sender}}
    await bridge.tell(bridge.event("u78", [quoted, text("满意")], "g88"))
    await made.settled(1)
    assert made.taken[0].quote == Quote(f"{bridge.me}:m1", "", of_bot=of_bot)


async def test_recalls_are_remembered_up_to_a_number(
    stand: Build, bridges: Bridges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "RECALLS", 2)
    made, bridge = await stand(), bridges(11)
    made.ticket = 0
    await bridge.dial(made.port)
    events = [bridge.event(78, f"第{n}句", 88) for n in range(3)]
    for event in events:
        await bridge.tell(bridge.recall(event))
    for event in [*events, bridge.event(78, "完", 88)]:
        await bridge.tell(event)
    await made.settled(2)
    assert [message.text for message in made.taken] == ["第0句", "完"]
    assert len(made.gone) == 3
    assert made.gone[0] == Recall(
        "onebot", f"{SELF}:{events[0]['message_id']}", "onebot:group:88", "onebot:78"
    )
