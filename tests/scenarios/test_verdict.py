"""The resident's word on the result, and the law that nothing is closed without it."""

from __future__ import annotations

import pytest

from routing.ticket import Action, State, Verdict
from tests.scenarios.lines import GYM, LAMP, QUARREL
from tests.scenarios.town import Town


async def finished(town: Town, words: str = "办结 换了灯泡", report: str = LAMP) -> None:
    """小王 reports, the leader finishes it."""
    await town.group.says("wang", report)
    await town.group.says("leader", words)
    town.group.skip()
    for who in ("wang", "leader", "community"):
        town.at(who).skip()


@pytest.mark.parametrize(
    "words", ["满意", "很满意", "满意，谢谢", "满意 1", "#1 满意", "一般", "基本满意"]
)
async def test_a_contented_reporter_closes(town: Town, words: str) -> None:
    await finished(town)
    await town.group.says("wang", words)
    ticket = await town.ticket(1)
    assert ticket.state is State.CLOSED
    assert ticket.verdict in {Verdict.SATISFIED, Verdict.PARTLY}


@pytest.mark.parametrize("words", ["谢谢", "谢谢大家", "辛苦了", "好的", "收到", "👍"])
async def test_thanks_neither_closes_nor_reopens(town: Town, words: str) -> None:
    await finished(town)
    await town.group.says("wang", words)
    await town.group.silence()
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.group.says("wang", "满意")
    await town.group.says("wang", words)
    assert (await town.ticket(1)).state is State.CLOSED


async def test_somebody_elses_satisfaction_closes_nothing(town: Town) -> None:
    await finished(town)
    await town.group.says("li", "满意")
    await town.group.silence()
    await town.group.says("li", "满意 1")
    await town.group.expect("反映人本人")
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_a_verdict_before_the_finish_is_told_where_it_stands(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    await town.group.says("wang", "满意")
    await town.group.silence()
    await town.group.says("wang", "满意 1")
    await town.group.expect("#1", "待确认")


async def test_dissatisfied_with_a_reason_goes_back_with_a_new_deadline(town: Town) -> None:
    await finished(town)
    await town.later(hours=30)
    await town.group.says("wang", "不满意 灯还是闪")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.unhappy) == (State.IN_PROGRESS, ("local:wang",))
    assert ticket.due_at is not None
    assert ticket.due_at > town.clock.now()
    await town.at("leader").expect("不满意", "灯还是闪")


@pytest.mark.parametrize(
    "reason", ["灯还是一闪一闪的", "根本没修好", "还是不亮", "他们就来看了一眼"]
)
async def test_dissatisfied_is_asked_once_why(town: Town, reason: str) -> None:
    await finished(town)
    await town.group.says("wang", "不满意")
    await town.group.expect("哪里不满意")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.group.says("wang", reason)
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    assert [e.note for e in await town.events(await town.ticket(1)) if e.note == reason]
    assert len(await town.tickets()) == 1
    await town.later(hours=2)
    assert (await town.ticket(1)).reopened == 1


async def test_thanks_is_no_reason(town: Town) -> None:
    await finished(town)
    await town.group.says("wang", "不满意")
    await town.group.expect("哪里不满意")
    await town.group.says("wang", "谢谢")
    await town.group.silence()
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_without_a_reason_it_goes_back_after_the_window(town: Town) -> None:
    await finished(town)
    await town.group.says("wang", "不满意")
    await town.group.expect("哪里不满意")
    await town.later(minutes=31)
    ticket = await town.ticket(1)
    assert ticket.state is State.IN_PROGRESS
    assert "反映人未说明原因" in [e.note for e in await town.events(ticket)]


async def test_a_supporters_word_in_between_loses_no_dissatisfaction(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.group.says("leader", "办结 换了灯泡")
    await town.group.says("li", "满意")
    await town.group.says("wang", "不满意")
    await town.later(minutes=31)
    assert (await town.ticket(1)).state is State.IN_PROGRESS


async def test_while_the_reason_is_awaited_nobody_signs_it_away(town: Town) -> None:
    await finished(town, "办结 无法解决，没有产权")
    await town.group.says("wang", "不满意")
    await town.at("community").tells("销号 1 已核实")
    await town.later(minutes=31)
    assert (await town.ticket(1)).state is State.IN_PROGRESS


@pytest.mark.parametrize("words", ["没修好", "还是不亮", "又坏了", "灯又坏了", "根本没处理"])
async def test_not_repaired_sends_a_finished_ticket_back(town: Town, words: str) -> None:
    await finished(town)
    await town.group.says("wang", words)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.reopened) == (State.IN_PROGRESS, 1)
    assert len(await town.tickets()) == 1


@pytest.mark.parametrize("words", ["没修好", "又坏了", "7幢楼道灯又坏了"])
async def test_broken_again_within_a_week_reopens_the_closed_ticket(town: Town, words: str) -> None:
    await finished(town)
    await town.group.says("wang", "满意")
    await town.later(days=6)
    await town.group.says("wang", words)
    ticket = await town.ticket(1)
    assert ticket.state is State.IN_PROGRESS
    assert ticket.closed_at is None
    assert len(await town.tickets()) == 1


@pytest.mark.parametrize("words", ["7幢楼道灯又坏了", "#1 又坏了", "1号单又坏了"])
async def test_broken_again_after_a_week_is_a_new_ticket_linked_as_recurrence(
    town: Town, words: str
) -> None:
    await finished(town)
    await town.group.says("wang", "满意")
    await town.later(days=8)
    await town.group.says("wang", words)
    first, second = await town.tickets()
    assert first.state is State.CLOSED
    assert (second.recurs, second.code) == (first.id, "0403")
    assert "7幢" in second.place
    await town.group.expect("#2", "复发")


async def test_another_persons_new_fault_at_the_place_is_linked_too(town: Town) -> None:
    await finished(town)
    await town.group.says("wang", "满意")
    await town.later(days=2)
    await town.group.says("li", LAMP)
    first, second = await town.tickets()
    assert (first.state, second.recurs) == (State.CLOSED, first.id)


async def test_a_supporter_who_is_unhappy_keeps_it_open(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("li", "我家也是")
    await town.group.says("leader", "办结 换了灯泡")
    await town.at("li").expect("#1", "换了灯泡", "不满意")
    await town.group.says("li", "不满意 二楼还是不亮")
    await town.group.says("leader", "办结 二楼也换了")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.at("wang").expect("还有邻居不满意")
    await town.group.says("li", "满意")
    assert (await town.ticket(1)).state is State.CLOSED


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ("办结 双方和好签了协议", True),
        ("办结 部分解决，赔了一半", False),
        ("办结 解释说明：走法院", False),
    ],
)
async def test_a_dispute_closes_only_when_solved(town: Town, words: str, closed: bool) -> None:
    await town.at("wang").tells(QUARREL)
    assert (await town.ticket(1)).code.startswith("09")
    await town.at("leader").tells(words)
    await town.at("wang").tells("满意")
    assert ((await town.ticket(1)).state is State.CLOSED) is closed
    assert town.group.posts == []


async def test_unable_needs_the_second_person(town: Town) -> None:
    await finished(town, "办结 无法解决，没有产权")
    await town.group.says("wang", "满意")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.at("wang").expect("核实后才能销号")
    (text,) = town.at("community").news
    assert "未评价" not in text
    await town.at("leader").tells("销号 1 已核实")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.at("community").tells("销号 1 已上门核实")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_silence_is_reminded_once_and_lapses_after_three_days(town: Town) -> None:
    await finished(town)
    await town.later(hours=23)
    assert town.group.news == []
    await town.later(hours=2)
    await town.group.expect("#1", "满意／一般／不满意")
    await town.later(hours=46)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.RESOLVED, Verdict.NONE)
    await town.later(hours=2)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.RESOLVED, Verdict.UNRATED)
    await town.at("community").expect("未评价", "销号 1")
    assert town.group.news == []


async def test_after_the_lapse_the_community_signs_and_the_leader_may_not(town: Town) -> None:
    await finished(town)
    await town.later(hours=73)
    await town.at("leader").tells("销号 1 灯亮了")
    await town.at("leader").expect("要由", "社区")
    await town.at("community").tells("销号 1")
    await town.at("community").expect("“销号”后面")
    await town.at("community").tells("销号 1 已上门核实，灯亮")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.CLOSED, Verdict.UNRATED)
    assert (await town.events(ticket))[-1].by == "local:community"


async def test_a_community_worker_who_finished_it_may_not_sign(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("community").tells("办结 1 换了灯泡")
    await town.later(hours=73)
    await town.at("community").tells("销号 1 灯亮了")
    await town.at("community").expect("没有经手过的第二个人")
    await town.at("street").tells("销号 1 已电话核实")
    assert (await town.ticket(1)).state is State.CLOSED


async def test_a_late_satisfaction_still_closes(town: Town) -> None:
    await finished(town)
    await town.later(days=5)
    await town.group.says("wang", "满意")
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.verdict) == (State.CLOSED, Verdict.SATISFIED)


async def test_a_verdict_already_given_is_neither_reminded_nor_lapsed(town: Town) -> None:
    await finished(town, "办结 无法解决，没有产权")
    await town.group.says("wang", "满意")
    await town.later(days=4)
    ticket = await town.ticket(1)
    assert ticket.verdict is Verdict.SATISFIED
    assert Action.LAPSE not in [e.action for e in await town.events(ticket)]
    assert not any("还想听您说一句" in text for text in town.group.texts)


async def test_two_finished_tickets_are_told_apart(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("leader", "办结 2 拧紧了")
    question = await town.group.expect("#2", "拧紧了")
    await town.group.says("wang", "满意")
    await town.group.expect("哪一件", "#1", "#2", "满意 1")
    await town.group.says("wang", "满意", quote=question)
    states = [t.state for t in await town.tickets()]
    assert states == [State.RESOLVED, State.CLOSED]


async def test_still_not_done_on_an_open_ticket_urges_whoever_works_on_it(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    town.at("wuye").skip()
    await town.group.says("wang", "1 还没修好")
    await town.at("wuye").expect("#1", "催问")
    assert (await town.ticket(1)).state is State.DISPATCHED


async def test_a_bare_again_at_a_named_place_links_to_the_last_ticket_there(town: Town) -> None:
    await finished(town)
    await town.group.says("wang", "满意")
    await town.later(days=9)
    words = town.means("7幢楼道灯又坏了，都没修好", "0403", place="7幢")
    await town.group.says("li", words)
    first, second = await town.tickets()
    assert (second.recurs, second.reporter) == (first.id, "local:li")
