"""Deadlines that move, units that refuse, tickets merged, taken apart and opened by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from routing.ticket import State
from tests.scenarios.lines import GYM, LAMP
from tests.scenarios.town import MONDAY, ZONE, Town


async def test_an_extension_moves_the_deadline_and_says_why(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", "延期 3天 等配件")
    assert (await town.ticket(1)).due_at == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)
    await town.group.expect("#1", "等配件", "11月27日10:00前")
    town.at("leader").skip()
    await town.later(hours=30)
    assert town.at("leader").news == []
    await town.later(days=3)
    await town.at("leader").expect("#1", "已到办结期限")


@pytest.mark.parametrize(
    ("words", "day", "hour"),
    [("延期 两天 等配件", 26, 10), ("延期 1周 等配件", 1, 10), ("延期 1个工作日 等配件", 25, 10),
     ("延期3小时 路上堵", 24, 13)],
)  # fmt: skip
async def test_extensions_as_people_say_them(town: Town, words: str, day: int, hour: int) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", words)
    due = (await town.ticket(1)).due_at
    assert due is not None
    local = due.astimezone(ZONE)
    assert (local.day, local.hour) == (day, hour)


async def test_an_extension_needs_a_time_and_a_reason(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    for words in ("延期 1 3天", "延期 1 等配件"):
        await town.group.says("leader", words)
        await town.at("leader").expect("“延期”后面", "3天 等配件")


async def test_suspended_time_does_not_run_and_the_rest_is_kept(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.later(hours=1)
    await town.group.says("leader", "挂账 等维修资金")
    await town.group.expect("#1", "等维修资金", "挂账")
    town.at("leader").skip()
    await town.later(days=3)
    assert town.at("leader").news == []
    await town.group.says("leader", "恢复")
    ticket = await town.ticket(1)
    assert ticket.state is State.IN_PROGRESS
    assert ticket.due_at == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)


async def test_a_new_category_while_suspended_still_has_a_deadline_afterwards(
    town: Town,
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认")
    await town.group.says("leader", "挂账 等资金")
    await town.group.says("leader", "改类 1 路灯")
    await town.later(days=2)
    await town.group.says("leader", "恢复 1")
    due = (await town.ticket(1)).due_at
    assert due is not None
    assert due > town.clock.now()


async def test_a_unit_that_refuses_sends_it_back_to_the_leader_and_it_lives_on(
    town: Town,
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 供水")
    town.group.skip()
    town.at("wang").skip()
    await town.at("water").tells("退单 1 不归我们管")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unit) == (State.CONFIRMED, "gongshui")
    await town.at("leader").expect("#1", "示例供水公司退单", "不归我们管", "派单 1")
    assert town.group.news == []
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").expect("#1")
    assert (await town.ticket(1)).state is State.DISPATCHED


async def test_only_the_unit_itself_may_refuse(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    await town.at("gas").tells("退单 1 不归我们")
    await town.at("gas").expect("要由承办单位")
    await town.at("wuye").tells("退单 1")
    await town.at("wuye").expect("“退单”后面")


async def test_progress_of_a_unit_reaches_the_reporter(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    await town.at("wuye").tells("进展 明天上午换灯")
    heard = [*town.group.texts, *town.at("wang").texts]
    assert any("明天上午换灯" in text for text in heard)


async def test_photos_with_the_finish_are_kept(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡", images=["after.jpg"])
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.images) == (State.RESOLVED, ("after.jpg",))


async def test_merged_reporters_are_kept_and_the_first_is_asked(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("zhao", "+1 #2")
    await town.group.says("leader", "并入 2 1")
    child, parent = await town.ticket(2), await town.ticket(1)
    assert (child.state, child.parent) == (State.MERGED, parent.id)
    assert parent.voices == ("local:wang", "local:li", "local:zhao")
    await town.at("li").expect("#2", "并入", "#1")
    await town.group.says("leader", "办结 1 都修好了")
    await town.group.expect("#1", "都修好了", "满意")
    await town.at("li").expect("#1", "都修好了")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


@pytest.mark.parametrize("words", ["并入 2 1", "2 并入 1", "并入 #2 #1", "2号单并入1号单"])
async def test_ways_to_say_merge(town: Town, words: str) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", words)
    assert (await town.ticket(2)).state is State.MERGED


async def test_merging_by_quoting_the_child(town: Town) -> None:
    await town.group.says("wang", LAMP)
    said = await town.group.says("li", GYM)
    await town.group.says("leader", "并入 1", quote=said)
    assert (await town.ticket(2)).state is State.MERGED
    await town.group.says("leader", "并入 1 1")
    await town.at("leader").expect("“并入”后面")


async def test_undoing_a_merge_gives_everybody_back(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("zhao", "+1 #1")
    await town.group.says("li", GYM)
    await town.group.says("zhao", "+1 #2")
    await town.group.says("leader", "并入 2 1")
    await town.group.says("leader", "撤销 2")
    one, two = await town.tickets()
    assert one.voices == ("local:wang", "local:zhao")
    assert two.voices == ("local:li", "local:zhao")
    assert (two.state, two.parent) == (State.CONFIRMED, 0)


async def test_undoing_a_rejection(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "驳回 看错了")
    await town.at("wang").expect("没有受理", "看错了")
    await town.group.says("leader", "撤销 1")
    assert (await town.ticket(1)).state is State.CONFIRMED
    await town.group.says("leader", "撤销 1")
    await town.at("leader").expect("#1", "没有可以撤销的")


@pytest.mark.parametrize("words", ["建单", "1", "确认", "👌", "收到"])
async def test_opening_by_quoting_what_the_bot_passed_over(town: Town, words: str) -> None:
    said = await town.group.says("li", "大家早上好，那个灯啊")
    await town.group.silence()
    await town.group.says("leader", words, quote=said)
    ticket = await town.ticket(1)
    assert (ticket.reporter, ticket.state) == ("local:li", State.CONFIRMED)
    receipt = await town.group.expect("#1")
    assert receipt.quote is not None
    assert receipt.quote.platform_id == said


async def test_opening_with_a_category_of_the_leaders_choice(town: Town) -> None:
    said = await town.group.says("li", "大家早上好，那个灯啊")
    await town.group.says("leader", "建单 路灯", quote=said)
    assert (await town.ticket(1)).code == "0203"


async def test_opening_twice_names_the_first(town: Town) -> None:
    said = await town.group.says("li", LAMP)
    await town.group.says("leader", "建单", quote=said)
    await town.at("leader").expect("已经登记", "#1")
    assert len(await town.tickets()) == 1


async def test_opening_by_quoting_the_bot_is_refused_politely(town: Town) -> None:
    await town.group.says("wang", LAMP)
    receipt = await town.group.expect("#1")
    await town.group.says("leader", "建单", quote=receipt)
    await town.at("leader").expect("引用居民的原话")


async def test_opening_a_message_that_is_gone(town: Town) -> None:
    await town.group.says("leader", "建单", quote="m-gone")
    await town.at("leader").expect("找不到引用")
    await town.group.says("leader", "建单 7幢楼道灯坏了", quote="m-gone")
    assert (await town.ticket(1)).reporter == "local:leader"


async def test_opening_with_ones_own_words(town: Town) -> None:
    await town.group.says("leader", "建单 7幢楼道灯坏了")
    ticket = await town.ticket(1)
    assert (ticket.code, ticket.state) == ("0403", State.CONFIRMED)


async def test_opening_one_to_one_by_a_leader_of_one_group(town: Town) -> None:
    await town.at("leader2").tells("建单 村口路灯不亮")
    assert (await town.ticket(1, "g2")).code == "0203"
    await town.at("leader2").expect("#1")


async def test_a_resident_may_not_open_but_is_heard(town: Town) -> None:
    said = await town.group.says("li", "大家早上好，那个灯啊")
    await town.group.says("wang", "建单", quote=said)
    await town.group.expect("“建单”要由网格长")
    assert await town.tickets() == []


async def test_every_move_says_who_when_why_and_from_which_message(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(minutes=10)
    await town.group.says("leader", "确认")
    await town.group.says("leader", "派单 物业")
    await town.at("wuye").tells("办结 换了灯泡")
    events = await town.events(await town.ticket(1))
    assert [e.by for e in events] == ["local:wang", "local:leader", "local:leader", "local:wuye"]
    assert all(e.message_id for e in events)
    assert events[0].at == MONDAY
    assert events[1].at > MONDAY
    assert events[-1].note == "换了灯泡"
