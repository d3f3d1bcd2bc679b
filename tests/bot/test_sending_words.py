"""待发 已发 群发: numbers as people type them, and what is not theirs or is gone."""

from __future__ import annotations

import pytest

from tests.bot.test_outbox_queue import Office, office

__all__ = ["office"]


async def _two(office: Office) -> None:
    for text in ("一楼停水", "二楼停电"):
        await office.post(text)
        await office.wait(seconds=60)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("已发 1", 1), ("已发了 1号", 1), ("已发送 #2", 1), ("发好了 1", 1), ("已代发 1。", 1),
        ("已转发 1、2", 0), ("已发 1和2", 0), ("已发 1 1", 1), ("全部已发", 0), ("都发了！", 0),
        ("已发全部", 0), ("已发 9", 2), ("已发 1 9", 2), ("已发", 2), ("已发给他了", 2),
    ],
)  # fmt: skip
async def test_what_is_marked_as_sent(office: Office, words: str, left: int) -> None:
    await _two(office)
    await office.says("leader", words)
    assert (await office.states()).get("awaiting_human", 0) == left


@pytest.mark.parametrize("words", ["已发 9", "群发 9", "已发 1 9"])
async def test_a_batch_that_is_none(office: Office, words: str) -> None:
    await _two(office)
    await office.says("leader", words)
    assert office.told()[-1] == "没有待发的9号，可能已经发出或者作废了。回复 待发 可以查看。"
    assert office.way.tasks == []


async def test_the_list_shows_the_beginning_of_each(office: Office) -> None:
    await _two(office)
    await office.says("leader", "待发？")
    head, first, second = office.told()[-1].splitlines()
    assert head == "等待代发："
    assert first == "1号 → “示范社区7幢微网格群”群，1条：一楼停水"
    assert second.startswith("2号 → ")
    assert second.endswith("，1条：二楼停电")


async def test_the_leader_of_another_group_has_nothing_to_send(office: Office) -> None:
    await _two(office)
    for words in ("已发 1", "都发了", "群发 1"):
        await office.says("leader2", words)
    assert (await office.states())["awaiting_human"] >= 2
    assert office.way.tasks == []
