"""The bench itself at sizes too small to mean anything: it runs, and its keys are stable.

No figure is judged here; that is what `make bench` is for."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bench import __main__ as program
from bench import district, peer
from bench.figures import Section, Sizes, centile, figure, table
from nlp import corpus
from routing.parts import Role
from storage.ids import Ids
from storage.store import Store

TINY = Sizes(
    runs=1,
    messages=80,
    batch_rows=20,
    groups=20,
    people=60,
    latency_s=0.1,
    sample=8,
    starts=1,
    year_tickets=400,
    open_tickets=300,
    lived_reports=3,
    backlog=30,
)
KEYS = {
    "floor.python", "floor.fsync", "floor.rows",
    "stage.normalise", "stage.segment", "stage.classify", "stage.intake", "stage.worker",
    "stage.delivery", "dispatch.ours",
    "end_to_end.rate", "end_to_end.cpu", "end_to_end.share",
    "latency.p50", "latency.p99", "latency.pause",
    "backlog.few", "backlog.many", "backlog.ratio", "backlog.find",
    "records.year", "records.month", "records.rebuild", "records.export", "records.import",
    "sweep.idle", "sweep.minute", "sweep.hour", "engine.year", "engine.wrong",
    "start.first", "start.full", "memory.held", "memory.most",
}  # fmt: skip


def test_every_part_runs_and_the_document_has_its_keys(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(peer, "FOLDER", tmp_path / "absent")
    own = [name for name in program.PARTS if name not in program.SPOKEN]
    sections = program.measured(TINY, own)
    written = json.loads(json.dumps(program.document(sections)))
    assert written["figures"].keys() >= KEYS
    assert written["machine"]["cpus"]
    for key, values in written["figures"].items():
        assert values["value"] >= 0, key
        assert values["low"] <= values["value"] <= values["high"], key
        assert ("target" in values) == ("met" in values), key
    printed = capsys.readouterr().out
    assert peer.ABSENT in printed
    assert all(section.title in printed for section in sections)


@pytest.mark.parametrize(
    ("values", "middle", "low", "high"),
    [([3.0], 3.0, 3.0, 3.0), ([5.0, 1.0, 2.0], 2.0, 1.0, 5.0), ([1.0, 3.0], 2.0, 1.0, 3.0)],
)
def test_a_figure_is_the_median_with_its_spread(
    values: list[float], middle: float, low: float, high: float
) -> None:
    one = figure("k", "label", values, "µs")
    assert (one.value, one.low, one.high, one.runs) == (middle, low, high, len(values))
    assert one.met is None


def test_a_figure_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        figure("k", "label", [], "µs")


def test_targets_are_met_at_the_bound_itself() -> None:
    one = figure("k", "label", [10.0], "ms")
    assert one.at_least(10).met
    assert one.at_most(10).met
    assert one.at_least(11).met is False
    assert one.at_most(9).met is False


def test_a_missed_target_is_printed_as_missed() -> None:
    missed = figure("k", "速度", [1.0], "msg/s").at_least(2)
    text = table(Section("Title", (missed,), ("a remark",)))
    assert "MISSED" in text
    assert "a remark" in text
    assert "met" not in text


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_centiles(share: float, expected: int) -> None:
    assert centile(list(range(100, 0, -1)), share) == expected


def test_one_message_in_twenty_is_a_report_and_the_mix_never_changes() -> None:
    texts = district.texts(400)
    reports = {line.text for line in corpus.shipped() if line.kind == "report"}
    assert sum(text in reports for text in texts) == 20
    assert texts == district.texts(400)


def test_messages_come_from_residents_of_the_groups_they_speak_in() -> None:
    sent = district.messages(200, 20, 60, Ids().new)
    parts = district.parts(20, 60)
    homes = {p.person: p.grid for p in parts.posts if p.role is Role.RESIDENT}
    assert len({m.platform_id for m in sent}) == 200
    for message in sent:
        person = message.sender.partition(":")[2]
        assert message.conversation == f"{district.CHANNEL}:{homes[person]}"


async def test_the_seeded_file_holds_the_district(tmp_path: Path) -> None:
    file = tmp_path / "seeded.db"
    await district.seed(file, 20, 60)
    store = await Store.open(f"sqlite:///{file}")
    async with store.read() as tx:
        roster = await tx.people.load()
    await store.aclose()
    assert len(roster.parts.groups) == 20
    assert len(roster.parts.people) == 60
    assert roster.home_group(f"{district.CHANNEL}:p59") == roster.group(f"{district.CHANNEL}:g19")
    with sqlite3.connect(file) as base:
        assert base.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
