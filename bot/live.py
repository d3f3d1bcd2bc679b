"""`check --live`: the database, the disk and each channel truly tried out, by harmless calls.

Which calls a channel has is said by the channel; nothing is posted and nothing stays stored."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from pydantic import BaseModel, SecretStr

from bot.clock import SystemClock
from bot.errors import GridbotError, NotTried, SettingsError
from bot.leader import process_name
from bot.lineup import build_channels
from bot.ports import Channel, Probe, Probed, Reach
from bot.settings import Settings
from routing.parts import Parts
from routing.roster import Roster
from storage import migrate
from storage.engine import StorageError
from storage.ids import Ids
from storage.store import Store, Transaction

WAIT_S: Final = 30.0
LEAST_FREE: Final = 500 << 20
"""Bytes: with less, a busy week of pictures fills the disk."""
MARKS: Final = {True: "✓", False: "✗", None: "－"}
_SHORTEST_SECRET: Final = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. good: None for what could not be tried."""

    what: str
    good: bool | None
    text: str

    def line(self) -> str:
        return f"{MARKS[self.good]} {self.what}：{self.text}"


async def check(settings: Settings, out: Callable[[str], None], wait_s: float = WAIT_S) -> int:
    """Print a line for each thing tried; 1 if any failed. wait_s: the most that one may take."""
    hide = _Hiding(settings)
    findings = [
        *[await _try("数据库", probe, wait_s) for probe in _database(settings)],
        *[await _try("磁盘", probe, wait_s) for probe in _disk(settings)],
    ]
    reach = await _reach(settings)
    running = f"在运行，{reach.base}" if reach.base else "没有在运行，收消息的地址和连接没有试"
    findings.append(Finding("机器人", True if reach.base else None, running))
    findings += await _channels(settings, reach, wait_s)
    for finding in findings:
        out(hide(finding.line()))
    failed = sum(finding.good is False for finding in findings)
    out(f"共{len(findings)}项，" + (f"{failed}项有问题。" if failed else "没有问题。"))
    return 1 if failed else 0


async def _try(place: str, probe: Probe, wait_s: float) -> Finding:
    name, call = probe
    what = f"{place} {name}"
    try:
        async with asyncio.timeout(wait_s):
            return Finding(what, True, await call())
    except NotTried as error:
        return Finding(what, None, str(error))
    except TimeoutError:
        return Finding(what, False, f"no answer within {wait_s:g} s")
    except GridbotError as error:
        return Finding(what, False, str(error))
    except Exception as error:
        return Finding(what, False, f"{type(error).__name__}: {error}")


# ── the database and the disk


def _database(settings: Settings) -> list[Probe]:
    url = settings.storage.url

    async def schema() -> str:
        stored = await migrate.revision(url)
        if stored != migrate.head():
            raise GridbotError(f"结构版本是{stored or '空'}，需要{migrate.head()}；请运行 migrate")
        return f"结构版本{stored}"

    async def write() -> str:
        store, name = await Store.open(url), process_name()

        async def touch(tx: Transaction) -> None:
            if not await tx.leases.take(f"check:{name}", name, None):
                raise GridbotError("写入后读不到")
            await tx.leases.release(f"check:{name}", name)

        try:
            await store.run(touch)
        except StorageError as error:
            raise GridbotError(f"[storage.url] 不能读写：{error}") from error
        finally:
            await store.aclose()
        return f"{store.dialect}，能读能写"

    return [("结构", schema), ("读写", write)]


def _disk(settings: Settings) -> list[Probe]:
    """The folders we write into, each once a disk."""
    folders = {"bot.data_dir": settings.bot.data_dir}
    if settings.storage.url.startswith("sqlite:///"):
        folders["storage.url"] = Path(settings.storage.url.removeprefix("sqlite:///")).parent
    return [(key, _room(key, folder)) for key, folder in folders.items()]


def _room(key: str, folder: Path) -> Callable[[], Awaitable[str]]:
    def look() -> str:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"check")
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise GridbotError(f"[{key}] 不能写入 {folder}：{error.strerror}") from error
        text = f"{folder} 还有 {free / (1 << 30):.1f} GB"
        if free < LEAST_FREE:
            raise GridbotError(f"[{key}] {text}，太少了，请清理或换一个地方")
        return text

    return lambda: asyncio.to_thread(look)


# ── the running bot and the channels


async def _reach(settings: Settings) -> Reach:
    """Ask the web server of the bot, here or where [web] public_url says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(  # noqa: S104 - not bound
        settings.web.host, settings.web.host
    )
    host = f"[{host}]" if ":" in host else host
    local = f"http://{host}:{settings.web.port}"
    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{local}/healthz") as response,
        ):
            figures = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return Reach(settings.web.public_url)
    links = figures.get("links") if isinstance(figures, dict) else None
    if not isinstance(links, dict):
        return Reach(settings.web.public_url)
    return Reach(settings.web.public_url or local, links)


async def _channels(settings: Settings, reach: Reach, wait_s: float) -> list[Finding]:
    store = await Store.open(settings.storage.url)
    try:
        channels = build_channels(settings, Roster(Parts()), SystemClock(), Ids().new, store)
    except SettingsError as error:
        await store.aclose()
        return [Finding("设置", False, line) for line in error.problems]
    try:
        found = await asyncio.gather(*(_channel(c, reach, wait_s) for c in channels.values()))
        return [finding for findings in found for finding in findings]
    finally:
        for channel in channels.values():
            await channel.aclose()
        await store.aclose()


async def _channel(channel: Channel, reach: Reach, wait_s: float) -> list[Finding]:
    if not isinstance(channel, Probed):
        return []
    return [await _try(channel.name, probe, wait_s) for probe in channel.probes(reach)]


class _Hiding:
    """Takes every secret of the settings out of a line, whoever has put it there."""

    def __init__(self, settings: Settings) -> None:
        _, at, rest = settings.storage.url.partition("://")
        password = rest.rpartition("@")[0].partition(":")[2] if at else ""
        found = {*_secrets(settings), password}
        self._words = sorted((w for w in found if len(w) >= _SHORTEST_SECRET), key=len)[::-1]

    def __call__(self, line: str) -> str:
        for word in self._words:
            line = line.replace(word, "***")
        return line


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _secrets(one)
