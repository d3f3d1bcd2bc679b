"""When nobody moves: one more level at each step, once a step, one-to-one, never in the group."""

from __future__ import annotations

from datetime import timedelta

from routing.ticket import State
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
    await town.later(days=1, hours=2)
    town.at("leader").skip()
    await town.at("leader").tells("待办")
    await town.at("leader").expect("【红】#1")


async def test_restarting_loses_no_step(town: Town) -> None:
    await dispatched(town)
    async with town.bot.store.read() as tx:
        before = await tx.jobs.next_due()
    assert before is not None
    ticket = await town.ticket(1)
    assert ticket.state is State.IN_PROGRESS
    assert before - town.clock.now() < timedelta(days=1)
