"""The bot's own posts that staff send by hand are not heard, also after a restart."""

from __future__ import annotations

import pytest

from bot.channels.wecom.archive_said import KEPT, Said
from bot.errors import NeedsHuman
from routing.message import Outbound
from tests.channels.archive.conftest import ROOM, Archive, record

PLACE = f"wecom_archive:{ROOM}"
POSTS = ("已登记 #1：7幢楼道灯，网格长会来看。", "今晚22点停水，请提前蓄水。")


async def asked(archive: Archive, number: int, text: str) -> None:
    with pytest.raises(NeedsHuman):
        await archive.channel.send(Outbound(number, PLACE, text))


async def test_what_a_person_sent_for_us_is_not_heard(archive: Archive) -> None:
    for number, text in enumerate(POSTS):
        await asked(archive, number, text)
    archive.put(record("leader", "\n".join(POSTS)))
    archive.put(record("leader", "大家注意"))
    await archive.sync()
    assert [m.text for m in archive.taken] == ["大家注意"]


async def test_nor_after_a_restart(archive: Archive) -> None:
    await archive.restart()
    archive.channel.remember([Outbound(1, PLACE, POSTS[0]), Outbound(2, "wecom_app:leader", "x")])
    archive.put(record("leader", POSTS[0]))
    archive.put(record("leader", POSTS[1]))
    await archive.sync()
    assert [m.text for m in archive.taken] == [POSTS[1]]


async def test_a_resident_who_says_the_same_is_heard(archive: Archive) -> None:
    archive.section["check_consent"] = False
    await archive.restart()
    await asked(archive, 1, POSTS[0])
    archive.put(record("wmA", msgtype="agree", agree={"userid": "wmA"}))
    archive.put(record("wmA", POSTS[0]))
    await archive.sync()
    assert [m.text for m in archive.taken] == [POSTS[0]]


SAYINGS = [
    ("已登记 #1：7幢楼道灯，网格长会来看。", ROOM, True),
    ("【代发】已登记 #1: 7幢楼道灯 网格长会来看", ROOM, True),
    ("已登记 #1：7幢楼道灯，网格长会来看。", "wrOther", False),
    ("网格长会来看", ROOM, False),
    ("好的", ROOM, True),
    ("好的，我去看看", ROOM, False),
    ("", ROOM, False),
]


@pytest.mark.parametrize(("text", "room", "ours"), SAYINGS)
def test_what_counts_as_ours(text: str, room: str, ours: bool) -> None:
    said = Said()
    for post in (POSTS[0], "好的", "", "。。"):
        said.keep(ROOM, post)
    assert said.knows(room, text) is ours


def test_the_memory_is_bounded() -> None:
    said = Said()
    for number in range(KEPT + 1):
        said.keep(ROOM, f"已登记 {number:09} 号事项")
    assert not said.knows(ROOM, "已登记 000000000 号事项")
    assert said.knows(ROOM, f"已登记 {KEPT:09} 号事项")
