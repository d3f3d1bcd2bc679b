"""Work of one conversation in its order, whatever happens to what came before."""

from __future__ import annotations

import asyncio

from bot.channels.wecom.turns import Turns


async def settle() -> None:
    """Every task that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_conversation_keeps_its_order_and_holds_up_no_other() -> None:
    turns, gate, done = Turns(), asyncio.Event(), list[str]()

    async def work(name: str, waits: bool = False) -> None:
        if waits:
            await gate.wait()
        done.append(name)

    turns.follow("a", work("a1", waits=True))
    turns.follow("a", work("a2"))
    turns.follow("b", work("b1"))
    await settle()
    assert (done, turns.idle) == (["b1"], False)
    gate.set()
    await settle()
    assert done == ["b1", "a1", "a2"]
    assert turns._tails == {}


async def test_what_is_given_up_does_not_begin() -> None:
    turns, done = Turns(), list[str]()

    async def work() -> None:
        await asyncio.Event().wait()
        done.append("never")

    for _ in range(3):
        turns.follow("a", work())
    await asyncio.sleep(0)
    await turns.aclose()
    await asyncio.sleep(0)
    assert turns.idle
    assert done == []
    await turns.aclose()
