"""Staff talk as people do: no command word, and still the call is answered and the result kept."""

from __future__ import annotations

import pytest

from routing.ticket import Action, State
from tests.scenarios.lines import GAS, LAMP, WAGES
from tests.scenarios.town import Town

CHAIRS = "健身角那个椅子腿断了，昨天差点摔一跤"


async def _lamp(town: Town, place: str = "7幢3单元") -> None:
    await town.group.says("wang", town.means(f"{place}灯坏了", "0403", place=place))
    town.group.skip()
    town.at("leader").skip()


@pytest.mark.parametrize(
    "words",
    [
        "我马上过去",
        "我到了，已经拉了绳子围起来",
        "莫慌 我喊几个人一起找",
        "已经叫电工了",
        "我报给派出所了",
    ],
)
async def test_plain_words_of_coming_answer_an_urgent_call(town: Town, words: str) -> None:
    await town.at("g2").says("yang", GAS)
    town.at("g2").skip()
    await town.at("g2").says("leader2", words)
    ticket = await town.ticket(1, "g2")
    assert (ticket.state, ticket.handler) == (State.IN_PROGRESS, "local:leader2")
    await town.at("g2").expect("#1", "网格长已接手处理")
    await town.later(minutes=30)
    assert town.at("g2").news == []


async def test_they_answer_it_one_to_one_too(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.at("leader").tells("我马上到")
    assert (await town.ticket(1)).handler == "local:leader"


@pytest.mark.parametrize("words", ["大家别慌", "谁家的", "你到了吗", "好的奶奶，我记下了"])
async def test_other_words_of_staff_leave_the_call_open(town: Town, words: str) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("leader", words)
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_a_neighbour_who_comes_does_not_end_the_call(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("li", "我马上过去")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_of_two_calls_none_is_guessed(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("li", town.means("9幢有人晕倒", "1403", place="9幢", urgent=True))
    await town.group.says("leader", "我马上过去")
    assert [t.state for t in await town.tickets()] == [State.CONFIRMED, State.CONFIRMED]


async def test_an_old_call_is_not_answered_by_words_about_something_else(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.later(hours=3)
    await town.group.says("leader", "我马上过去")
    assert (await town.ticket(1)).state is State.CONFIRMED


async def test_coming_without_a_call_is_talk(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "我马上过来")
    await town.group.silence()
    assert (await town.ticket(1)).state is State.REPORTED
    assert town.at("leader").news == []


@pytest.mark.parametrize("answer", ["1", "是", "是的"])
async def test_a_result_in_plain_words_is_asked_about_and_kept(town: Town, answer: str) -> None:
    await _lamp(town)
    await town.group.says("leader", "三单元的灯换好了")
    await town.group.silence()
    await town.at("leader").expect("像是 #1", "三单元的灯换好了", "办结请回复 1")
    assert (await town.ticket(1)).state is State.REPORTED
    await town.at("leader").tells(answer)
    ticket = await town.ticket(1)
    assert (ticket.state, ticket.result_text) == (State.RESOLVED, "三单元的灯换好了")
    await town.group.expect("#1", "已办结：三单元的灯换好了", "满意")
    await town.at("leader").expect("✓ #1", "已办结")


async def test_no_means_no_and_teaches_nothing(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "三单元的灯换好了")
    town.at("leader").skip()
    await town.at("leader").tells("不是")
    await town.at("leader").expect("不算办理结果")
    assert (await town.ticket(1)).state is State.REPORTED
    async with town.bot.store.read() as tx:
        assert await tx.lessons.all() == []


async def test_it_is_asked_once(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "三单元的灯换好了")
    await town.group.says("leader", "灯已经换好了，亮了")
    assert sum("像是 #1" in text for text in town.at("leader").texts) == 1


async def test_nobody_else_is_asked(town: Town) -> None:
    await _lamp(town)
    await town.group.says("li", "三单元的灯换好了")
    await town.group.says("volunteer", "三单元的灯换好了")
    assert town.at("li").texts + town.at("volunteer").texts + town.at("leader").news == []


async def test_the_place_tells_two_of_a_kind_apart(town: Town) -> None:
    await _lamp(town)
    await _lamp(town, "7幢2单元")
    await town.group.says("leader", "2单元的灯换好了")
    await town.at("leader").expect("像是 #2")


async def test_two_that_fit_alike_are_not_guessed(town: Town) -> None:
    await _lamp(town)
    await _lamp(town, "7幢2单元")
    await town.group.says("leader", "灯换好了")
    assert town.at("leader").news == []


async def test_a_thing_that_both_name_is_enough(town: Town) -> None:
    await _lamp(town)
    await town.group.says("li", town.means(CHAIRS, "0206", place="健身角"))
    town.at("leader").skip()
    await town.group.says("leader", "椅子修好了，菜也拔了")
    await town.at("leader").expect("像是 #2")


async def test_words_that_name_nothing_mean_what_one_has_in_hand(town: Town) -> None:
    await _lamp(town)
    await town.group.says("li", GAS)
    await town.group.says("leader", "我马上过去")
    town.at("leader").skip()
    await town.group.says("leader", "没事了 大家放心")
    await town.at("leader").expect("像是 #2", "没事了")


async def test_a_quote_says_which(town: Town) -> None:
    await _lamp(town)
    await _lamp(town, "7幢2单元")
    receipt = town.group.posts[0]
    await town.group.says("leader", "这个已经处理好了，放心", quote=receipt)
    await town.at("leader").expect("像是 #1")


async def test_a_result_about_an_unanswered_call_answers_it_too(town: Town) -> None:
    await town.group.says("wang", GAS)
    await town.group.says("leader", "检测没有泄漏，是灶头没关，换了个软管")
    assert (await town.ticket(1)).state is State.IN_PROGRESS
    await town.at("leader").expect("像是 #1")
    await town.at("leader").tells("1")
    assert (await town.ticket(1)).state is State.RESOLVED
    assert len(await town.tickets()) == 1


async def test_a_unit_may_say_so_of_what_it_was_given(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "派单 1 物业")
    await town.group.says("wuye", "7幢3单元楼道灯换了新的LED")
    await town.at("wuye").expect("像是 #1")
    assert len(await town.tickets()) == 1
    await town.at("wuye").tells("1")
    assert (await town.ticket(1)).state is State.RESOLVED


async def test_what_was_finished_meanwhile_is_not_finished_again(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "三单元的灯换好了")
    await town.group.says("leader", "办结 1 换了灯管")
    town.at("leader").skip()
    await town.at("leader").tells("1")
    assert (await town.ticket(1)).result_text == "换了灯管"


async def test_a_report_to_decide_and_a_result_are_told_apart_by_quote(town: Town) -> None:
    await _lamp(town)
    await town.group.says("leader", "三单元的灯换好了")
    await town.group.says("li", town.seems("2单元又黄又浑", "0301", 0.3, "2单元"))
    result = next(p for p in town.at("leader").posts if "像是 #1" in p.text)
    await town.at("leader").tells("1")
    await town.at("leader").expect("引用那一条")
    await town.at("leader").says("leader", "1", quote=result)
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.at("leader").tells("不是")
    assert len(await town.tickets()) == 1


async def test_of_a_private_matter_the_group_hears_nothing(town: Town) -> None:
    await town.group.says("wang", WAGES)
    town.group.skip()
    await town.group.says("leader", "老板已经把工资付清了")
    await town.at("leader").expect("像是 #1")
    await town.at("leader").tells("1")
    assert (await town.ticket(1)).state is State.RESOLVED
    await town.group.silence()


@pytest.mark.parametrize(
    "words",
    [
        "2单元楼道灯换了新的LED", "养老金问题请打12333咨询", "给你家送桶装水",
        "护理补贴批了，下个月发",
        "你家是不是跳闸了 看一下空开", "带身份证和租房合同到社区服务大厅",
    ],
)  # fmt: skip
async def test_what_staff_answer_is_no_report(town: Town, words: str) -> None:
    await town.group.says("leader", words)
    await town.group.silence()
    assert await town.tickets() == []
    assert town.at("leader").news == []


async def test_a_volunteer_reports_as_everybody_does(town: Town) -> None:
    await town.group.says("volunteer", town.means("你家门口那盏换了还黑着", "0403", place="7幢"))
    assert len(await town.tickets()) == 1


async def test_what_staff_did_about_an_open_matter_is_kept_with_it(town: Town) -> None:
    await town.group.says("wang", LAMP)
    town.group.skip()
    words = town.means("楼道灯已经报上去了，等配件", "0403")
    await town.group.says("leader", words)
    await town.group.silence()
    assert len(await town.tickets()) == 1
    last = (await town.events(await town.ticket(1)))[-1]
    assert (last.action, last.note) == (Action.ATTACH, words)


@pytest.mark.parametrize(
    ("words", "urgent"),
    [("我去看了，9幢外墙往下掉砖，快报119", True), ("我去看了，西门路灯不亮", False)],
)
async def test_what_staff_find_themselves_is_a_report(
    town: Town, words: str, *, urgent: bool
) -> None:
    await town.group.says("leader", town.means(words, "0203", place=words[5:7], urgent=urgent))
    assert [t.urgent for t in await town.tickets()] == [urgent]
