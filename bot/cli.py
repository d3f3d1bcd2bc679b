"""The command line: one sub-command a task, each with help that stands on its own.

It parses arguments and prints; the work is done elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot import records, study
from bot.errors import GridbotError, SettingsError
from bot.settings import Settings, load

Command = Callable[[argparse.Namespace], int]

OK, FAILED, WRONG_USE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed, 2 wrong use or settings."""
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    try:
        return command(arguments)
    except SettingsError as error:
        for line in error.problems:
            print(f"配置有误：{line}", file=sys.stderr)
        return WRONG_USE
    except (GridbotError, OSError, ValueError) as error:
        print(f"没有成功：{error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run_bot.py",
        description="小格：在居民群里听、登记、派单、催办、回访的机器人。",
    )
    parser.add_argument(
        "--config", type=Path, default=Path("bot.toml"), help="配置文件，默认 bot.toml"
    )
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    add("run", run, "启动机器人，打印网页地址，按 Ctrl+C 停止。")
    looks = add("check", check, "检查配置、数据库和名册，打印生效的设置和缺口。")
    looks.add_argument("--all", action="store_true", help="名册的缺口全部列出，不只前20处")
    looks.add_argument("--live", action="store_true", help="真的试一试数据库、磁盘和每个通道")
    looks.add_argument(
        "--wait", type=float, default=30.0, metavar="秒", help="--live 的每一项最多等多久，默认 30"
    )
    add("migrate", migrate, "把数据库升级到这个版本需要的结构；升级前请先备份。")
    add("simulate", simulate, "在终端里进入模拟群，用 /帮助 查看怎么切换身份。")
    stories = add(
        "replay", replay, "按剧本文件重放，打印群聊记录和当天日报；结局不符时退出码为 1。"
    )
    stories.add_argument("files", nargs="+", type=Path, help="剧本文件或放剧本的文件夹")
    daily = add("digest", digest, "打印某一天的日报，只根据当时的事件生成。")
    daily.add_argument("--date", type=date.fromisoformat, help="日期，如 2026-11-20，默认今天")
    daily.add_argument("--group", default="", help="只看这个群（会话编号，如 local:g1），默认全部")
    sheets = add("import", import_, "导入网格、人员、群、单位等表格；有一行不对就全部不导入。")
    sheets.add_argument("folder", nargs="?", type=Path, help=".xlsx 工作簿，或放表格的文件夹")
    sheets.add_argument(
        "--template", type=Path, help="写一套填好样例的模板：新的 .xlsx 文件或空文件夹"
    )
    records.add_to(add, _settings)
    study.add_to(add, _settings)
    waiting = add("outbox", outbox, "列出要由人代发的消息；发出后记下来。")
    waiting.add_argument("--sent", type=int, default=0, metavar="编号", help="这一份已经发出")
    waiting.add_argument("--all", action="store_true", help="全部已经发出")
    waiting.add_argument("--dead", action="store_true", help="列出没有发出去的消息和原因")
    waiting.add_argument("--resend", default="", metavar="编号", help="重发这一条；all 为全部")
    failed = add("inbox", inbox, "列出没有处理成的消息和原因；--retry 重新处理。")
    failed.add_argument("--retry", default="", metavar="编号", help="重试这一条；all 为全部")
    staff = add("group", group, "由企业微信自建应用给一个网格的工作人员建群，并登记到名册里。")
    staff.add_argument("grid", help="网格编码，如 330106001001")
    staff.add_argument("--name", default="", help="群名，默认“网格名称＋工作群”")
    way = add("route", route, "解释一句话会归到哪一类、先派给哪个单位、期限多久，逐条说明规则。")
    way.add_argument("text", help="居民说的话")
    way.add_argument("--group", required=True, help="在哪个群里说的（会话编号，如 local:g1）")
    words = add("read", read, "打印一句话是怎么被理解的；--jsonl 从标准输入逐行读取。")
    words.add_argument("text", nargs="?", help="要理解的一句话")
    words.add_argument(
        "--jsonl", action="store_true", help='读入 {"text": …} 每行一条，输出每行一个 JSON'
    )
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = load(arguments.config)
    _log_to_stderr(settings.log.level)
    return settings


def _log_to_stderr(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "action", "event"]
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def run(arguments: argparse.Namespace) -> int:
    from bot import service

    return service.serve(_settings(arguments), arguments.config)


def check(arguments: argparse.Namespace) -> int:
    from bot import service

    settings = _settings(arguments)
    if arguments.live:
        from bot import live

        return asyncio.run(live.check(settings, print, arguments.wait))
    return asyncio.run(service.check(settings, print, everything=arguments.all))


def migrate(arguments: argparse.Namespace) -> int:
    from bot import service

    return asyncio.run(service.migrate(_settings(arguments), print))


def simulate(arguments: argparse.Namespace) -> int:
    from bot import service

    settings = _settings(arguments)
    return asyncio.run(service.simulate(settings, sys.stdin, sys.stdout, arguments.config))


def replay(arguments: argparse.Namespace) -> int:
    from bot.replay import replay_all
    from bot.story import StoryError, parse

    settings = _settings(arguments)
    stories = []
    for path in _files(arguments.files):
        try:
            stories.append(parse(path.read_text(encoding="utf-8")))
        except StoryError as error:
            raise GridbotError(f"{path}：{error}") from error
    problems = replay_all(stories, settings, print)
    for line in problems:
        print(f"✗ {line}")
    if not problems:
        print(f"\n✓ {len(stories)}个故事都到了结局。")
    return FAILED if problems else OK


def _files(paths: Sequence[Path]) -> list[Path]:
    return [f for p in paths for f in (sorted(p.glob("*.txt")) if p.is_dir() else [p])]


def digest(arguments: argparse.Namespace) -> int:
    from bot import service

    settings = _settings(arguments)
    today = datetime.now(ZoneInfo(settings.calendar.timezone)).date()
    return asyncio.run(service.digest(settings, arguments.date or today, arguments.group, print))


def import_(arguments: argparse.Namespace) -> int:
    from bot import lists
    from routing.workbook import write_template

    settings = _settings(arguments)
    if arguments.template is not None:
        for path in write_template(arguments.template, settings.roster.level_names):
            print(path)
        return OK
    if arguments.folder is None:
        print("请写上工作簿或放表格的文件夹，或用 --template 生成模板。", file=sys.stderr)
        return WRONG_USE
    return asyncio.run(lists.import_lists(settings, arguments.folder, print))


def outbox(arguments: argparse.Namespace) -> int:
    from bot import service

    settings = _settings(arguments)
    if arguments.dead or arguments.resend:
        return asyncio.run(service.put_aside(settings, "posts", arguments.resend, print))
    return asyncio.run(service.outbox(settings, arguments.sent, arguments.all, print))


def inbox(arguments: argparse.Namespace) -> int:
    from bot import service

    work = service.put_aside(_settings(arguments), "messages", arguments.retry, print)
    return asyncio.run(work)


def group(arguments: argparse.Namespace) -> int:
    from bot import groups

    settings = _settings(arguments)
    return asyncio.run(groups.create(settings, arguments.grid, arguments.name, print))


def route(arguments: argparse.Namespace) -> int:
    from bot import service

    settings = _settings(arguments)
    return asyncio.run(service.route(settings, arguments.text, arguments.group, print))


def read(arguments: argparse.Namespace) -> int:
    from bot import understanding

    if arguments.jsonl:
        understanding.read_lines(sys.stdin, sys.stdout)
        return OK
    if not arguments.text:
        print("请写上要理解的一句话，或用 --jsonl 从标准输入读取。", file=sys.stderr)
        return WRONG_USE
    print(json.dumps(understanding.read_one(arguments.text), ensure_ascii=False, indent=2))
    return OK
