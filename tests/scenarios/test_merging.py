"""The same matter told by several people at once: merged by the bot, taken back by one word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from routing.ticket import Action, State, Verdict
from tests.scenarios.lines import LAMP
from tests.scenarios.town import Town

NEAR = "7幢2单元楼道灯不亮了"
DAMAGE = "7幢2单元楼道里积水"


async def merged(town: Town) -> None:
    """#1 by wang for the whole building, #2 by li for one unit of it, merged by the bot."""
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    await town.later(minutes=5)
    await town.group.says("li", town.means(NEAR, "0403", place="7幢2单元"))


async def test_what_is_surely_the_same_is_merged_and_everybody_concerned_is_told(
    town: Town,
) -> None:
    await merged(town)
    gone, kept = await town.ticket(2), await town.ticket(1)
    assert (gone.state, gone.parent) == (State.MERGED, kept.id)
    assert kept.voices == ("local:wang", "local:li")
    last = (await town.events(gone))[-1]
    assert (last.action, last.by) == (Action.MERGE, "")
    await town.at("li").expect("谢谢您反映", "#2", "#1", "同一件事", "拆开 2")
    await town.at("leader").expect("自动并入", "#2", "#1", NEAR, "撤销并案 2", "拆开 2")
    assert len(town.group.posts) == 1, "the group has read the first receipt, and no second"


async def test_five_at_once_in_one_batch_are_one_matter(town: Town) -> None:
    said = [
        (who, town.means(f"7幢{n}单元楼道灯{how}", "0403", place=place))
        for who, n, how, place in (
            ("wang", "", "坏了", "7幢"), ("li", 2, "不亮", "7幢2单元"),
            ("zhao", 2, "灭了", "7幢2单元"), ("yang", 2, "黑着", "7幢2单元"),
            ("volunteer", 2, "不亮了", "7幢2单元"),
        )
    ]  # fmt: skip
    await town.at_once(*said)
    tickets = await town.tickets()
    alive = [t for t in tickets if t.state is not State.MERGED]
    assert len(alive) == 1
    assert len(alive[0].voices) == 5


@pytest.mark.parametrize("word", ["撤销并案 2", "拆开 2", "撤销 2", "2 拆开", "取消并案 2"])
async def test_the_leader_takes_it_back_with_one_word(town: Town, word: str) -> None:
    await merged(town)
    due = (await town.ticket(2)).due_at
    await town.later(hours=2)
    await town.group.says("leader", word)
    own, other = await town.ticket(2), await town.ticket(1)
    assert (own.state, own.parent, own.voices) == (State.CONFIRMED, 0, ("local:li",))
    assert other.voices == ("local:wang",)
    assert own.due_at == due == own.created_at + timedelta(hours=24), "its own time runs on"
    await town.at("li").expect("#2", "恢复单独办理")
    await town.at("leader").expect("✓ #2")


async def test_the_reporter_says_himself_that_it_is_something_else(town: Town) -> None:
    await merged(town)
    await town.at("li").tells("拆开 2")
    assert (await town.ticket(2)).state is State.CONFIRMED
    await town.at("leader").expect("#2", "已从 #1", "拆出", "派单 2")


async def test_nobody_else_takes_it_back(town: Town) -> None:
    await merged(town)
    await town.group.says("zhao", "拆开 2")
    await town.group.says("wang", "拆开 2")
    assert (await town.ticket(2)).state is State.MERGED


async def test_what_the_leader_merged_the_reporter_does_not_part(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", town.means(DAMAGE, "0405", place="7幢2单元"))
    await town.group.says("leader", "并入 2 1")
    await town.at("li").tells("拆开 2")
    assert (await town.ticket(2)).state is State.MERGED


async def test_the_deadline_it_gets_back_is_watched(town: Town) -> None:
    await merged(town)
    await town.group.says("leader", "派单 1 物业")
    await town.group.says("leader", "拆开 2")
    await town.group.says("leader", "派单 2 物业")
    await town.at("wuye").tells("办结 1 换了灯泡")
    town.at("wuye").skip()
    await town.later(hours=26)
    await town.at("wuye").expect("#2", "期限")


async def test_a_ladder_that_stood_still_while_merged_goes_on_after_it(town: Town) -> None:
    await merged(town)
    await town.later(hours=21)
    await town.group.says("leader", "拆开 2")
    town.at("leader").skip()
    await town.later(hours=4)
    await town.at("leader").expect("#2", "期限")


async def test_every_reporter_is_asked_and_the_second_ones_no_keeps_it_open(town: Town) -> None:
    await merged(town)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.expect("#1", "满意／一般／不满意")
    await town.at("li").expect("#1", "您那里好了吗", "满意 1", "不满意 1")
    await town.group.says("li", "不满意 2 我们单元还是黑的")
    again = await town.ticket(1)
    assert (again.state, again.unhappy) == (State.IN_PROGRESS, ("local:li",))
    await town.group.says("leader", "办结 1 又换了一次")
    await town.group.says("wang", "满意 1")
    assert (await town.ticket(1)).state is State.RESOLVED, "somebody is still unhappy"
    await town.at("li").tells("满意 2")
    closed = await town.ticket(1)
    assert (closed.state, closed.verdict) == (State.CLOSED, Verdict.SATISFIED)


async def test_who_was_unhappy_takes_it_along_when_parted(town: Town) -> None:
    await merged(town)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.at("li").tells("不满意 1 还黑着")
    await town.group.says("leader", "拆开 2")
    first, own = await town.ticket(1), await town.ticket(2)
    assert (first.unhappy, own.unhappy) == ((), ("local:li",))
    await town.group.says("leader", "办结 1 好了")
    await town.group.says("wang", "满意 1")
    assert (await town.ticket(1)).state is State.CLOSED, "nobody who left holds it up"


async def test_who_inherited_the_matter_leaves_it_to_the_next_when_parted(town: Town) -> None:
    await merged(town)
    await town.group.says("zhao", "+1 #1")
    await town.group.says("wang", "撤回 1")
    assert (await town.ticket(1)).reporter == "local:li"
    await town.group.says("leader", "拆开 2")
    assert (await town.ticket(1)).voices == ("local:zhao",)
    assert (await town.ticket(2)).voices == ("local:li",)


async def test_merged_into_what_is_finished_one_is_asked_at_once(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", town.means(DAMAGE, "0405", place="7幢2单元"))
    await town.group.says("leader", "办结 1 都修好了")
    await town.group.says("leader", "并入 2 1")
    await town.at("li").expect("#1", "都修好了", "不满意 1")


async def test_of_a_chain_the_outer_one_is_taken_back_first(town: Town) -> None:
    await merged(town)
    await town.group.says("zhao", town.means(DAMAGE, "0405", place="7幢2单元"))
    await town.group.says("leader", "并入 1 3")
    await town.group.says("leader", "拆开 2")
    await town.at("leader").expect("撤销并案 1")
    await town.group.says("leader", "拆开 1")
    await town.group.says("leader", "拆开 2")
    assert [(await town.ticket(n)).voices for n in (1, 2, 3)] == [
        ("local:wang",), ("local:li",), ("local:zhao",),
    ]  # fmt: skip


async def test_a_reply_to_the_merged_message_reaches_the_ticket_that_goes_on(town: Town) -> None:
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    said = await town.group.says("li", town.means(NEAR, "0403", place="7幢2单元"))
    await town.group.says("leader", "派单 物业", quote=said)
    assert (await town.ticket(1)).state is State.DISPATCHED
    await town.group.says("zhao", "我家也是", quote=said)
    assert "local:zhao" in (await town.ticket(1)).supporters


async def test_a_photo_after_it_joins_the_ticket_that_goes_on(town: Town) -> None:
    await merged(town)
    await town.group.says("li", "", images=["dark.jpg"])
    assert (await town.ticket(1)).images == ("dark.jpg",)


async def test_withdrawing_a_merged_report_takes_only_that_voice_away(town: Town) -> None:
    await merged(town)
    await town.at("li").tells("撤回 2")
    await town.at("li").expect("#1", "这件事会继续办")
    kept = await town.ticket(1)
    assert (kept.state, kept.voices) == (State.REPORTED, ("local:wang",))


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (("7幢水压太小", "0301", "7幢"), ("7幢1单元水发黄", "0301", "7幢1单元"), "other faults"),
        (("7幢1单元灯不亮", "0403", "7幢1单元"), ("7幢2单元灯不亮", "0403", "7幢2单元"), "apart"),
        (("7幢左边电梯坏了", "0404", "7幢"), ("7幢1单元右边电梯坏了", "0404", "7幢1单元"), "sides"),
        (("7幢2单元有积水", "0405", "7幢2单元"), ("7幢楼道灯不亮", "0403", "7幢"), "categories"),
    ],
)
async def test_what_only_looks_alike_stays_two(
    town: Town, first: tuple[str, str, str], second: tuple[str, str, str], why: str
) -> None:
    for who, (text, code, place) in (("wang", first), ("li", second)):
        await town.group.says(who, town.means(text, code, place=place))
    assert [t.state for t in await town.tickets()] == [State.REPORTED] * 2, why


async def test_the_same_place_with_another_fault_is_no_echo(town: Town) -> None:
    await town.group.says("wang", town.means("7幢水压太小", "0301", place="7幢"))
    await town.group.says("li", town.means("7幢水发黄有怪味", "0301", place="7幢"))
    assert [t.voices for t in await town.tickets()] == [("local:wang",), ("local:li",)]


async def test_an_emergency_is_never_merged_away(town: Town) -> None:
    await town.group.says("wang", town.means("7幢有煤气味", "0303", place="7幢", urgent=True))
    await town.later(minutes=40)
    await town.group.says(
        "li", town.means("7幢2单元煤气味很重", "0303", place="7幢2单元", urgent=True)
    )
    assert (await town.ticket(2)).state is State.CONFIRMED
    await town.at("leader").expect("可能是同一件事", "并入 2 1")


async def test_nobody_gets_a_later_deadline_by_it(town: Town) -> None:
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    await town.group.says("leader", "确认 1")
    await town.group.says("leader", "延期 1 3天 等配件")
    await town.group.says("li", town.means(NEAR, "0403", place="7幢2单元"))
    assert (await town.ticket(2)).state is State.REPORTED
    await town.at("leader").expect("可能是同一件事", "并入 2 1")


async def test_what_is_suspended_takes_in_nobody_by_itself(town: Town) -> None:
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    await town.group.says("leader", "确认 1")
    await town.group.says("leader", "挂账 1 等资金")
    await town.group.says("li", town.means(NEAR, "0403", place="7幢2单元"))
    assert (await town.ticket(2)).state is State.REPORTED


async def test_private_matters_are_never_even_compared(town: Town) -> None:
    code = "1001"
    await town.group.says("wang", town.means("7幢有人欠我们工资", code, place="7幢"))
    await town.group.says("li", town.means("7幢2单元那家欠工资", code, place="7幢2单元"))
    tickets = await town.tickets()
    assert all(t.private for t in tickets), "the story needs a private category"
    assert [t.state for t in tickets] == [State.REPORTED] * 2
    assert not [text for text in town.at("leader").texts if "同一件事" in text]


async def test_what_a_leader_opens_by_hand_is_only_proposed(town: Town) -> None:
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    town.means(NEAR, "0403", place="7幢2单元")
    await town.group.says("leader", f"建单 {NEAR}")
    assert (await town.ticket(2)).state is State.CONFIRMED
    await town.at("leader").expect("可能是同一件事", "并入 2 1")


async def test_other_grids_keep_to_themselves(town: Town) -> None:
    await town.group.says("wang", town.means(LAMP, "0403", place="7幢"))
    await town.at("g2").says("yang", town.means(NEAR, "0403", place="7幢2单元"))
    assert (await town.ticket(1, "g2")).state is State.REPORTED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("7幢楼道灯坏了，在3楼", "7幢楼道灯坏了，在5楼"),
        ("7幢2单元楼道灯不亮，五楼的", "7幢2单元楼道灯不亮，二楼的"),
        ("7幢楼道灯不亮，2单元的", "7幢楼道灯不亮，3单元的"),
        ("7幢501天花板漏水", "7幢302天花板漏水"),
        ("7幢楼上漏水到我家", "7幢楼上漏水漏到我家了"),
        ("7幢2单元楼道灯不亮", "7幢5楼楼道灯不亮"),
    ],
)
async def test_another_floor_unit_or_home_is_a_ticket_of_its_own(
    town: Town, first: str, second: str
) -> None:
    for who, text in (("wang", first), ("li", second)):
        await town.group.says(who, town.means(text, "0403", place="7幢"))
        await town.later(minutes=5)
    assert [(t.state, t.supporters) for t in await town.tickets()] == [(State.REPORTED, ())] * 2
    assert [t.reporter for t in await town.tickets()] == ["local:wang", "local:li"]
    await town.group.expect("已登记 #2")


async def test_the_leader_is_asked_whether_it_is_the_same(town: Town) -> None:
    for who, text in (("wang", "7幢楼道灯坏了，在3楼"), ("li", "7幢楼道灯坏了，在5楼")):
        await town.group.says(who, town.means(text, "0403", place="7幢"))
    await town.at("leader").expect("#2", "#1", "同一件", "并入 2 1")
    await town.group.says("leader", "并入 2 1")
    assert (await town.ticket(1)).voices == ("local:wang", "local:li")


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("0403", "7幢楼道灯坏了", "7幢楼道的灯坏了"),
        ("0403", "7幢楼道灯坏了，在3楼", "7幢楼道灯坏了，3楼的"),
        ("0403", "7幢楼道灯坏了，在3楼", "7幢楼道灯又坏了"),
        ("0404", "7幢电梯停在3楼不动", "7幢电梯停在5楼不动"),
        ("0301", "我家没水了", "我家也停水了，5楼"),
    ],
)
async def test_one_thing_of_the_whole_building_stays_one(
    town: Town, code: str, first: str, second: str
) -> None:
    for who, text in (("wang", first), ("li", second)):
        await town.group.says(who, town.means(text, code, place="7幢"))
    assert [t.voices for t in await town.tickets()] == [("local:wang", "local:li")]


async def test_smoke_seen_from_two_floors_is_one_emergency(town: Town) -> None:
    for who, text in (("wang", "着火了，我在3楼看见的"), ("li", "着火了，5楼都是烟")):
        await town.group.says(who, town.means(text, "0801", place="7幢", urgent=True))
    assert len(await town.tickets()) == 1
