"""The import contracts of .importlinter hold, and each of them notices what it forbids.

The contracts themselves are read by `lint-imports`, as in `make ci`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "storage", "routing", "nlp")
PLANTED = {
    "routing/message.py": "import storage.ids",
    "bot/newcomer.py": "",
    "bot/handlers/report.py": "import bot.handlers.triage",
    "nlp/reading.py": "import asyncio",
    "bot/intake.py": "import sqlalchemy",
    "bot/dispatcher.py": "import aiohttp",
}
"""One violation for each contract, in their order."""


def lint(folder: Path) -> tuple[int, dict[str, str]]:
    """The exit code and what became of each contract."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200", "PATH": "/usr/bin:/bin"}, timeout=50,
    )  # fmt: skip
    verdict = re.compile(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", re.MULTILINE)
    return done.returncode, dict(verdict.findall(done.stdout))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__", "*.npz", "*.js", "*.css", "*.html")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignore)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_contracts_are_kept(copied: Path) -> None:
    code, contracts = lint(copied)
    assert set(contracts.values()) == {"KEPT"}
    assert len(contracts) == len(PLANTED)
    assert code == 0


def test_every_contract_bites(copied: Path) -> None:
    for name, line in PLANTED.items():
        path = copied / name
        old = path.read_text("utf-8") if path.exists() else '"""New."""\n'
        path.write_text(f"{old}\n{line}\n", "utf-8")
    code, contracts = lint(copied)
    assert set(contracts.values()) == {"BROKEN"}
    assert code == 1
