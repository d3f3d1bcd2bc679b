"""延期 and 挂账: once by those who handle it, with a reason the residents hear; more from above.

What the deadline then is against a walk of minutes is tests/routing/test_segments.py."""

from __future__ import annotations

from datetime import datetime

import pytest

from routing.ticket import Action, State
from tests.scenarios.lines import DRAIN, GAS, LAMP, QUARREL
from tests.scenarios.town import ZONE, Town

MONTH = "延期 1 30天 等配件"


async def opened(town: Town, words: str = LAMP) -> datetime:
    """#1 is with the 物业; its deadline."""
    await town.group.says("wang", words)
    await town.group.says("leader", "派单 1 物业")
    for who in ("wuye", "leader", "community", "secretary", "street", "wang"):
        town.at(who).skip()
    town.group.skip()
    return await due(town)


async def due(town: Town) -> datetime:
    found = (await town.ticket(1)).due_at
    assert found is not None
    return found.astimezone(ZONE)


# ── how much is up to those who handle it


@pytest.mark.parametrize(
    ("words", "own", "beyond"),
    [
        (LAMP, "5个工作日", "6个工作日"),  # O 一般
        (DRAIN, "24小时", "25小时"),  # U 急办
        (QUARREL, "15天", "16天"),  # C 复杂
        ("孩子打疫苗到哪里", "2个工作日", "3个工作日"),  # Q 咨询
    ],
)
async def test_each_class_has_its_own_limit(town: Town, words: str, own: str, beyond: str) -> None:
    if words.startswith("孩子"):
        town.means(words, "1401", place="7幢")
    before = await opened(town, words)
    await town.at("wuye").tells(f"延期 1 {beyond} 等配件")
    assert await due(town) == before
    await town.at("wuye").expect("#1", f"自己定的延期最多{own}", "已替您报给社区")
    await town.at("wuye").tells(f"延期 1 {own} 等配件")
    await town.at("wuye").expect("✓ #1", "已延期到")
    assert await due(town) > before


async def test_the_reporter_hears_of_it_with_the_reason(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("延期 1 3天 等配件")
    await town.at("wang").expect("#1", "因等配件延期到11月27日10:00前", "给您添麻烦了")


async def test_a_second_time_needs_the_level_above(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("延期 1 1天 等配件")
    once = await due(town)
    town.group.skip()
    await town.at("wuye").tells("延期 1 1天 配件还没到")
    await town.at("wuye").expect("#1", "已经延期过一次", "同意前期限不变")
    assert await due(town) == once
    assert town.group.news == []


async def test_nothing_urgent_is_put_off_by_those_who_handle_it(town: Town) -> None:
    before = await opened(town, GAS)
    for words in ("延期 1 1小时 路上堵", "挂账 1 等人"):
        await town.at("wuye").tells(words)
        await town.at("wuye").expect("#1", "紧急事项", "要上一级同意")
        await town.at("community").expect("【申请", "同意请回复：" + words)
    assert (await due(town), (await town.ticket(1)).state) == (before, State.DISPATCHED)


# ── the level above


async def test_the_level_above_is_asked_and_agrees_by_the_same_words(town: Town) -> None:
    before = await opened(town)
    await town.at("wuye").tells(MONTH)
    for one in ("community", "secretary"):
        asked = await town.at(one).expect("【申请延期】#1", "明天10:00前办结", "物业")
        assert "想延期：30天 等配件" in asked.text
        assert f"同意请回复：{MONTH}\n" in asked.text
    assert town.at("street").news == []
    await town.at("community").tells(MONTH)
    assert (await due(town) - before).days == 30
    await town.at("community").expect("✓ #1", "已延期到")
    await town.at("wuye").expect("#1", "社区工作者同意延期", "12月24日10:00前")
    await town.at("leader").expect("#1", "同意延期")
    await town.at("wang").expect("#1", "因等配件延期到")


async def test_an_agreement_by_quoting_the_request(town: Town) -> None:
    before = await opened(town)
    await town.at("wuye").tells(MONTH)
    request = await town.at("community").expect("【申请延期】#1")
    await town.at("community").says("community", "延期 30天 等配件", quote=request)
    assert (await due(town) - before).days == 30


async def test_without_an_answer_nothing_changes_and_the_ladder_goes_on(town: Town) -> None:
    before = await opened(town)
    await town.at("wuye").tells("我来 1")
    await town.at("wuye").tells(MONTH)
    town.at("wuye").skip()
    await town.later(hours=25)
    assert await due(town) == before
    await town.at("wuye").expect("#1", "已到办结期限")


async def test_who_handles_it_does_not_agree_with_himself(town: Town) -> None:
    before = await opened(town)
    await town.group.says("community", "我来 1")
    town.at("community").skip()
    await town.at("community").tells(MONTH)
    await town.at("community").expect("已替您报给社区")
    await town.at("secretary").expect("【申请延期】#1", MONTH)
    assert town.at("community").news == []
    assert await due(town) == before
    await town.at("secretary").tells(MONTH)
    assert await due(town) > before


async def test_a_leader_is_no_level_above(town: Town) -> None:
    before = await opened(town)
    await town.group.says("leader", MONTH)
    assert await due(town) == before
    await town.at("leader").expect("自己定的延期最多5个工作日")


async def test_after_rework_the_first_extension_is_ones_own_again(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("延期 1 1天 等配件")
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.group.says("wang", "不满意 1 还是不亮")
    fresh = await due(town)
    await town.at("wuye").tells("延期 1 1天 再等配件")
    assert (await due(town) - fresh).days == 1


async def test_who_agreed_has_had_a_hand_in_it(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells(MONTH)
    await town.at("community").tells(MONTH)
    assert "local:community" in (await town.ticket(1)).hands


# ── 挂账


async def test_a_second_suspension_needs_the_level_above(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("挂账 1 等维修资金")
    await town.later(hours=2)
    await town.at("wuye").tells("恢复 1")
    town.at("wuye").skip()
    await town.at("wuye").tells("挂账 1 还是没钱")
    await town.at("wuye").expect("#1", "已经挂账过一次")
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    await town.at("secretary").expect("【申请挂账】#1", "挂账 1 还是没钱")
    await town.at("secretary").tells("挂账 1 还是没钱")
    assert (await town.ticket(1)).state is State.SUSPENDED
    await town.at("wuye").expect("社区书记同意挂账", "恢复后办结")


async def test_resuming_what_was_late_already_leaves_it_late(town: Town) -> None:
    before = await opened(town)
    await town.at("wuye").tells("我来 1")
    await town.later(days=1, hours=3)
    await town.at("wuye").tells("挂账 1 等维修资金")
    await town.later(days=2)
    await town.at("wuye").tells("恢复 1")
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    assert await due(town) == before
    town.at("leader").skip()
    await town.at("leader").tells("待办")
    await town.at("leader").expect("【红·已超期】#1")


async def test_a_new_category_keeps_what_was_granted_and_leaves_out_the_pause(town: Town) -> None:
    await opened(town)  # Monday ten o'clock, one working day
    await town.at("wuye").tells("延期 1 2天 等配件")
    await town.later(hours=1)
    await town.at("wuye").tells("挂账 1 等维修资金")
    await town.later(days=1)
    await town.at("wuye").tells("恢复 1")
    assert await due(town) == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)
    await town.group.says("leader", "改类 1 路灯")  # three working days
    assert await due(town) == datetime(2026, 11, 29, 10, 0, tzinfo=ZONE)


async def test_a_new_category_after_rework_counts_from_the_rework(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.later(days=1)
    await town.group.says("wang", "不满意 1 还是不亮")
    await town.group.says("leader", "改类 1 路灯")
    assert await due(town) == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)


async def test_the_history_tells_how_much_was_granted_by_whom_and_why(town: Town) -> None:
    await opened(town)
    await town.at("wuye").tells("延期 1 2天 等配件")
    last = (await town.events(await town.ticket(1)))[-1]
    assert (last.action, last.by, last.note) == (Action.EXTEND, "local:wuye", "等配件")
    assert last.changes["extended"] == ["2d"]
