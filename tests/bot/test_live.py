"""`check --live` over fake platforms, real HTTP: what is found and what to change, no secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import live
from bot.settings import Settings
from tests.channels.wecom.house import aibot_section, app_section, running, webhook_section
from tests.channels.wecom.house import settings as house_settings
from tests.fakes import onebot, wechat, wecom
from tests.fakes.onebot import FakeBridge, Trouble
from tests.fakes.wechat import FakeWechat
from tests.fakes.wecom import AES_KEY, BOT_SECRET, ROBOT_KEY, SECRET, TOKEN, FakeWecom, Fault

SECRETS = (
    SECRET, BOT_SECRET, TOKEN, AES_KEY, ROBOT_KEY, wechat.APP_SECRET, wechat.KF_SECRET,
    onebot.TOKEN, onebot.SECRET,
)  # fmt: skip
ANYWHERE = "wecom_aibot:wrGroup01"
Checked = tuple[int, list[str]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeWecom]:
    platform = FakeWecom()
    await platform.start()
    yield platform
    await platform.aclose()


@pytest.fixture
async def wx() -> AsyncIterator[FakeWechat]:
    platform = FakeWechat()
    await platform.start()
    yield platform
    await platform.aclose()


def chosen(folder: Path, url: str = "", **channels: dict[str, Any]) -> Settings:
    made = house_settings(folder, "", **channels)
    storage = made.storage.model_copy(update={"url": url}) if url else made.storage
    web_section = made.web.model_copy(update={"port": 9})
    return made.model_copy(update={"storage": storage, "web": web_section})


async def check(settings: Settings, wait_s: float = 10) -> Checked:
    lines: list[str] = []
    code = await live.check(settings, lines.append, wait_s)
    told = "\n".join(lines)
    assert not [secret for secret in SECRETS if secret in told], told
    return code, lines


def of(lines: list[str], start: str) -> str:
    """The one line about something."""
    (line,) = [line for line in lines if line[2:].startswith(start)]
    return line


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


# ── the database and the disk


async def test_a_good_house_without_channels(tmp_path: Path, database_url: str) -> None:
    code, lines = await check(chosen(tmp_path, database_url))
    assert code == 0
    assert "能读能写" in of(lines, "数据库 读写")
    assert of(lines, "数据库 结构").startswith("✓")
    assert "GB" in of(lines, "磁盘 bot.data_dir")
    assert of(lines, "机器人").startswith("－")
    assert "没有问题" in lines[-1]


async def test_an_empty_database_says_migrate(tmp_path: Path) -> None:
    code, lines = await check(chosen(tmp_path))
    assert code == 1
    assert "migrate" in of(lines, "数据库 结构")
    assert of(lines, "数据库 读写").startswith("✗")


async def test_an_unreachable_server_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://bot:hunter2hunter2@127.0.0.1:9/gridbot"
    code, lines = await check(chosen(tmp_path, url))
    assert code == 1
    assert of(lines, "数据库 读写").startswith("✗ 数据库 读写：[storage.url]")
    assert "hunter2" not in "\n".join(lines)


async def test_a_reader_who_may_not_write(tmp_path: Path, url: str) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    code, lines = await check(chosen(tmp_path, url))
    assert code == 1
    assert "[bot.data_dir]" in of(lines, "磁盘 bot.data_dir")


async def test_a_full_disk(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LEAST_FREE", 1 << 62)
    code, lines = await check(chosen(tmp_path, url))
    assert code == 1
    assert "太少了" in of(lines, "磁盘 storage.url")


async def test_missing_settings_are_named(tmp_path: Path, url: str) -> None:
    code, lines = await check(chosen(tmp_path, url, wecom_app={"enabled": True}))
    assert code == 1
    assert any("channels.wecom_app.corp_id" in line for line in lines)


# ── WeCom


def all_of_wecom(fake: FakeWecom) -> dict[str, dict[str, Any]]:
    return {
        "wecom_app": app_section(fake),
        "wecom_webhook": webhook_section(fake),
        "wecom_aibot": aibot_section(fake, "websocket") | {"lease_s": 0.5},
    }


async def test_every_right_setting_of_wecom_is_found_right(
    tmp_path: Path, url: str, fake: FakeWecom
) -> None:
    code, lines = await check(chosen(tmp_path, url, **all_of_wecom(fake)))
    assert code == 0, lines
    assert of(lines, "wecom_app agent") == "✓ wecom_app agent：网格应用"
    assert of(lines, "wecom_app token").startswith("✓")
    assert of(lines, "wecom_webhook robots.g1").startswith("✓")
    assert of(lines, "wecom_aibot connection").startswith("✓ wecom_aibot connection：subscribed")
    assert of(lines, "wecom_app callback").startswith("－"), "no bot runs that could be called"
    assert fake.posts == [], "nobody sees a check"


Break = Callable[[FakeWecom, dict[str, dict[str, Any]]], object]


@pytest.mark.parametrize(
    ("spoil", "what", "says"),
    [
        (lambda f, s: s["wecom_app"].update(secret="wrong-secret"), "wecom_app token",
         "channels.wecom_app.secret is not the Secret"),
        (lambda f, s: s["wecom_app"].update(corp_id="ww0"), "wecom_app token",
         "channels.wecom_app.corp_id is unknown"),
        (lambda f, s: s["wecom_app"].update(agent_id=5), "wecom_app agent",
         "channels.wecom_app.agent_id"),
        (lambda f, s: f.always.update({"agent/get": Fault(errcode=60020)}), "wecom_app agent",
         "企业可信IP"),
        (lambda f, s: f.always.update({"gettoken": Fault(status=500)}), "wecom_app token", "500"),
        (lambda f, s: f.always.update({"gettoken": Fault(slow_s=9)}), "wecom_app token",
         "no answer within 0.6 s"),
        (lambda f, s: f.always.update({"gettoken": Fault(hang_up=True)}), "wecom_app token",
         "gettoken"),
        (lambda f, s: s["wecom_app"].update(api_base="http://127.0.0.1:9"), "wecom_app token",
         "see api_base"),
        (lambda f, s: s["wecom_webhook"].update(robots={"g1": "revoked-key"}),
         "wecom_webhook robots.g1", "channels.wecom_webhook.robots: the key is wrong or revoked"),
        (lambda f, s: s["wecom_webhook"].update(robots={"g1": "https://x/send?key=693a91f6"}),
         "wecom_webhook robots.g1", "copy only what follows key="),
        (lambda f, s: s["wecom_aibot"].update(secret="wrong-secret"), "wecom_aibot connection",
         "channels.wecom_aibot.secret"),
        (lambda f, s: s["wecom_aibot"].update(ws_url="ws://127.0.0.1:9/ws"),
         "wecom_aibot connection", "channels.wecom_aibot.ws_url"),
        (lambda f, s: f.always.update({"aibot_subscribe": Fault(hang_up=True)}),
         "wecom_aibot connection", "subscribe"),
    ],
)  # fmt: skip
async def test_each_fault_names_what_to_change_and_the_rest_goes_on(
    tmp_path: Path, url: str, fake: FakeWecom, spoil: Break, what: str, says: str
) -> None:
    sections = all_of_wecom(fake)
    spoil(fake, sections)
    code, lines = await check(chosen(tmp_path, url, **sections), 0.6 if "within" in says else 10)
    assert code == 1
    assert of(lines, what).startswith("✗")
    assert says in of(lines, what)
    assert len(lines) == 11, "the others were tried all the same"
    assert "wrong-secret" not in "\n".join(lines)


async def test_a_bot_that_runs_is_not_thrown_out_and_its_callbacks_are_tried(
    tmp_path: Path, fake: FakeWecom
) -> None:
    sections = all_of_wecom(fake)
    settings = house_settings(tmp_path, "", **sections)
    async with running(fake, settings) as house:
        await asyncio.wait_for(fake.socket.subscribed.wait(), 10)
        port = int(house.platform.base.rpartition(":")[2])
        own = settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})
        code, lines = await check(own)
        assert code == 0, lines
        assert of(lines, "机器人").startswith("✓")
        assert "/wecom/app" in of(lines, "wecom_app callback")
        assert of(lines, "wecom_aibot connection") == "✓ wecom_aibot connection：subscribed"

        other = sections["wecom_app"] | {"token": "another-token"}
        changed = own.channels.wecom_app.model_validate(other)
        channels = own.channels.model_copy(update={"wecom_app": changed})
        code, lines = await check(own.model_copy(update={"channels": channels}))
        assert code == 1
        assert "channels.wecom_app.token" in of(lines, "wecom_app callback")
        assert "another-token" not in "\n".join(lines)
        assert fake.socket.connections == 1


async def test_a_bot_on_another_machine_is_not_thrown_out(
    tmp_path: Path, url: str, fake: FakeWecom
) -> None:
    """Its web server is not ours to ask; the lease in the database tells of it."""
    sections = {"wecom_aibot": all_of_wecom(fake)["wecom_aibot"]}
    settings = house_settings(tmp_path, "", **sections)
    async with running(fake, settings) as house:
        await asyncio.wait_for(fake.socket.subscribed.wait(), 10)
        elsewhere = settings.model_copy(update={"web": settings.web.model_copy(update={"port": 9})})
        code, lines = await check(elsewhere)
        assert code == 0, lines
        assert "another process" in of(lines, "wecom_aibot connection")
        assert house.bot.channels["wecom_aibot"].connected() == "subscribed"  # type: ignore[attr-defined]
        assert fake.socket.connections == 1


@asynccontextmanager
async def answering(body: bytes, status: int = 200) -> AsyncIterator[str]:
    """A web server that is something else."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    app = web.Application()
    app.router.add_get("/{tail:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"<html>welcome</html>", 200, "another program answers"),
        (b"", 404, "channels.wecom_app.path"),
        (b"", 502, "another program answers"),
    ],
)
async def test_a_public_address_that_leads_elsewhere(
    tmp_path: Path, url: str, fake: FakeWecom, body: bytes, status: int, says: str
) -> None:
    async with answering(body, status) as elsewhere:
        settings = chosen(tmp_path, url, wecom_app=app_section(fake))
        own = settings.web.model_copy(update={"public_url": elsewhere})
        code, lines = await check(settings.model_copy(update={"web": own}))
    assert code == 1
    assert says in of(lines, "wecom_app callback")


async def test_the_archives_folder_and_secrets(tmp_path: Path, url: str, fake: FakeWecom) -> None:
    folder = tmp_path / "records"
    section = {
        "enabled": True, "folder": str(folder), "corp_id": wecom.CORP, "secret": SECRET,
        "api_base": fake.base,
    }  # fmt: skip
    code, lines = await check(chosen(tmp_path, url, wecom_archive=section))
    assert code == 1
    assert "channels.wecom_archive.folder" in of(lines, "wecom_archive source")
    assert of(lines, "wecom_archive token").startswith("✓")
    folder.mkdir()
    (folder / "7.json").write_text(json.dumps({"msgid": "m"}), encoding="utf-8")
    code, lines = await check(chosen(tmp_path, url, wecom_archive=section))
    assert code == 0, lines
    assert "next is 7" in of(lines, "wecom_archive source")


# ── WeChat


def all_of_wechat(wx: FakeWechat) -> dict[str, dict[str, Any]]:
    common = {"enabled": True, "token": wechat.TOKEN, "aes_key": wechat.AES_KEY}
    common |= {"api_base": wx.base}
    return {
        "wechat_mp": {**common, "app_id": wechat.APP, "secret": wechat.APP_SECRET},
        "wechat_kf": {
            **common, "corp_id": wechat.CORP, "secret": wechat.KF_SECRET, "open_kfid": wechat.KF,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("section", "change", "what", "says"),
    [
        ("", {}, "wechat_kf account", "网格客服"),
        ("wechat_mp", {"app_id": "wx0"}, "wechat_mp token", "channels.wechat_mp.app_id"),
        ("wechat_mp", {"secret": "wrong-secret"}, "wechat_mp token", "channels.wechat_mp.secret"),
        ("wechat_kf", {"secret": "wrong-secret"}, "wechat_kf token", "channels.wechat_kf.secret"),
        ("wechat_kf", {"open_kfid": "wk9"}, "wechat_kf account", "channels.wechat_kf.open_kfid"),
    ],
)
async def test_wechat(
    tmp_path: Path, url: str, wx: FakeWechat, section: str, change: dict[str, Any],
    what: str, says: str,
) -> None:  # fmt: skip
    sections = all_of_wechat(wx)
    if section:
        sections[section].update(change)
    code, lines = await check(chosen(tmp_path, url, **sections))
    assert (code, of(lines, what)[0]) == ((1, "✗") if section else (0, "✓")), lines
    assert says in of(lines, what)
    assert wx.posts == []


async def test_wechats_callbacks_in_both_modes(tmp_path: Path, wx: FakeWechat) -> None:
    sections = all_of_wechat(wx)
    sections["wechat_mp"]["aes_key"] = ""
    settings = house_settings(tmp_path, "", **sections)
    async with running(FakeWecom(), settings) as house:
        port = int(house.platform.base.rpartition(":")[2])
        own = settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})
        code, lines = await check(own)
        assert code == 0, lines
        assert "/wechat/mp" in of(lines, "wechat_mp callback")
        assert "/wechat/kf" in of(lines, "wechat_kf callback")


# ── OneBot

Bridges = Callable[..., Awaitable[FakeBridge]]


@pytest.fixture
async def bridge() -> AsyncIterator[Bridges]:
    async with AsyncExitStack() as closing:

        async def make(version: int) -> FakeBridge:
            made = FakeBridge(version)
            closing.push_async_callback(made.aclose)
            await made.serve()
            return made

        yield make


@pytest.mark.parametrize("version", [11, 12])
async def test_a_bridge_is_asked_how_it_is(
    tmp_path: Path, url: str, bridge: Bridges, version: int
) -> None:
    fake = await bridge(version)
    section = {
        "enabled": True, "version": version, "token": onebot.TOKEN, "secret": onebot.SECRET,
        "api_base": fake.base,
    }  # fmt: skip
    code, lines = await check(chosen(tmp_path, url, onebot=section))
    assert code == 0, lines
    asked = [action["action"] for action in fake.actions]
    assert asked == ["get_status", "get_self_info" if version == 12 else "get_login_info"]
    fake.online = False
    code, lines = await check(chosen(tmp_path, url, onebot=section))
    assert code == 1
    assert "not online" in of(lines, "onebot get_status")
    fake.online = True
    fake.troubles.append(Trouble(mute=True))
    code, lines = await check(chosen(tmp_path, url, onebot=section))
    assert "HTTP 500" in of(lines, "onebot get_status")
    code, lines = await check(chosen(tmp_path, url, onebot=section | {"token": "wrong-token"}))
    assert "channels.onebot.token" in of(lines, "onebot get_status")
    assert "wrong-token" not in "\n".join(lines)


async def test_a_bridge_that_dials_is_seen_through_the_running_bot(
    tmp_path: Path, bridge: Bridges
) -> None:
    fake = await bridge(11)
    section = {"enabled": True, "token": onebot.TOKEN}
    settings = house_settings(tmp_path, "", onebot=section)
    code, lines = await check(chosen(tmp_path, onebot=section))
    assert of(lines, "onebot bridge").startswith("－")
    async with running(FakeWecom(), settings) as house:
        port = int(house.platform.base.rpartition(":")[2])
        own = settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})
        code, lines = await check(own)
        assert code == 1
        assert "channels.onebot.path" in of(lines, "onebot bridge")
        await fake.dial(port)
        code, lines = await check(own)
        assert code == 0, lines
        assert of(lines, "onebot bridge") == "✓ onebot bridge：1 connected"


def test_a_secret_is_hidden_whoever_has_put_it_into_a_line(tmp_path: Path) -> None:
    section = {"enabled": True, "robots": {"g1": ROBOT_KEY}}
    hide = live._Hiding(chosen(tmp_path, wecom_webhook=section))
    assert (
        hide(f"ClientError: http://x/send?key={ROBOT_KEY}") == "ClientError: http://x/send?key=***"
    )
    assert hide("名册：好的") == "名册：好的"
