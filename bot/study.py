"""The commands about understanding: fitting a model on site, going back, explaining a reading.

Arguments and printing only; the work is done in learning.py and explaining.py."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable

from bot.settings import Settings

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]
Load = Callable[[argparse.Namespace], Settings]


def add_to(add: Add, settings: Load) -> None:
    """Hang the commands into the command line; `settings` loads the configuration."""
    fitting = add(
        "train",
        lambda arguments: train(arguments, settings(arguments)),
        "用网格长的改类、驳回、建单让小格学会本网格的话；新模型有指标变差就不采用。"
        "退出码：0 做完，1 出错，2 用法或配置不对，3 新模型没有通过检验。",
    )
    way = fitting.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="只试算、只对比，不换模型")
    way.add_argument("--rollback", action="store_true", help="退回上一个模型，夜间学习随之暂停")
    way.add_argument("--list", action="store_true", help="列出留着的模型，→ 是正在用的")
    way.add_argument("--nightly", action="store_true", help="夜间自动运行：没有新的更正就不学")
    reasons = add(
        "explain",
        lambda arguments: explain(arguments, settings(arguments)),
        "用大白话说明小格怎么听一句话：算不算诉求、哪一类、急不急、凭哪些词；不吭声时说明为什么。",
    )
    reasons.add_argument("text", help="居民说的话")
    reasons.add_argument("--group", default="", help="在哪个群里说的（会话编号，如 local:g1）")


def explain(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the explanation of one message."""
    from bot.explaining import explain as told

    for line in asyncio.run(told(settings, arguments.text, arguments.group)):
        print(line)
    return 0


def train(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fit, list or go back; the exit code."""
    from rich.console import Console
    from rich.progress import Progress

    from bot import learning
    from bot.versions import versions_of

    versions = versions_of(settings)
    if arguments.list:
        return learning.listed(versions, print)
    if arguments.rollback:
        return learning.roll_back(versions, print)
    request = learning.Request(dry_run=arguments.dry_run, nightly=arguments.nightly)
    lessons, names = asyncio.run(learning.lessons_of(settings))
    printed: list[str] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        step = progress.add_task("学习中", total=1.0)

        def tell(share: float) -> None:
            progress.update(step, completed=share)

        code = learning.fit(settings, versions, lessons, names, request, printed.append, tell=tell)
    print("\n".join(printed))
    return code
