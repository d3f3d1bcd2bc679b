"""微信客服: nudges, the cursor that is kept, pages, and answers to customers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels.wechat.kf import KfChannel
from bot.channels.wecom.cursor import StateFile
from bot.errors import NotConfigured, Rejected
from tests.channels.stand import outbound
from tests.channels.wechat.conftest import Build, Stand, kf_section
from tests.fakes.wechat import KF, FakeWechat
from tests.fakes.wecom import Fault
from tests.fakes.wecom_people import PNG


def channel_of(made: Stand) -> KfChannel:
    channel = made.channels["wechat_kf"]
    assert isinstance(channel, KfChannel)
    return channel


async def test_a_nudge_brings_every_page(fake: FakeWechat, stand: Build) -> None:
    made = await stand(kf=kf_section(fake))
    for number in range(5):
        fake.kf_item(f"wm{number % 2}", f"第{number}句")
    answer = await fake.nudge()
    assert (answer.status, answer.body) == (200, "")
    await made.settled(5)
    assert [m.text for m in made.taken] == [f"第{n}句" for n in range(5)]
    assert made.taken[1].conversation == made.taken[1].sender == "wechat_kf:wm1"
    assert any(body.get("token", "").startswith("KT") for body in fake.called("kf/sync_msg"))


async def test_what_came_while_we_were_away_is_read_at_the_start(
    fake: FakeWechat, stand: Build
) -> None:
    fake.kf_item("wm1", "灯坏了")
    made = await stand(kf=kf_section(fake))
    await made.settled(1)


async def test_the_cursor_survives_and_moves_only_behind_what_is_durable(
    fake: FakeWechat, stand: Build, tmp_path: Path
) -> None:
    fake.kf_item("wm1", "一")
    made = await stand(kf=kf_section(fake))
    await made.settled(1)
    channel = channel_of(made)
    await channel.aclose()
    for text in ("二", "三", "四"):
        fake.kf_item("wm1", text)
    await channel.start(made.accept)
    await channel.aclose()
    made.broken = 1
    channel._parts.arrivals.start(made.accept)
    with pytest.raises(OSError, match="disk full"):
        await channel.sync()
    state = StateFile(tmp_path / f"wechat_kf-{KF}.json")
    assert state.load() in ({"cursor": "1"}, {"cursor": "0"})
    await channel.sync()
    assert [m.text for m in made.taken] == ["一", "二", "三", "四"]
    assert state.load() == {"cursor": "4"}
    await channel.sync()
    assert len(made.taken) == 4


async def test_an_empty_page_is_not_the_end(fake: FakeWechat, stand: Build) -> None:
    made = await stand(kf=kf_section(fake))
    fake.page = 1
    fake.kf_item("wm1", origin=5, text="客服说")
    fake.kf_item("wm1", "灯坏了")
    await fake.nudge()
    await made.settled(1)
    assert [m.text for m in made.taken] == ["灯坏了"]


async def test_kinds_pictures_and_strange_items(fake: FakeWechat, stand: Build) -> None:
    made = await stand(kf=kf_section(fake))
    fake.media["m1"] = PNG
    fake.inbox += [{"origin": 3, "open_kfid": KF}, "no item"]  # type: ignore[list-item]
    fake.kf_item("wm1", kind="image", image={"media_id": "m1"})
    fake.kf_item("wm1", kind="voice", voice={"media_id": "m2"})
    fake.kf_item("wm1", kind="location", location={"name": "示范小区", "address": "7号"})
    fake.kf_item("wm1", "别处", open_kfid="wkOther")
    fake.kf_item("wm1", kind="miniprogram")
    fake.kf_item("wm1", "完")
    await fake.nudge()
    await made.settled(4)
    assert [(m.text, len(m.images)) for m in made.taken] == [
        ("", 1), ("［语音］", 0), ("位置：示范小区 7号", 0), ("完", 0),
    ]  # fmt: skip


async def test_who_opens_the_conversation_is_greeted_in_time(
    fake: FakeWechat, stand: Build
) -> None:
    made = await stand(kf=kf_section(fake))
    for code, late in (("W1", 0), ("W2", -60)):
        event = {"event_type": "enter_session", "welcome_code": code}
        item = fake.kf_item("", kind="event", event=event, origin=4)
        item["send_time"] += late
    fake.faults["kf/send_msg_on_event"].append(Fault(errcode=95014))
    event = {"event_type": "enter_session", "welcome_code": "W0"}
    fake.inbox.insert(0, {**fake.inbox[0], "event": event})
    await fake.nudge()
    await fake.expect("W1", "有事请说")
    assert made.taken == []
    assert [body["code"] for body in fake.called("kf/send_msg_on_event")] == ["W0", "W1"]


async def test_answers_have_ids_of_ours(fake: FakeWechat, stand: Build) -> None:
    channel = channel_of(await stand(kf=kf_section(fake)))
    post = outbound("wechat_kf:wm1", "停水通知。" * 200)
    fake.faults["kf/send_msg"].extend([Fault(), Fault(errcode=45009)])
    with pytest.raises(Exception, match="asks to wait"):
        await channel.send(post)
    assert await channel.send(post) == f"o{post.id}-0"
    ids = [body["msgid"] for body in fake.called("kf/send_msg")]
    assert ids == [f"o{post.id}-0", f"o{post.id}-1", f"o{post.id}-1"]
    with pytest.raises(Rejected):
        await channel.send(outbound("local:g1", "x"))


async def test_a_wrong_secret_names_the_setting(fake: FakeWechat, stand: Build) -> None:
    channel = channel_of(await stand(kf=kf_section(fake, secret="wrong-secret-9")))
    with pytest.raises(NotConfigured, match=r"channels\.wechat_kf\.secret") as caught:
        await channel.send(outbound("wechat_kf:wm1", "x"))
    assert "wrong-secret-9" not in str(caught.value)


async def test_other_accounts_and_noise_are_not_read(fake: FakeWechat, stand: Build) -> None:
    made = await stand(kf=kf_section(fake))
    await fake.nudge()
    asked = len(fake.called("kf/sync_msg"))
    assert (await fake.nudge("wkOther")).status == 200
    assert len(fake.called("kf/sync_msg")) <= asked + 1
    assert made.taken == []


def test_a_state_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    state = StateFile(tmp_path / "in" / "x.json")
    assert state.load() == {}
    state.save({"cursor": "1"})
    state.save({"cursor": "2"})
    assert state.load() == {"cursor": "2"}
    assert (tmp_path / "in" / "x.json").stat().st_mode & 0o777 == 0o600
    (tmp_path / "in" / "x.json").write_text(json.dumps([1]))
    with pytest.raises(ValueError, match="damaged"):
        state.load()
