"""A bot that only runs loads nothing that it rarely needs: its start and memory are measured."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RARE = ("alembic", "openpyxl", "opencc", "python_calamine", "scipy", "sklearn", "wechatpy")
"""What belongs to migrations, workbooks, traditional script, fitting and real platforms."""


def test_the_running_bot_loads_nothing_that_is_rarely_needed() -> None:
    code = "import json, sys, bot.app, bot.cli, bot.lineup; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "bot.app" in loaded
    assert loaded.isdisjoint(RARE)


def test_fitting_on_site_needs_no_training_library() -> None:
    code = (
        "import json, sys, bot.learning, nlp.model; from nlp.adapt import adapt\n"
        "from nlp.corpus import shipped; from nlp.lessons import Taught\n"
        "lesson = Taught('咕噜咕噜铁疙瘩', 'report', '0404', '', 'g', '1')\n"
        "adapt(nlp.model.load(), shipped()[:5], [lesson])\n"
        "print(json.dumps(list(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "bot.learning" in loaded
    assert loaded.isdisjoint({"sklearn", "scipy", "pypinyin", "joblib"})
