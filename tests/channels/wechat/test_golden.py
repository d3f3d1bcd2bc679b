"""Golden files of 公众号 and 微信客服: every kind that comes in, and every call that goes out."""

from __future__ import annotations

import pytest

from bot.channels.wechat import kf, mp
from bot.channels.wecom.xmlbody import parse
from routing.message import Outbound
from tests.channels import golden
from tests.channels.stand import MORNING
from tests.channels.wechat.conftest import Build, kf_section, mp_section
from tests.fakes.wechat import KF, FakeWechat


@pytest.mark.parametrize("name", golden.names("wechat/mp"))
def test_a_message_to_the_account_is_read(name: str) -> None:
    got = mp.read(parse(golden.content("wechat/mp", name)))
    assert golden.shown(got) == golden.expected(f"wechat/mp/{name}.event")


@pytest.mark.parametrize("name", golden.names("wechat/kf"))
def test_an_item_of_sync_msg_is_read(name: str) -> None:
    item = golden.incoming("wechat/kf", name)
    assert golden.shown(kf.read(item, KF)) == golden.expected(f"wechat/kf/{name}.event")
    assert kf.welcome_code(item, MORNING) == "", "the code has long expired"


@pytest.mark.parametrize("name", golden.names("wechat/nudge"))
def test_only_a_nudge_for_our_account_is_one(name: str) -> None:
    token = kf.nudge_of(parse(golden.content("wechat/nudge", name)), KF)
    assert token == golden.expected(f"wechat/nudge/{name}.event")


def test_every_documented_kind_has_its_file() -> None:
    shared = {"text", "image", "voice", "video", "file", "location", "link"}
    kinds = {golden.incoming("wechat/kf", name)["msgtype"] for name in golden.names("wechat/kf")}
    assert kinds >= {*shared, "business_card", "miniprogram", "msgmenu", "event"}
    assert set(golden.names("wechat/mp")) >= {*shared, "shortvideo", "subscribe", "unsubscribe"}


async def test_the_calls_of_the_account(fake: FakeWechat, stand: Build) -> None:
    section = mp_section(fake, template_id="T1", template_field="thing1")
    channel = (await stand(mp=section)).channels["wechat_mp"]
    fake.closed.add("oGone")
    await channel.send(Outbound(1, "wechat_mp:oOPEN1", "已登记 #12"))
    await channel.send(Outbound(2, "wechat_mp:oOPEN1", "停水通知。" * 150))
    await channel.send(Outbound(3, "wechat_mp:oGone", "已办结 #12"))
    assert [list(call) for call in fake.calls] == golden.expected("wechat/out/mp")


async def test_the_calls_of_the_service_account(fake: FakeWechat, stand: Build) -> None:
    made = await stand(kf=kf_section(fake))
    event = {"event_type": "enter_session", "welcome_code": "W1"}
    fake.kf_item("", kind="event", event=event, origin=4)
    await fake.nudge()
    await fake.expect("W1", "有事请说")
    channel = made.channels["wechat_kf"]
    await channel.send(Outbound(1, "wechat_kf:wm1", "已登记 #12"))
    await channel.send(Outbound(2, "wechat_kf:wm1", "停水通知。" * 150))
    calls = [list(call) for call in fake.calls if call[0] != "kf/sync_msg"]
    assert calls == golden.expected("wechat/out/kf")
    first = fake.called("kf/sync_msg")[0]
    first.pop("token", None)
    assert first == golden.expected("wechat/out/kf_sync_msg")
