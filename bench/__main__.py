"""`python -m bench [--json FILE] [--only NAME …]`: measure, print the tables, write the figures.

The measurements themselves are in the modules beside it."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import structlog

from bench import (
    backlog,
    channels,
    district,
    end_to_end,
    engine,
    floors,
    peer,
    records,
    stages,
    starting,
    sweep,
)
from bench.end_to_end import Bench
from bench.figures import Section, Sizes, table
from nlp.classify import LinearClassifier

_ROOT = Path(__file__).parents[1]
SPOKEN = ("understanding", "places_similar")
"""Modules of this folder that print tables of their own."""


def machine(bench: Bench) -> Section:
    """The floors that are no part of another section."""
    return Section("This machine", tuple(floors.machine(bench.folder, bench.sizes.runs)))


def dispatching(bench: Bench) -> Section:
    """Our dispatch beside the peer's."""
    title, ours = "Dispatch (CPU a message)", stages.dispatch(bench)
    if not peer.installed():
        return Section(title, (ours,), (peer.ABSENT,))
    theirs = peer.measure(bench.sizes.runs, bench.sizes.sample * 5)
    return Section(title, (ours.at_most(theirs[0].value), *theirs))


def recorded(bench: Bench) -> Section:
    """Figures, rebuild, export and import of a whole district."""
    return records.measure(bench.folder, records.sized(bench.sizes.year_tickets), bench.sizes)


def swept(bench: Bench) -> Section:
    """The scheduler with very many open tickets."""
    return asyncio.run(sweep.measure(bench.folder / "open.db", bench.sizes.open_tickets))


def lived(bench: Bench) -> Section:
    """A year through the real bot, recounted."""
    return asyncio.run(engine.check(bench.folder / "lived.db", bench.sizes.lived_reports))


def spoken(name: str) -> Section | None:
    """What another module of the bench prints, as it prints it; None if it is not there."""
    if find_spec(f"bench.{name}") is None:
        return None
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"],
        cwd=_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines() or [f"exit code {done.returncode}: {done.stderr[-300:]}"]
    return Section(name.replace("_", " ").capitalize(), lines=tuple(lines))


PARTS: dict[str, Callable[[Bench], Section | None]] = {
    "machine": machine,
    "stages": stages.run,
    "dispatch": dispatching,
    "end_to_end": end_to_end.run,
    "backlog": backlog.run,
    "channels": channels.run,
    "start": starting.run,
    "records": recorded,
    "sweep": swept,
    "year": lived,
    **{name: lambda _, name=name: spoken(name) for name in SPOKEN},  # type: ignore[misc]
}


def measured(sizes: Sizes, only: Sequence[str] = ()) -> list[Section]:
    """Run the parts, all or those named, printing each as soon as it is there."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        seeded = Path(folder) / "seeded.db"
        asyncio.run(district.seed(seeded, sizes.groups, sizes.people))
        bench = Bench(seeded, Path(folder), sizes, LinearClassifier.load())
        for name, part in PARTS.items():
            section = part(bench) if not only or name in only else None
            if section is not None:
                print(table(section), end="\n\n", flush=True)
                found.append(section)
    return found


def document(sections: Sequence[Section]) -> dict[str, object]:
    """The figures with stable keys, and on what they were measured."""
    figures = {one.key: one.json() for section in sections for one in section.figures}
    about = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    return {"machine": about, "figures": figures}


def main() -> int:
    """Always 0: a missed target is a figure, not a failure."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--json", type=Path, metavar="FILE", help="also write the figures")
    options.add_argument("--only", nargs="+", choices=sorted(PARTS), default=(), metavar="NAME")
    chosen = options.parse_args()
    sections = measured(Sizes(), chosen.only)
    if chosen.json:
        text = json.dumps(document(sections), ensure_ascii=False, indent=2)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    marks = [one.met for section in sections for one in section.figures if one.met is not None]
    print(f"targets met: {sum(marks)} of {len(marks)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
