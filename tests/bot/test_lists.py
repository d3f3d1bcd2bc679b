"""Importing the lists tells what they lack; nothing of it keeps them from being imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.cli import main

Run = Callable[..., tuple[int, str]]
CELL = "000000001001001"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on an empty database of its own; gives its code and what it printed."""

    def call(*arguments: str, **roster: object) -> tuple[int, str]:
        rules = Path(__file__).parents[2] / "examples/rules.toml"
        lines = [f'[bot]\nrules = "{rules}"']
        lines += [f'[storage]\nurl = "sqlite:///{tmp_path}/x.db"\n[roster]']
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in roster.items()
        ]
        (tmp_path / "bot.toml").write_text("\n".join(lines), encoding="utf-8")
        code = main(["--config", str(tmp_path / "bot.toml"), *arguments])
        out, errors = capsys.readouterr()
        return code, out + errors

    return call


@pytest.fixture
def lists(tmp_path: Path, run: Run) -> Path:
    """The template, ready to be changed."""
    assert run("import", "--template", str(tmp_path / "lists"))[0] == 0
    return tmp_path / "lists"


def change(lists: Path, name: str, old: str, new: str) -> None:
    path = lists / f"{name}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "kind"),
    [
        ("网格", ",380,960,", ",620,960,", "有620户，超过500户，请考虑拆分。", "网格太大1处"),
        ("网格", ",380,960,", ",380,1300,", "有1300人，超过1000人，请考虑拆分。", "网格太大1处"),
        ("岗位", "专职", "兼职", "没有专职网格员，城镇网格至少要有一名", "没有专职网格员1处"),
        ("岗位", "网格长,否", "社区书记,否", "没有网格长，群里的诉求没有人确认。", "没有网格长2处"),
    ],
)  # fmt: skip
def test_import_and_check_tell_what_is_missing(
    run: Run, lists: Path, name: str, old: str, new: str, line: str, kind: str
) -> None:
    change(lists, name, old, new)
    for arguments in (("import", str(lists)), ("check",)):
        code, text = run(*arguments)
        assert code == 0
        assert f"名册：示范社区第一网格（{CELL}）{line}" in text
        assert kind in next(line for line in text.splitlines() if "各级网格共" in line)


def test_limits_and_names_of_levels_come_from_the_settings(run: Run, lists: Path) -> None:
    names = ["县", "乡镇", "行政村", "网格", "微网格"]
    code, text = run("import", str(lists), max_households=300, max_persons=0, levels=names)
    assert code == 0
    assert "有380户，超过300户" in text
    out = lists / "out"
    assert run("export", str(out), levels=names)[0] == 0
    assert "示范社区,行政村," in (out / "网格.csv").read_text(encoding="utf-8-sig")
    code, text = run("check", levels=["一", "二"])
    assert code == 2
    assert "roster" in text


ZHANGZI = ["县", "乡镇", "行政村", "网格", "微网格"]


def test_a_county_of_towns_and_villages_reads_its_own_names(run: Run, lists: Path) -> None:
    """From the office's lists to what is printed: import, route, digest, figures, export."""
    for old, new in (("镇街", "乡镇"), (",社区,", ",行政村,"), ("样板街道", "样板镇")):
        change(lists, "网格", old, new)
    code, text = run("import", str(lists), levels=ZHANGZI)
    assert (code, text.count("✓ 已导入：网格4个")) == (0, 1), text
    asked = ("村口路灯不亮了", "--group", "local:g1")
    assert "一般由乡镇一级办理" in run("route", *asked, levels=ZHANGZI)[1]
    assert "【1幢微网格群 日报" in run("digest", "--date", "2026-11-20", levels=ZHANGZI)[1]
    code, text = run("stats", "--by", "grid", "--grid-level", "community", levels=ZHANGZI)
    assert (code, "行政村" in text.splitlines()[1]) == (0, True)
    assert run("export", str(lists / "out"), levels=ZHANGZI)[0] == 0
    assert "示范社区,行政村," in (lists / "out/网格.csv").read_text(encoding="utf-8-sig")


def test_a_level_that_has_another_name_here_is_refused_with_the_names(
    run: Run, lists: Path
) -> None:
    change(lists, "网格", ",微网格,", ",小组网,")
    code, text = run("import", str(lists), levels=ZHANGZI)
    assert code == 1
    line = (
        "✗ 网格.csv 第5行 “层级”列：“小组网”，没有这个层级，可以写：县、乡镇、行政村、网格、微网格"
    )
    assert line in text
    assert "没有导入任何内容，请改好后重新导入。" in text


def test_a_second_import_updates_and_a_bad_one_changes_nothing(run: Run, lists: Path) -> None:
    assert run("import", str(lists))[0] == 0
    change(lists, "网格", "示范社区第一网格", "改了名的网格")
    assert run("import", str(lists))[0] == 0
    change(lists, "网格", "改了名的网格", "又改了名")
    change(lists, "人员", "local:leader", "没有渠道")
    assert run("import", str(lists))[0] == 1
    assert run("export", str(lists / "out"))[0] == 0
    kept = (lists / "out/网格.csv").read_text(encoding="utf-8-sig")
    assert "改了名的网格" in kept
    assert "又改了名" not in kept


def test_the_sample_rules_do_not_keep_another_district_from_starting(run: Run, lists: Path) -> None:
    assert run("import", str(lists))[0] == 0
    code, text = run("check")
    assert code == 0
    assert "派单规则：第1条用不上：网格表里没有“990101001001”。" in text
    assert "派单规则：2条。" in text


def test_every_gap_is_listed_on_request(run: Run, lists: Path) -> None:
    path = lists / "网格.csv"
    rows = "".join(f"{n:015d},网格{n},网格,000000001001,,,农村\n" for n in range(40))
    path.write_text(path.read_text(encoding="utf-8-sig") + rows, encoding="utf-8")
    assert "另有21处，用 check --all 全部列出" in run("import", str(lists))[1]
    short, long = run("check")[1], run("check", "--all")[1]
    assert short.count("没有网格长，") == 20
    assert long.count("没有网格长，") == 40
    assert "网格41个，其中40个没有自己的网格长" in short
    assert "缺口41处（没有网格长40处，单位没有承办人1处）" in long


def test_counts_go_out_to_a_workbook_and_come_back_changed(run: Run, lists: Path) -> None:
    assert run("import", str(lists))[0] == 0
    book = lists / "名册.xlsx"
    assert run("export", str(book))[0] == 0
    pages = load_workbook(book)
    page = pages["网格"]
    assert [cell.value for cell in page[1]][4:] == ["户数", "人数", "类型"]
    assert [cell.value for cell in page[4]][4:] == ["380", "960", None]
    page["E4"] = 777
    pages.save(book)
    assert "有777户，超过500户" in run("import", str(book))[1]
