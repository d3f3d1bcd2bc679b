"""Delivery: order within a conversation, patience, and a visible end for what cannot go out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.clock import ManualClock
from bot.delivery import Delivery
from bot.errors import NotConfigured, Rejected, TryLater
from bot.ports import Channel
from bot.settings import DeliverySection
from routing.message import Outbound
from storage.errors import Busy
from storage.store import Store
from tests.bot.loops import Unlucky, Wire, later, put, row, states

SECOND = timedelta(seconds=1)


def delivery(store: Store, clock: ManualClock, wire: Channel, **settings: int) -> Delivery:
    return Delivery(store, {"local": wire}, clock, DeliverySection.model_validate(settings))


async def drain(work: Delivery) -> int:
    """Send everything that is due now; how many tries it took."""
    tries = 0
    while count := await work.once():
        tries += count
    return tries


async def errors(store: Store, state: str) -> list[str]:
    async with store.read() as tx:
        rows = await tx.outbox.by_state(state, 100)
        return [tx.outbox.errors[one.message.id] for one in rows]


async def test_order_within_a_conversation(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    await put(lite, *(row(f"local:g{n % 3}", f"{n}") for n in range(12)))
    work = delivery(lite, noon, wire)
    assert await work.once() == 3, "one of each conversation at a time"
    assert await drain(work) == 9
    for group in range(3):
        mine = [int(text) for where, text in wire.sent if where == f"local:g{group}"]
        assert mine == sorted(mine)
    assert await states(lite) == {"sent": 12}


async def test_nothing_goes_before_its_time(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    await put(lite, row(text="早上", due_at=later(60)), row(text="现在"))
    work = delivery(lite, noon, wire)
    await drain(work)
    assert wire.texts == ["现在"]
    assert await work.next_due() == later(60)
    noon.set(later(60))
    await drain(work)
    assert wire.texts == ["现在", "早上"]
    assert await work.next_due() is None


async def test_try_later_holds_back_its_conversation_only(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    wire.script["一"] = [TryLater(30, "busy")]
    await put(lite, row(text="一"), row(text="二"), row("local:g2", "别处"))
    work = delivery(lite, noon, wire)
    await drain(work)
    assert wire.texts == ["别处"]
    assert await errors(lite, "pending") == ["busy", ""]
    noon.advance(29 * SECOND)
    assert await work.once() == 0
    noon.advance(SECOND)
    await drain(work)
    assert wire.texts == ["别处", "一", "二"]


async def test_an_unknown_fault_is_tried_again_ever_later(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    wire.script["一"] = [OSError("down")] * 4
    await put(lite, row(text="一"))
    work = delivery(lite, noon, wire)
    waits = []
    while not wire.sent:
        assert await work.once() == 1
        if due := await work.next_due():
            waits.append((due - noon.now()).total_seconds())
            noon.set(due)
    assert waits == [1, 2, 4, 8]


async def test_too_many_tries_end_as_dead(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    wire.script["一"] = [TryLater(1, "nobody home")] * 9
    await put(lite, row(text="一"), row(text="二"))
    work = delivery(lite, noon, wire, attempts=3)
    for _ in range(5):
        await drain(work)
        noon.advance(SECOND)
    assert len(wire.script["一"]) == 6
    assert wire.texts == ["二"], "the next one goes on"
    assert await states(lite) == {"dead": 1, "sent": 1}
    assert await errors(lite, "dead") == ["nobody home"]


@pytest.mark.parametrize("fault", [Rejected("too long"), NotConfigured("no agent_id")])
async def test_a_refusal_is_final_visible_and_can_be_sent_again(
    lite: Store, noon: ManualClock, fault: Exception
) -> None:
    wire = Wire()
    wire.script["一"] = [fault]
    post = row(text="一")
    await put(lite, post)
    work = delivery(lite, noon, wire)
    await drain(work)
    assert await errors(lite, "dead") == [str(fault)]
    async with lite.write() as tx:
        assert await tx.outbox.resend(post.message.id)
    await drain(work)
    assert wire.texts == ["一"]


async def test_a_channel_that_is_switched_off(lite: Store, noon: ManualClock) -> None:
    await put(lite, row("wecom_app:zhang", "一"))
    await drain(delivery(lite, noon, Wire()))
    (error,) = await errors(lite, "dead")
    assert "[channels.wecom_app]" in error


async def test_where_a_person_must_send_nothing_is_sent(lite: Store, noon: ManualClock) -> None:
    wire = Wire(needs_human=True)
    await put(lite, row(text="一"), row(text="二"))
    await drain(delivery(lite, noon, wire))
    assert wire.sent == []
    assert await states(lite) == {"awaiting_human": 2}


async def test_the_rate_of_a_conversation(lite: Store, noon: ManualClock) -> None:
    wire = Wire(rate=2)
    await put(lite, *(row(text=f"{n}") for n in range(5)), row("local:g2", "别处"))
    work = delivery(lite, noon, wire)
    await drain(work)
    assert wire.texts == ["0", "别处", "1"]
    noon.advance(59 * SECOND)
    assert await work.once() == 0
    noon.advance(SECOND)
    await drain(work)
    noon.advance(60 * SECOND)
    await drain(work)
    assert [text for text in wire.texts if text != "别处"] == ["0", "1", "2", "3", "4"]


async def test_a_clock_put_back_does_not_shut_a_group_up(lite: Store, noon: ManualClock) -> None:
    wire = Wire(rate=1)
    work = delivery(lite, noon, wire)
    await put(lite, row(text="一"))
    await drain(work)
    noon.advance(timedelta(hours=-5))
    await put(lite, row(text="二", due_at=noon.now()))
    await drain(work)
    assert wire.texts == ["一", "二"]


async def test_what_went_out_is_not_sent_again_though_it_could_not_be_recorded(
    lite: Store, noon: ManualClock
) -> None:
    wire = Wire()
    unlucky = Unlucky(lite, _record=1)
    await put(lite, row(text="一"), row(text="二"))
    work = delivery(unlucky, noon, wire)
    with pytest.raises(Busy):
        await work.once()
    assert await states(lite) == {"sending": 1, "pending": 1}
    await drain(work)
    assert wire.texts == ["一", "二"]
    assert await states(lite) == {"sent": 2}


async def test_a_stop_between_sending_and_recording_records_first(
    lite: Store, noon: ManualClock
) -> None:
    wire = Wire()
    await put(lite, row(text="一"), row("local:g2", "二"))
    work = delivery(lite, noon, wire)
    hanging = asyncio.Event()

    async def stop_soon(message: Outbound) -> None:
        if message.text == "二":
            await hanging.wait()
        asyncio.get_running_loop().call_soon(running.cancel)

    wire.before = stop_soon
    running = asyncio.create_task(work.once())
    with pytest.raises(asyncio.CancelledError):
        await running
    assert wire.texts == ["一"]
    assert await states(lite) == {"sent": 1, "sending": 1}


async def test_a_newer_post_of_the_same_slot_takes_the_place(
    lite: Store, noon: ManualClock
) -> None:
    wire = Wire()
    await put(lite, row(text="旧", slot="status:1"))
    await put(lite, row(text="新", slot="status:1"))
    await drain(delivery(lite, noon, wire))
    assert wire.texts == ["新"]
    assert await states(lite) == {"sent": 1, "superseded": 1}


async def test_the_ticket_of_a_post_is_found_by_what_the_platform_called_it(
    lite: Store, noon: ManualClock
) -> None:
    post = row(text="一", ticket_ids=(7, 9))
    await put(lite, post)
    await drain(delivery(lite, noon, Wire()))
    async with lite.read() as tx:
        assert await tx.outbox.tickets_of_post("local:g1", f"b-{post.message.id}") == (7, 9)
