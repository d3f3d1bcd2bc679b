"""Golden files: every kind that comes in, and every call that goes out, as the platform has it.

`*.in.json|xml` is read into `*.event.json`; payloads/wecom/out holds whole outgoing bodies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.wecom import aibot_read, app_read
from bot.channels.wecom.app import AppChannel
from bot.channels.wecom.webhook import WebhookChannel
from bot.channels.wecom.xmlbody import parse
from routing.message import Outbound
from tests.channels import golden
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section, app_section, webhook_section
from tests.channels.wecom.test_sending import OFFER
from tests.fakes.wecom import FakeWecom
from tests.fakes.wecom_people import PNG, aibot_click, aibot_message


@pytest.mark.parametrize("name", golden.names("wecom/aibot"))
def test_an_aibot_body_is_read(name: str) -> None:
    got = aibot_read.read(golden.incoming("wecom/aibot", name), "aibXY")
    assert golden.shown(got) == golden.expected(f"wecom/aibot/{name}.event")
    assert "RC" not in repr(got)


@pytest.mark.parametrize("name", golden.names("wecom/app"))
def test_an_app_body_is_read(name: str) -> None:
    got = app_read.read(parse(golden.content("wecom/app", name)))
    assert golden.shown(got) == golden.expected(f"wecom/app/{name}.event")


def test_every_documented_kind_has_its_file() -> None:
    kinds = {golden.incoming("wecom/aibot", n)["msgtype"] for n in golden.names("wecom/aibot")}
    assert kinds >= {"text", "mixed", "image", "voice", "file", "video", "stream", "event"}
    apps = {"text", "image", "voice", "video", "file", "location", "link"}
    assert set(golden.names("wecom/app")) >= apps


DIGEST = "【示范社区 日报 11月20日】\n新增3件，办结1件，超期0件。\n· 7幢群：新增3"


@pytest.fixture
async def all_three(fake: FakeWecom, stand: Build) -> Stand:
    fake.groups["g1"] = []
    made = await stand(
        wecom_aibot=aibot_section(fake, "websocket"),
        wecom_app=app_section(fake),
        wecom_webhook=webhook_section(fake),
    )
    await asyncio.wait_for(fake.socket.subscribed.wait(), 5)
    return made


def compare(name: str, bodies: list[dict[str, Any]]) -> None:
    assert bodies == golden.expected(f"wecom/out/{name}")


async def test_the_apps_calls(fake: FakeWecom, all_three: Stand) -> None:
    app = all_three.channels["wecom_app"]
    assert isinstance(app, AppChannel)
    await app.send(Outbound(1, "wecom_app:wang", "已登记 #12"))
    await app.send(Outbound(2, "wecom_app:leader", OFFER))
    await app.send(Outbound(3, "wecom_app:wang", DIGEST, rich=True))
    mentions = ("wecom_app:wang",)
    await app.send(Outbound(3, "wecom_app:chat:g1", "停水通知", mentions=mentions))
    await app.create_group("g2", "7幢微网格", "leader", ["leader", "worker"])
    compare("message_send", fake.called("message/send"))
    compare("appchat_send", fake.called("appchat/send"))
    compare("appchat_create", fake.called("appchat/create"))


async def test_the_webhooks_calls(fake: FakeWecom, all_three: Stand) -> None:
    webhook = all_three.channels["wecom_webhook"]
    assert isinstance(webhook, WebhookChannel)
    mentions = ("wecom_webhook:li",)
    await webhook.send(Outbound(1, "wecom_webhook:g1", "停水通知", mentions=mentions))
    picture = (await all_three.media.put(PNG),)
    await webhook.send(Outbound(2, "wecom_webhook:g1", DIGEST, rich=True, images=picture))
    compare("webhook_send", fake.called("webhook/send"))


async def test_the_aibots_frames(fake: FakeWecom, all_three: Stand) -> None:
    aibot, seen = all_three.channels["wecom_aibot"], all_three.taken
    body = {**aibot_message(fake, "leader", "@小格 灯坏了", "wrG"), "msgid": "m-1"}
    await fake.socket.says(body)
    await fake.socket.says(aibot_message(fake, "leader", "您好"))
    while len(seen) < 2:  # noqa: ASYNC110 a list has no event
        await asyncio.sleep(0.005)
    mentions = ("wecom_aibot:leader",)
    for number, text, asked in ((1, "已登记 #12", "m-1"), (2, "请看 <b>[x](y)", "")):
        place = "wecom_aibot:wrG"
        await aibot.send(Outbound(number, place, text, quote_id=asked, mentions=mentions))
    await aibot.send(Outbound(3, "wecom_aibot:leader", OFFER))
    card = (await fake.expect("wecom_aibot:leader", "#12")).card
    await fake.socket.says(aibot_click(fake, "leader", card, "办结"))
    await fake.expect("update:wecom_aibot:leader")
    frames = [{"cmd": f["cmd"], "body": f["body"]} for f in fake.socket.frames if "body" in f]
    compare("aibot_frames", frames)
    pairs = {f["cmd"]: f["headers"]["req_id"] for f in fake.socket.frames}
    assert pairs["aibot_respond_msg"].startswith("R")
    assert pairs["aibot_respond_update_msg"].startswith("R")


async def test_a_reply_by_response_url(fake: FakeWecom, stand: Build) -> None:
    made = await stand(wecom_aibot=aibot_section(fake, "callback"))
    await made.platform.aibot(aibot_message(fake, "wang", "您好"))
    await made.channels["wecom_aibot"].send(Outbound(1, "wecom_aibot:wang", "已登记 #12"))
    compare("aibot_response", fake.called("aibot/response"))
