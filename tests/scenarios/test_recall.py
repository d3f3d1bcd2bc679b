"""A message taken back leaves no ticket, at whatever moment of its handling that comes."""

from __future__ import annotations

import pytest

from bot.recalls import Recall, withdrawal
from routing.message import Inbound
from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import Town

ROOM, WANG = "local:g1", "local:wang"


async def taken_back(town: Town, platform_id: str) -> bool:
    """What a channel does once it hears of it: forget, then 撤回 where that is needed."""
    bot = town.bot
    needed = await bot._forget(Recall("local", platform_id, ROOM, WANG))
    if needed:
        gone = Inbound(
            id=bot.house.new_id(), channel="local", platform_id=f"back:{platform_id}",
            conversation=ROOM, is_group=True, sender=WANG, sender_name="小王", text="",
            received_at=town.clock.now(),
        )  # fmt: skip
        await bot._accept(withdrawal(gone, platform_id))
    return needed


async def said(town: Town, text: str) -> str:
    """Stored, but not handled yet."""
    return await town.channel.say(WANG, ROOM, text, platform_id=f"m:{text}")


async def test_taken_back_in_the_moment_of_handling(town: Town) -> None:
    platform_id = await said(town, LAMP)
    worker = town.bot.worker
    claim = await town.bot.store.run(worker._claim)
    assert [message.text for message in claim.messages] == [LAMP]
    assert await taken_back(town, platform_id)
    await worker._work(claim)
    assert (await town.ticket(1)).state is State.REPORTED, "the worker had its words already"
    await town.bot.settle()
    assert (await town.ticket(1)).state is State.WITHDRAWN
    await town.at("leader").expect("#1", "反映人已撤回")


async def test_taken_back_before_it_is_handled(town: Town) -> None:
    await taken_back(town, await said(town, LAMP))
    await town.bot.settle()
    assert await town.tickets() == []
    assert town.group.texts == []


async def test_taken_back_afterwards(town: Town) -> None:
    platform_id = await town.group.says("wang", LAMP)
    assert await taken_back(town, platform_id)
    await town.bot.settle()
    assert (await town.ticket(1)).state is State.WITHDRAWN


async def test_what_registered_nothing_takes_no_other_matter_along(town: Town) -> None:
    """The race the other way round: 撤回 comes, and from the words nothing was opened."""
    await town.group.says("wang", GYM)
    platform_id = await said(town, "大家早上好")
    claim = await town.bot.store.run(town.bot.worker._claim)
    assert await taken_back(town, platform_id)
    await town.bot.worker._work(claim)
    await town.bot.settle()
    assert (await town.ticket(1)).state is State.REPORTED


@pytest.mark.parametrize("who", ["wang", "li"])
async def test_quoting_what_was_never_registered_withdraws_nothing(town: Town, who: str) -> None:
    await town.group.says(who, GYM)
    chat = await town.group.says(who, "大家早上好")
    await town.group.says(who, "撤回", quote=chat)
    assert (await town.ticket(1)).state is State.REPORTED
    await town.group.says(who, "撤回")
    assert (await town.ticket(1)).state is State.WITHDRAWN


async def test_nothing_is_needed_for_chat_long_done(town: Town) -> None:
    assert not await taken_back(town, await town.group.says("wang", "大家早上好"))
