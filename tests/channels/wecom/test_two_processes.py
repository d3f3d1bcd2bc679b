"""Two bots of one database, real processes: one is connected, the other follows when it dies."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.store import Store
from tests.channels.wecom.house import district
from tests.channels.wecom.test_link import until
from tests.fakes.wecom import BOT, BOT_SECRET, FakeWecom
from tests.fakes.wecom_people import aibot_message

pytestmark = pytest.mark.timeout(180)
"""Each bot imports everything and loads its model; on a busy machine that takes a while."""

ROOT = Path(__file__).resolve().parents[3]
GROUP = "wecom_aibot:wrGroup01"
Run = Callable[[str], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def run(fake: FakeWecom, postgres_url: str, tmp_path: Path) -> AsyncIterator[Run]:
    """`await run("a")`: a bot as on a machine of its own, up and listening."""
    sheets = district(tmp_path / "sheets", GROUP, "wecom_aibot")
    own = {
        "GRIDBOT_STORAGE_URL": postgres_url,
        "GRIDBOT_WEB_PORT": "0",
        "GRIDBOT_BOT_DISTRICT": str(sheets),
        "GRIDBOT_BOT_RULES": "",
        "GRIDBOT_GROUP_QUIET_FROM": "",
        "GRIDBOT_CHANNELS_WECOM_AIBOT_ENABLED": "true",
        "GRIDBOT_CHANNELS_WECOM_AIBOT_BOT_ID": BOT,
        "GRIDBOT_CHANNELS_WECOM_AIBOT_SECRET": BOT_SECRET,
        "GRIDBOT_CHANNELS_WECOM_AIBOT_WS_URL": fake.ws_url,
        "GRIDBOT_CHANNELS_WECOM_AIBOT_API_BASE": fake.base,
        "GRIDBOT_CHANNELS_WECOM_AIBOT_LEASE_S": "1.5",
        "PYTHONUNBUFFERED": "1",
    }
    async with AsyncExitStack() as ending:

        async def start(name: str) -> asyncio.subprocess.Process:
            env = {**os.environ, **own, "GRIDBOT_BOT_DATA_DIR": str(tmp_path / name)}
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(ROOT / "run_bot.py"), "run", cwd=ROOT, env=env,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            ending.push_async_callback(_end, process)
            assert process.stdout is not None
            line = await asyncio.wait_for(process.stdout.readline(), 90)
            assert "小格已启动" in line.decode()
            return process

        yield start


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


async def sender(url: str) -> str:
    """Who leads, as it stands in the database."""
    store = await Store.open(url)
    async with store.read() as tx:
        held = await tx.leases.seen(f"wecom_aibot:{BOT}")
    await store.aclose()
    return held.owner if held else ""


async def recorded(url: str) -> None:
    """Until what was said in the group is recorded as sent: what a killed process has in flight
    holds its conversation up until its claim has run out."""
    store = await Store.open(url)
    try:
        async with asyncio.timeout(30):
            while True:
                async with store.read() as tx:
                    rows = await tx.outbox.by_state("sent", 50)
                if any(row.message.conversation == GROUP for row in rows):
                    return
    finally:
        await store.aclose()


async def test_one_is_connected_and_the_other_follows_after_kill_9(
    fake: FakeWecom, run: Run, postgres_url: str
) -> None:
    first = await run("a")
    await asyncio.wait_for(fake.socket.subscribed.wait(), 30)
    second = await run("b")
    await fake.socket.says(aibot_message(fake, "wang", "@小格 7幢2单元的楼道灯坏了", "wrGroup01"))
    await fake.expect(GROUP, "已登记 #1", timeout_s=60)
    assert fake.socket.connections == 1
    assert f"/{first.pid}/" in await sender(postgres_url)

    await recorded(postgres_url)
    fake.socket.subscribed.clear()
    first.kill()
    await asyncio.wait_for(fake.socket.subscribed.wait(), 30)
    assert f"/{second.pid}/" in await sender(postgres_url)
    await fake.socket.says(aibot_message(fake, "li", "@小格 9幢门口的井盖不见了", "wrGroup01"))
    await fake.expect(GROUP, "已登记 #2", timeout_s=60)
    assert fake.socket.connections == 2
    second.terminate()
    assert await asyncio.wait_for(second.wait(), 30) == 0
    await until(lambda: fake.socket.connections == 2)
    assert await sender(postgres_url) == ""
