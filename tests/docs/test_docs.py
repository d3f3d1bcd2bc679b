"""The documentation says what the code does: generated pages, README blocks, stated file names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.handlers import ROUTERS
from bot.settings import Settings, load
from tests.docs import pages
from tests.docs.pages import PAGES, ROOT

TEXTS = ["README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), (
        "run: python -m tests.docs.pages"
    )


def test_every_setting_stands_in_the_shipped_file_with_a_comment() -> None:
    page = pages.settings_page()
    empty = [line for line in page.splitlines() if line.startswith("- ") and line.endswith("— ")]
    assert not empty
    assert load(ROOT / "bot.toml", {}) == Settings()


def test_every_handler_has_its_help_line() -> None:
    page = pages.commands_page()
    for router in ROUTERS:
        assert f"## {router.name}" in page
        assert all((rule.handle.__doc__ or "").strip() for rule in router.rules)


@pytest.mark.parametrize("name", TEXTS)
def test_linked_files_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", TEXTS)
def test_make_targets_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"make ([a-z-]+)", text)) <= made


def test_the_command_line_helps_for_each_command() -> None:
    text = _run("--help")
    for command in ("run", "check", "migrate", "simulate", "replay", "digest", "import", "read"):
        assert re.search(rf"^\s+{command}\b", text, re.M), command
        assert len(_run(command, "--help")) > 80


def test_commands_of_the_chinese_readme_are_understood() -> None:
    text = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    for command in set(re.findall(r"run_bot\.py (\w+)", text)):
        assert "usage" in _run(command, "--help")


def test_readme_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 70


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(Path(ROOT) / "run_bot.py"), *arguments],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=30,
    )  # fmt: skip
    return done.stdout
