"""The commands about what is kept: figures, export of the lists, rebuilding rows from events.

Arguments and printing only; the work is done in stats.py, ledger.py, lists.py, figures_text.py."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import GridbotError
from bot.settings import Settings
from routing.parts import LEVELS

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]
Load = Callable[[argparse.Namespace], Settings]
FORMATS = ("table", "csv", "json")
DIMENSIONS = ("level", "grid", "category", "minor", "unit", "class", "month", "person")


def add_to(add: Add, settings: Load) -> None:
    """Hang the commands into the command line; `settings` loads the configuration."""
    figures = add(
        "stats",
        lambda arguments: stats(arguments, settings(arguments)),
        "统计一段时间的指标：立案、结案、按期、签收、满意、返工等，附公式和分母。",
    )
    _stats_arguments(figures)
    lists = add(
        "export",
        lambda arguments: export(arguments, settings(arguments)),
        "把名册导出成一个 .xlsx 工作簿或一个文件夹，改好后可以再导入。",
    )
    lists.add_argument("target", type=Path, help="新的 .xlsx 文件或空文件夹")
    again = add(
        "rebuild",
        lambda arguments: rebuild(arguments, settings(arguments)),
        "用事件重放每一件事项，核对表里的状态；有出入时退出码为 1。",
    )
    again.add_argument("--repair", action="store_true", help="按重放的结果改正表里的行")


def _stats_arguments(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option(
        "--from", dest="first", type=date.fromisoformat, help="第一天，如 2026-11-01，默认本月1日"
    )
    option("--to", dest="last", type=date.fromisoformat, help="最后一天（含），默认今天")
    option(
        "--by",
        default="",
        help=f"按什么分行，可用逗号连写：{' '.join(DIMENSIONS)}；person 不足5件不显示比率",
    )
    option("--grid-level", default="street", choices=[*LEVELS], help="--by grid 时汇总到哪一层")
    option("--under", default="", help="只看这个网格编码以下")
    option("--code", default="", help="只看这个类别（大类两位或小类四位编码）")
    option("--levels", default="", help="只看这些办理层级：grid community street district")
    option("--format", default="table", choices=FORMATS, help="table 表格，csv 表格软件，json 程序")
    option("--figures", default="", help="表格里显示哪些指标（逗号连写），名称见 --explain")
    option("--bot", action="store_true", help="只看小格自己：自动登记占比、改正率、误报、回执时间")
    option("--explain", action="store_true", help="另外打印每个指标的公式、口径和输入")
    option("--weights", type=Path, help="综合指数的权重文件，默认 examples/indices.toml")
    option("--exclude", type=Path, help="剔除名单（CSV：会话,编号,理由,申请人,复核人）")


def stats(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the figures of a period; 0 even if there is nothing to count."""
    from bot import figures_text as text
    from bot.stats import EXAMPLE_WEIGHTS, Query, report
    from routing.dimensions import HANDLING_LEVELS

    first, last = _days(arguments, settings)
    query = Query(
        first, last, _names(arguments.by, DIMENSIONS), arguments.grid_level, arguments.under,
        arguments.code, _names(arguments.levels, HANDLING_LEVELS),
        arguments.weights or EXAMPLE_WEIGHTS, arguments.exclude,
    )  # fmt: skip
    if arguments.bot:
        from bot.quality import quality, show

        show(asyncio.run(quality(settings, query)), sys.stdout, arguments.format)
        return 0
    found = asyncio.run(report(settings, query))
    columns = _names(arguments.figures, text.FIGURES) or text.DEFAULT
    if arguments.format == "table":
        text.as_table(found, sys.stdout, columns)
    else:
        (text.as_csv if arguments.format == "csv" else text.as_json)(found, sys.stdout)
    if arguments.explain:
        text.explain(found, sys.stderr if arguments.format != "table" else sys.stdout)
    return 0


def _days(arguments: argparse.Namespace, settings: Settings) -> tuple[date, date]:
    today = datetime.now(ZoneInfo(settings.calendar.timezone)).date()
    last = arguments.last or (_month_end(arguments.first) if arguments.first else today)
    first = arguments.first or last.replace(day=1)
    if last < first:
        raise GridbotError(f"--to {last} 比 --from {first} 还早")
    return first, last


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _names(words: str, known: tuple[str, ...]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(w.strip() for w in words.split(",") if w.strip()))
    if unknown := [w for w in asked if w not in known]:
        raise GridbotError(f"不认识 {'、'.join(unknown)}，可以写：{' '.join(known)}")
    return asked


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the roster as it can be imported again."""
    from bot.lists import export_lists

    return asyncio.run(export_lists(settings, arguments.target, print))


def rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    """Compare every ticket with what its events make of it."""
    from bot.ledger import rebuild_tickets

    return asyncio.run(rebuild_tickets(settings, arguments.repair, print))
