"""How loud the bot may be: 静默 / 提示 / 自动, and the quiet hours of the night."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP, WAGES
from tests.scenarios.town import ZONE, Town


async def test_quiet_registers_without_a_word_in_the_group(town: Town) -> None:
    await town.at("g4").says("li", LAMP)
    assert town.at("g4").texts == []
    await town.at("li").expect("#1", "楼道灯")
    await town.at("g4").says("leader", "办结 1 换了")
    await town.at("li").expect("换了", "满意")
    await town.at("li").tells("满意")
    assert (await town.ticket(1, "g4")).state is State.CLOSED
    assert town.at("g4").texts == []


async def test_quiet_asks_for_the_place_one_to_one_and_hears_it_there(town: Town) -> None:
    await town.at("g4").says("li", town.means("灯坏了", "0403"))
    await town.at("li").expect("几号楼")
    await town.at("li").tells("8幢1单元")
    assert "8幢" in (await town.ticket(1, "g4")).place


@pytest.mark.parametrize("word", ["1", "是", "建单", "１"])
async def test_hint_asks_the_leader_who_says_yes(town: Town, word: str) -> None:
    hints = town.at("g3")
    said = await hints.says("li", LAMP)
    await hints.silence()
    await town.at("leader").expect("可能是在反映问题", "楼道灯坏了", "1")
    await town.at("leader").tells(word)
    receipt = await hints.expect("#1", "楼道灯")
    assert receipt.quote is not None
    assert receipt.quote.platform_id == said
    ticket = await town.ticket(1, "g3")
    assert (ticket.reporter, ticket.state) == ("local:li", State.CONFIRMED)


async def test_hint_dropped_by_the_leader_opens_nothing(town: Town) -> None:
    await town.at("g3").says("li", LAMP)
    await town.at("leader").tells("不是")
    await town.at("leader").expect("不登记")
    await town.at("leader").tells("1")
    assert await town.tickets("g3") == []


async def test_two_hints_are_told_apart_by_quoting(town: Town) -> None:
    await town.at("g3").says("li", LAMP)
    await town.at("g3").says("zhao", GYM)
    await town.at("leader").expect("楼道灯坏了")
    second = await town.at("leader").expect("健身器材")
    await town.at("leader").tells("1")
    await town.at("leader").expect("引用那一条")
    await town.at("leader").tells("1", quote=second)
    assert [t.reporter for t in await town.tickets("g3")] == ["local:zhao"]
    await town.at("leader").tells("1")
    assert len(await town.tickets("g3")) == 2


async def test_modes_are_changed_by_the_leader_in_the_group(town: Town) -> None:
    await town.group.says("leader", "模式 静默")
    await town.at("leader").expect("静默")
    await town.group.says("wang", LAMP)
    assert town.group.texts == []
    await town.group.says("leader", "模式 自动")
    await town.group.says("li", GYM)
    await town.group.expect("#2")
    await town.group.says("leader", "模式 提示")
    await town.group.says("zhao", "东门路灯不亮")
    await town.group.silence()
    assert len(await town.tickets()) == 2


async def test_modes_are_not_the_residents_to_change(town: Town) -> None:
    await town.group.says("wang", "模式 静默")
    await town.group.expect("“模式”要由网格长")
    await town.group.says("leader", "模式 大声")
    await town.at("leader").expect("模式", "自动")
    await town.group.says("wang", LAMP)
    await town.group.expect("#1")


async def test_at_night_everything_but_the_urgent_waits_for_seven(town: Town) -> None:
    await town.later(hours=13)
    await town.group.says("wang", LAMP)
    await town.group.silence()
    assert town.at("leader").texts == []
    await town.later(hours=7)
    assert town.group.texts == []
    await town.later(hours=1)
    receipt = await town.group.expect("#1", "楼道灯")
    assert receipt.at == datetime(2026, 11, 24, 7, 0, tzinfo=ZONE)
    await town.at("leader").expect("待确认", "#1")


async def test_at_night_updates_are_coalesced_into_the_last(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.later(hours=12, minutes=30)
    assert town.local_time.time() > time(22)
    await town.at("leader").tells("派单 1 物业")
    await town.at("wuye").tells("延期 1 2天 等配件")
    await town.at("wuye").tells("办结 1 换了灯泡")
    assert town.group.news == []
    await town.later(hours=9)
    (text,) = town.group.news
    assert "换了灯泡" in text


async def test_at_night_who_asks_is_answered_one_to_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.later(hours=13)
    await town.group.says("wang", "进度 1")
    await town.group.silence()
    await town.at("wang").expect("#1", "待确认")


async def test_at_night_a_private_matter_is_received_one_to_one(town: Town) -> None:
    await town.later(hours=13)
    await town.group.says("wang", WAGES)
    await town.group.silence()
    await town.at("wang").expect("#1", "拖欠工资")
    await town.later(hours=9)
    assert town.group.texts == []


async def test_the_reminder_of_a_late_finish_waits_for_the_morning(town: Town) -> None:
    await town.later(hours=11, minutes=30)
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了")
    await town.later(hours=24)
    town.group.skip()
    await town.later(minutes=45)
    assert town.group.news == []
