"""`run_bot.py import`, `export` and the roster part of `check`: the lists in, out and looked at.

The form of the lists is routing/workbook.py; what is missing in them is routing/gaps.py."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.clock import SystemClock
from bot.errors import GridbotError
from bot.settings import Settings
from routing.folder_form import SHEETS
from routing.gaps import vacancies
from routing.parts import EVERYWHERE, Parts
from routing.roster import Roster
from routing.workbook import ImportProblems, read_lists
from routing.workbook_export import write_lists
from storage import migrate as schema
from storage.store import Store

Print = Callable[[str], None]
MOST_LINES = 20


async def import_lists(settings: Settings, path: Path, out: Print) -> int:
    """Import a workbook or a folder: all of it or, with every mistake listed, nothing."""
    if not await asyncio.to_thread(path.exists):
        raise GridbotError(f"没有这个文件夹或工作簿：{path}")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        step = progress.add_task("读取表格", total=len(SHEETS) + 1)

        def told(title: str) -> None:
            progress.update(step, advance=1, description=f"已读取 {title}")

        levels = settings.roster.level_names
        try:
            parts = await asyncio.to_thread(read_lists, path, None, told, levels)
        except ImportProblems as error:
            for line in error.lines:
                out(f"✗ {line}")
            out("没有导入任何内容，请改好后重新导入。")
            return 1
        progress.update(step, description="写入数据库")
        await _store(settings, parts)
        progress.update(step, advance=1)
    counts = f"网格{len(parts.grids)}个，人员{len(parts.people)}人，群{len(parts.groups)}个"
    out(f"✓ 已导入：{counts}，单位{len(parts.units)}个。")
    report(settings, Roster(parts, levels), SystemClock().now(), out)
    return 0


async def _store(settings: Settings, parts: Parts) -> None:
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        await store.run(lambda tx: tx.people.replace(parts))
    finally:
        await store.aclose()


def report(
    settings: Settings, roster: Roster, now: datetime, out: Print, most: int | None = MOST_LINES
) -> None:
    """Tell what the roster lacks: how much of each kind, then line by line, `most` of them."""
    gaps = roster.checks(now, settings.roster.limits)
    for gap in gaps[:most]:
        out(f"名册：{gap.line}")
    if most is not None and len(gaps) > most:
        out(f"名册：……另有{len(gaps) - most}处，用 check --all 全部列出。")
    kinds = Counter(gap.kind for gap in gaps)
    sums = "（" + "，".join(f"{kind}{count}处" for kind, count in kinds.items()) + "）"
    parts, (grids, vacant) = roster.parts, vacancies(roster, EVERYWHERE, now)
    posts = (
        f"网格{grids}个，其中{vacant}个没有自己的网格长" if vacant else f"网格{grids}个都有网格长"
    )
    out(
        f"名册：各级网格共{len(parts.grids)}个（{posts}），群{len(parts.groups)}个，"
        f"缺口{len(gaps)}处{sums if gaps else ''}。"
    )


async def export_lists(settings: Settings, target: Path, out: Print) -> int:
    """Write every list of the roster to a new .xlsx file or an empty folder."""
    await schema.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            parts = await tx.people.parts()
    finally:
        await store.aclose()
    try:
        written = write_lists(target, parts, settings.roster.level_names)
    except FileExistsError as error:
        raise GridbotError(str(error)) from error
    for path in written:
        out(str(path))
    return 0
