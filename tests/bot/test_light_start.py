"""A bot that only runs loads nothing that it rarely needs: its start and memory are measured."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RARE = ("alembic", "openpyxl", "opencc", "scipy", "sklearn", "wechatpy")
"""What belongs to migrations, workbooks, traditional script, fitting and real platforms."""


def test_the_running_bot_loads_nothing_that_is_rarely_needed() -> None:
    code = "import json, sys, bot.app, bot.cli, bot.lineup; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "bot.app" in loaded
    assert loaded.isdisjoint(RARE)
