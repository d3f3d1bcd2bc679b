"""The aibot over its long connection: answers before pushes, pictures before what follows them."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.aibot import AibotChannel, NoTarget
from bot.channels.wecom.aibot_link import Link, LinkSettings
from bot.channels.wecom.aibot_socket import SocketTransport
from bot.errors import NotConfigured, Rejected, TryLater
from bot.leader import Leadership
from storage.store import Store
from tests.channels.stand import outbound
from tests.channels.wecom.conftest import Build, Stand
from tests.channels.wecom.house import aibot_section
from tests.channels.wecom.test_link import until
from tests.fakes.wecom import BOT, BOT_SECRET, FakeWecom, Fault
from tests.fakes.wecom_people import PNG, aibot_click, aibot_message, encrypted_media


@pytest.fixture
async def bot(fake: FakeWecom, stand: Build) -> Stand:
    made = await stand(wecom_aibot=aibot_section(fake, "websocket"))
    await asyncio.wait_for(fake.socket.subscribed.wait(), 5)
    return made


def transport_of(stand: Stand) -> SocketTransport:
    channel = stand.channels["wecom_aibot"]
    assert isinstance(channel, AibotChannel)
    assert isinstance(channel.transport, SocketTransport)
    return channel.transport


async def heard(stand: Stand, **more: Any) -> str:
    """Wang says something in the group; returns the message id once it is taken."""
    body = aibot_message(stand.fake, "wang", "@小格 灯坏了", "wrG", **more)
    seen = len(stand.taken)
    await stand.fake.socket.says(body)
    await until(lambda: len(stand.taken) > seen)
    return str(body["msgid"])


async def test_the_message_is_answered_then_pushed(fake: FakeWecom, bot: Stand) -> None:
    channel, msgid = bot.channels["wecom_aibot"], await heard(bot)
    for text in ("一", "二"):
        await channel.send(outbound("wecom_aibot:wrG", text, quote_id=msgid))
    assert [(p.how, p.text) for p in fake.posts] == [
        ("aibot_respond_msg", "一"), ("aibot_send_msg", "二"),
    ]  # fmt: skip
    assert fake.posts[1].body["chat_type"] == 2


async def test_a_doubled_frame_is_taken_once(fake: FakeWecom, bot: Stand) -> None:
    await fake.socket.says(aibot_message(fake, "wang", "灯坏了"), times=3)
    await heard(bot)
    assert [m.text for m in bot.taken] == ["灯坏了", "灯坏了"]
    assert len({m.platform_id for m in bot.taken}) == 2


@pytest.mark.parametrize("code", [846605, 846606, 846608])
async def test_what_can_no_longer_be_answered_is_pushed(
    fake: FakeWecom, bot: Stand, code: int
) -> None:
    msgid = await heard(bot)
    fake.faults["aibot_respond_msg"].append(Fault(errcode=code))
    post = outbound("wecom_aibot:wrG", "一", quote_id=msgid)
    await bot.channels["wecom_aibot"].send(post)
    assert [p.how for p in fake.posts] == ["aibot_send_msg"]


async def test_after_a_day_the_answer_is_a_push(fake: FakeWecom, bot: Stand) -> None:
    msgid = await heard(bot)
    bot.later(hours=24)
    post = outbound("wecom_aibot:wrG", "一", quote_id=msgid)
    await bot.channels["wecom_aibot"].send(post)
    assert [p.how for p in fake.posts] == ["aibot_send_msg"]


@pytest.mark.parametrize("code", [846607, 6000])
async def test_limits_are_waited_for(fake: FakeWecom, bot: Stand, code: int) -> None:
    msgid = await heard(bot)
    fake.faults["aibot_respond_msg"].append(Fault(errcode=code))
    post = outbound("wecom_aibot:wrG", "一", quote_id=msgid)
    with pytest.raises(TryLater):
        await bot.channels["wecom_aibot"].send(post)
    await bot.channels["wecom_aibot"].send(post)
    assert fake.said("wecom_aibot:wrG") == ["一"]


async def test_an_unclear_push_is_not_repeated(fake: FakeWecom, bot: Stand) -> None:
    await heard(bot)
    fake.faults["aibot_send_msg"].append(Fault(hang_up=True))
    with pytest.raises(Rejected, match="may have arrived"):
        await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:wrG", "一"))


async def test_an_unclear_answer_is_repeated_as_the_same_stream(
    fake: FakeWecom, bot: Stand
) -> None:
    msgid = await heard(bot)
    fake.faults["aibot_respond_msg"].append(Fault(hang_up=True, errcode=846605))
    post = outbound("wecom_aibot:wrG", "一", quote_id=msgid)
    with pytest.raises(TryLater):
        await bot.channels["wecom_aibot"].send(post)
    await until(transport_of(bot).link.ready.is_set)
    await bot.channels["wecom_aibot"].send(post)
    ids = {f["body"]["stream"]["id"] for f in fake.socket.frames if f["cmd"] == "aibot_respond_msg"}
    assert len(ids) == 1


async def test_a_lost_subscription_is_renewed(fake: FakeWecom, bot: Stand) -> None:
    await heard(bot)
    fake.faults["aibot_send_msg"].append(Fault(errcode=846609))
    with pytest.raises(TryLater):
        await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:wrG", "一"))
    await until(lambda: fake.socket.connections == 2)


async def test_who_never_spoke_cannot_be_reached(bot: Stand) -> None:
    with pytest.raises(NoTarget, match="open the bot once"):
        await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:nobody", "一"))


async def test_an_eviction_stops_the_channel(fake: FakeWecom, bot: Stand) -> None:
    await fake.socket.evict()
    await until(lambda: transport_of(bot).link.stopped)
    with pytest.raises(NotConfigured, match="one process per bot"):
        await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:wrG", "一"))
    assert fake.socket.connections == 1


async def test_a_bot_elsewhere_with_another_database_ends_the_first(
    fake: FakeWecom, bot: Stand, sqlite_template: Path, tmp_path: Path
) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "elsewhere.db")
    store = await Store.open(f"sqlite:///{file}")
    settings = LinkSettings(fake.ws_url, BOT, BOT_SECRET)
    other = Link(settings, Leadership(store, BOT, "elsewhere"), lambda *_: None)
    other.start()
    await until(other.ready.is_set)
    await until(lambda: transport_of(bot).link.stopped)
    assert fake.socket.connections == 2
    await other.aclose()
    await store.aclose()


async def test_a_click_updates_the_card(fake: FakeWecom, bot: Stand) -> None:
    await fake.socket.says(aibot_message(fake, "leader", "您好"))
    text = "【待确认】#9 楼道灯\n属实回复 确认 9"
    await until(lambda: bot.taken)
    await bot.channels["wecom_aibot"].send(outbound("wecom_aibot:leader", text))
    card = (await fake.expect("wecom_aibot:leader", "#9")).card
    await fake.socket.says(aibot_click(fake, "leader", card, "确认"))
    shown = await fake.expect("update:wecom_aibot:leader", "已选择“确认 9”")
    assert shown.body["response_type"] == "update_template_card"
    assert bot.taken[-1].text == "确认 9"


async def test_a_first_opening_is_greeted(fake: FakeWecom, bot: Stand) -> None:
    event = {"eventtype": "enter_chat"}
    await fake.socket.says({**aibot_message(fake, "wang"), "msgtype": "event", "event": event})
    await fake.expect("wecom_aibot:wang", "您好，有事请说。")


async def test_a_picture_with_its_own_key_is_stored_before_what_follows(
    fake: FakeWecom, bot: Stand
) -> None:
    key = "B" * 42 + "A"
    url = fake.new_media(encrypted_media(PNG, key))
    fake.always[f"/media/{url.rpartition('/')[2]}"] = Fault(slow_s=0.05)
    image = {"url": url, "aeskey": key + "="}
    await fake.socket.says({**aibot_message(fake, "li"), "msgtype": "image", "image": image})
    await fake.socket.says(aibot_message(fake, "li", "就是这个灯"))
    await until(lambda: len(bot.taken) == 2)
    assert [len(m.images) for m in bot.taken] == [1, 0]
    assert await bot.media.read(bot.taken[0].images[0]) == PNG


async def test_odd_frames_do_no_harm(fake: FakeWecom, bot: Stand) -> None:
    live = fake.socket._live
    assert live is not None
    for text in ("", "[]", "{}", '{"cmd":1}', '{"headers":{"req_id":["x"]}}', "{" * 9999, "null"):
        await live.send_str(text)
    await live.send_bytes(b"\x00\x01")
    for body in ("x", {"msgtype": 7}, {"msgtype": "text", "from": [], "msgid": "1"}):
        frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": "R"}, "body": body}
        await live.send_json(frame)
    await heard(bot)
    assert len(bot.taken) == 1
    assert fake.socket.connections == 1


async def test_a_failing_database_loses_nothing(fake: FakeWecom, bot: Stand) -> None:
    bot.broken = 99
    await fake.socket.says(aibot_message(fake, "wang", "灯坏了"))
    await until(lambda: bot.failed >= 2)
    bot.broken = 0
    await until(lambda: bot.taken)
    assert [m.text for m in bot.taken] == ["灯坏了"]
    assert fake.socket.connections == 1
