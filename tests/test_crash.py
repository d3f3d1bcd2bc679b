"""A bot killed at every commit boundary and at random times loses nothing and doubles nothing.

The process that is killed is crash_child.py; here it is driven and what it leaves is judged."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from routing.message import Inbound
from routing.ticket import Action, Ticket, Verdict
from storage.store import Store
from tests.crash_child import DATABASE, LOG, ROOT, SCRIPT, SENT

SIGKILL = -9
GROUPS = {"local:g1": "local:leader", "local:g2": "local:leader2"}
ASKING = "local:wang"
CHAT = ("早上好", "今天菜价又涨了", "谢谢大家", "晚上一起跳舞")


def script(rounds: int) -> dict[str, list[dict[str, Any]]]:
    """In each group reports, idle talk and the leader's 办结; one person asks 进度."""
    talks: dict[str, list[dict[str, Any]]] = {}
    for group, leader in GROUPS.items():
        said = []
        for n in range(1, rounds + 1):
            said.append((f"local:r{n}", f"报修 {n}号楼 楼道灯坏了"))
            said.append((f"local:c{n % 9}", CHAT[n % len(CHAT)]))
            said.append((leader, f"办结 #{n} 灯泡已换，第{n}次"))
        talks[group] = [_message(group, place, *one) for place, one in enumerate(said)]
    asked = [_message(ASKING, n, ASKING, "进度") for n in range(rounds)]
    return {**talks, ASKING: asked}


def _message(where: str, place: int, who: str, text: str) -> dict[str, Any]:
    return {
        "platform_id": f"{where}/{place}", "conversation": where, "is_group": where != who,
        "sender": who, "sender_name": who, "text": text, "to_me": where == who,
    }  # fmt: skip


@dataclass
class Town:
    """A folder with a bot's database and the log of its lives."""

    folder: Path
    process: subprocess.Popen[str]
    runs: int = 0
    killed: list[int] = field(default_factory=list)

    def live(self, **order: Any) -> int:
        """One more life; how it ended."""
        self.runs += 1
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"run": self.runs, **order}) + "\n")
        self.process.stdin.flush()
        ended: dict[str, int] = json.loads(self.process.stdout.readline())
        assert ended["code"] in {0, SIGKILL}, (self.folder / "output.txt").read_text("utf-8")
        if ended["code"] == SIGKILL:
            self.killed.append(self.runs)
        return ended["code"]

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / LOG).read_text("utf-8").splitlines()]

    @property
    def boundaries(self) -> dict[tuple[str, str], int]:
        """Every boundary of the log with how often it was reached."""
        return Counter((entry["at"][0], entry["at"][1]) for entry in self.log if "at" in entry)


@contextmanager
def town(folder: Path, rounds: int) -> Iterator[Town]:
    folder.mkdir()
    (folder / SCRIPT).write_text(json.dumps(script(rounds)), "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash_child", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    ) as process:  # fmt: skip
        yield Town(folder, process)
        assert process.stdin is not None
        process.stdin.close()


COMMITS = {
    "Bot._recover",
    "Intake._commit.<locals>.<lambda>",
    "Worker._claim",
    "Worker._work.<locals>.<lambda>",
    "Delivery._exchange",
    "Scheduler.once.<locals>.<lambda>",
}


@pytest.mark.timeout(180)
async def test_killed_at_every_boundary_and_at_any_time(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    with town(tmp_path / "calm", 2) as calm:
        assert calm.live() == 0
        boundaries = calm.boundaries
    await judge(calm, 2)
    assert {who for _, who in boundaries} >= COMMITS | {SENT}

    with town(tmp_path / "storm", 25) as storm:
        for when, who in sorted(boundaries):
            for nth in (1, 2) if boundaries[when, who] > 1 else (1,):
                assert storm.live(kill=[when, who, nth]) == SIGKILL, f"{when} {who} was not reached"
        for _ in range(12):
            storm.live(after_s=chance.uniform(0.05, 0.4))
        assert len(storm.killed) >= 20
        assert storm.live() == 0
        assert storm.live() == 0, "a start with nothing to do"
    await judge(storm, 25)


async def judge(lived: Town, rounds: int) -> None:
    """Nothing lost, nothing doubled: the log of all lives against the database."""
    store = await Store.open(f"sqlite:///{lived.folder / DATABASE}")
    try:
        await _messages(lived, store, rounds)
        await _tickets(store, rounds)
        await _posts(lived, store, rounds)
        async with store.read() as tx:
            jobs = await tx.jobs.count_by_state()
        assert jobs["done"] >= 2 * len(GROUPS) * rounds
        assert not jobs.keys() & {"dead"}
    finally:
        await store.aclose()


async def _messages(lived: Town, store: Store, rounds: int) -> None:
    said = {one["platform_id"] for talk in script(rounds).values() for one in talk}
    acks = [entry for entry in lived.log if "acked" in entry]
    assert {entry["acked"] for entry in acks} == said
    assert not [entry for entry in acks if entry["known"] and entry["fresh"]], "accepted twice"
    fresh = Counter(entry["acked"] for entry in acks if entry["fresh"])
    assert max(fresh.values()) == 1
    async with store.read() as tx:
        assert await tx.inbox.count_by_state() == {"done": len(said)}
        kept = [await tx.inbox.by_platform_id("local", name) for name in sorted(said)]
    ids = {message.id for message in kept if isinstance(message, Inbound)}
    assert len(ids) == len(said)


async def _tickets(store: Store, rounds: int) -> None:
    async with store.read() as tx:
        for group in GROUPS:
            found = [await tx.tickets.by_number(group, n) for n in range(1, rounds + 2)]
            tickets = [ticket for ticket in found if ticket is not None]
            assert [ticket.number for ticket in tickets] == list(range(1, rounds + 1))
            for ticket in tickets:
                await tx.tickets.verify(ticket.id)
                _one_life(ticket, [e.action for e in await tx.tickets.events(ticket.id)])


def _one_life(ticket: Ticket, actions: list[Action]) -> None:
    """Reported once, finished once, fallen silent once, however often the process died."""
    assert ticket.text == f"报修 {ticket.number}号楼 楼道灯坏了"
    assert ticket.result_text.endswith(f"第{ticket.number}次")
    assert ticket.verdict is Verdict.UNRATED
    assert actions == [Action.REPORT, Action.RESOLVE, Action.LAPSE]


async def _posts(lived: Town, store: Store, rounds: int) -> None:
    async with store.read() as tx:
        states = await tx.outbox.count_by_state()
        sent = await tx.outbox.by_state("sent", 100_000)
    assert states.keys() <= {"sent", "superseded"}
    kinds = Counter(row.kind for row in sent)
    assert kinds["receipt"] == len(GROUPS) * rounds
    to_the_asker = [row for row in sent if row.message.conversation == ASKING]
    assert len(to_the_asker) == rounds
    wire = [(place, entry) for place, entry in enumerate(lived.log) if "sent" in entry]
    assert {entry["sent"] for _, entry in wire} == {row.message.id for row in sent}
    _in_order([entry for _, entry in wire])
    _sent_again_only_after_a_crash(lived, wire)


def _in_order(wire: list[dict[str, Any]]) -> None:
    """Within a conversation posts leave in the order in which they were decided."""
    last: dict[str, int] = defaultdict(int)
    for entry in wire:
        assert entry["sent"] >= last[entry["where"]]
        last[entry["where"]] = entry["sent"]


def _sent_again_only_after_a_crash(lived: Town, wire: list[tuple[int, dict[str, Any]]]) -> None:
    """A commit that was under way when a post went out does not hold it; the next one does."""
    recorded: defaultdict[int, list[int]] = defaultdict(lambda: [-1, -1])
    for place, entry in enumerate(lived.log):
        if entry.get("at") == ["after", "Delivery._exchange"]:
            recorded[entry["run"]].append(place)
    times: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, entry in wire:
        times[entry["sent"]].append((place, entry["run"]))
    for tries in times.values():
        assert len({run for _, run in tries}) == len(tries), "twice in one life"
        for place, run in tries[:-1]:
            assert run in lived.killed
            assert recorded[run][-2] < place, "sent again although it was recorded"
