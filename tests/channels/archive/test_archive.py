"""What the archive takes in, from whom, and that nothing is read twice or lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wecom.cursor import StateFile
from bot.errors import NeedsHuman, NotConfigured, Rejected, TryLater
from bot.recalls import Recall
from routing.message import Outbound
from tests.channels.archive.conftest import ROOM, Archive, Platform, record

AGREED, SILENT = "wmResident9", "wmSilent1"


@pytest.fixture(autouse=True)
def agreed(platform: Platform) -> None:
    platform.agreed = {AGREED: "Agree", "woWorker": "Default_Agree", "wmNo": "Disagree"}


async def test_who_agreed_is_heard(archive: Archive) -> None:
    archive.put(record(AGREED, "五楼又没水了"))
    archive.put(record("woWorker", "@小格 楼道灯坏了"))
    archive.put(record("leader", "确认 1"))
    assert await archive.sync() == 3
    assert [m.text for m in archive.taken] == ["五楼又没水了", "楼道灯坏了", "确认 1"]
    assert [m.to_me for m in archive.taken] == [False, True, False]
    first = archive.taken[0]
    assert first.conversation == f"wecom_archive:{ROOM}"
    assert (first.sender, first.is_group) == (f"wecom_archive:{AGREED}", True)
    assert first.received_at == archive.now


async def test_who_has_not_agreed_is_never_stored(archive: Archive, tmp_path: Any) -> None:
    for user in (SILENT, "wmNo"):
        archive.put(record(user, "秘密的话"))
        archive.put(record(user, msgtype="vote", vote={"title": "秘密的话"}))
    await archive.sync()
    assert archive.taken == []
    kept = archive.data / "wecom_archive"
    stored = [p for p in kept.rglob("*") if p.is_file()]
    assert not any("秘密" in p.read_text("utf-8") for p in stored)


async def test_consent_changes_by_record_and_by_answer(
    archive: Archive, platform: Platform
) -> None:
    platform.agreed = {}
    archive.put(record(SILENT, msgtype="agree", agree={"userid": SILENT, "agree_time": 1}))
    archive.put(record(SILENT, "一"))
    archive.put(record(SILENT, msgtype="disagree", disagree={"userid": SILENT}))
    archive.put(record(SILENT, "二"))
    await archive.sync()
    assert [m.text for m in archive.taken] == ["一"]
    platform.agreed = {SILENT: "Agree"}
    archive.put(record(SILENT, "三"))
    await archive.sync()
    assert len(archive.taken) == 1, "an answer holds for ten minutes"
    archive.later(minutes=10)
    archive.put(record(SILENT, "四"))
    await archive.sync()
    assert [m.text for m in archive.taken] == ["一", "四"]


async def test_one_to_one_asks_for_the_pair(archive: Archive, platform: Platform) -> None:
    archive.put(record(AGREED, "灯坏了", room=""))
    archive.put(record("leader", "好的", room="", tolist=[AGREED]))
    await archive.sync()
    (message,) = archive.taken
    assert (message.conversation, message.is_group) == (f"wecom_archive:{AGREED}", False)
    assert message.to_me
    assert platform.calls[0][0] == "msgaudit/check_single_agree"


async def test_when_consent_cannot_be_asked_nothing_is_passed_over(
    archive: Archive, platform: Platform
) -> None:
    archive.put(record(AGREED, "灯坏了"))
    platform.errcode = 45009
    with pytest.raises(TryLater):
        await archive.sync()
    platform.errcode = 0
    await archive.sync()
    assert [m.text for m in archive.taken] == ["灯坏了"]


async def test_the_cursor_follows_what_is_durable(archive: Archive) -> None:
    for text in ("一", "二", "三"):
        archive.put(record(AGREED, text))
    archive.broken = 1
    with pytest.raises(OSError, match="disk full"):
        await archive.sync()
    assert await archive.sync() == 3
    assert await archive.sync() == 0
    assert [m.text for m in archive.taken] == ["一", "二", "三"]
    assert StateFile(archive.data / "wecom_archive" / "cursor.json").load() == {"seq": 3}


async def test_a_recall_in_the_same_look_leaves_nothing(archive: Archive) -> None:
    said = record(AGREED, "说错了")
    archive.put(said)
    archive.put(record(AGREED, msgtype="revoke", revoke={"pre_msgid": said["msgid"]}))
    await archive.sync()
    assert archive.taken == []


@pytest.mark.parametrize("ticket", [0, 7])
async def test_a_later_recall_empties_and_withdraws(archive: Archive, ticket: int) -> None:
    forgotten = []

    async def forget(recall: Recall) -> bool:
        forgotten.append(recall)
        return bool(ticket)

    archive.channel.forget_through(forget)
    said = record(AGREED, "灯坏了")
    archive.put(said)
    await archive.sync()
    archive.put(record(AGREED, action="recall", msgtype="revoke",
                       revoke={"pre_msgid": said["msgid"]}))  # fmt: skip
    await archive.sync()
    assert forgotten == [Recall("wecom_archive", said["msgid"])]
    assert [m.text for m in archive.taken] == ["灯坏了", "撤回"][: 2 if ticket else 1]
    if ticket:
        quote = archive.taken[1].quote
        assert quote is not None
        assert (quote.platform_id, quote.of_bot) == (said["msgid"], False)


async def test_residents_and_groups_need_a_person_staff_the_app(archive: Archive) -> None:
    for place in (ROOM, AGREED):
        with pytest.raises(NeedsHuman):
            await archive.channel.send(Outbound(1, f"wecom_archive:{place}", "您好"))
    with pytest.raises(NeedsHuman, match="wecom_app"):
        await archive.channel.send(Outbound(1, "wecom_archive:leader", "您好"))

    async def app(message: Outbound) -> str:
        archive.app_posts.append(message)
        return "p1"

    archive.channel._parts.staff = app
    assert await archive.channel.send(Outbound(1, "wecom_archive:leader", "您好")) == "p1"
    with pytest.raises(Rejected):
        await archive.channel.send(Outbound(1, "local:g1", "您好"))


async def test_a_task_is_made_and_waits_for_a_tap(archive: Archive, platform: Platform) -> None:
    place = f"wecom_archive:task:leader:{ROOM}"
    assert await archive.channel.send(Outbound(1, place, "停水通知")) == "task-77"
    assert platform.calls == [
        ("externalcontact/add_msg_template",
         {"chat_type": "group", "sender": "leader", "chat_id_list": [ROOM],
          "text": {"content": "停水通知"}}),
    ]  # fmt: skip
    with pytest.raises(Rejected, match="copy"):
        await archive.channel.send(Outbound(2, place, "长" * 2000))
    archive.channel._parts.contact = None
    with pytest.raises(NotConfigured, match="contact_secret"):
        await archive.channel.send(Outbound(3, place, "停水通知"))
