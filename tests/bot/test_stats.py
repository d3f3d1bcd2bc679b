"""A synthetic year through the real domain: its figures equal a recount of the raw events."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bench.bulk import build
from bench.raw_events import History, spans
from bench.recount import differences, recount
from bench.year import Size, lives
from bot.cli import main
from bot.settings import Settings, StorageSection
from bot.stats import Query, report
from routing.breakdown import COUNTS
from routing.indicators import INDICATORS

TICKETS = 1_500
SIZE = Size(streets=4, communities=20, grids=30, micros=60, tickets=TICKETS)
START, END = "2025-03-01", "2025-04-30"
LOW = datetime(2025, 2, 28, 16, tzinfo=UTC)
HIGH = datetime(2025, 4, 30, 16, tzinfo=UTC)
FIRST = "(SELECT min(id) FROM ticket)"
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a small district's year; copy it before changing it."""
    path = tmp_path_factory.mktemp("year") / "year.db"
    build(path, SIZE)
    return path


@pytest.fixture
def run(year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a copy of the year and gives its code and what it printed."""
    shutil.copyfile(year, tmp_path / "year.db")
    config = tmp_path / "bot.toml"
    config.write_text(f'[storage]\nurl = "sqlite:///{tmp_path}/year.db"\n', encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str]:
        code = main(["--config", str(config), *arguments])
        out, errors = capsys.readouterr()
        return code, out or errors

    return call


def stats(run: Run, *arguments: str) -> dict[str, Any]:
    code, text = run("stats", "--from", START, "--to", END, "--format", "json", *arguments)
    assert code == 0
    found: dict[str, Any] = json.loads(text)
    return found


# ── an independent recount (bench/recount.py): another way of counting the same rows


def _level(history: History) -> str:
    sent = history.when("dispatch", "whistle")
    unit = history.last["unit"].partition("-")[0] if sent else "grid"
    near = {"": "grid", "grid": "grid", "wuye": "grid", "community": unit, "street": unit}
    return near.get(unit, "district")


KEYS: dict[str, Callable[[History, datetime], str]] = {
    "level": lambda history, _: _level(history),
    "category": lambda history, _: str(history.last["code"][:2]),
    "minor": lambda history, _: str(history.last["code"]),
    "unit": lambda history, _: (
        str(history.last["unit"]) if history.when("dispatch", "whistle") else ""
    ),
    "class": lambda history, _: spans(history.last)["id"],
    "month": lambda _, at: f"{at.astimezone(timezone(timedelta(hours=8))):%Y-%m}",
}


@pytest.mark.parametrize(
    "by",
    ["", "level", "category", "minor", "unit", "class", "month", "month,level,category,unit",
     "class,month", "unit,minor"],
)  # fmt: skip
async def test_the_year_counts_as_its_raw_events_do(year: Path, by: str) -> None:
    names = tuple(filter(None, by.split(",")))
    now = datetime(2026, 1, 15, tzinfo=UTC)
    settings = Settings(storage=StorageSection(url=f"sqlite:///{year}"))
    query = Query(date.fromisoformat(START), date.fromisoformat(END), names)
    table = (await report(settings, query, now)).table

    def key(history: History, at: datetime) -> tuple[str, ...]:
        return tuple(KEYS[name](history, at) for name in names)

    rows = recount(year, LOW, HIGH, now, key)
    assert differences(table, rows) == []
    if not by:
        assert rows[()].counts["reported"] > TICKETS / 8
        assert {name for name, count in rows[()].wholes.items() if count} >= {
            one.key for one in INDICATORS if one.key != "check_in"
        }


async def test_a_recount_notices_any_other_number(year: Path) -> None:
    now = datetime(2026, 1, 15, tzinfo=UTC)
    settings = Settings(storage=StorageSection(url=f"sqlite:///{year}"))
    query = Query(date.fromisoformat(START), date.fromisoformat(END))
    table = (await report(settings, query, now)).table
    rows = recount(year, LOW, HIGH, now)
    table.total.hits["spot"] += 1
    rows[()].counts["overdue"] += 1
    rows[()].minutes["handling", "O"].pop()
    assert [line.split(":")[0] for line in differences(table, rows)] == [
        "() overdue", "() spot", "() handling",
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["level", "grid", "category", "unit", "class", "month", "person"])
def test_rows_add_up_to_the_total_by_any_dimension(run: Run, by: str) -> None:
    found = stats(run, "--by", by)
    assert len(found["rows"]) > 1
    keys = [row["key"][by] for row in found["rows"]]
    own = {"level": ["grid", "community", "street", "district"], "class": list("EUOCQ")}
    assert keys == [key for key in own.get(by, sorted(keys)) if key in keys]
    for name in COUNTS:
        assert sum(r["counts"][name] for r in found["rows"]) == found["total"]["counts"][name]
    for one in INDICATORS:
        if one.key != "repeat":
            whole = found["total"]["rates"][one.key]["whole"]
            assert sum(r["rates"][one.key]["whole"] for r in found["rows"]) == whole


def test_persons_are_shown_on_request_only_and_never_by_a_handful_of_cases(run: Run) -> None:
    _, text = run("stats", "--from", START, "--to", END)
    assert "微网格长" not in text
    for row in (found := stats(run, "--by", "person"))["rows"]:
        for rate in row["rates"].values():
            told = rate["whole"] == 0 or rate["whole"] >= 5
            assert (rate["part"] is not None) is told
            assert (rate["percent"] is not None) is (rate["whole"] >= 5)
    few = [row for row in found["rows"] if 0 < row["rates"]["done"]["whole"] < 5]
    assert few
    assert {v for row in few for v in row["indices"].values()} == {None}
    assert {v for row in few for v in row["parts"]["peace"].values()} == {None}
    assert found["total"]["rates"]["done"]["percent"] is not None
    _, text = run("stats", "--from", START, "--to", END, "--by", "person")
    assert "样本过少" in text
    assert "微网格长1" in text
    _, text = run("stats", "--from", START, "--to", END, "--by", "person", "--format", "csv")
    head, *rows = csv.reader(io.StringIO(text[1:]))
    at = head.index("办结率")
    assert {row[at] for row in rows if 0 < int(row[at + 2]) < 5} == {"样本过少"}
    assert {row[at + 1] for row in rows if 0 < int(row[at + 2]) < 5} == {""}


def test_months_of_one_report_are_the_months(run: Run) -> None:
    found = stats(run, "--by", "month,level")
    assert {row["key"]["month"] for row in found["rows"]} == {"2025-03", "2025-04"}
    assert found["by"] == ["month", "level"]


def test_scopes_narrow_the_denominator_and_are_named(run: Run) -> None:
    whole = stats(run)
    streets = [stats(run, "--under", f"S{n}") for n in range(SIZE.streets)]
    reported = [one["total"]["counts"]["reported"] for one in streets]
    assert sum(reported) == whole["total"]["counts"]["reported"]
    assert streets[0]["scope"].startswith("第1镇街")
    errands = stats(run, "--code", "12", "--levels", "grid,community")
    assert errands["scope"].startswith("全部网格，")
    assert errands["scope"].endswith("，网格、社区")
    assert errands["total"]["counts"]["reported"] < whole["total"]["counts"]["reported"] / 5


def test_a_past_report_does_not_change_by_what_happens_later(run: Run, tmp_path: Path) -> None:
    before = stats(run)
    connection = sqlite3.connect(tmp_path / "year.db")
    later = int(datetime(2025, 5, 1, tzinfo=UTC).timestamp()) * 1_000_000
    connection.execute("DELETE FROM ticket_event WHERE at >= ? AND seq > 1", (later,))
    connection.commit()
    connection.close()
    assert stats(run) == before


# ── how it is printed


def test_the_table_is_chinese_and_in_the_order_of_its_keys(run: Run) -> None:
    code, text = run("stats", "--from", START, "--to", END, "--by", "level")
    assert code == 0
    assert "统计期 2025-03-01 至 2025-04-30" in text
    assert "按期结案率" in text
    rows = [line.split("│")[0].strip() for line in text.splitlines() if "│" in line]
    assert rows == ["网格", "社区", "镇街", "区县部门", "合计"], "nearest first"
    assert "不作排名" in text


def test_classes_stand_in_the_order_of_their_haste(run: Run) -> None:
    found = stats(run, "--by", "class,month")
    keys = [tuple(row["key"].values()) for row in found["rows"]]
    assert list(dict.fromkeys(sla for sla, _ in keys)) == ["E", "U", "O", "C", "Q"]
    for sla in "EUOCQ":
        months = [month for own, month in keys if own == sla]
        assert months == sorted(months)


def test_without_rows_every_figure_stands_below_the_other(run: Run) -> None:
    _, text = run("stats", "--from", START, "--to", END, "--explain")
    for one in INDICATORS:
        assert one.name in text
        assert f"（{one.key}）= {one.formula}" in text
    assert "权重版本 2026-2" in text
    assert "0.3×响应率 + 0.35×解决率 + 0.35×满意率" in text
    assert "矛盾纠纷（09）= 100 − 1×在办" in text


def test_durations_are_told_by_class_in_the_time_it_counts_in(run: Run) -> None:
    _, text = run("stats", "--from", START, "--to", END)
    told = {
        row[0].strip(): row[1].strip()
        for row in (line.split("│") for line in text.splitlines()) if len(row) == 3
    }  # fmt: skip
    minutes = stats(run)["total"]["minutes"]
    for name, key in (("响应时长", "answering"), ("办理时长", "handling")):
        for sla, unit in (("E 紧急", "小时"), ("O 一般", "工作小时")):
            p50, p90 = (max(minutes[key][sla[0]][p] / 60, 0.1) for p in ("p50", "p90"))
            words = f"一半在{p50:.1f}{unit}内，九成在{p90:.1f}{unit}内"
            assert told[f"{name}（{sla}）"] == words
    assert "天" not in told["办理时长（C 复杂）"]
    assert "工作小时" not in told["办理时长（C 复杂）"], "fifteen natural days"
    assert "工作小时" in told["响应时长（C 复杂）"], "but one working day to call"


def test_the_parts_of_an_index_stand_beside_it(run: Run) -> None:
    found = stats(run, "--by", "category")
    parts = found["total"]["parts"]["peace"]
    assert len(parts) == 8
    open_disputes = found["total"]["counts"]["disputes"]
    assert open_disputes
    by_code = {row["key"]["category"]: row["parts"]["peace"] for row in found["rows"]}
    assert by_code["09"]["矛盾纠纷"] < 100
    assert by_code["09"]["食药安全"] == 100
    _, text = run("stats", "--from", START, "--to", END)
    assert f"其中 矛盾纠纷 {parts['矛盾纠纷']:.2f}" in " ".join(text.replace("│", " ").split())


def test_a_chosen_few_figures(run: Run) -> None:
    _, text = run("stats", "--from", START, "--by", "level", "--figures", "done,recur")
    assert "复发率" in text
    assert "满意率" not in text
    assert "2025-03-31" in text


def test_csv_opens_in_a_spreadsheet(run: Run) -> None:
    _, text = run("stats", "--from", START, "--to", END, "--by", "category", "--format", "csv")
    assert text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text[1:]))
    assert head[0] == "大类"
    assert {"上报", "结案率", "结案率分子", "结案率分母", "履职指数"} <= set(head)
    assert {"食药安全", "响应时长p50（E类，分钟）", "办理时长p90（C类，分钟）"} <= set(head)
    assert all(len(row) == len(head) for row in rows)
    took = stats(run, "--by", "category")["total"]["minutes"]["handling"]["O"]["p90"]
    assert rows[-1][head.index("办理时长p90（O类，分钟）")] == f"{took:.0f}"
    assert "—" in {row[head.index("办理时长p50（E类，分钟）")] for row in rows}
    assert rows[-1][0] == "合计"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_bot_itself_in_every_form(run: Run, form: str) -> None:
    code, text = run("stats", "--from", START, "--to", END, "--bot", "--format", form)
    assert code == 0
    reported = sum(
        stats(run)["total"]["counts"][name] for name in ("reported", "merged", "withdrawn")
    )
    if form == "json":
        found = json.loads(text)
        assert found["bot"]["itself"]["inputs"].endswith(f"/{reported}")
        assert found["bot"]["receipt_p50"]["value"] is None, "a made year has no messages"
        return
    assert f"/{reported}" in text
    assert "回执时间，一半不超过" in text
    assert "结案率" not in text
    if form == "csv":
        head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        assert head == ["指标", "数值", "分子/分母"]
        assert all(len(row) == 3 for row in rows)


def test_wrong_weights_are_told_for_the_bot_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text("partly = 7", encoding="utf-8")
    code, text = run("stats", "--bot", "--weights", str(tmp_path / "w.toml"))
    assert code == 1
    assert "缺少 version" in text


def test_json_keys_are_stable(run: Run) -> None:
    found = stats(run)
    assert set(found) == {
        "period", "scope", "by", "weights", "rows", "total", "reasons", "exclusions",
    }  # fmt: skip
    total = found["total"]
    assert set(total) == {"key", "label", "counts", "rates", "minutes", "indices", "parts"}
    assert set(total["rates"]) == {one.key for one in INDICATORS}
    assert set(total["rates"]["done"]) == {"part", "whole", "percent"}
    assert total["rates"]["check_in"] == {"part": 0, "whole": 0, "percent": None}
    assert set(total["minutes"]["handling"]["O"]) == {"p50", "p90"}
    assert found["period"]["as_of"].startswith("2025-05-01 00:00")


def test_reasons_of_dissatisfaction_are_counted_as_they_were_said(run: Run, year: Path) -> None:
    first, end = (int(datetime.fromisoformat(f"2025-{day}T00:00+08:00").timestamp()) * 10**6
                  for day in ("03-01", "05-01"))  # fmt: skip
    with closing(sqlite3.connect(year)) as raw:
        said = raw.execute(
            "SELECT note FROM ticket_event WHERE action IN ('dissatisfy', 'reopen')"
            " AND at >= ? AND at < ?", (first, end),
        ).fetchall()  # fmt: skip
    told = stats(run)["reasons"]
    assert said
    assert sum(told.values()) == len(said)
    assert (
        f"{next(iter(told))} {next(iter(told.values()))}次"
        in run("stats", "--from", START, "--to", END)[1]
    )


def test_an_empty_period_shows_dashes(run: Run) -> None:
    code, text = run("stats", "--from", "2031-01-01", "--to", "2031-01-31")
    assert code == 0
    assert "—" in text
    assert "100.00%" not in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--by", "leader"), "不认识 leader，可以写：level grid"),
        (("--from", "2025-03-02", "--to", "2025-03-01"), "还早"),
        (("--under", "X9"), "没有这个网格编码：X9"),
        (("--figures", "rank"), "不认识 rank"),
    ],
)
def test_wrong_questions_are_answered_kindly(
    run: Run, arguments: tuple[str, ...], expected: str
) -> None:
    code, text = run("stats", *arguments)
    assert code == 1
    assert expected in text


def test_an_exclusion_is_shown_and_taken_off(run: Run, tmp_path: Path, year: Path) -> None:
    row = sqlite3.connect(year).execute(
        "SELECT group_id, number FROM ticket WHERE created_at >= ? AND urgent = 0 "
        "AND state = 'closed' AND code LIKE '01%' LIMIT 1",
        (int(LOW.timestamp() * 1_000_000),),
    )
    group, number = row.fetchone()
    path = tmp_path / "剔除.csv"
    head = "会话,编号,理由,申请人,复核人\n"
    path.write_text(f"{head}{group},{number},演练,local:a,local:b\n", encoding="utf-8")
    before, after = stats(run), stats(run, "--exclude", str(path))
    counts = after["total"]["counts"]
    assert counts["excluded"] == 1
    assert counts["reported"] == before["total"]["counts"]["reported"] - 1
    assert after["exclusions"][0]["reason"] == "演练"
    _, text = run("stats", "--from", START, "--to", END, "--exclude", str(path))
    assert f"剔除 {group} #{number}：演练（申请 local:a，复核 local:b）" in text
    path.write_text(f"{head}{group},99999,演练,local:a,local:b\n", encoding="utf-8")
    assert run("stats", "--exclude", str(path))[0] == 1


# ── rows beside their events


def test_rebuild_finds_nothing_in_an_honest_database(run: Run) -> None:
    assert run("rebuild") == (0, f"核对{TICKETS}件，有出入0件。\n")


def test_rebuild_tells_and_repairs_a_changed_row(run: Run, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "year.db")
    honest = connection.execute(f"SELECT * FROM ticket WHERE id = {FIRST}").fetchall()
    connection.execute(f"UPDATE ticket SET state = 'bogus', due_at = 5 WHERE id = {FIRST}")
    connection.commit()
    code, text = run("rebuild")
    assert code == 1
    assert "state、due_at 与事件不符" in text
    code, text = run("rebuild", "--repair")
    assert code == 0
    assert "已按事件改正1件。" in text
    assert connection.execute(f"SELECT * FROM ticket WHERE id = {FIRST}").fetchall() == honest
    assert run("rebuild")[0] == 0
    connection.close()


@pytest.mark.slow
def test_rebuild_on_several_cores_tells_the_same_in_order(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = sqlite3.connect(tmp_path / "year.db")
    connection.execute("UPDATE ticket SET unit = 'bogus' WHERE rowid % 40 = 1")
    connection.commit()
    connection.close()
    alone = run("rebuild")
    monkeypatch.setattr("bot.ledger.CHUNK", TICKETS // 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert run("rebuild") == alone
    assert alone[0] == 1
    assert alone[1].count("unit 与事件不符") > 10
    assert run("rebuild", "--repair")[0] == 0


def test_a_broken_history_is_told_and_left_alone(run: Run, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "year.db")
    connection.execute(f"UPDATE ticket_event SET note = 'x' WHERE ticket_id = {FIRST} AND seq = 2")
    connection.commit()
    connection.close()
    for arguments in (("rebuild",), ("rebuild", "--repair")):
        code, text = run(*arguments)
        assert code == 1
        assert "无法重放" in text
        assert "还剩1件" in text


# ── the lists out and in


@pytest.mark.parametrize("name", ["名册.xlsx", "名册"])
def test_the_roster_goes_out_and_comes_back(run: Run, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    code, text = run("export", str(target))
    assert code == 0
    assert str(target) in text
    code, text = run("import", str(target))
    assert code == 0
    assert f"群{SIZE.micros}个" in text
    assert run("export", str(target))[0] == 1


def test_a_bad_workbook_imports_nothing(run: Run, tmp_path: Path) -> None:
    assert run("import", "--template", str(tmp_path / "t.xlsx"))[0] == 0
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    code, text = run("import", str(tmp_path / "bad.xlsx"))
    assert code == 1
    assert "✗ bad.xlsx：打不开" in text
    assert run("import", str(tmp_path / "missing.xlsx"))[0] == 1
    assert run("import", str(tmp_path / "t.xlsx"))[0] == 0


def test_the_year_is_the_same_in_every_run() -> None:
    small = Size(streets=1, communities=1, grids=1, micros=3, tickets=40)
    first, second = ([m[1].hash for life in lives(small) for m in life] for _ in "ab")
    assert first == second
    assert Size().micros == 7_349
    assert date(2025, 1, 1) == Size().start.date()
