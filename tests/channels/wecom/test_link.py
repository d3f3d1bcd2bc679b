"""The long connection: it comes back after every close but an eviction, and keeps acks in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.channels.wecom.aibot_link import Link, LinkSettings
from bot.channels.wecom.client import Unclear
from bot.errors import NotConfigured, TryLater
from bot.leader import Leadership, process_name
from storage.store import Store
from tests.fakes.wecom import BOT, BOT_SECRET, FakeWecom, Fault

Frames = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
async def frames() -> Frames:
    return []


Lead = Callable[[], Leadership]


@pytest.fixture
async def lead(sqlite_url: str) -> AsyncIterator[Lead]:
    """Another process each time, over one database; a lease lasts 0.2 s."""
    store = await Store.open(sqlite_url)
    yield lambda: Leadership(store, BOT, process_name(), 0.2)
    await store.aclose()


@pytest.fixture
async def link(fake: FakeWecom, lead: Lead, frames: Frames) -> AsyncIterator[Link]:
    made = Link(
        LinkSettings(fake.ws_url, BOT, BOT_SECRET, ping_s=0.05, unit_s=0.01, ack_s=0.3),
        lead(),
        lambda cmd, req_id, body: frames.append((cmd, req_id, body)),
        jitter=lambda: 0.5,
    )
    made.start()
    yield made
    await made.aclose()


async def until(true: Callable[[], object], timeout_s: float = 5) -> None:
    """Let everybody else run until something is true."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 looks at plain state that has no event
            await asyncio.sleep(0.005)


async def test_it_subscribes_and_pings(fake: FakeWecom, link: Link) -> None:
    await until(lambda: sum(f["cmd"] == "ping" for f in fake.socket.frames) >= 3)
    first = fake.socket.frames[0]
    assert first["cmd"] == "aibot_subscribe"
    assert first["body"] == {"bot_id": BOT, "secret": BOT_SECRET}
    assert fake.socket.connections == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_it_comes_back_after_every_close(fake: FakeWecom, link: Link, code: int) -> None:
    for number in range(1, 4):
        await until(link.ready.is_set)
        assert fake.socket.connections == number
        await fake.socket.close(code)
        await until(lambda seen=number: fake.socket.connections > seen)  # type: ignore[misc]


async def test_it_comes_back_when_pings_are_not_answered(fake: FakeWecom, link: Link) -> None:
    await until(link.ready.is_set)
    fake.socket.mute = True
    await until(lambda: not link.ready.is_set(), 15)
    fake.socket.mute = False
    await until(link.ready.is_set)
    assert fake.socket.connections >= 2


async def test_it_never_comes_back_after_an_eviction(fake: FakeWecom, link: Link) -> None:
    await until(link.ready.is_set)
    link._on_frame = lambda cmd, req_id, body: link.stop("another connection took over")
    await fake.socket.evict()
    assert link._task is not None
    await asyncio.wait_for(link._task, 5)
    assert fake.socket.connections == 1
    with pytest.raises(NotConfigured, match="took over"):
        await link.request("aibot_send_msg", "N1", {})


async def test_a_wrong_secret_stops_at_once(fake: FakeWecom, lead: Lead) -> None:
    settings = LinkSettings(fake.ws_url, BOT, "wrong", unit_s=0.01)
    link = Link(settings, lead(), lambda *_: None)
    link.start()
    assert link._task is not None
    await asyncio.wait_for(link._task, 5)
    assert fake.socket.connections == 1
    assert "channels.wecom_aibot.secret" in link.stopped
    assert "wrong" not in repr(settings) + link.stopped.replace("is wrong", "")
    await link.aclose()


async def test_an_unreachable_platform_is_dialled_again(lead: Lead) -> None:
    waits: list[int] = []
    settings = LinkSettings("ws://127.0.0.1:9/ws", BOT, BOT_SECRET, unit_s=0.001)
    link = Link(settings, lead(), lambda *_: None)
    link.delay_s = lambda failures: waits.append(failures) or 0.001  # type: ignore[func-returns-value,method-assign]
    link.start()
    await until(lambda: len(waits) >= 4)
    assert waits[:4] == [1, 2, 3, 4]
    with pytest.raises(TryLater):
        await link.request("aibot_send_msg", "N1", {})
    await link.aclose()


async def test_the_back_off_grows_to_a_minute_with_jitter(lead: Lead) -> None:
    def link(jitter: float) -> Link:
        settings = LinkSettings("ws://x", BOT, BOT_SECRET)
        return Link(settings, lead(), lambda *_: None, lambda: jitter)

    assert [link(0).delay_s(n) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [link(1).delay_s(n) for n in (1, 5, 9)] == [0.5, 8, 30]


async def test_a_refused_subscription_is_tried_again(fake: FakeWecom, lead: Lead) -> None:
    fake.faults["aibot_subscribe"].extend([Fault(errcode=45009), Fault(hang_up=True)])
    settings = LinkSettings(fake.ws_url, BOT, BOT_SECRET, unit_s=0.01)
    link = Link(settings, lead(), lambda *_: None)
    link.start()
    await until(link.ready.is_set)
    assert fake.socket.connections == 3
    await link.aclose()


async def test_frames_of_one_request_wait_for_their_acks(fake: FakeWecom, link: Link) -> None:
    await until(link.ready.is_set)
    fake.always["aibot_respond_msg"] = Fault(slow_s=0.02, errcode=846605)
    bodies = [{"n": n} for n in range(4)]
    calls = [link.request("aibot_respond_msg", "R1", body) for body in bodies]
    acks = await asyncio.gather(*calls)
    assert [ack["errcode"] for ack in acks] == [846605] * 4
    sent = [f["body"] for f in fake.socket.frames if f["cmd"] == "aibot_respond_msg"]
    assert sent == bodies


async def test_a_break_before_the_ack_is_unclear(fake: FakeWecom, link: Link) -> None:
    await until(link.ready.is_set)
    fake.faults["aibot_send_msg"].append(Fault(hang_up=True))
    with pytest.raises(Unclear):
        await link.request("aibot_send_msg", "N1", {"chatid": "wang", "msgtype": "text"})


async def test_one_process_leads(fake: FakeWecom, lead: Lead, link: Link) -> None:
    await until(link.ready.is_set)
    other = Link(LinkSettings(fake.ws_url, BOT, BOT_SECRET, unit_s=0.001), lead(), lambda *_: None)
    other.start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(other.lead.won.wait(), 0.5)
    assert (link.lead.leading, other.lead.leading) == (True, False)
    assert fake.socket.connections == 1
    await link.aclose()
    await until(other.ready.is_set)
    assert fake.socket.connections == 2
    await other.aclose()


async def test_a_leader_that_was_replaced_hangs_up_and_waits_for_its_turn(
    fake: FakeWecom, lead: Lead, link: Link
) -> None:
    """As after a pause of the whole machine: the lease went to somebody else meanwhile."""
    await until(link.ready.is_set)
    thief = lead()
    async with thief._store.write() as tx:
        held = await tx.leases.seen(BOT)
        assert held is not None
        assert await tx.leases.take(BOT, thief.owner, held)
    thief.start()
    await until(lambda: not link.ready.is_set())
    assert not link.stopped
    await thief.aclose()
    await until(link.ready.is_set)
    assert fake.socket.connections == 2


async def test_an_eviction_by_the_next_leader_is_not_the_end(
    fake: FakeWecom, lead: Lead, link: Link
) -> None:
    await until(link.ready.is_set)
    thief = lead()
    async with thief._store.write() as tx:
        assert await tx.leases.take(BOT, thief.owner, await tx.leases.seen(BOT))
    link._on_frame = lambda cmd, req_id, body: link.evicted("another connection took over")
    await fake.socket.evict()
    await until(lambda: not link.lead.leading)
    assert not link.stopped
