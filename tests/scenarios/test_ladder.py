"""When nobody moves: one more level at each step, once a step, one-to-one, never in the group."""

from __future__ import annotations

import pytest

from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

PEOPLE = ("wuye", "leader", "community", "street", "district")


async def told(town: Town, words: str) -> list[str]:
    """Whose one-to-one news hold the words; taken as seen."""
    found = [one for one in PEOPLE if any(words in text for text in town.at(one).news)]
    for one in PEOPLE:
        town.at(one).skip()
    return found


async def dispatched(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    await town.at("wuye").tells("我来 1")
    town.group.skip()
    await told(town, "")


async def test_each_step_tells_one_level_more(town: Town) -> None:
    await dispatched(town)
    await town.later(hours=5, minutes=20)
    assert await told(town, "过一半") == ["wuye"]
    await town.later(hours=17)
    assert await told(town, "黄牌") == ["wuye", "leader"]
    await town.later(hours=2)
    assert await told(town, "已到办结期限") == ["wuye", "leader", "community"]
    await town.later(hours=6)
    assert await told(town, "严重超期") == ["wuye", "leader", "street", "district"]
    await town.later(days=5)
    assert await told(town, "期限") == []
    assert town.group.news == []


async def test_a_finished_ticket_climbs_no_further(town: Town) -> None:
    await dispatched(town)
    await town.at("wuye").tells("办结 1 换了灯泡")
    await told(town, "")
    await town.later(days=1, hours=20)
    assert await told(town, "期限") == []


async def test_an_extension_starts_the_ladder_anew(town: Town) -> None:
    await dispatched(town)
    await town.later(hours=20)
    await town.group.says("leader", "延期 1 5天 等配件")
    await told(town, "")
    await town.later(hours=8)
    assert await told(town, "已到办结期限") == []
    await town.later(days=6)
    assert "wuye" in await told(town, "已到办结期限")


async def test_nobody_is_woken_at_night(town: Town) -> None:
    await town.later(hours=10)
    await town.group.says("wang", town.means("宽带断了好几户", "0305", place="7幢"))
    await town.later(days=2)
    async with town.bot.store.read() as tx:
        sent = await tx.outbox.by_state("sent", 500)
    hours = {row.due_at.astimezone(town.local_time.tzinfo).hour for row in sent}
    assert hours
    assert all(7 <= hour < 22 for hour in hours)


async def test_an_unconfirmed_report_reminds_the_leader_then_the_community(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await told(town, "")
    await town.later(hours=5, minutes=31)
    assert await told(town, "还在等确认") == ["leader"]
    await town.later(hours=19)
    assert await told(town, "还在等确认") == ["leader", "community"]


async def test_an_unaccepted_dispatch_reminds_unit_and_leader(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 物业")
    await told(town, "")
    await town.later(days=1, minutes=1)
    assert await told(town, "还没有签收") == ["wuye", "leader"]


async def test_the_todo_list_shows_the_marks(town: Town) -> None:
    await dispatched(town)
    marks = []
    for hours in (6, 14, 5, 24):
        await town.later(hours=hours)
        for who in ("leader", "wuye", "street"):
            town.at(who).skip()
            await town.at(who).tells("待办")
            post = await town.at(who).expect("待办1件")
            marks.append(post.text.splitlines()[1])
    plain, yellow, red, older = marks[::3]
    assert plain == "#1 楼道灯｜7幢楼道（处置中，明天10:00前）"
    assert yellow == "【黄·快到期】#1 楼道灯｜7幢楼道（处置中，11月24日10:00前）"
    assert red == "【红·已超期】#1 楼道灯｜7幢楼道（处置中，原定今天10:00前）"
    assert older == "【红·已超期】#1 楼道灯｜7幢楼道（处置中，原定11月24日10:00前）"
    assert marks == [one for one in marks[::3] for _ in range(3)], "the same for whoever asks"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (24, "已到办结期限（红牌），原定今天10:00前办结，还没有办结。"),
        (36, "已严重超期（红牌），原定今天10:00前办结，已超期5小时。"),
    ],
)
async def test_a_reminder_after_the_deadline_does_not_promise_it(
    town: Town, hours: int, words: str
) -> None:
    await dispatched(town)
    await town.later(hours=hours)
    news = town.at("wuye").news[-1]
    assert words in news
    assert "前办结。" not in news


async def test_what_is_late_is_nowhere_promised_for_a_day_that_has_passed(town: Town) -> None:
    await dispatched(town)
    await town.later(days=3)
    await town.group.says("wang", "进度 1")
    await town.group.expect("处置中，示例物业服务中心办理，已超期，尽快办结。")
    await town.group.says("leader", "派单 1 供电")
    await town.at("power").expect("【派单】#1", "已超期，尽快办结")
    await town.group.says("leader", "延期 1 2天 等配件")
    await town.at("leader").expect("已延期到11月28日10:00前。")


async def test_what_is_read_in_the_morning_counts_the_hours_of_the_night(town: Town) -> None:
    await town.later(hours=4)
    await town.group.says("wang", town.means("7幢停水了", "0301", place="7幢"))
    await town.later(days=1, hours=17)
    (news,) = [text for text in town.at("leader").news if "严重超期" in text]
    assert "已严重超期（红牌），原定11月24日14:00前办结，已超期17小时。" in news


async def test_what_was_late_before_a_pause_climbs_on_after_it(town: Town) -> None:
    """The last step would have come while it stood still; it comes later by the pause, once."""
    await dispatched(town)
    await town.later(hours=24)
    await told(town, "")
    await town.at("wuye").tells("挂账 1 等维修资金")
    await town.later(days=2)
    assert await told(town, "严重超期") == []
    await town.at("wuye").tells("恢复 1")
    await town.later(hours=3)  # half of a working day was left: 3 h 45 and the noon
    assert await told(town, "严重超期") == []
    await town.later(hours=3)
    assert await told(town, "严重超期") == ["wuye", "leader", "street", "district"]
    await town.later(days=3)
    assert await told(town, "期限") == []
    assert await told(town, "超期") == []


async def test_an_old_plan_is_silent_once_the_clock_runs_otherwise(town: Town) -> None:
    """Suspended and resumed between two steps: only the plan after the pause speaks."""
    await dispatched(town)
    await town.later(hours=6)
    await told(town, "")
    await town.at("wuye").tells("挂账 1 等维修资金")
    await town.later(hours=2)
    await town.at("wuye").tells("恢复 1")
    heard = []
    for _ in range(60):
        await town.later(hours=1)
        heard += [
            step for step in ("黄牌", "已到办结期限", "严重超期") if await told_once(town, step)
        ]
        await told(town, "")
    assert heard == ["黄牌", "已到办结期限", "严重超期"]


async def told_once(town: Town, words: str) -> bool:
    return any(words in text for text in town.at("wuye").news)


async def test_of_two_steps_in_one_night_only_the_later_is_read_in_the_morning(town: Town) -> None:
    await town.later(minutes=30)
    await town.group.says("wang", town.means("电瓶车在楼道里充电", "0803", place="7幢"))
    await town.at("leader").tells("我来 1")
    town.at("leader").skip()
    for hours in (12, 8, 2):
        await town.later(hours=hours)
    (reminder,) = town.at("leader").news
    assert "黄牌" in reminder
