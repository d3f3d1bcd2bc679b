"""aiogram's dispatch on this machine, for comparison, from a virtual environment of its own.

`python -m bench.peer --install` makes that environment; without it the bench goes on alone."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path

from bench.figures import Figure, figure

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".venv-peer"
PACKAGES = ("aiogram==3.31.0", "uvloop==0.23.0")
ABSENT = "aiogram is not installed; `make bench-peer` makes .venv-peer for the comparison"


def _python() -> Path:
    return FOLDER / "bin" / "python"


def installed() -> bool:
    """Whether the peer's environment is there."""
    return _python().exists()


def install() -> None:
    """Make the environment. Raises CalledProcessError if the package cannot be had."""
    venv.create(FOLDER, with_pip=True)
    subprocess.run(
        [_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
        check=True,
    )


def measure(runs: int, count: int) -> list[Figure]:
    """feed_update with one handler and with twenty, µs of CPU. Raises CalledProcessError."""
    script = Path(__file__).with_name("peer_aiogram.py")
    done = subprocess.run(
        [_python(), script, str(runs), str(count)], check=True, capture_output=True, text=True
    )
    costs = json.loads(done.stdout)
    return [
        figure("dispatch.aiogram", "aiogram feed_update, 1 handler", costs["1"], "µs"),
        figure("dispatch.aiogram20", "aiogram feed_update, 20 handlers", costs["20"], "µs"),
    ]


def main() -> int:
    """Install on request, else measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.peer", description=__doc__)
    options.add_argument("--install", action="store_true", help="make .venv-peer")
    if options.parse_args().install:
        install()
    if not installed():
        print(ABSENT)
        return 0
    for one in measure(5, 2000):
        print(f"{one.label}: {one.value:.0f} {one.unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
