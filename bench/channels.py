"""An encrypted WeCom callback from the socket to the durable row and the answer, beside its floors.

The load comes from a process of its own; handling and replies are end_to_end.py's business."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from aiohttp import web
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from bench.channel_load import AES_KEY, CORP, TOKEN
from bench.end_to_end import Bench
from bench.figures import Figure, Section, centile, figure
from bot.channels.wecom.build import Surroundings, build
from bot.intake import Intake
from bot.leader import Leadership
from bot.media import MediaStore
from bot.settings import IntakeSection
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from routing.message import Inbound
from storage.ids import Ids
from storage.store import Store

PATH = "/wecom/app"
IN_FLIGHT, STEADY, STEADY_S = 64, 1_000, 4
ENOUGH_PER_S, MOST_CPU_US, LONGEST_MS = 3_000, 350, 30
ROOT = Path(__file__).parents[1]

Routes = list[web.RouteDef]


@dataclass(frozen=True, slots=True)
class Served:
    """What came of one load: answers a second, CPU of the serving process, waits in ms."""

    rate: float
    cpu_us: float
    waits: list[float]


def run(bench: Bench) -> Section:
    """Ours and the floors in turns, then the waits at an even rate."""
    kinds: dict[str, list[Served]] = {"bare": [], "wechatpy": [], "parsed": [], "durable": []}
    for _ in range(bench.sizes.runs):
        for kind, seen in kinds.items():
            seen.append(uvloop.run(_measured(bench, kind, bench.sizes.messages, 0)))
    steady = [
        uvloop.run(_measured(bench, "durable", STEADY * STEADY_S, STEADY))
        for _ in range(bench.sizes.runs)
    ]
    return Section(
        "WeCom callback (encrypted XML, 64 in flight, one process serves)",
        tuple(_figures(kinds, steady)),
        ("the load is made on the other core; durable is SQLite with synchronous=FULL",),
    )


def _figures(kinds: dict[str, list[Served]], steady: list[Served]) -> list[Figure]:
    labels = {
        "bare": "floor: aiohttp reads and answers",
        "wechatpy": "floor: with wechatpy's decrypt and parse",
        "parsed": "verified, read, not stored",
        "durable": "callback → durable → answered",
    }
    found = []
    for kind, seen in kinds.items():
        rate = figure(f"wecom.{kind}", labels[kind], [one.rate for one in seen], "req/s")
        cpu = figure(f"wecom.{kind}.cpu", f"{labels[kind]}, CPU", [s.cpu_us for s in seen], "µs")
        ours = kind == "durable"
        found.append(rate.at_least(ENOUGH_PER_S) if ours else rate)
        found.append(cpu.at_most(MOST_CPU_US) if ours else cpu)
    waits = [centile(one.waits, 0.99) for one in kinds["durable"]]
    found.append(figure("wecom.p99.full", "p99 at full load", waits, "ms"))
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        values = [centile(one.waits, share) for one in steady]
        one = figure(f"wecom.{name}.steady", f"{name} at {STEADY:,}/s", values, "ms")
        found.append(one.at_most(LONGEST_MS) if name == "p99" else one)
    return found


async def _measured(bench: Bench, kind: str, count: int, rate: float) -> Served:
    async with _routes(bench, kind) as routes:
        app = web.Application(client_max_size=12 << 20)
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        try:
            await _load(port, min(500, count), 0)
            cpu = time.process_time()
            seconds, waits = await _load(port, count, rate)
            return Served(count / seconds, (time.process_time() - cpu) / count * 1e6, waits)
        finally:
            await runner.cleanup()


async def _load(port: int, count: int, rate: float) -> tuple[float, list[float]]:
    arguments = [str(port), PATH, str(count), str(IN_FLIGHT), str(rate)]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.channel_load", *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the load ended with exit code {child.returncode}")
    answer = json.loads(out)
    return float(answer["seconds"]), list(answer["waits"])


@asynccontextmanager
async def _routes(bench: Bench, kind: str) -> AsyncIterator[Routes]:
    if kind == "bare":
        yield [web.post(PATH, _bare)]
    elif kind == "wechatpy":
        yield [web.post(PATH, _reference())]
    elif kind == "parsed":
        async with _channel(bench, _forget) as routes:
            yield routes
    else:
        async with _intake(bench) as accept, _channel(bench, accept) as routes:
            yield routes


async def _bare(request: web.Request) -> web.Response:
    await request.read()
    return web.Response()


def _reference() -> Callable[[web.Request], Awaitable[web.Response]]:
    crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)

    async def handle(request: web.Request) -> web.Response:
        query, body = request.query, await request.read()
        plain = crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        assert parse_message(plain).id
        return web.Response()

    return handle


def _no_lead(name: str, lease_s: float) -> Leadership:
    raise AssertionError(f"the app needs no lease: {name} {lease_s}")


async def _forget(_message: Inbound) -> bool:
    return True


@asynccontextmanager
async def _channel(
    bench: Bench, accept: Callable[[Inbound], Awaitable[bool]]
) -> AsyncIterator[Routes]:
    section = WecomAppSection.model_validate(
        {
            "enabled": True, "corp_id": CORP, "agent_id": 1000007, "secret": "s",
            "token": TOKEN, "aes_key": AES_KEY, "path": PATH,
        }
    )  # fmt: skip
    around = Surroundings(
        "小格", "", bench.folder, MediaStore(bench.folder / "media"), Ids().new,
        lambda: datetime.now(UTC),
    )  # fmt: skip
    (channel,) = build(
        WecomAibotSection(), section, WecomWebhookSection(), around, _no_lead
    ).values()
    await channel.start(accept)
    yield list(channel.routes())
    await channel.aclose()


@asynccontextmanager
async def _intake(bench: Bench) -> AsyncIterator[Callable[[Inbound], Awaitable[bool]]]:
    shutil.copyfile(bench.seeded, bench.file)
    store = await Store.open(f"sqlite:///{bench.file}")
    intake = Intake(store, IntakeSection(), lambda: None)
    task = asyncio.create_task(intake.run())
    try:
        yield intake.accept
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await store.aclose()
