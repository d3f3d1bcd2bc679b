"""The commands as a person types them: real processes, real files, exit codes and plain errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(240)
"""Each test starts several processes; on a busy machine each takes seconds to import."""

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    own = {
        "GRIDBOT_STORAGE_URL": f"sqlite:///{folder}/cli.db",
        "GRIDBOT_BOT_DATA_DIR": str(folder),
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), *arguments],
        cwd=ROOT, env={**os.environ, **own}, input=given,
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip


def test_read_prints_the_promised_fields(tmp_path: Path) -> None:
    done = run("read", "7幢2单元楼道灯坏了", folder=tmp_path)
    reading = json.loads(done.stdout)
    assert list(reading) == [
        "text", "kind", "codes", "candidates", "nature", "urgent", "places", "confidence",
        "reasons",
    ]  # fmt: skip
    assert (reading["kind"], reading["codes"]) == ("report", ["0403"])


def test_read_jsonl_answers_line_by_line_and_survives_bad_lines(tmp_path: Path) -> None:
    lines = [
        '{"text": "我们楼又停水了，也没个通知"}',
        "not json",
        '{"text": 5}',
        '{"text": "哈哈哈"}',
    ]
    done = run("read", "--jsonl", folder=tmp_path, given="\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a.get("kind", "error") for a in answers] == ["report", "error", "error", "chat"]
    assert done.returncode == 0


def test_migrate_then_check_then_digest(tmp_path: Path) -> None:
    first = run("check", folder=tmp_path)
    assert first.returncode == 1
    assert "migrate" in first.stdout
    assert "已升级" in run("migrate", folder=tmp_path).stdout
    assert "已经是最新" in run("migrate", folder=tmp_path).stdout
    checked = run("check", folder=tmp_path)
    assert "[storage] url" in checked.stdout


def test_import_template_can_be_imported_and_bad_rows_are_listed(tmp_path: Path) -> None:
    sheets = tmp_path / "我的街道"
    assert run("import", "--template", str(sheets), folder=tmp_path).returncode == 0
    done = run("import", str(sheets), folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已导入" in done.stdout
    (sheets / "网格.csv").write_text("编码,名称,层级,上级\n1,甲,天宫,\n", encoding="utf-8")
    done = run("import", str(sheets), folder=tmp_path)
    assert done.returncode == 1
    assert "天宫" in done.stdout
    assert "没有导入任何内容" in done.stdout


def test_digest_of_a_day_without_anything(tmp_path: Path) -> None:
    run("import", "examples/district", folder=tmp_path)
    done = run("digest", "--date", "2026-11-20", "--group", "local:g1", folder=tmp_path)
    assert "没有新的诉求" in done.stdout
    done = run("digest", "--date", "2026-11-20", "--group", "local:nowhere", folder=tmp_path)
    assert done.returncode == 1
    assert "没有这个群" in done.stderr


def test_what_was_put_aside_is_listed_and_tried_again(tmp_path: Path) -> None:
    run("migrate", folder=tmp_path)
    assert "共0条没有发出" in run("outbox", "--dead", folder=tmp_path).stdout
    assert "0条重新排队" in run("outbox", "--resend", "all", folder=tmp_path).stdout
    assert "共0条没有处理成" in run("inbox", folder=tmp_path).stdout
    done = run("inbox", "--retry", "七", folder=tmp_path)
    assert (done.returncode, "编号" in done.stderr) == (1, True)


def test_simulate_lets_two_people_talk_to_the_bot(tmp_path: Path) -> None:
    script = "/我是 local:wang\n7幢2单元的楼道灯坏了好几天了\n/退出\n"
    done = run("simulate", folder=tmp_path, given=script)
    assert done.returncode == 0, done.stderr
    assert "楼道灯坏了" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("replay", "/nowhere.txt"), "没有成功"),
        (("import", "/nowhere"), "没有这个文件夹"),
        (("import",), "--template"),
        (("read",), "--jsonl"),
        (("--config", "/nowhere.toml", "check"), "配置有误"),
    ],
)
def test_wrong_use_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_configuration_names_every_fault_at_once(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[web]\nport = 99999\nhots = "x"\n[group]\nmode = "loud"\n', encoding="utf-8")
    done = run("--config", str(bad), "run", folder=tmp_path)
    assert done.returncode == 2
    for path in ("web.port", "web.hots", "group.mode"):
        assert path in done.stderr


def test_route_explains_category_unit_and_deadline(tmp_path: Path) -> None:
    run("import", "examples/district", folder=tmp_path)
    done = run("route", "7幢2单元楼道灯坏了好几天了", "--group", "local:g1", folder=tmp_path)
    assert "楼道灯" in done.stdout, done.stderr
    assert "物业" in done.stdout
    assert "期限" in done.stdout
    done = run("route", "哈哈哈", "--group", "local:g1", folder=tmp_path)
    assert "不像诉求" in done.stdout
    assert run("route", "灯坏了", "--group", "local:x", folder=tmp_path).returncode == 1
