"""What is written in the night is read in the morning, and is still true then."""

from __future__ import annotations

from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town


async def test_a_deadline_named_in_the_night_is_named_by_its_date(town: Town) -> None:
    """Read at seven the next morning, 明天 would be a day too late."""
    await town.later(hours=13)
    assert town.local_time.hour == 23
    await town.group.says("小王", LAMP)
    await town.later(hours=9)
    await town.group.expect("已登记 #1", "11月24日17:30前")
    await town.at("leader").expect("待确认", "11月24日17:30前")
    await town.group.says("小王", "进度 1")
    await town.group.expect("今天17:30前")


async def test_a_result_that_was_refused_at_night_is_not_asked_about_in_the_morning(
    town: Town,
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").tells("我来 1")
    await town.later(hours=13)
    town.group.skip()
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.group.says("wang", "不满意 又灭了")
    await town.later(hours=9)
    assert not [text for text in town.group.news if "是否满意" in text]
    assert sum("退回重新处理" in text for text in town.group.news) == 1
