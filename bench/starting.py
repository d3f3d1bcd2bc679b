"""How long a cold start takes and how much memory the bot holds, each in a process of its own.

`python -m bench.starting FILE` is that process: it starts the bot on the file and says so."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path

import structlog
import uvloop

from bench import running
from bench.end_to_end import Bench
from bench.figures import Section, figure

READY_S, MEMORY_MB = 2, 200
_ROOT = Path(__file__).parents[1]


def run(bench: Bench) -> Section:
    """A first start on an empty file; a start with the whole district; its memory."""
    first, full, held, most = [], [], [], []
    for number in range(bench.sizes.starts):
        first.append(_started(bench.folder / f"first{number}.db")[0])
        file = bench.folder / f"full{number}.db"
        shutil.copyfile(bench.seeded, file)
        seconds, state = _started(file)
        full.append(seconds)
        held.append(state["held"])
        most.append(state["most"])
    size = f"{bench.sizes.groups:,} groups, {bench.sizes.people:,} people"
    return Section(
        "Start and memory (from the process's start to serving)",
        (
            figure("start.first", "first start on an empty file", first, "s").at_most(READY_S),
            figure("start.full", f"start with {size}", full, "s").at_most(READY_S),
            figure("memory.held", f"memory with {size}", held, "MB").at_most(MEMORY_MB),
            figure("memory.most", "memory at its highest", most, "MB"),
        ),
    )


def _started(file: Path) -> tuple[float, dict[str, float]]:
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.starting", str(file)],
        cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        line = child.stdout.readline()
        seconds = time.perf_counter() - start
        child.communicate("")
    if child.returncode or not line:
        raise RuntimeError(f"the bot did not start on {file}: exit code {child.returncode}")
    return seconds, json.loads(line)


def _memory() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {
        name: int(values[key].split()[0]) / 1024
        for name, key in (("held", "VmRSS"), ("most", "VmHWM"))
    }


async def _serve(file: Path) -> None:
    from bot.app import Bot  # noqa: PLC0415 - the imports are part of the start

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    bot = await Bot.open(running.settings(file))
    try:
        async with running.serving(bot):
            print(json.dumps(_memory()), flush=True)
            await asyncio.to_thread(sys.stdin.read)
    finally:
        await bot.aclose()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1])))
