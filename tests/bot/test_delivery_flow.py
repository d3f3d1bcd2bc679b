"""Delivery while some sends take long: nobody waits for another conversation's answer."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import ManualClock
from bot.delivery import STUCK, Delivery
from bot.errors import NotYet, TryLater
from bot.settings import DeliverySection
from routing.message import Outbound
from storage.store import Store
from tests.bot.loops import NOON, Counted, Wire, put, row, states

SECOND = timedelta(seconds=1)


class Gate(Wire):
    """A channel where posts that begin with 慢 wait until `open` is called."""

    def __init__(self, name: str = "local") -> None:
        super().__init__(name)
        self.gate, self.most = asyncio.Event(), 0
        self.flying: defaultdict[str, int] = defaultdict(int)

    async def send(self, message: Outbound) -> str:
        self.flying[message.conversation] += 1
        self.most = max(self.most, sum(self.flying.values()))
        assert self.flying[message.conversation] == 1, "one of a conversation at a time"
        try:
            if message.text.startswith("慢"):
                await self.gate.wait()
            return await super().send(message)
        finally:
            self.flying[message.conversation] -= 1


def delivery(store: Store, clock: ManualClock, *wires: Wire, batch: int = 100) -> Delivery:
    channels = {wire.name: wire for wire in wires}
    return Delivery(store, channels, clock, DeliverySection(batch=batch))


async def steps(work: Delivery, rounds: int = 6) -> int:
    """Turn the loop over a few times; how many sends were started."""
    return sum([await work.step() for _ in range(rounds)])


async def test_a_slow_send_holds_up_its_own_conversation_only(
    lite: Store, noon: ManualClock
) -> None:
    wire = Gate()
    await put(lite, row("local:a", "慢一"), row("local:a", "二"))
    await put(lite, *(row("local:b", f"{n}") for n in range(4)))
    work = delivery(lite, noon, wire)
    await steps(work)
    assert wire.texts == ["0", "1", "2", "3"]
    assert await states(lite) == {"sent": 4, "sending": 1, "pending": 1}, "results are recorded"
    await put(lite, row("local:c", "新来的"))
    await steps(work)
    assert wire.texts[-1] == "新来的"
    wire.gate.set()
    await steps(work)
    assert wire.texts[-2:] == ["慢一", "二"]
    assert await states(lite) == {"sent": 7}


async def test_what_ends_together_is_recorded_together(lite: Store, noon: ManualClock) -> None:
    counted = Counted(lite)
    await put(lite, *(row(f"local:{n}", f"{n}") for n in range(250)))
    work = delivery(counted, noon, Gate())
    assert await steps(work, 4) == 250
    assert counted.writes == 4, "100, 100, 50, and the last results"
    assert await states(lite) == {"sent": 250}


async def test_a_channel_that_hangs_leaves_room_for_the_others(
    lite: Store, noon: ManualClock
) -> None:
    hanging, quick = Gate("slow"), Gate()
    await put(lite, *(row(f"slow:{n}", f"慢{n}") for n in range(30)))
    work = delivery(lite, noon, hanging, quick, batch=5)
    await steps(work)
    assert hanging.most == 5, "a channel has its share"
    await put(lite, *(row(f"local:{n}", f"{n}") for n in range(12)))
    await steps(work)
    assert len(quick.sent) == 12
    hanging.gate.set()
    await steps(work, 12)
    assert len(hanging.sent) == 30


async def test_a_channel_that_another_process_serves_is_left_to_it(
    lite: Store, noon: ManualClock
) -> None:
    wire, other = Wire("wecom_aibot"), Wire()
    wire.away = True
    await put(lite, row("wecom_aibot:a", "一"), row("local:b", "二"))
    work = delivery(lite, noon, wire, other)
    await steps(work)
    assert (wire.texts, other.texts) == ([], ["二"])
    async with lite.read() as tx:
        (waiting,) = await tx.outbox.by_state("pending", 9)
        assert (waiting.message.text, tx.outbox.attempts) == ("一", {waiting.message.id: 0})
    wire.away = False
    await steps(work)
    assert wire.texts == ["一"]


async def test_the_wait_for_a_free_minute_is_no_failed_try(lite: Store, noon: ManualClock) -> None:
    wire = Wire(rate=1)
    await put(lite, *(row(text=f"{n}") for n in range(12)))
    work = delivery(lite, noon, wire)
    for _ in range(12):
        await steps(work, 3)
        async with lite.read() as tx:
            await tx.outbox.by_state("pending", 99)
            assert set(tx.outbox.attempts.values()) <= {0}
        noon.advance(60 * SECOND)
    assert wire.texts == [str(n) for n in range(12)], "none is dead, and none has overtaken"


async def test_a_channels_own_limit_is_no_failed_try_either(lite: Store, noon: ManualClock) -> None:
    wire = Wire()
    wire.script["一"] = [NotYet(30, "18 posts a minute")] * 20
    await put(lite, row(text="一"), row(text="二"))
    work = delivery(lite, noon, wire)
    for _ in range(20):
        await steps(work, 2)
        assert await states(lite) == {"pending": 2}, "what comes later waits behind it"
        noon.advance(30 * SECOND)
    await steps(work)
    assert wire.texts == ["一", "二"]


async def test_an_outage_of_minutes_is_survived(lite: Store, noon: ManualClock) -> None:
    """Each try waits longer, though the platform asked for a second only."""
    wire = Wire()
    wire.script["一"] = [TryLater(1, "down")] * 7
    await put(lite, row(text="一"))
    work, began = delivery(lite, noon, wire), noon.now()
    while not wire.sent:
        await steps(work, 2)
        noon.advance(SECOND)
    assert timedelta(seconds=120) < noon.now() - began < timedelta(seconds=140)


async def test_a_stop_lets_what_is_in_flight_land(lite: Store, noon: ManualClock) -> None:
    wire = Gate()
    await put(lite, row("local:a", "慢一"), row("local:b", "二"))
    work = delivery(lite, noon, wire)
    await work.step()
    asyncio.get_running_loop().call_later(0.05, wire.gate.set)
    await work.stop()
    assert sorted(wire.texts) == ["二", "慢一"]
    assert await states(lite) == {"sent": 2}


async def test_a_stop_does_not_wait_for_ever(lite: Store, noon: ManualClock) -> None:
    wire = Gate()
    await put(lite, row("local:a", "慢一"), row("local:b", "二"))
    work = delivery(lite, noon, wire)
    await work.step()
    await asyncio.wait_for(work.stop(0.05), 5)
    assert wire.texts == ["二"]
    assert await states(lite) == {"sent": 1, "sending": 1}


async def test_what_a_dead_process_was_sending_goes_out_after_a_while(
    lite: Store, noon: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await put(lite, row("local:a", "一"), row("local:a", "二"))
    async with lite.write() as tx:
        assert len(await tx.outbox.claim(noon.now(), 9)) == 1
    wire = Gate()
    work = delivery(lite, noon, wire)
    await steps(work)
    assert wire.texts == []
    noon.advance(STUCK + SECOND)
    await steps(work)
    assert wire.texts == ["一", "二"]
    assert "may have arrived already" in capsys.readouterr().out


async def test_a_clock_that_jumps_does_not_send_twice_what_is_in_flight(
    lite: Store, noon: ManualClock
) -> None:
    wire = Gate()
    await put(lite, row("local:a", "慢一"))
    work = delivery(lite, noon, wire)
    await work.step()
    for jump in (timedelta(hours=3), -timedelta(hours=9)):
        noon.advance(jump)
        await steps(work, 3)
    wire.gate.set()
    await steps(work)
    assert wire.texts == ["慢一"]
    assert await states(lite) == {"sent": 1}


async def test_the_loop_is_woken_when_a_send_ends(lite: Store, noon: ManualClock) -> None:
    woken, wire = asyncio.Event(), Gate()
    work = Delivery(lite, {"local": wire}, noon, DeliverySection(), wake=woken.set)
    await put(lite, row("local:a", "慢一"))
    await work.step()
    assert not woken.is_set()
    wire.gate.set()
    await asyncio.wait_for(woken.wait(), 5)
    await work.stop()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["快", "慢", "等", "误"])), max_size=12
    )
)
def test_whatever_happens_each_goes_out_once_and_in_order(
    sqlite_template: Path, tmp_path: Path, posts: list[tuple[str, str]]
) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "flow.db")
    asyncio.run(_each_once_and_in_order(f"sqlite:///{file}", posts))


async def _each_once_and_in_order(url: str, posts: list[tuple[str, str]]) -> None:
    store, clock, wire = await Store.open(url), ManualClock(NOON), Gate()
    rows = [row(f"local:{where}", f"{how}{n}") for n, (where, how) in enumerate(posts)]
    for one in rows:
        faults: dict[str, list[Exception]]
        faults = {"等": [NotYet(5)], "误": [TryLater(1), OSError("down")]}
        wire.script[one.message.text] = faults.get(one.message.text[0], [])
    await put(store, *rows)
    work = delivery(store, clock, wire, batch=4)
    await steps(work, 3)
    wire.gate.set()
    while len(wire.sent) < len(rows):
        await steps(work, 2)
        clock.advance(SECOND)
    await steps(work, 2)
    expected: defaultdict[str, list[str]] = defaultdict(list)
    for one in rows:
        expected[one.message.conversation].append(one.message.text)
    got: defaultdict[str, list[str]] = defaultdict(list)
    for where, text in wire.sent:
        got[where].append(text)
    assert got == expected
    await store.aclose()
